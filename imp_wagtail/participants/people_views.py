"""The forms of the record about the person: details, private notes, pathways and groups."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_valid_next_url_from_request

from . import actions, forms
from .cohorts import actions as cohort_actions
from .models import Enrolment, Participant
from .permissions import ADD_PARTICIPANTS, CHANGE_COHORTS
from .views import EnrolmentActionView, RecordActionView


class ParticipantFormView(RecordActionView):
    """Contact details, for adding and for changing."""

    form_class = forms.ParticipantForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.participant}

    def act(self, data: dict[str, Any]) -> Participant:
        return actions.save_participant(self.participant, fields=list(data), by=self.request.user)


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
    """Leads back to where it was called from, else to the record."""

    locks = True
    page_title = gettext_lazy("Edit details")
    success_message = gettext_lazy("Details saved.")

    def get_success_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or super().get_success_url()

    def look_up(self, pk: int, **kwargs: Any) -> None:
        people = Participant.objects.select_for_update() if self.is_locking else Participant.objects
        self.participant = get_object_or_404(people, pk=pk)


class NotesView(EditParticipantView):
    """Private notes alone: what is done daily is one short form."""

    form_class = forms.NotesForm
    page_title = gettext_lazy("Private notes")
    success_message = gettext_lazy("Notes saved.")


class EnrolView(RecordActionView):
    form_class = forms.EnrolForm
    page_title = gettext_lazy("Enrol on a pathway")
    submit_label = gettext_lazy("Enrol")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.participant = get_object_or_404(Participant, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "participant": self.participant}

    def act(self, data: dict[str, Any]) -> Enrolment:
        return actions.enrol(self.participant, data["pathway"], on=data["enrolled_on"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("Enrolled: %(pathway)s.") % {"pathway": self.result.pathway}


class JoinCohortView(EnrolmentActionView):
    """Adds one person to a group; many at once are added on the group's own page."""

    permission = CHANGE_COHORTS
    form_class = forms.JoinCohortForm
    page_title = gettext_lazy("Add to a cohort")
    submit_label = gettext_lazy("Add")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "enrolment": self.enrolment}

    def act(self, data: dict[str, Any]) -> Any:
        return cohort_actions.join_cohort(data["cohort"], self.enrolment, by=self.request.user)

    def get_success_message(self) -> str:
        return _("Added to a cohort: %(cohort)s.") % {"cohort": self.result.cohort}
