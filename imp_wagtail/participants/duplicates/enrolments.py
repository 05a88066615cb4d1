"""Two enrolments of one person on one pathway become one; nothing that was recorded on either is lost.

Every function expects both enrolments to be locked, and to be called within the transaction that merges their people.
"""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from django.db import models, transaction

from ..models import Enrolment, Evidence

#: Of two statuses the first in this order holds, whichever record is kept: who takes part on one takes part.
LIVELIEST = [Enrolment.Status.ACTIVE, Enrolment.Status.PAUSED, Enrolment.Status.WITHDRAWN]

#: Of these one stands for each requirement or stage: that of the enrolment kept, the other's no longer.
STANDING = {"decisions": "requirement_id", "completions": "stage_id", "extensions": "stage_id"}

#: Of these there is one for each cohort or session, so that two fall into one.
ONCE = {"memberships": "cohort_id", "attendance": "session_id"}


class SameEvidence(NamedTuple):
    """The same fact, put on record on both sides; ``first`` was recorded earlier."""

    first: Evidence
    second: Evidence

    @property
    def has_two_documents(self) -> bool:
        """Whether each has a document of its own: then both stay on record, because a document cannot be made anew."""
        return bool(self.first.file and self.second.file) and not same_content(self.first, self.second)


def merge_enrolments(kept: Enrolment, other: Enrolment) -> None:
    """Put all that is on record for ``other`` on ``kept``. What follows from it is the caller's to work out anew."""
    kept.enrolled_on = min(kept.enrolled_on, other.enrolled_on)
    kept.status = livelier(kept, other)
    kept.save(update_fields=["enrolled_on", "status"])
    for same in same_evidence(kept, other):
        _keep_once(same)
    other.evidence.update(enrolment=kept)
    for name, about in STANDING.items():
        rows = getattr(other, name)
        rows.filter(stands=True, **{f"{about}__in": _taken(getattr(kept, name).filter(stands=True), about)}).update(
            stands=None
        )
        rows.update(enrolment=kept)
    for name, about in ONCE.items():
        rows = getattr(other, name)
        rows.filter(**{f"{about}__in": _taken(getattr(kept, name), about)}).delete()
        rows.update(enrolment=kept)


def livelier(one: Enrolment, another: Enrolment) -> str:
    """The status of the two together."""
    return min(one.status, another.status, key=LIVELIEST.index)


def same_evidence(kept: Enrolment, other: Enrolment) -> list[SameEvidence]:
    """What is on record on both sides alike: by the rule of ``record_evidence``, one fact and not two."""
    known = {_fact(evidence): evidence for evidence in kept.evidence.order_by("-pk")}
    pairs = [(known.pop(_fact(item), None), item) for item in other.evidence.order_by("pk")]
    return [SameEvidence(*sorted(pair, key=lambda item: item.pk)) for pair in pairs if pair[0]]


def joined(texts: Iterable[str]) -> str:
    """Several notes below each other, each once."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def same_content(one: Evidence, another: Evidence) -> bool:
    """Whether two documents are the same to the byte; no, where one cannot be read."""
    try:
        with one.file.storage.open(one.file.name) as first, another.file.storage.open(another.file.name) as second:
            return first.read() == second.read()
    except FileNotFoundError:
        return False


def _fact(evidence: Evidence) -> tuple:
    return (evidence.requirement_id, evidence.date, evidence.amount, evidence.detail)


def _keep_once(same: SameEvidence) -> None:
    """Keep the earlier record, with both notes and the document; both records, if their documents differ."""
    if same.has_two_documents:
        return
    first, second = same
    spare = second.file if first.file else None
    first.note = joined([first.note, second.note])
    first.file = first.file or second.file
    first.save(update_fields=["note", "file"])
    second.delete()
    if spare:
        transaction.on_commit(partial(spare.storage.delete, spare.name), robust=True)


def _taken(rows: models.QuerySet, about: str) -> list[int]:
    # Read beforehand: MariaDB does not update a table by a question about itself.
    return list(rows.values_list(about, flat=True))
