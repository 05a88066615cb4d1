"""The screens of cohorts: a list, and for each its details and a grid to tick attendance.

A facilitator sees their own cohorts only, and of the people in them nothing but names and attendance.
The forms behind the buttons are in ``action_views``, ``member_views`` and ``session_views``.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import add_errors
from imp_wagtail.core.dates import date_range, long_date
from imp_wagtail.core.sending import AlreadySentError, new_token, once

from ..models import Cohort
from ..permissions import (
    ADD_COHORTS,
    CHANGE_COHORTS,
    MARK_ATTENDANCE,
    SEE_ALL_COHORTS,
    SEE_PARTICIPANTS,
    cohorts_for,
    may_see_cohorts,
)
from . import actions as cohort_actions
from . import forms as cohort_forms
from .attendance import AttendanceGrid, grid_of
from .links import cohort_links
from .marks import Mark

#: How many marks that somebody else made too are named.
MOST_NAMED = 3


def cohort_url(cohort: Cohort) -> str:
    return reverse("imp_cohorts:cohort", args=[cohort.pk])


class ToTickColumn(Column):
    """How many sessions nobody has ticked, in words."""

    cell_template_name = "imp_participants/admin/to_tick_cell.html"


class CohortIndexView(generic.IndexView):
    """The list of the cohorts that the user may see."""

    any_permission_required = None
    is_searchable = True
    table_classname = "listing imp-cohorts-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_cohorts(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label=_("Title"), sort_key="title", get_url=cohort_url),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("pathway", label=_("Pathway"), accessor="pathway.title"),
            Column("dates", label=_("First to last session"), accessor=_dates, sort_key="starts_on"),
            Column("next_on", label=_("Next session"), accessor=_next, sort_key="next_on"),
            Column("member_count", label=_("Members")),
            Column("session_count", label=_("Sessions")),
            ToTickColumn("to_tick_count", label=_("To tick")),
        ]

    def get_base_queryset(self) -> QuerySet[Cohort]:
        return cohorts_for(self.request.user).select_related("pathway").with_figures()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """Cohorts without the day that is sorted by come last, on every database alike."""
        field = F(self.ordering.removeprefix("-"))
        order = field.desc(nulls_last=True) if self.ordering.startswith("-") else field.asc(nulls_last=True)
        return queryset.order_by(order, "pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.matching(self.search_query)

    def get_add_url(self) -> str | None:
        return super().get_add_url() if self.request.user.has_perm(ADD_COHORTS) else None


def _dates(cohort: Cohort) -> str:
    return date_range(cohort.starts_on, cohort.ends_on) if cohort.starts_on else ""


def _next(cohort: Cohort) -> str:
    return long_date(cohort.next_on) if cohort.next_on else ""


class CohortView(WagtailAdminTemplateMixin, TemplateView):
    """One cohort: members, sessions and the grid of attendance."""

    template_name = "imp_participants/admin/cohort.html"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        cohorts = cohorts_for(request.user).select_related("pathway", "training")
        self.cohort = get_object_or_404(cohorts, pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MARK_ATTENDANCE):
            raise PermissionDenied
        form = cohort_forms.AttendanceForm(request.POST, grid=grid_of(self.cohort))
        if form.is_valid():
            try:
                with once(request):
                    saved = cohort_actions.mark_cells(
                        self.cohort, ticked=form.ticked, unticked=form.unticked, by=request.user
                    )
            except AlreadySentError:
                return redirect(cohort_url(self.cohort))
            except ValidationError as error:
                add_errors(form, error)
            else:
                self.say(form, saved)
                return redirect(cohort_url(self.cohort))
        grid = grid_of(self.cohort, ticked=form.ticked, unticked=form.unticked)
        return self.render_to_response(self.get_context_data(form=form, grid=grid))

    def say(self, form: cohort_forms.AttendanceForm, saved: cohort_actions.Saved) -> None:
        """What was saved, and what somebody else did meanwhile."""
        n = len(saved.changed)
        messages.success(self.request, ngettext("%(n)d mark saved.", "%(n)d marks saved.", n) % {"n": n})
        if saved.made_by_others:
            named = "; ".join(_in_words(form.grid, mark) for mark in saved.made_by_others[:MOST_NAMED])
            more = len(saved.made_by_others) - MOST_NAMED
            if more > 0:
                text = ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more)
                named = text % {"names": named, "n": more}
            messages.info(self.request, _("Somebody else had already marked the same: %(names)s.") % {"names": named})
        if form.changed_by_others:
            n = len(form.changed_by_others)
            text = ngettext(
                "Meanwhile somebody else changed %(n)d other mark, which is kept.",
                "Meanwhile somebody else changed %(n)d other marks, which are kept.",
                n,
            )
            messages.info(self.request, text % {"n": n})

    def get_page_title(self) -> str:
        return self.cohort.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_cohorts:index"), "label": _("Cohorts")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.cohort.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, is_staff = self.request.user, self.request.user.has_perm(SEE_ALL_COHORTS)
        grid: AttendanceGrid = context.setdefault("grid", None) or grid_of(self.cohort)
        context.update(
            {
                "cohort": self.cohort,
                "grid": grid,
                "once_token": new_token(),
                "days_of_training": None if grid.sessions else cohort_forms.days_of(self.cohort.training),
                "may_change": user.has_perm(CHANGE_COHORTS),
                "may_mark": user.has_perm(MARK_ATTENDANCE),
                "may_see_records": user.has_perm(SEE_PARTICIPANTS),
                "may_see_history": is_staff,
                "links": cohort_links(self.cohort, user),
                "facilitators": self.cohort.facilitators.order_by("pk") if is_staff else [],
            }
        )
        return context


def _in_words(grid: AttendanceGrid, mark: Mark) -> str:
    row = next(row for row in grid.rows if row.membership.enrolment_id == mark.enrolment_id)
    return f"{row.membership.enrolment.participant} ({long_date(mark.session.date)})"
