"""Who was there: many ticks of a cohort's grid saved together, all or none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.translation import in_own_language

from .. import log
from ..actions import locked_many, recompute_many
from ..models import Attendance, Cohort, Enrolment, Session


@dataclass(frozen=True)
class Mark:
    """That somebody was, or was not, at a session."""

    session: Session
    enrolment_id: int
    is_present: bool

    @property
    def key(self) -> tuple[int, int]:
        return self.session.pk, self.enrolment_id


@dataclass(frozen=True)
class Saved:
    """What became of marks: those that changed something, and those that somebody else had made already."""

    changed: list[Mark] = field(default_factory=list)
    made_by_others: list[Mark] = field(default_factory=list)


def save_marks(cohort: Cohort, marks: Iterable[Mark], *, by: Any) -> Saved:
    """Save marks of a cohort's sessions, all or none, with a log entry for each that changed something.

    Everyone's progress is worked out once, however many sessions are marked.
    """
    wanted = {mark.key: mark for mark in marks}
    for mark in wanted.values():
        refuse_to_come(mark)
    with transaction.atomic():
        lock(cohort)
        people = _locked_members(cohort, {mark.enrolment_id for mark in wanted.values()})
        stored = _stored(wanted)
        changed = [mark for key, mark in wanted.items() if mark.is_present != (key in stored)]
        _store(changed, stored, by)
        recompute_many(people[key] for key in sorted({mark.enrolment_id for mark in changed}))
        log_marks(((mark.session, people[mark.enrolment_id], mark.is_present) for mark in changed), by=by)
    return Saved(changed, [mark for key, mark in wanted.items() if _was_made_by_another(mark, stored.get(key), by)])


def lock(*cohorts: Cohort) -> None:
    """Hold members, sessions and attendance of cohorts until the transaction ends.

    Always before their people are locked: a new member makes the database lock the cohort, and two transactions
    that go the opposite way would wait for each other.
    """
    keys = [cohort.pk for cohort in cohorts]
    list(Cohort.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def refuse_to_come(mark: Mark) -> None:
    if mark.is_present and mark.session.is_to_come:
        date = long_date(mark.session.date)
        raise ValidationError(_("The session on %(date)s has not taken place yet.") % {"date": date})


def _locked_members(cohort: Cohort, keys: set[int]) -> dict[int, Enrolment]:
    """The enrolments of these keys, locked; refuses whoever is not a member of the cohort."""
    people = {enrolment.pk: enrolment for enrolment in locked_many(keys)}
    members = set(cohort.memberships.filter(enrolment__in=keys).values_list("enrolment_id", flat=True))
    if keys - people.keys():
        raise ValidationError(_("Somebody is no longer on record. Load the page again and tick once more."))
    for key in sorted(keys - members):
        raise ValidationError(_("%(name)s is not a member of this cohort.") % {"name": people[key].participant})
    return people


def _stored(wanted: dict[tuple[int, int], Mark]) -> dict[tuple[int, int], Attendance]:
    """What is on record of these cells."""
    rows = Attendance.objects.filter(
        session__in={session for session, _enrolment in wanted},
        enrolment__in={enrolment for _session, enrolment in wanted},
    )
    found = {(row.session_id, row.enrolment_id): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def _store(changed: list[Mark], stored: dict[tuple[int, int], Attendance], by: Any) -> None:
    Attendance.objects.bulk_create(
        [
            Attendance(session=mark.session, enrolment_id=mark.enrolment_id, marked_by=by)
            for mark in changed
            if mark.is_present
        ]
    )
    gone = [stored[mark.key].pk for mark in changed if not mark.is_present]
    Attendance.objects.filter(pk__in=gone).delete()


def _was_made_by_another(mark: Mark, row: Attendance | None, by: Any) -> bool:
    """Whether a mark was so already, and not by the same person, whose second click would be no news."""
    if mark.is_present:
        return row is not None and row.marked_by_id != getattr(by, "pk", None)
    return row is None


@in_own_language()
def as_logged(session: Session) -> str:
    """A session in a line of the log."""
    return session.name


@in_own_language()
def log_marks(marks: Iterable[tuple[Session, Enrolment, bool]], *, by: Any, why: str = "") -> None:
    """Say in each person's history that they are, or are no longer, put down as present."""
    states = [_("not present"), _("present")]
    entries = [
        log.Entry(
            enrolment.participant,
            "imp.attendance.mark",
            what=f"{session.cohort} · {long_date(session.date)}",
            before=states[not is_present],
            after=states[is_present],
            why=why,
        )
        for session, enrolment, is_present in marks
    ]
    log.record_many(entries, by=by)
