"""The pages of bulk actions: a short form, then who will change and who cannot, then the work."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import add_errors
from imp_wagtail.core.exports import InChunks
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job

from ..models import Participant
from ..permissions import SEE_PARTICIPANTS
from .acts import ACTS, Act
from .outlook import Outlook, Person
from .plans import Plan, plan_of, unsealed
from .selection import listing_of, selected

#: Names of people shown in one list; how many more there are is told.
NAMES_SHOWN = 50


@dataclass(frozen=True)
class Names:
    """The first of some people, and how many more there are."""

    shown: list[Person]
    more: int
    count: int


def first_of(people: list[Person]) -> Names:
    return Names(people[:NAMES_SHOWN], max(0, len(people) - NAMES_SHOWN), len(people))


class SelectionView(WagtailAdminTemplateMixin):
    """A page about the people that were selected in the list."""

    header_icon = "user"

    @cached_property
    def people(self) -> QuerySet[Participant]:
        return selected(self.request)

    @cached_property
    def back_url(self) -> str:
        """The list as it was left."""
        next_url = get_valid_next_url_from_request(self.request)
        most = Job._meta.get_field("return_url").max_length
        return next_url if next_url and len(next_url) <= most else reverse("imp_participants:index")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": self.back_url, "label": _("Participants")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.get_page_title()}]

    def nobody(self) -> HttpResponse:
        messages.warning(self.request, _("Nobody is selected. Tick people in the list first."))
        return redirect(self.back_url)


def how_many(count: int) -> str:
    return ngettext("%(n)d person is selected.", "%(n)d people are selected.", count) % {"n": count}


class BulkView(SelectionView, FormView):
    """One bulk action: its form, what it would do, and its start."""

    template_name = "imp_core/admin/action_form.html"
    act_class: type[Act]

    def dispatch(self, request: HttpRequest, *args: Any, act: str, **kwargs: Any) -> HttpResponse:
        # Of an action that there is not, whoever may do nothing learns nothing either.
        wanted = ACTS[act].permissions if act in ACTS else Act.permissions
        if not request.user.has_perms([SEE_PARTICIPANTS, *wanted]):
            raise PermissionDenied
        if act not in ACTS:
            raise Http404
        self.act_class = ACTS[act]
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.act_class.title)

    def get_form_class(self) -> type[Form]:
        return self.act_class.form_class

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.people.exists() else self.nobody()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "plan" in request.POST:
            return self.start(request.POST["plan"])
        if not self.people.exists():
            return self.nobody()
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        act = self.act_class(form.cleaned_data)
        try:
            act.check()
            outlook = act.look_ahead(self.people)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        plan = plan_of(act, self._sent(form), outlook)
        return self.response_class(
            request=self.request,
            template=[act.preview_template],
            context=self.get_context_data(form=form, **self._shown(act, plan, outlook)),
            using=self.template_engine,
        )

    def _sent(self, form: Form) -> dict[str, str]:
        return {name: self.request.POST.get(name, "") for name in form.fields}

    def _shown(self, act: Act, plan: Plan, outlook: Outlook) -> dict[str, Any]:
        return {
            "what": act.what,
            "will_change": first_of(outlook.will_change),
            "so_already": first_of(outlook.so_already),
            "refused": [(reason, first_of(people)) for reason, people in outlook.refused.items()],
            "refused_count": outlook.refused_count,
            "item_count": len(plan.items),
            "plan": plan.sealed(self.request.user),
            "sent": plan.data,
        }

    def start(self, sealed: str) -> HttpResponse:
        """Do what was shown. A second click comes to the same work."""
        try:
            plan = unsealed(sealed, act=self.act_class.name, by=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.request.get_full_path())
        return redirect(job_url(plan.start(return_url=self.back_url, by=self.request.user)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        help_text = " ".join(
            [how_many(self.people.count()), _("Nothing is done before you have seen who will change.")]
        )
        context = super().get_context_data(**kwargs)
        context.update(help_text=help_text, submit_label=_("Show who will change"), cancel_url=self.back_url)
        return context


class ExportView(SelectionView, TemplateView):
    """The selected people as a file; the same columns as the whole list."""

    template_name = "imp_participants/admin/bulk/export.html"
    page_title = gettext_lazy("Export")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.people.exists():
            return self.nobody()
        listing = listing_of(request)
        if listing.is_export:
            return listing.as_spreadsheet(InChunks(self.people), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        files = []
        for kind in ("xlsx", "csv"):
            query["export"] = kind
            files.append((kind.upper(), f"?{query.urlencode()}"))
        context = super().get_context_data(**kwargs)
        context.update(help_text=how_many(self.people.count()), files=files, back_url=self.back_url)
        return context
