"""What may be done with cohorts: members, and who was there. The promises of ``actions`` hold here too."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log as wagtail_log

from . import log
from .actions import locked, recompute, refuse_inactive
from .models import Attendance, Cohort, Enrolment, Membership, Session


def save_cohort(cohort: Cohort, *, facilitators: Iterable[Any], by: Any) -> Cohort:
    """Add a cohort, or save its changed details and facilitators."""
    cohort.full_clean()
    with transaction.atomic():
        is_new = cohort.pk is None
        cohort.save()
        cohort.facilitators.set(facilitators)
        wagtail_log(instance=cohort, action="wagtail.create" if is_new else "wagtail.edit", user=by)
    return cohort


def join_all(cohort: Cohort, enrolments: Iterable[Enrolment], *, by: Any) -> None:
    """Make several enrolments members, all or none."""
    with transaction.atomic():
        for enrolment in enrolments:
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
    cohort: Cohort, *, first: dt.date, count: int, every_days: int, hours: Decimal | None = None
) -> list[Session]:
    """Add a series of sessions: ``count`` of them, ``every_days`` apart; days that have one already are left."""
    days = [first + dt.timedelta(days=every_days * place) for place in range(count)]
    with transaction.atomic():
        taken = set(cohort.sessions.filter(date__in=days).values_list("date", flat=True))
        return [cohort.sessions.create(date=day, hours=hours) for day in days if day not in taken]


def mark_attendance(
    session: Session, *, present: Iterable[Enrolment] = (), absent: Iterable[Enrolment] = (), by: Any
) -> int:
    """Tick and untick members at one session; whoever is in neither list is left alone. Returns how many changed."""
    present, absent = list(present), list(absent)
    if present and session.date > timezone.localdate():
        raise ValidationError(_("The session on %(date)s has not taken place yet.") % {"date": session.date})
    with transaction.atomic():
        require_members(session.cohort, [*present, *absent])
        return sum(_mark(session, enrolment, True, by) for enrolment in present) + sum(
            _mark(session, enrolment, False, by) for enrolment in absent
        )


def mark_cells(cohort: Cohort, *, ticked: set[str], unticked: set[str], by: Any) -> int:
    """Save the changed cells ("session-enrolment") of a cohort's grid, all or none. Returns how many changed."""
    changed = 0
    with transaction.atomic():
        enrolments = Enrolment.objects.select_related("participant").in_bulk(
            {int(cell.split("-")[1]) for cell in ticked | unticked}
        )
        for session in cohort.sessions.all():
            present = [enrolments[key] for key in _members_in(ticked, session)]
            absent = [enrolments[key] for key in _members_in(unticked, session)]
            if present or absent:
                changed += mark_attendance(session, present=present, absent=absent, by=by)
    return changed


def _members_in(cells: set[str], session: Session) -> list[int]:
    """The enrolments of those cells that belong to a session, always in the same order, so that locks never cross."""
    return sorted(int(cell.split("-")[1]) for cell in cells if cell.startswith(f"{session.pk}-"))


def require_members(cohort: Cohort, enrolments: list[Enrolment]) -> None:
    members = set(cohort.memberships.values_list("enrolment_id", flat=True))
    for enrolment in enrolments:
        if enrolment.pk not in members:
            raise ValidationError(_("%(name)s is not a member of this cohort.") % {"name": enrolment.participant})


def _mark(session: Session, enrolment: Enrolment, is_present: bool, by: Any) -> bool:
    enrolment = locked(enrolment)
    if is_present:
        _row, changed = Attendance.objects.get_or_create(
            session=session, enrolment=enrolment, defaults={"marked_by": by}
        )
    else:
        changed = bool(Attendance.objects.filter(session=session, enrolment=enrolment).delete()[0])
    if changed:
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.attendance.mark",
            by=by,
            what=f"{session.cohort} · {session.date}",
            after=_("present") if is_present else _("not present"),
        )
    return changed
