"""The letters of one person, on their record."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.participants.panels import RecordPanel
from imp_wagtail.participants.record import RecordEnrolment
from imp_wagtail.pathways.models import Stage

from .links import action_links
from .models import Letter, Sending
from .permissions import may_issue, may_view
from .sending.sent import in_a_line, newest_first


@dataclass
class StageLetters:
    """A stage of an enrolment with the letters issued for it, the newest first."""

    enrolment: Enrolment
    stage: Stage
    is_completed: bool
    letters: list[Letter] = field(default_factory=list)

    @property
    def is_due(self) -> bool:
        """Whether the stage is completed and has no valid letter."""
        return self.is_completed and not any(letter.is_valid for letter in self.letters)


def letters_by_stage(record: list[RecordEnrolment]) -> list[StageLetters]:
    """The stages that are completed or have letters, in the order of the pathways; in two queries."""
    enrolments = [item.enrolment for item in record]
    letters: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    found = Letter.objects.filter(enrolment__in=enrolments).select_related("replaced_by")
    sendings = Sending.objects.defer("text").order_by("-pk")
    for letter in found.prefetch_related(Prefetch("sendings", sendings)).order_by("-pk"):
        letters[letter.enrolment_id, letter.stage_id].append(letter)
    stages = [
        StageLetters(item.enrolment, own.stage, own.is_completed, letters.get((item.enrolment.pk, own.stage.pk), []))
        for item in record
        for own in item.stages
    ]
    return [stage for stage in stages if stage.is_completed or stage.letters]


class LettersPanel(RecordPanel):
    """Completed stages with their letters, and a button where one is due."""

    name = "letters"
    heading = _("Letters")
    order = 40
    template_name = "imp_letters/admin/record_panel.html"

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        user = self.request.user
        return [
            {
                "stage": item.stage,
                "pathway": item.enrolment.pathway,
                "letters": [
                    (letter, action_links(letter, user), [in_a_line(sending) for sending in newest_first(letter)])
                    for letter in item.letters
                ],
                "issue_url": self.issue_url(item) if item.is_due and may_issue(user) else "",
                "is_due": item.is_due,
            }
            for item in letters_by_stage(self.record)
        ]

    def issue_url(self, item: StageLetters) -> str:
        return reverse("imp_letters_admin:issue", args=[item.enrolment.pk, item.stage.pk])

    def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        pathways = {row["pathway"] for row in self.rows}
        return {
            **super().get_context_data(parent_context),
            "rows": self.rows,
            "names_pathway": len(pathways) > 1,
            "may_view": may_view(self.request.user),
        }


def letters_panel(participant: Participant, request: Any) -> list[RecordPanel]:
    """For the record's hook: the panel, for whoever may see letters or issue them."""
    if not (may_view(request.user) or may_issue(request.user)):
        return []
    return [LettersPanel(participant, request)]
