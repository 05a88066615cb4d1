"""The pages of an import: the file, its columns, the check, what was found, and what came of it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core import jobs
from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.pathways.models import Pathway

from ..models import PeopleImport
from ..permissions import ADD_PARTICIPANTS, may_import
from . import steps
from .columns import scheme_of
from .forms import BeginForm, ChoicesForm, ColumnsForm
from .presenting import Headway, Preview, remarks_as_csv
from .tables import unpacked
from .template import FORMATS, template


def import_url(people_import: PeopleImport) -> str:
    return reverse("imp_people_import:import", args=[people_import.pk])


def require_right(request: HttpRequest) -> None:
    if not may_import(request.user):
        raise PermissionDenied


def own_imports(request: HttpRequest) -> Any:
    """The imports that the user began; all of them for superusers."""
    require_right(request)
    imports = PeopleImport.objects.select_related("pathway", "job")
    return imports if request.user.is_superuser else imports.filter(created_by=request.user)


def open_import(request: HttpRequest, pk: int) -> PeopleImport:
    """One of them that is not over."""
    return get_object_or_404(own_imports(request).filter(finished_at=None), pk=pk)


class ImportPageMixin(WagtailAdminTemplateMixin):
    """Where the pages of an import stand: below the list of participants."""

    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imp_participants:index"), "label": _("Participants")},
            {"url": reverse("imp_people_import:begin"), "label": _("Import")},
            *self.own_breadcrumbs(),
        ]

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.get_page_title()}]


class BeginView(ImportPageMixin, ActionFormView):
    """Which file, for which pathway; and the template to fill in."""

    permission = ADD_PARTICIPANTS
    form_class = BeginForm
    template_name = "imp_participants/admin/import_begin.html"
    page_title = gettext_lazy("Import participants")
    submit_label = gettext_lazy("Read the file")

    def look_up(self, **kwargs: Any) -> None:
        require_right(self.request)

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return []

    def prepare(self, data: dict[str, Any]) -> None:
        self.table = steps.read_upload(data["file"])

    def act(self, data: dict[str, Any]) -> PeopleImport:
        return steps.begin(self.table, data["pathway"], filename=data["file"].name, by=self.request.user)

    def get_success_message(self) -> str:
        rows = len(self.table.rows)
        return ngettext("%(n)d row read.", "%(n)d rows read.", rows) % {"n": rows}

    def get_success_url(self) -> str:
        begun = getattr(self, "result", None)
        if begun is None:
            return reverse("imp_participants:index")
        return reverse("imp_people_import:columns", args=[begun.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            pathways=Pathway.objects.in_source_language(),
            formats=FORMATS,
            waiting=own_imports(self.request).filter(finished_at=None),
        )


class ColumnsView(ImportPageMixin, ActionFormView):
    """Which column of the file is which field."""

    permission = ADD_PARTICIPANTS
    form_class = ColumnsForm
    template_name = "imp_participants/admin/import_columns.html"
    page_title = gettext_lazy("Match the columns")
    submit_label = gettext_lazy("Check the file")
    success_message = gettext_lazy("Columns matched.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.people_import = open_import(self.request, pk)

    def get_page_subtitle(self) -> str:
        return self.people_import.filename

    def get_form_kwargs(self) -> dict[str, Any]:
        file = self.people_import.file
        return {
            **super().get_form_kwargs(),
            "table": unpacked(file.storage, file.name),
            "scheme": scheme_of(self.people_import.pathway),
            "matching": self.people_import.matching,
        }

    def act(self, data: dict[str, Any]) -> Any:
        matching = {place: key for place, key in data.items() if key}
        return steps.check(self.people_import, matching, by=self.request.user)

    def get_success_url(self) -> str:
        return import_url(self.people_import)


class ImportView(ImportPageMixin, TemplateView):
    """One import, wherever it is: at work, checked, or done."""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.people_import = get_object_or_404(own_imports(request), pk=pk)
        self.job = self.people_import.job
        if self.job is None and self.people_import.finished_at is None:
            return redirect("imp_people_import:columns", pk)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_at_work(self) -> bool:
        return self.job is not None and not self.job.is_over

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the choices; with the button for it, begin to import."""
        if self.is_at_work or self.people_import.finished_at:
            return redirect(import_url(self.people_import))
        form = ChoicesForm(request.POST, instance=self.people_import)
        if form.is_valid():
            PeopleImport.objects.filter(pk=self.people_import.pk).update(**form.cleaned_data)
        if "import" in request.POST:
            self._import()
        return redirect(import_url(self.people_import))

    def _import(self) -> None:
        if not Preview(self.people_import).may_be_imported:
            messages.error(self.request, _("Nothing was imported: see below what keeps the file from it."))
            return
        try:
            steps.import_all(self.people_import, by=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))

    def get_template_names(self) -> list[str]:
        page = "progress" if self.is_at_work else "done" if self.people_import.finished_at else "preview"
        return [f"imp_participants/admin/import_{page}.html"]

    def get_page_title(self) -> str:
        return self.people_import.filename

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**super().get_context_data(**kwargs), "people_import": self.people_import}
        if self.is_at_work:
            return {**context, "headway": Headway(self.job)}
        if self.job is not None:
            context["preview"] = Preview(self.people_import)
        return {**context, "form": ChoicesForm(instance=self.people_import)}


@require_GET
def download_template(request: HttpRequest, pathway: int, ending: str) -> HttpResponse:
    """The file to fill in."""
    require_right(request)
    if ending not in FORMATS:
        raise Http404
    found = get_object_or_404(Pathway.objects.in_source_language(), pk=pathway)
    content = template(scheme_of(found), ending)
    return download(content, f"participants-{found.key}.{ending}", FORMATS[ending])


@require_GET
def download_remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with a file, for the person who mends it."""
    people_import = open_import(request, pk)
    if people_import.job is None or not people_import.job.is_over:
        raise Http404
    return download(remarks_as_csv(Preview(people_import)), f"problems-{pk}.csv", FORMATS["csv"])


def download(content: bytes, filename: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for the page's script."""
    return _status(request, get_object_or_404(own_imports(request), pk=pk))


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the next step where somebody has to ask for it; the page's script wants the status only."""
    people_import = get_object_or_404(own_imports(request), pk=pk)
    if people_import.job is not None:
        jobs.push_on(people_import.job)
    if "fragment" in request.GET:
        return _status(request, people_import)
    return redirect(import_url(people_import))


def _status(request: HttpRequest, people_import: PeopleImport) -> HttpResponse:
    if people_import.job is None:
        raise Http404
    context = {"people_import": people_import, "headway": Headway(people_import.job)}
    return TemplateResponse(request, "imp_participants/admin/import_status.html", context)


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the same file once more, beside what is on record by now."""
    people_import = open_import(request, pk)
    if people_import.job is not None and people_import.job.is_over:
        try:
            steps.check(people_import, people_import.matching, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect(import_url(people_import))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a file that is not to be imported."""
    people_import = open_import(request, pk)
    try:
        steps.discard(people_import)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(import_url(people_import))
    messages.success(request, _("Nothing was imported, and nothing of “%(file)s” is kept.") % {"file": people_import})
    return redirect("imp_people_import:begin")


urlpatterns: list[URLPattern] = [
    path("", BeginView.as_view(), name="begin"),
    path("template/<int:pathway>/<slug:ending>/", download_template, name="template"),
    path("<int:pk>/", ImportView.as_view(), name="import"),
    path("<int:pk>/columns/", ColumnsView.as_view(), name="columns"),
    path("<int:pk>/status/", status, name="status"),
    path("<int:pk>/go-on/", go_on, name="go_on"),
    path("<int:pk>/check-again/", check_again, name="check_again"),
    path("<int:pk>/cancel/", cancel, name="cancel"),
    path("<int:pk>/problems/", download_remarks, name="problems"),
]
