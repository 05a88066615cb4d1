"""What may be done with cohorts: members, and who was there. The promises of ``actions`` hold here too."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date

from . import log
from .actions import locked, recompute, refuse_inactive
from .models import Attendance, Cohort, Enrolment, Membership, Session

#: What ``save_cohort`` logs when it changes, beside the facilitators.
DETAILS = ("title", "kind", "pathway", "training")


def save_cohort(cohort: Cohort, *, facilitators: Iterable[Any], by: Any) -> Cohort:
    """Add a cohort, or save its changed details and facilitators; the log says which, from what to what."""
    cohort.full_clean()
    with transaction.atomic():
        before = Cohort.objects.select_for_update().filter(pk=cohort.pk).first()
        if before:
            refuse_other_pathway(before, cohort)
        cohort.save()
        led = _set_facilitators(cohort, facilitators)
        if before is None:
            log.record(cohort, "imp.cohort.add", by=by, what=str(cohort))
            return cohort
        changes = log.changes_between(before, cohort, DETAILS)
        log.record_changes(cohort, "imp.cohort.change", [*changes, *led], by=by)
        if before.kind != cohort.kind:
            _recompute_attendees(cohort)
    return cohort


def refuse_other_pathway(before: Cohort, after: Cohort) -> None:
    """A cohort that has members, or had some who came, stays on its pathway."""
    is_used = before.memberships.exists() or Attendance.objects.filter(session__cohort=before).exists()
    if before.pathway_id != after.pathway_id and is_used:
        raise ValidationError({"pathway": _("This cohort has members on its pathway; it cannot change.")})


def _set_facilitators(cohort: Cohort, people: Iterable[Any]) -> list[log.Change]:
    before = list(cohort.facilitators.order_by("pk"))
    cohort.facilitators.set(people)
    after = list(cohort.facilitators.order_by("pk"))
    return [] if before == after else [log.Change(_("facilitators"), log.listed(before), log.listed(after))]


def _recompute_attendees(cohort: Cohort) -> None:
    """Sessions of another kind count towards other requirements, also for those who have left."""
    attendees = Enrolment.objects.filter(attendance__session__cohort=cohort).distinct().order_by("pk")
    for enrolment in attendees:
        recompute(locked(enrolment))


def join_all(cohort: Cohort, enrolments: Iterable[Enrolment], *, by: Any) -> None:
    """Make several enrolments members, all or none."""
    with transaction.atomic():
        # Always in the same order, so that the locks of two people at work never cross.
        for enrolment in sorted(enrolments, key=lambda enrolment: enrolment.pk):
            join_cohort(cohort, enrolment, by=by)


def join_cohort(cohort: Cohort, enrolment: Enrolment, *, by: Any) -> Membership:
    """Make an active enrolment on the cohort's pathway a member."""
    with transaction.atomic():
        enrolment = locked(enrolment)
        if enrolment.pathway_id != cohort.pathway_id:
            raise ValidationError(
                {"enrolments": _("%(name)s is on another pathway.") % {"name": enrolment.participant}}
            )
        refuse_inactive(enrolment)
        membership, is_new = Membership.objects.get_or_create(cohort=cohort, enrolment=enrolment)
        if is_new:
            log.record(enrolment.participant, "imp.cohort.join", by=by, what=str(cohort))
    return membership


def leave_cohort(membership: Membership, *, by: Any) -> None:
    """End a membership. Attendance stays on record: what was attended was attended."""
    with transaction.atomic():
        deleted, _rows = Membership.objects.filter(pk=membership.pk).delete()
        if deleted:
            log.record(membership.enrolment.participant, "imp.cohort.leave", by=by, what=str(membership.cohort))


def add_sessions(
    cohort: Cohort, *, first: dt.date, count: int, every_days: int, hours: Decimal | None = None, by: Any
) -> list[Session]:
    """Add a series of sessions: ``count`` of them, ``every_days`` apart; days that have one already are left."""
    days = series(first, count, every_days)
    with transaction.atomic():
        taken = set(cohort.sessions.filter(date__in=days).values_list("date", flat=True))
        added = [cohort.sessions.create(date=day, hours=hours) for day in days if day not in taken]
        if added:
            what = ", ".join(long_date(session.date) for session in added)
            log.record(cohort, "imp.cohort.sessions", by=by, what=what)
    return added


def series(first: dt.date, count: int, every_days: int) -> list[dt.date]:
    """The days of a series; refuses one that runs beyond the calendar's last year."""
    try:
        return [first + dt.timedelta(days=every_days * place) for place in range(count)]
    except OverflowError:
        raise ValidationError({"first": _("The sessions would lie too far in the future.")}) from None


@dataclass(frozen=True)
class Mark:
    """That somebody was, or was not, at a session."""

    session: Session
    enrolment_id: int
    is_present: bool


def mark_attendance(
    session: Session, *, present: Iterable[Enrolment] = (), absent: Iterable[Enrolment] = (), by: Any
) -> int:
    """Tick and untick members at one session; whoever is in neither list is left alone. Returns how many changed."""
    marks = [Mark(session, enrolment.pk, True) for enrolment in present]
    marks += [Mark(session, enrolment.pk, False) for enrolment in absent]
    return save_marks(session.cohort, marks, by=by)


def mark_cells(cohort: Cohort, *, ticked: set[str], unticked: set[str], by: Any) -> int:
    """Save the changed cells ("session-enrolment") of a cohort's grid, all or none. Returns how many changed."""
    sessions = cohort.sessions.in_bulk()
    return save_marks(
        cohort,
        [
            Mark(sessions[session], enrolment, is_present)
            for cells, is_present in ((ticked, True), (unticked, False))
            for session, enrolment in sorted(tuple(map(int, cell.split("-"))) for cell in cells)
        ],
        by=by,
    )


def save_marks(cohort: Cohort, marks: list[Mark], *, by: Any) -> int:
    """Save marks of a cohort's sessions, all or none, with a log entry for each that changed something.

    Returns how many did. Everyone's progress is worked out once, however many sessions are marked.
    """
    for mark in marks:
        refuse_to_come(mark)
    with transaction.atomic():
        people = _locked_members(cohort, {mark.enrolment_id for mark in marks})
        changed = [mark for mark in marks if _store(mark, by)]
        for pk in sorted({mark.enrolment_id for mark in changed}):
            recompute(people[pk])
        for mark in changed:
            _log_mark(cohort, mark, people[mark.enrolment_id], by)
    return len(changed)


def refuse_to_come(mark: Mark) -> None:
    if mark.is_present and mark.session.date > timezone.localdate():
        date = long_date(mark.session.date)
        raise ValidationError(_("The session on %(date)s has not taken place yet.") % {"date": date})


def _locked_members(cohort: Cohort, keys: set[int]) -> dict[int, Enrolment]:
    """The enrolments of these keys, locked in one order so that two people's locks never cross.

    Refuses whoever is not a member of the cohort.
    """
    people = {enrolment.pk: enrolment for enrolment in _lock_in_order(keys)}
    members = set(cohort.memberships.filter(enrolment__in=keys).values_list("enrolment_id", flat=True))
    for key in sorted(keys - members):
        raise ValidationError(_("%(name)s is not a member of this cohort.") % {"name": people[key].participant})
    return people


def _lock_in_order(keys: set[int]) -> list[Enrolment]:
    list(Enrolment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return list(Enrolment.objects.select_related("participant").filter(pk__in=keys))


def _store(mark: Mark, by: Any) -> bool:
    """Whether the mark changed what is on record."""
    found = {"session": mark.session, "enrolment_id": mark.enrolment_id}
    if mark.is_present:
        return Attendance.objects.get_or_create(**found, defaults={"marked_by": by})[1]
    return bool(Attendance.objects.filter(**found).delete()[0])


def _log_mark(cohort: Cohort, mark: Mark, enrolment: Enrolment, by: Any) -> None:
    states = [_("not present"), _("present")]
    log.record(
        enrolment.participant,
        "imp.attendance.mark",
        by=by,
        what=f"{cohort} · {long_date(mark.session.date)}",
        before=states[not mark.is_present],
        after=states[mark.is_present],
    )
