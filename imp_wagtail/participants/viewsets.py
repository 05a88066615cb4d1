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
from imp_wagtail.core.menus import TRAINING_MENU_HOOK

from . import cohort_views, views
from .filters import ParticipantFilterSet
from .models import Attendance, Cohort, Participant
from .permissions import SEE_PARTICIPANTS, may_see_cohorts


class ParticipantsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE_PARTICIPANTS)


class CohortsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_cohorts(request.user)


class ParticipantHistoryView(HistoryView):
    """The full history of one participant; it leads back to the record, where everything else is done."""

    any_permission_required = ["view"]
    header_buttons: list[Any] = []

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Wagtail looks the record up before it checks permissions: others would learn whether there is one."""
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        super().setup(request, *args, **kwargs)

    def get_edit_url(self, instance: Participant) -> str:
        return views.record_url(instance)


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
    menu_item_class = ParticipantsMenuItem
    menu_order = 20
    index_view_class = views.ParticipantIndexView
    history_view_class = ParticipantHistoryView
    filterset_class = ParticipantFilterSet
    ordering = "folded"
    list_export = ["name", "printed_name", "email", "town", "country", "language", "standing"]
    export_headings = {"standing": _("Pathways and stages")}
    export_filename = "participants"

    def get_urlpatterns(self) -> list[URLPattern]:
        enrolment = "enrolment/<int:enrolment>"
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", views.AddParticipantView.as_view(), name="add"),
            path("<int:pk>/", views.RecordView.as_view(), name="record"),
            path("<int:pk>/edit/", views.EditParticipantView.as_view(), name="edit"),
            path("<int:pk>/enrol/", views.EnrolView.as_view(), name="enrol"),
            path("<int:pk>/history/", self.history_view, name="history"),
            path("<int:pk>/history/results/", self.history_results_view, name="history_results"),
            path(
                f"{enrolment}/evidence/<int:requirement>/",
                views.RecordEvidenceView.as_view(),
                name="record_evidence",
            ),
            path(f"{enrolment}/decision/<int:requirement>/", views.DecideView.as_view(), name="decide"),
            path(f"{enrolment}/complete/<int:stage>/", views.CompleteStageView.as_view(), name="complete_stage"),
            path(f"{enrolment}/reopen/<int:stage>/", views.ReopenStageView.as_view(), name="reopen_stage"),
            path(f"{enrolment}/status/<slug:status>/", views.SetStatusView.as_view(), name="set_status"),
            path("evidence/<int:pk>/file/", views.evidence_file, name="evidence_file"),
            path("evidence/<int:pk>/remove/", views.RemoveEvidenceView.as_view(), name="remove_evidence"),
            path("decision/<int:pk>/revoke/", views.RevokeDecisionView.as_view(), name="revoke_decision"),
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
    ordering = "title"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", cohort_views.AddCohortView.as_view(), name="add"),
            path("<int:pk>/", cohort_views.CohortView.as_view(), name="cohort"),
            path("<int:pk>/edit/", cohort_views.EditCohortView.as_view(), name="edit"),
            path("<int:pk>/members/", cohort_views.AddMembersView.as_view(), name="add_members"),
            path(
                "<int:pk>/members/<int:membership>/remove/",
                cohort_views.RemoveMemberView.as_view(),
                name="remove_member",
            ),
            path("<int:pk>/sessions/", cohort_views.AddSessionsView.as_view(), name="add_sessions"),
        ]
