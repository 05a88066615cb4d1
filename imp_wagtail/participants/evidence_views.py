"""The forms of the record about evidence and decisions, and the documents kept with evidence."""

from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.pathways.models import Requirement

from . import actions, forms
from .models import Decision, Enrolment, Evidence
from .permissions import SEE_PARTICIPANTS
from .views import EnrolmentActionView, RecordActionView


def requirement_in_words(requirement: Requirement) -> str:
    return " – ".join(part for part in (str(requirement), requirement.in_words) if part)


def plain_amount(amount: Decimal) -> str:
    """A stored amount as a number field shows it."""
    return f"{amount.normalize():f}"


class RecordEvidenceView(EnrolmentActionView):
    form_class = forms.EvidenceForm
    page_title = gettext_lazy("Record evidence")
    submit_label = gettext_lazy("Record")

    @property
    def help_text(self) -> str:
        return requirement_in_words(self.requirement)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "requirement": self.requirement}

    def act(self, data: dict[str, Any]) -> Evidence:
        return actions.record_evidence(self.enrolment, self.requirement, **data, by=self.request.user)

    def get_success_message(self) -> str:
        return _("Evidence recorded: %(requirement)s.") % {"requirement": self.requirement}


class EvidenceActionView(RecordActionView):
    """A form about one piece of evidence."""

    def look_up(self, pk: int, **kwargs: Any) -> None:
        evidence = Evidence.objects.select_related("enrolment__participant", "requirement")
        if self.is_locking:
            # The enrolment, as every verb does: locks that are taken in one order never cross.
            own = Evidence.objects.filter(pk=pk).values("enrolment")
            Enrolment.objects.select_for_update().filter(pk__in=own).first()
        self.evidence = get_object_or_404(evidence, pk=pk)
        self.participant = self.evidence.enrolment.participant

    def get_success_url(self) -> str:
        return self.line_url(self.evidence.enrolment_id, self.evidence.requirement_id)


class ChangeEvidenceView(EvidenceActionView):
    locks = True
    form_class = forms.ChangeEvidenceForm
    page_title = gettext_lazy("Correct evidence")
    success_message = gettext_lazy("Evidence corrected.")

    @property
    def help_text(self) -> str:
        return requirement_in_words(self.evidence.requirement)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "requirement": self.evidence.requirement}

    def get_initial(self) -> dict[str, Any]:
        evidence = self.evidence
        return {
            "date": evidence.date,
            "amount": plain_amount(evidence.amount),
            "detail": evidence.detail,
            "note": evidence.note,
        }

    def act(self, data: dict[str, Any]) -> Evidence:
        return actions.change_evidence(self.evidence, **data, by=self.request.user)


class RemoveEvidenceView(EvidenceActionView):
    form_class = forms.ReasonForm
    page_title = gettext_lazy("Remove evidence")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("Evidence removed.")

    @property
    def help_text(self) -> str:
        return actions.describe(self.evidence)

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_evidence(self.evidence, why=data["why"], by=self.request.user)


class DecideView(EnrolmentActionView):
    form_class = forms.DecisionForm
    page_title = gettext_lazy("Record a decision")
    submit_label = gettext_lazy("Record")

    @property
    def help_text(self) -> str:
        return requirement_in_words(self.requirement)

    def act(self, data: dict[str, Any]) -> Decision:
        on = data.pop("decided_on")
        return actions.decide(self.enrolment, self.requirement, **data, on=on, by=self.request.user)

    def get_success_message(self) -> str:
        told = {"requirement": self.requirement, "outcome": self.result.get_outcome_display()}
        return _("Decision recorded: %(requirement)s, %(outcome)s.") % told


class RevokeDecisionView(RecordActionView):
    form_class = forms.ReasonForm
    page_title = gettext_lazy("Revoke a decision")
    submit_label = gettext_lazy("Revoke")
    success_message = gettext_lazy("Decision revoked.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.decision = get_object_or_404(Decision.objects.select_related("enrolment__participant"), pk=pk)
        self.participant = self.decision.enrolment.participant

    def get_success_url(self) -> str:
        return self.line_url(self.decision.enrolment_id, self.decision.requirement_id)

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
