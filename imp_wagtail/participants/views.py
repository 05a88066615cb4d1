"""One participant's record, and the forms behind its buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry

from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.pathways.models import Requirement, Stage

from .models import Enrolment, Participant
from .panels import record_panels
from .permissions import (
    CHANGE_COHORTS,
    CHANGE_PARTICIPANTS,
    ERASE_PARTICIPANTS,
    SEE_ALL_COHORTS,
    SEE_PARTICIPANTS,
)
from .record import participant_and_record

#: Entries of the history on the record itself; the rest is one click away.
LATEST = 12


def record_url(participant: Participant) -> str:
    return reverse("imp_participants:record", args=[participant.pk])


class RecordView(WagtailAdminTemplateMixin, TemplateView):
    """Everything about one person on one page."""

    template_name = "imp_participants/admin/record.html"
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        try:
            self.participant, self.record = participant_and_record(pk)
        except Participant.DoesNotExist as error:
            raise Http404 from error
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.participant.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_participants:index"), "label": _("Participants")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.participant.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        panels = record_panels(self.participant, self.request)
        for panel in panels:
            panel.record = self.record
        entries = ModelLogEntry.objects.for_instance(self.participant).select_related("user")
        context.update(
            {
                "participant": self.participant,
                "enrolments": self.record,
                "panels": panels,
                "may_change": self.request.user.has_perm(CHANGE_PARTICIPANTS),
                "may_erase": self.request.user.has_perm(ERASE_PARTICIPANTS),
                "may_see_cohorts": self.request.user.has_perm(SEE_ALL_COHORTS),
                "may_change_cohorts": self.request.user.has_perm(CHANGE_COHORTS),
                "history": entries[:LATEST],
                "history_url": reverse("imp_participants:history", args=[self.participant.pk]),
            }
        )
        return context


class RecordActionView(ActionFormView):
    """A form behind a button of the record; it leads back there."""

    permission = CHANGE_PARTICIPANTS
    header_icon = "user"
    participant: Participant

    def get_success_url(self) -> str:
        return record_url(self.participant)

    def line_url(self, enrolment: int, requirement: int) -> str:
        """The record at a line of its checklists: there it goes on, for eyes and for the Tab key."""
        return f"{record_url(self.participant)}#requirement-{enrolment}-{requirement}"

    def get_lost_url(self) -> str:
        return reverse("imp_participants:index")

    def get_page_subtitle(self) -> str:
        return str(self.participant)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imp_participants:index"), "label": _("Participants")},
            {"url": record_url(self.participant), "label": self.participant.name},
            {"url": "", "label": self.get_page_title(), "sublabel": self.participant.name},
        ]


class EnrolmentActionView(RecordActionView):
    """A form about one enrolment, and a requirement or a stage of its own pathway where the address names one."""

    requirement: Requirement | None = None
    stage: Stage | None = None

    def look_up(self, enrolment: int, requirement: int | None = None, stage: int | None = None, **kwargs: Any) -> None:
        self.enrolment = get_object_or_404(Enrolment.objects.select_related("participant", "pathway"), pk=enrolment)
        self.participant = self.enrolment.participant
        pathway = self.enrolment.pathway_id
        if requirement is not None:
            own = Requirement.objects.filter(stage__pathway=pathway).select_related("stage")
            self.requirement = get_object_or_404(own, pk=requirement)
        if stage is not None:
            self.stage = get_object_or_404(Stage, pk=stage, pathway=pathway)

    def get_success_url(self) -> str:
        if self.requirement is None:
            return super().get_success_url()
        return self.line_url(self.enrolment.pk, self.requirement.pk)
