"""Participants and cohorts in the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from imp_wagtail.core.conf import settings
from imp_wagtail.core.menus import TRAINING_MENU_HOOK, shown_with

from . import evidence_views, people_list, people_views, stage_views, views
from .bulk.views import BulkView, ExportView
from .cohorts import action_views as cohort_action_views
from .cohorts import member_views, session_views
from .cohorts import views as cohort_views
from .cohorts.filters import CohortFilterSet
from .duplicates import views as duplicate_views
from .filters import ParticipantFilterSet
from .models import Attendance, Cohort, Participant
from .permissions import SEE_ALL_COHORTS, SEE_PARTICIPANTS, may_see_cohorts
from .personal import views as personal_views


class CohortsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_cohorts(request.user)


class TrackingHistoryView(HistoryView):
    """The full history of one record; it leads back to the record's own page, where everything else is done."""

    any_permission_required = ["view"]
    header_buttons: list[Any] = []
    permission = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Wagtail looks the record up before it checks permissions: others would learn whether there is one."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        super().setup(request, *args, **kwargs)


class ParticipantHistoryView(TrackingHistoryView):
    permission = SEE_PARTICIPANTS

    def get_edit_url(self, instance: Participant) -> str:
        return views.record_url(instance)


class CohortHistoryView(TrackingHistoryView):
    """For staff: facilitators see their own cohorts as they are, and not who did what to them."""

    permission = SEE_ALL_COHORTS

    def get_edit_url(self, instance: Cohort) -> str:
        return cohort_views.cohort_url(instance)


class TrackingViewSet(ModelViewSet):
    """A listing whose forms are actions' own: nothing is copied, deleted or edited around them."""

    menu_hook = TRAINING_MENU_HOOK
    copy_view_enabled = False
    add_to_reference_index = False

    #: The models whose permissions are offered there; the viewset's own unless given.
    permission_models: list[type[Model]] = []

    @property
    def list_per_page(self) -> int:
        return settings.LIST_PER_PAGE

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """All permissions of the models with rights of their own, "view" among them, for Wagtail's group settings."""
        types = ContentType.objects.get_for_models(*self.permission_models or [self.model]).values()
        return Permission.objects.filter(content_type__in=types)


class ParticipantViewSet(TrackingViewSet):
    """The list of participants, one person's record, and the forms behind its buttons.

    Nobody is copied or deleted here, and nothing is edited but through the actions.
    """

    model = Participant
    name = "imp_participants"
    url_prefix = "training/participants"
    icon = "user"
    menu_label = _("Participants")
    menu_item_class = shown_with(SEE_PARTICIPANTS)
    menu_order = 20
    index_view_class = people_list.ParticipantIndexView
    index_results_template_name = "imp_participants/admin/people_results.html"
    history_view_class = ParticipantHistoryView
    filterset_class = ParticipantFilterSet
    ordering = "folded"
    export_filename = "participants"

    def get_urlpatterns(self) -> list[URLPattern]:
        enrolment = "enrolment/<int:enrolment>"
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", people_views.AddParticipantView.as_view(), name="add"),
            path("duplicates/", duplicate_views.DuplicatesView.as_view(), name="duplicates"),
            path("duplicates/<int:keep>/<int:other>/", duplicate_views.MergeView.as_view(), name="merge"),
            path(
                "duplicates/<int:keep>/<int:other>/two-people/",
                duplicate_views.TellApartView.as_view(),
                name="tell_apart",
            ),
            path("bulk/export/", ExportView.as_view(), name="bulk_export"),
            path("bulk/<slug:act>/", BulkView.as_view(), name="bulk"),
            path("<int:pk>/", views.RecordView.as_view(), name="record"),
            path("<int:pk>/edit/", people_views.EditParticipantView.as_view(), name="edit"),
            path("<int:pk>/notes/", people_views.NotesView.as_view(), name="notes"),
            path("<int:pk>/enrol/", people_views.EnrolView.as_view(), name="enrol"),
            path("<int:pk>/export/", personal_views.ExportPersonView.as_view(), name="export_person"),
            path("<int:pk>/erase/", personal_views.ErasePersonView.as_view(), name="erase"),
            path("<int:pk>/history/", self.history_view, name="history"),
            path("<int:pk>/history/results/", self.history_results_view, name="history_results"),
            path(
                f"{enrolment}/evidence/<int:requirement>/",
                evidence_views.RecordEvidenceView.as_view(),
                name="record_evidence",
            ),
            path(f"{enrolment}/decision/<int:requirement>/", evidence_views.DecideView.as_view(), name="decide"),
            path(f"{enrolment}/complete/<int:stage>/", stage_views.CompleteStageView.as_view(), name="complete_stage"),
            path(f"{enrolment}/reopen/<int:stage>/", stage_views.ReopenStageView.as_view(), name="reopen_stage"),
            path(f"{enrolment}/extend/<int:stage>/", stage_views.ExtendWindowView.as_view(), name="extend_window"),
            path(f"{enrolment}/cohort/", people_views.JoinCohortView.as_view(), name="join_cohort"),
            path(f"{enrolment}/status/<slug:status>/", stage_views.SetStatusView.as_view(), name="set_status"),
            path("extension/<int:pk>/end/", stage_views.EndExtensionView.as_view(), name="end_extension"),
            path("evidence/<int:pk>/", evidence_views.ChangeEvidenceView.as_view(), name="change_evidence"),
            path("evidence/<int:pk>/file/", evidence_views.evidence_file, name="evidence_file"),
            path("evidence/<int:pk>/remove/", evidence_views.RemoveEvidenceView.as_view(), name="remove_evidence"),
            path("decision/<int:pk>/revoke/", evidence_views.RevokeDecisionView.as_view(), name="revoke_decision"),
        ]


class CohortViewSet(TrackingViewSet):
    """The list of cohorts and, for each, its members, sessions and attendance."""

    model = Cohort
    permission_models = [Cohort, Attendance]
    name = "imp_cohorts"
    url_prefix = "training/cohorts"
    icon = "group"
    menu_label = _("Cohorts")
    menu_item_class = CohortsMenuItem
    menu_order = 30
    index_view_class = cohort_views.CohortIndexView
    history_view_class = CohortHistoryView
    filterset_class = CohortFilterSet
    ordering = "title"

    def get_urlpatterns(self) -> list[URLPattern]:
        member, session = "<int:pk>/members/<int:membership>", "<int:pk>/sessions/<int:session>"
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", cohort_action_views.AddCohortView.as_view(), name="add"),
            path("<int:pk>/", cohort_views.CohortView.as_view(), name="cohort"),
            path("<int:pk>/edit/", cohort_action_views.EditCohortView.as_view(), name="edit"),
            path("<int:pk>/history/", self.history_view, name="history"),
            path("<int:pk>/history/results/", self.history_results_view, name="history_results"),
            path("<int:pk>/members/", member_views.AddMembersView.as_view(), name="add_members"),
            path(f"{member}/remove/", member_views.RemoveMemberView.as_view(), name="remove_member"),
            path(f"{member}/move/", member_views.MoveMemberView.as_view(), name="move_member"),
            path("<int:pk>/sessions/", session_views.AddSessionsView.as_view(), name="add_sessions"),
            path(f"{session}/edit/", session_views.EditSessionView.as_view(), name="edit_session"),
            path(f"{session}/remove/", session_views.RemoveSessionView.as_view(), name="remove_session"),
        ]
