"""The screens of cohorts: a list, and for each its members, its sessions and a grid to tick attendance.

A facilitator sees their own cohorts only, and of the people in them nothing but names and attendance.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import ActionFormView, add_errors

from . import cohort_actions, cohort_forms
from .attendance import AttendanceGrid, grid_of
from .models import Cohort
from .permissions import (
    ADD_COHORTS,
    CHANGE_COHORTS,
    MARK_ATTENDANCE,
    SEE_PARTICIPANTS,
    cohorts_for,
    may_see_cohorts,
)


def cohort_url(cohort: Cohort) -> str:
    return reverse("imp_cohorts:cohort", args=[cohort.pk])


class CohortIndexView(generic.IndexView):
    """The list of the cohorts that the user may see."""

    any_permission_required = None
    is_searchable = True

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
            Column("member_count", label=_("Members")),
            Column("session_count", label=_("Sessions")),
        ]

    def get_base_queryset(self) -> models.QuerySet[Cohort]:
        members = models.Count("memberships", distinct=True)
        sessions = models.Count("sessions", distinct=True)
        cohorts = cohorts_for(self.request.user).select_related("pathway")
        return cohorts.annotate(member_count=members, session_count=sessions)

    def order_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.order_by(self.ordering, "pk")

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(title__icontains=self.search_query)

    def get_add_url(self) -> str | None:
        return super().get_add_url() if self.request.user.has_perm(ADD_COHORTS) else None


class CohortView(WagtailAdminTemplateMixin, TemplateView):
    """One cohort: members, sessions and the grid of attendance."""

    template_name = "imp_participants/admin/cohort.html"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.cohort = get_object_or_404(cohorts_for(request.user).select_related("pathway"), pk=pk)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def grid(self) -> AttendanceGrid:
        return grid_of(self.cohort)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MARK_ATTENDANCE):
            raise PermissionDenied
        form = cohort_forms.AttendanceForm(request.POST, cells=self.grid.cells)
        if form.is_valid():
            try:
                changed = cohort_actions.mark_cells(
                    self.cohort, ticked=form.ticked, unticked=form.unticked, by=request.user
                )
            except ValidationError as error:
                add_errors(form, error)
            else:
                text = ngettext("%(n)d mark saved.", "%(n)d marks saved.", changed) % {"n": changed}
                messages.success(request, text)
                return redirect(cohort_url(self.cohort))
        return self.render_to_response(self.get_context_data(form=form))

    def get_page_title(self) -> str:
        return self.cohort.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_cohorts:index"), "label": _("Cohorts")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.cohort.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context.update(
            {
                "cohort": self.cohort,
                "grid": self.grid,
                "may_change": user.has_perm(CHANGE_COHORTS),
                "may_mark": user.has_perm(MARK_ATTENDANCE),
                "may_see_records": user.has_perm(SEE_PARTICIPANTS),
            }
        )
        return context


class CohortActionView(ActionFormView):
    """A form about one cohort; it leads back there."""

    permission = CHANGE_COHORTS
    header_icon = "group"

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.cohort = get_object_or_404(cohorts_for(self.request.user), pk=pk)

    def get_success_url(self) -> str:
        return cohort_url(self.cohort) if self.cohort.pk else reverse("imp_cohorts:index")

    def get_page_subtitle(self) -> str:
        return self.cohort.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_cohorts:index"), "label": _("Cohorts")}
        own = [{"url": cohort_url(self.cohort), "label": self.cohort.title}] if self.cohort.pk else []
        return [
            *self.breadcrumbs_items,
            index,
            *own,
            {"url": "", "label": self.get_page_title(), "sublabel": self.cohort.title},
        ]


class EditCohortView(CohortActionView):
    form_class = cohort_forms.CohortForm
    page_title = gettext_lazy("Edit cohort")
    success_message = gettext_lazy("Cohort saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.cohort}

    def act(self, data: dict[str, Any]) -> Cohort:
        return cohort_actions.save_cohort(self.cohort, facilitators=data["facilitators"], by=self.request.user)


class AddCohortView(EditCohortView):
    permission = ADD_COHORTS
    page_title = gettext_lazy("New cohort")
    success_message = gettext_lazy("Cohort added.")

    def look_up(self, **kwargs: Any) -> None:
        self.cohort = Cohort()


class AddMembersView(CohortActionView):
    form_class = cohort_forms.AddMembersForm
    page_title = gettext_lazy("Add members")
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Members added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cohort": self.cohort}

    def act(self, data: dict[str, Any]) -> None:
        cohort_actions.join_all(self.cohort, data["enrolments"], by=self.request.user)


class RemoveMemberView(CohortActionView):
    """Asks once more, and says what stays."""

    form_class = Form
    page_title = gettext_lazy("Remove from cohort")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("Member removed.")

    def look_up(self, pk: int, membership: int, **kwargs: Any) -> None:
        super().look_up(pk=pk)
        members = self.cohort.memberships.select_related("cohort", "enrolment__participant")
        self.membership = get_object_or_404(members, pk=membership)

    @property
    def help_text(self) -> str:
        text = _("%(name)s will no longer be a member. The attendance until now stays on record and counts.")
        return text % {"name": self.membership.enrolment.participant}

    def act(self, data: dict[str, Any]) -> None:
        cohort_actions.leave_cohort(self.membership, by=self.request.user)


class AddSessionsView(CohortActionView):
    form_class = cohort_forms.AddSessionsForm
    page_title = gettext_lazy("Add sessions")
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Sessions added.")

    def act(self, data: dict[str, Any]) -> None:
        cohort_actions.add_sessions(self.cohort, **data, by=self.request.user)
