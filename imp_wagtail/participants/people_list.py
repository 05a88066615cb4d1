"""The list of participants: where everybody stands, at a glance and in words."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import Button

from imp_wagtail.core.exports import InChunks, PlainCellsMixin
from imp_wagtail.core.localities import country_name

from . import people_export
from .bulk.offers import BulkSelectionMixin, title_id
from .models import Enrolment, Participant, StageProgress
from .permissions import may_import, may_see_duplicates
from .standing import Window, next_step, next_window, of_each
from .views import record_url

#: What a state of a stage is called: looked up for each stage of everybody on the page.
STATES: dict[str, Any] = dict(StageProgress.State.choices)


#: So many people fit a filter that a page of them is found soon by asking one after the other.
MANY = 500


def country_of(person: Participant) -> str:
    # Django's own get_country_display goes through all countries each time.
    return country_name(person.country) if person.country else ""


class ProgressColumn(Column):
    """The stages of each of a participant's pathways at a glance: shape and text."""

    cell_template_name = "imp_participants/admin/progress_cell.html"

    def get_value(self, person: Participant) -> list[tuple[list[tuple[str, str]], str]]:
        """For each enrolment: each stage's state and what it says, and where the whole stands."""
        return [(glance_at(enrolment), enrolment.standing) for enrolment in person.enrolments.all()]


def glance_at(enrolment: Enrolment) -> list[tuple[str, str]]:
    return [(row.state, f"{row.stage}: {STATES[row.state]}") for row in enrolment.progress.all()]


class NextStepColumn(Column):
    """What comes next on each pathway, in words."""

    cell_template_name = "imp_participants/admin/next_step_cell.html"

    def get_value(self, person: Participant) -> list[tuple[str, str]]:
        return of_each(person.enrolments.all(), next_step)


class WindowColumn(Column):
    """Until when, or since when, in words."""

    cell_template_name = "imp_participants/admin/window_cell.html"

    def get_value(self, person: Participant) -> list[tuple[str, Window]]:
        return of_each(person.enrolments.all(), next_window)


class ParticipantIndexView(BulkSelectionMixin, PlainCellsMixin, generic.IndexView):
    """The list of participants."""

    any_permission_required = ["view"]
    is_searchable = True
    table_classname = "listing imp-people"
    list_export = people_export.COLUMNS
    export_headings = people_export.HEADINGS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An export reads its rows as it writes them. Where a filter means nothing, the page that says so comes."""
        self.is_export = self.is_export and not self.filter_errors
        if self.is_export:
            return self.as_spreadsheet(InChunks(self.get_queryset()), request.GET["export"])
        return super().get(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            *self.bulk_columns,
            self._get_title_column_class(TitleColumn)(
                "name", label=_("Name"), sort_key="folded", get_url=record_url, get_title_id=title_id
            ),
            ProgressColumn("progress", label=_("Pathway and stages")),
            NextStepColumn("next_step", label=_("Next step"), classname="imp-people__next"),
            WindowColumn("window", label=_("Window"), classname="imp-people__window", sort_key="closes"),
            Column("country", label=_("Country"), accessor=country_of, sort_key="country"),
        ]

    def get_base_queryset(self) -> QuerySet[Participant]:
        return super().get_base_queryset().with_progress()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """By name wherever the chosen order leaves two people alike."""
        key, sign = self.ordering.removeprefix("-"), "-" if self.ordering.startswith("-") else ""
        if key == "country":
            offered = self.filters.form.fields["country"].choices
            return queryset.by_country([code for code, _name in offered if code], descending=bool(sign))
        if key == "closes":
            return queryset.by_next_closing(descending=bool(sign))
        return queryset.order_by(f"{sign}folded", f"{sign}pk")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.filters.applied_to(queryset)

    @cached_property
    def search_query(self) -> str:
        """As it was typed: a search that cannot be understood finds nobody, not everybody."""
        return self.request.GET.get(self.search_kwarg, "").strip()

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.matching(self.search_query)

    def get_paginator(self, queryset: QuerySet, per_page: int, **kwargs: Any) -> Paginator:
        """Counts first. Where many fit the filters, the page is then filled by asking people in the list's order."""
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        is_by_name = self.ordering.removeprefix("-") not in ("country", "closes")
        if paginator.count > MANY and is_by_name and self.filters.can_ask_in_turn:
            self.filters.asks_in_turn = True
            paginator.object_list = self.get_queryset()
        return paginator

    def to_row_dict(self, item: Participant) -> dict[str, Any]:
        return people_export.row_of(item)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if may_import(self.request.user):
            url = reverse("imp_people_import:begin")
            buttons.append(Button(_("Import"), url=url, icon_name="upload", priority=50))
        if may_see_duplicates(self.request.user):
            url = reverse("imp_participants:duplicates")
            buttons.append(Button(_("Duplicates"), url=url, icon_name="copy", priority=60))
        return buttons

    def get_list_more_buttons(self, instance: Participant) -> list:
        return []

    @cached_property
    def filter_errors(self) -> list[str]:
        """The filters that mean nothing, each with what is wrong: nobody is shown or exported then."""
        form = self.filters.form
        return [
            _("%(filter)s: %(error)s") % {"filter": form[name].label, "error": errors[0]}
            for name, errors in form.errors.items()
        ]
