"""Who may be on record twice: the report, the two side by side, and what staff make of them."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.core.conf import settings

from ..models import DistinctPair, Participant
from ..permissions import CHANGE_PARTICIPANTS, ERASE_PARTICIPANTS, may_merge, may_see_duplicates
from ..views import record_url
from .comparing import ComparedRow, compared_rows, outlook
from .merging import KEEP, OTHER, merge, tell_apart
from .report import likely_duplicates


def breadcrumbs(label: str) -> list[dict[str, Any]]:
    return [
        {"url": reverse("imp_participants:index"), "label": _("Participants")},
        {"url": reverse("imp_participants:duplicates"), "label": _("Duplicates")},
        {"url": "", "label": label},
    ]


class DuplicatesView(WagtailAdminTemplateMixin, TemplateView):
    """The report: pairs of records that may be of one person, the likeliest first."""

    template_name = "imp_participants/admin/duplicates.html"
    page_title = gettext_lazy("Duplicates")
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_duplicates(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *breadcrumbs("")[:1], {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = WagtailPaginator(likely_duplicates(), settings.LIST_PER_PAGE).get_page(self.request.GET.get("p"))
        keys = {key for pair in page for key in (pair.first, pair.second)}
        people = Participant.objects.with_progress().in_bulk(keys)
        context["page"] = page
        context["elided_page_range"] = page.paginator.get_elided_page_range(page.number)
        # Whoever is deleted at this moment is no duplicate any more.
        context["pairs"] = [
            (pair, people[pair.first], people[pair.second])
            for pair in page
            if {pair.first, pair.second} <= set(people)
        ]
        context["may_merge"] = may_merge(self.request.user)
        return context


class PairView(ActionFormView):
    """A form about two participants; it leads back to the report, to the page that it was opened from."""

    header_icon = "copy"
    first: Participant
    second: Participant

    def get_success_url(self) -> str:
        page = self.request.POST.get("p") or self.request.GET.get("p", "")
        report = reverse("imp_participants:duplicates")
        return f"{report}?p={page}" if page.isdecimal() else report

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *breadcrumbs(self.get_page_title())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(first=self.first, second=self.second, **kwargs)


class TellApartView(PairView):
    """“Not the same person”: a button of the report and of the comparison, or a page of its own."""

    permission = CHANGE_PARTICIPANTS
    form_class = forms.Form
    page_title = gettext_lazy("Not the same person")
    submit_label = gettext_lazy("Not the same person")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_duplicates(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def look_up(self, keep: int, other: int, **kwargs: Any) -> None:
        people = Participant.objects.in_bulk([keep, other])
        if len(people) < 2:
            raise Http404
        self.first, self.second = people[keep], people[other]

    @property
    def help_text(self) -> str:
        text = _("“%(first)s” and “%(second)s” are two people. They will not be brought up again.")
        return text % {"first": self.first, "second": self.second}

    def get_success_message(self) -> str:
        return self.help_text

    def act(self, data: dict[str, Any]) -> DistinctPair:
        return tell_apart(self.first, self.second, by=self.request.user)


class MergeForm(forms.Form):
    """For each detail that differs, whose is taken. Sent too late, it asks to look again."""

    #: When both records were last changed, as they were shown.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rows: list[ComparedRow], seen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = self.fields["seen"].initial = seen
        for row in rows:
            if row.is_choice:
                self.fields[row.name] = forms.ChoiceField(
                    label=row.label,
                    choices=[(KEEP, row.keep), (OTHER, row.other)],
                    initial=row.preferred,
                    widget=forms.RadioSelect,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("seen", "") != self.now:
            self.data = self.data.copy()
            self.data["seen"] = self.now
            raise ValidationError(
                _("One of the two records was changed meanwhile. Look at them again before you merge them.")
            )
        return cleaned


class MergeView(PairView):
    """Both records side by side, what merging them will do, and the button that does it."""

    permission = ERASE_PARTICIPANTS
    form_class = MergeForm
    template_name = "imp_participants/admin/merge.html"
    page_title = gettext_lazy("Merge two records")
    submit_label = gettext_lazy("Merge")

    def dispatch(self, request: HttpRequest, *args: Any, keep: int, other: int, **kwargs: Any) -> HttpResponse:
        if not may_merge(request.user):
            raise PermissionDenied
        people = Participant.objects.in_bulk([keep, other])
        if not people or keep == other:
            raise Http404
        if len(people) == 1:
            [remaining] = people.values()
            messages.info(request, _("Only this one record is left."))
            return redirect(record_url(remaining))
        self.first, self.second = people[keep], people[other]
        return super().dispatch(request, *args, keep=keep, other=other, **kwargs)

    @cached_property
    def rows(self) -> list[ComparedRow]:
        return compared_rows(self.first, self.second, self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        seen = f"{self.first.updated_at.isoformat()} {self.second.updated_at.isoformat()}"
        return {**super().get_form_kwargs(), "rows": self.rows, "seen": seen}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context["lines"] = [(row, form[row.name] if row.is_choice else None) for row in self.rows]
        context["outlook"] = outlook(self.first, self.second)
        context["came_from"] = self.request.POST.get("p") or self.request.GET.get("p", "")
        return context

    def act(self, data: dict[str, str]) -> Participant:
        return merge(self.first, self.second, choices=data, by=self.request.user)

    def get_success_message(self) -> str:
        text = _("“%(name)s” is one record now.") % {"name": self.result}
        return messages.render(text, [messages.button(record_url(self.result), _("Look at it"))])
