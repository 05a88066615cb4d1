"""What somebody agreed to: each purpose by itself, recorded and ended."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Consent, Purpose, Teacher
from ..texts import latest_versions
from .base import TeacherActionView
from .forms import ConsentForm, EndConsentForm


@dataclass(frozen=True)
class ConsentLine:
    """One purpose, and what is on record for it: the latest consent, or none; whether that counts today."""

    purpose: Purpose
    latest: Consent | None
    counts: bool
    #: Which version of the wording stands now.
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it was given and not withdrawn, to whichever wording."""
        return self.latest is not None and self.latest.ended_on is None

    @property
    def is_to_answer(self) -> bool:
        """Whether it counts, and the teacher is to say anew whether they agree: there is a newer wording."""
        return self.counts and self.latest is not None and self.latest.version < self.version


def consent_lines(teacher: Teacher) -> list[ConsentLine]:
    """All purposes, the one first without which there is nothing."""
    latest = {consent.purpose: consent for consent in teacher.consents.all()}
    versions = latest_versions()
    return [
        ConsentLine(purpose, latest.get(purpose.value), teacher.agrees_to(purpose), versions[purpose])
        for purpose in Purpose
    ]


class PurposeView(TeacherActionView):
    """A form about one purpose; a link may have chosen it."""

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("purpose")
        return {"purpose": asked} if asked in Purpose.values else {}


class RecordConsentView(PurposeView):
    form_class = ConsentForm
    page_title = _("Record consent")
    submit_label = _("Record")
    success_message = _("Consent recorded.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.record_consent(self.teacher, **data, by=self.request.user)


class EndConsentView(PurposeView):
    form_class = EndConsentForm
    page_title = _("End consent")
    submit_label = _("End consent")
    help_text = _(
        "Takes effect at once. Without consent to a public profile the entry leaves the directory, and every other"
        " consent ends with it; the entry is kept here, in case they come back."
    )

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.end_consent(self.teacher, **data, by=self.request.user)

    def get_success_message(self) -> str:
        if self.result.has_consent:
            return str(_("Consent ended."))
        return str(_("Consent ended. Nobody sees this entry any more."))
