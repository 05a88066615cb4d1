"""What may be done with cohorts: members, sessions, and who was there. The promises of ``actions`` hold here too."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from .. import log
from ..actions import locked, locked_many, recompute_many, refuse_inactive, require_reason
from ..models import Attendance, Cohort, Enrolment, Membership, Session
from .marks import Mark, Saved, as_logged, lock, log_marks, save_marks

#: What ``save_cohort`` logs when it changes, beside the facilitators.
DETAILS = ("title", "kind", "pathway", "training")
#: The same of ``save_session``.
SESSION_DETAILS = ("date", "title", "hours")
#: Stands in a series' title for each session's number.
NUMBER = "{n}"


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
            log.record(cohort, "imp.cohort.add", by=by, what=cohort)
            return cohort
        changes = log.changes_between(before, cohort, DETAILS)
        log.record_changes(cohort, "imp.cohort.change", [*changes, *led], by=by)
        if before.kind != cohort.kind:
            # Sessions of another kind count towards other requirements, also for those who have left.
            recompute_many(_locked_attendees(Attendance.objects.filter(session__cohort=cohort)))
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
    field = Cohort._meta.get_field("facilitators")
    return [] if before == after else [log.Change(field.verbose_name, before or log.NOTHING, after or log.NOTHING)]


def _locked_attendees(attendance: QuerySet[Attendance]) -> list[Enrolment]:
    return locked_many(attendance.order_by().values_list("enrolment_id", flat=True))


def join_all(cohort: Cohort, enrolments: Iterable[Enrolment], *, by: Any) -> None:
    """Make several enrolments members, all or none."""
    with transaction.atomic():
        # Always in the same order, so that the locks of two people at work never cross.
        for enrolment in sorted(enrolments, key=lambda enrolment: enrolment.pk):
            join_cohort(cohort, enrolment, by=by)


def join_cohort(cohort: Cohort, enrolment: Enrolment, *, by: Any) -> Membership:
    """Make an active enrolment on the cohort's pathway a member."""
    with transaction.atomic():
        lock(cohort)
        enrolment = locked(enrolment)
        refuse_other_pathway_of(enrolment, cohort, "enrolments")
        refuse_inactive(enrolment)
        membership, is_new = Membership.objects.get_or_create(cohort=cohort, enrolment=enrolment)
        if is_new:
            log.record(enrolment.participant, "imp.cohort.join", by=by, what=cohort)
    return membership


def leave_cohort(membership: Membership, *, by: Any) -> None:
    """End a membership. Attendance stays on record: what was attended was attended."""
    with transaction.atomic():
        lock(membership.cohort)
        locked(membership.enrolment)
        deleted, _rows = Membership.objects.filter(pk=membership.pk).delete()
        if deleted:
            log.record(membership.enrolment.participant, "imp.cohort.leave", by=by, what=membership.cohort)


def move_member(membership: Membership, to: Cohort, *, by: Any) -> Membership:
    """Leave one cohort and join another of the same pathway in one step. What was attended counts on."""
    enrolment, before = membership.enrolment, membership.cohort
    refuse_same(before, to)
    with transaction.atomic():
        lock(before, to)
        enrolment = locked(enrolment)
        refuse_other_pathway_of(enrolment, to, "cohort")
        refuse_inactive(enrolment)
        deleted, _rows = Membership.objects.filter(pk=membership.pk).delete()
        if not deleted:
            return _moved_already(enrolment, before, to)
        moved, _is_new = Membership.objects.get_or_create(cohort=to, enrolment=enrolment)
        log.record(enrolment.participant, "imp.cohort.move", by=by, what="", before=before, after=to)
    return moved


def _moved_already(enrolment: Enrolment, before: Cohort, to: Cohort) -> Membership:
    """The membership that an earlier click made; refuses whoever was removed from the cohort meanwhile."""
    moved = to.memberships.filter(enrolment=enrolment).first()
    if moved is None:
        raise ValidationError(
            _("%(name)s is no longer a member of “%(cohort)s”.") % {"name": enrolment.participant, "cohort": before}
        )
    return moved


def refuse_same(before: Cohort, to: Cohort) -> None:
    if before == to:
        raise ValidationError({"cohort": _("Choose a different cohort from the present one.")})


def refuse_other_pathway_of(enrolment: Enrolment, cohort: Cohort, field: str) -> None:
    if enrolment.pathway_id != cohort.pathway_id:
        raise ValidationError({field: _("%(name)s is on another pathway.") % {"name": enrolment.participant}})


def add_sessions(
    cohort: Cohort,
    *,
    first: dt.date,
    count: int,
    every_days: int,
    hours: Decimal | None = None,
    title: str = "",
    by: Any,
) -> list[Session]:
    """Add a series of sessions: ``count`` of them, ``every_days`` apart; days that have one already are left.

    ``{n}`` in the title becomes each session's number in the cohort.
    """
    days = series(first, count, every_days)
    with transaction.atomic():
        lock(cohort)
        taken = set(cohort.sessions.values_list("date", flat=True))
        number = 1 + sum(day < first for day in taken)
        added = [
            cohort.sessions.create(date=day, hours=hours, title=title.replace(NUMBER, str(number + place)))
            for place, day in enumerate(days)
            if day not in taken
        ]
        if added:
            log.record(cohort, "imp.cohort.sessions", by=by, what=[as_logged(session) for session in added])
    return added


def series(first: dt.date, count: int, every_days: int) -> list[dt.date]:
    """The days of a series; refuses one that runs beyond the calendar's last year."""
    try:
        return [first + dt.timedelta(days=every_days * place) for place in range(count)]
    except OverflowError:
        raise ValidationError({"first": _("The sessions would lie too far in the future.")}) from None


def save_session(session: Session, *, by: Any) -> Session:
    """Save the changed date, title and hours of a session; what its attendees have done is worked out anew."""
    session.full_clean()
    with transaction.atomic():
        lock(session.cohort)
        before = Session.objects.filter(pk=session.pk).first()
        if before is None:
            raise ValidationError(_("This session has been removed meanwhile."))
        refuse_same_day_and_title(session)
        attendees = _locked_attendees(session.attendance.all())
        if attendees and session.is_to_come:
            raise ValidationError({"date": _("People are put down as present; the day cannot lie in the future.")})
        session.save()
        changes = log.changes_between(before, session, SESSION_DETAILS)
        if changes:
            which = log.Change(as_logged(before))
            log.record_changes(session.cohort, "imp.cohort.session.change", [which, *changes], by=by)
            recompute_many(attendees)
    return session


def refuse_same_day_and_title(session: Session) -> None:
    """Two sessions of a day are told apart by their titles."""
    others = session.cohort.sessions.exclude(pk=session.pk)
    if others.filter(date=session.date, title=session.title).exists():
        raise ValidationError({"date": _("Another session is on this day. Give one of them another title.")})


def remove_session(session: Session, *, why: str = "", by: Any) -> int:
    """Take a session and its attendance off the record; returns how many had been ticked.

    Where somebody had, a reason is asked for, and stands in the history of each.
    """
    with transaction.atomic():
        lock(session.cohort)
        if not session.cohort.sessions.filter(pk=session.pk).exists():
            return 0
        attendees = _locked_attendees(session.attendance.all())
        if attendees:
            require_reason(why)
        log.record(session.cohort, "imp.cohort.session.remove", by=by, what=as_logged(session), why=why)
        log_marks(((session, enrolment, False) for enrolment in attendees), by=by, why=why)
        session.delete()
        recompute_many(attendees)
    return len(attendees)


def mark_attendance(
    session: Session, *, present: Iterable[Enrolment] = (), absent: Iterable[Enrolment] = (), by: Any
) -> int:
    """Tick and untick members at one session; whoever is in neither list is left alone. Returns how many changed."""
    marks = [Mark(session, enrolment.pk, True) for enrolment in present]
    marks += [Mark(session, enrolment.pk, False) for enrolment in absent]
    return len(save_marks(session.cohort, marks, by=by).changed)


def mark_cells(cohort: Cohort, *, ticked: set[str], unticked: set[str], by: Any) -> Saved:
    """Save the changed cells ("session-enrolment") of a cohort's grid, all or none."""
    with transaction.atomic():
        lock(cohort)
        sessions = {session.pk: session for session in cohort.sessions.all()}
        marks = [
            Mark(_session_of(sessions, session), enrolment, is_present)
            for cells, is_present in ((ticked, True), (unticked, False))
            for session, enrolment in sorted(tuple(map(int, cell.split("-"))) for cell in cells)
        ]
        return save_marks(cohort, marks, by=by)


def _session_of(sessions: dict[int, Session], key: int) -> Session:
    if key not in sessions:
        raise ValidationError(_("A session has been removed meanwhile. Load the page again and tick once more."))
    return sessions[key]
