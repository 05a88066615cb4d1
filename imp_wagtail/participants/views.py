"""The registrar's screens: the list of participants, one person's record, and the forms behind its buttons."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry

from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.core.exports import PlainCellsMixin
from imp_wagtail.pathways.models import Requirement, Stage

from . import actions, forms
from .models import Decision, Enrolment, Evidence, Participant
from .panels import record_panels
from .permissions import ADD_PARTICIPANTS, CHANGE_PARTICIPANTS, SEE_PARTICIPANTS
from .record import record_of

#: Entries of the history on the record itself; the rest is one click away.
LATEST = 12


def record_url(participant: Participant) -> str:
    return reverse("imp_participants:record", args=[participant.pk])


class ProgressColumn(Column):
    """The stages of each of a participant's pathways at a glance: shape and text."""

    cell_template_name = "imp_participants/admin/progress_cell.html"


class ParticipantIndexView(PlainCellsMixin, generic.IndexView):
    """The list of participants."""

    any_permission_required = ["view"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)("name", label=_("Name"), sort_key="folded", get_url=record_url),
            ProgressColumn("progress", label=_("Pathway and stages"), accessor="progress_shown"),
            Column("country", label=_("Country"), accessor="get_country_display", sort_key="country"),
        ]

    def get_base_queryset(self) -> QuerySet[Participant]:
        return super().get_base_queryset().with_progress()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().order_queryset(queryset).order_by(self.ordering, "pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.matching(self.search_query)

    def get_list_more_buttons(self, instance: Participant) -> list:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.results_only:
            self._say_which_filters_mean_nothing()
        return super().get_context_data(**kwargs)

    def _say_which_filters_mean_nothing(self) -> None:
        """Wagtail leaves all filters out when one is wrong, and says so only beside that one, which is folded away."""
        for name, errors in self.filters.form.errors.items():
            text = _("Everybody is shown, because a filter could not be used. %(filter)s: %(error)s")
            messages.warning(self.request, text % {"filter": self.filters.form[name].label, "error": errors[0]})


class RecordView(WagtailAdminTemplateMixin, TemplateView):
    """Everything about one person on one page."""

    template_name = "imp_participants/admin/record.html"
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        self.participant = get_object_or_404(Participant, pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.participant.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_participants:index"), "label": _("Participants")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.participant.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = ModelLogEntry.objects.for_instance(self.participant).select_related("user")
        context.update(
            {
                "participant": self.participant,
                "enrolments": record_of(self.participant),
                "panels": record_panels(self.participant, self.request),
                "may_change": self.request.user.has_perm(CHANGE_PARTICIPANTS),
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

    def get_page_subtitle(self) -> str:
        return str(self.participant)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imp_participants:index"), "label": _("Participants")},
            {"url": record_url(self.participant), "label": self.participant.name},
            {"url": "", "label": self.get_page_title(), "sublabel": self.participant.name},
        ]


class ParticipantFormView(RecordActionView):
    """Contact details, for adding and for changing."""

    form_class = forms.ParticipantForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.participant}

    def act(self, data: dict[str, Any]) -> Participant:
        return actions.save_participant(self.participant, by=self.request.user)


class AddParticipantView(ParticipantFormView):
    permission = ADD_PARTICIPANTS
    page_title = gettext_lazy("New participant")
    success_message = gettext_lazy("Participant added.")

    def look_up(self, **kwargs: Any) -> None:
        self.participant = Participant()

    def get_success_url(self) -> str:
        return super().get_success_url() if self.participant.pk else reverse("imp_participants:index")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("imp_participants:index"), "label": _("Participants")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.get_page_title()}]

    def get_page_subtitle(self) -> str:
        return ""


class EditParticipantView(ParticipantFormView):
    page_title = gettext_lazy("Edit details")
    success_message = gettext_lazy("Details saved.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.participant = get_object_or_404(Participant, pk=pk)


class EnrolView(RecordActionView):
    form_class = forms.EnrolForm
    page_title = gettext_lazy("Enrol on a pathway")
    submit_label = gettext_lazy("Enrol")
    success_message = gettext_lazy("Enrolled.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.participant = get_object_or_404(Participant, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "participant": self.participant}

    def act(self, data: dict[str, Any]) -> Enrolment:
        return actions.enrol(self.participant, data["pathway"], on=data["enrolled_on"], by=self.request.user)


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


class RecordEvidenceView(EnrolmentActionView):
    form_class = forms.EvidenceForm
    page_title = gettext_lazy("Record evidence")
    submit_label = gettext_lazy("Record")
    success_message = gettext_lazy("Evidence recorded.")

    @property
    def help_text(self) -> str:
        return " – ".join(part for part in (str(self.requirement), self.requirement.in_words) if part)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "requirement": self.requirement}

    def act(self, data: dict[str, Any]) -> Evidence:
        return actions.record_evidence(self.enrolment, self.requirement, **data, by=self.request.user)


class DecideView(EnrolmentActionView):
    form_class = forms.DecisionForm
    page_title = gettext_lazy("Record a decision")
    submit_label = gettext_lazy("Record")
    success_message = gettext_lazy("Decision recorded.")

    @property
    def help_text(self) -> str:
        return str(self.requirement)

    def act(self, data: dict[str, Any]) -> Decision:
        on = data.pop("decided_on")
        return actions.decide(self.enrolment, self.requirement, **data, on=on, by=self.request.user)


class CompleteStageView(EnrolmentActionView):
    form_class = forms.CompleteStageForm
    submit_label = gettext_lazy("Complete stage")
    success_message = gettext_lazy("Stage completed.")

    def get_page_title(self) -> str:
        return _("Complete “%(stage)s”") % {"stage": self.stage}

    def act(self, data: dict[str, Any]) -> Any:
        return actions.complete_stage(self.enrolment, self.stage, on=data["completed_on"], by=self.request.user)


class ReopenStageView(EnrolmentActionView):
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Reopen stage")
    success_message = gettext_lazy("Stage reopened.")

    def get_page_title(self) -> str:
        return _("Reopen “%(stage)s”") % {"stage": self.stage}

    def act(self, data: dict[str, Any]) -> None:
        actions.reopen_stage(self.enrolment, self.stage, why=data["why"], by=self.request.user)


class SetStatusView(EnrolmentActionView):
    """Pauses, resumes or withdraws; the address says which."""

    form_class = forms.ReasonForm
    success_message = gettext_lazy("Enrolment changed.")

    TITLES = {
        Enrolment.Status.ACTIVE: gettext_lazy("Resume enrolment"),
        Enrolment.Status.PAUSED: gettext_lazy("Pause enrolment"),
        Enrolment.Status.WITHDRAWN: gettext_lazy("Withdraw enrolment"),
    }

    def look_up(self, status: str, **kwargs: Any) -> None:
        if status not in self.TITLES:
            raise Http404
        self.status = status
        super().look_up(**kwargs)

    def get_page_title(self) -> str:
        return str(self.TITLES[self.status])

    @property
    def submit_label(self) -> str:
        return self.get_page_title()

    def act(self, data: dict[str, Any]) -> Enrolment:
        return actions.set_status(self.enrolment, self.status, why=data["why"], by=self.request.user)


class RemoveEvidenceView(RecordActionView):
    form_class = forms.ReasonForm
    page_title = gettext_lazy("Remove evidence")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("Evidence removed.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.evidence = get_object_or_404(Evidence.objects.select_related("enrolment__participant"), pk=pk)
        self.participant = self.evidence.enrolment.participant

    @property
    def help_text(self) -> str:
        return actions.describe(self.evidence)

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_evidence(self.evidence, why=data["why"], by=self.request.user)


class RevokeDecisionView(RecordActionView):
    form_class = forms.ReasonForm
    page_title = gettext_lazy("Revoke a decision")
    submit_label = gettext_lazy("Revoke")
    success_message = gettext_lazy("Decision revoked.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.decision = get_object_or_404(Decision.objects.select_related("enrolment__participant"), pk=pk)
        self.participant = self.decision.enrolment.participant

    @property
    def help_text(self) -> str:
        return str(self.decision)

    def act(self, data: dict[str, Any]) -> None:
        actions.revoke_decision(self.decision, why=data["why"], by=self.request.user)


def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A document of somebody's evidence, for those who may see participants; always as a download."""
    if not request.user.has_perm(SEE_PARTICIPANTS):
        raise PermissionDenied
    evidence = get_object_or_404(Evidence, pk=pk)
    if not evidence.file or not evidence.file.storage.exists(evidence.file.name):
        raise Http404
    filename = f"evidence-{evidence.pk}{PurePath(evidence.file.name).suffix}"
    response = FileResponse(evidence.file.open(), as_attachment=True, filename=filename)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
