"""Panels of a participant's record. Rooms further down the house add theirs through a hook."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.ui.components import Component

from .models import Participant
from .record import RecordEnrolment, record_of

#: Functions ``(participant, request) -> list[RecordPanel]``; permission to see one is the function's to check.
RECORD_PANELS_HOOK = "imp_record_panels"


class RecordPanel(Component):
    """One section of the record. The template shows ``heading`` as its ``<h2>`` with the id ``name``."""

    name = ""
    heading: Any = ""
    order = 100

    def __init__(self, participant: Participant, request: HttpRequest) -> None:
        self.participant = participant
        self.request = request

    @cached_property
    def record(self) -> list[RecordEnrolment]:
        """The person's pathways as the record shows them; read once for the page and all its panels."""
        return record_of(self.participant)

    def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self, "participant": self.participant, "request": self.request}


def record_panels(participant: Participant, request: HttpRequest) -> list[RecordPanel]:
    """All panels of a participant's record, in order."""
    found = [panel for hook in hooks.get_hooks(RECORD_PANELS_HOOK) for panel in hook(participant, request)]
    return sorted(found, key=lambda panel: panel.order)
