"""The page of a run: the letters that were issued together, who was left out, and the files to print or to keep."""

from collections.abc import Callable
from typing import IO, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS

from ..links import register_url
from ..models import Letter
from ..permissions import SEND, may_view
from ..querysets import LetterQuerySet
from .papers import FilesRefused, merged, zipped
from .works import IssueWork

#: Letters on a page of the list.
PER_PAGE = 100
#: Most letters in one file that is printed: it is put together in memory.
MOST_TOGETHER = 500


def run_url(name: str, run: Job) -> str:
    return reverse(f"imp_letters_admin:{name}", args=[run.pk])


def run_for(request: HttpRequest, pk: int) -> Job:
    """The job that issued letters, for whoever may see letters."""
    if not may_view(request.user):
        raise PermissionDenied
    return get_object_or_404(Job.objects.select_related("created_by"), pk=pk, kind=IssueWork.kind)


def letters_of(run: Job) -> LetterQuerySet:
    """The letters of a run in the order of their numbers, with those that stand in the place of another."""
    found = (
        Letter.objects.filter(run=run).select_related("stage", "replaced_by").order_by("year", "running_number", "pk")
    )
    return found.defer("snapshot", "replaced_by__snapshot")


class RunView(WagtailAdminTemplateMixin, TemplateView):
    """The letters that were issued together."""

    template_name = "imp_letters/admin/run.html"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.run = run_for(request, pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Letters issued together")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        letters = {"url": register_url(), "label": _("Letters")}
        return [*self.breadcrumbs_items, letters, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def letters(self) -> LetterQuerySet:
        return letters_of(self.run)

    @cached_property
    def standing(self) -> int:
        return self.letters.valid().count()

    @property
    def parts(self) -> list[tuple[str, Page]]:
        """The files to print: one, or several where there are more letters than one file takes."""
        pages = Paginator(self.letters.valid(), MOST_TOGETHER)
        address = run_url("run_print", self.run)
        return [(f"{address}?{urlencode({'part': page.number})}", page) for page in pages if page.object_list]

    def left_out(self) -> list[list[str]]:
        """Who was left out and why, beforehand or on the way, for whoever may see participants."""
        if not self.request.user.has_perm(SEE_PARTICIPANTS):
            return []
        return [*self.run.params.get("refused", []), *self.run.refusals]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        is_own = user.is_superuser or self.run.created_by_id == user.pk
        back = urlencode({"next": run_url("run", self.run)})
        context.update(
            {
                "run": self.run,
                "begun_on": timezone.localdate(self.run.created_at),
                "letters": Paginator(self.letters, PER_PAGE).get_page(self.request.GET.get("p")),
                "ended": self.letters.exclude(stands=True),
                "standing": self.standing,
                "parts": self.parts,
                "zip_url": run_url("run_zip", self.run),
                "send_url": f"{run_url('send_run', self.run)}?{back}" if user.has_perm(SEND) else "",
                "register_url": f"{register_url()}?{urlencode({'run': self.run.pk})}",
                "job_url": job_url(self.run) if is_own else "",
                "left_out": self.left_out(),
            }
        )
        return context


@require_safe
@never_cache
def run_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters that stand as one PDF; ``part`` counts from 1 where they are more than one file takes."""
    run = run_for(request, pk)
    pages = Paginator(letters_of(run).valid(), MOST_TOGETHER)
    return _file(request, run, list(pages.get_page(request.GET.get("part"))), merged, "pdf")


@require_safe
@never_cache
def run_zip(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters that stand as a ZIP with a file for each."""
    run = run_for(request, pk)
    return _file(request, run, list(letters_of(run).valid()), zipped, "zip")


def _file(
    request: HttpRequest, run: Job, letters: list[Letter], make: Callable[[list[Letter]], IO[bytes]], ending: str
) -> HttpResponse:
    """The file, or a page that says which letters it cannot be made of."""
    if not letters:
        raise Http404
    try:
        content = make(letters)
    except FilesRefused as error:
        context = {"faults": error.faults, "run_url": run_url("run", run), "header_title": _("No file was made")}
        return TemplateResponse(request, "imp_letters/admin/run_refused.html", context, status=409)
    return FileResponse(
        content,
        as_attachment=ending == "zip",
        filename=f"letters-{letters[0].number}-to-{letters[-1].number}.{ending}",
        content_type=f"application/{ending}",
        headers={"X-Content-Type-Options": "nosniff"},
    )
