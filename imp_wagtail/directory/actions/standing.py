"""Who stays in the directory: renewed for another period, suspended, or let in by staff's decision."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import long_date
from imp_wagtail.participants.actions import refuse_future, require_reason
from imp_wagtail.participants.log import record

from ..models import Teacher
from .locking import check_field, locked
from .publishing import publish


def end_of_period(first: dt.date) -> dt.date | None:
    """The last day of a listing that begins or is renewed on a day; ``None`` where listings do not run out."""
    return first + dt.timedelta(days=settings.LISTING_DAYS) if settings.LISTING_DAYS else None


def renew(teacher: Teacher, *, on: dt.date | None = None, note: str = "", by: Any) -> Teacher:
    """Record a teacher's declaration, of today unless given, that all is still true: it runs for one more period."""
    on = on or timezone.localdate()
    refuse_future(on, "on")
    with transaction.atomic():
        teacher = locked(teacher)
        if teacher.renewed_on and on < teacher.renewed_on:
            words = {"date": long_date(teacher.renewed_on)}
            raise ValidationError({"on": _("There is a later declaration on record: %(date)s.") % words})
        before, after = teacher.listed_until, end_of_period(on)
        if (teacher.renewed_on, before) == (on, after):
            return teacher
        teacher.renewed_on, teacher.listed_until = on, after
        teacher.save(update_fields=["renewed_on", "listed_until", "updated_at"])
        told = {name: day for name, day in (("before", before), ("after", after)) if day}
        record(teacher.participant, "imp.teacher.renew", by=by, what=teacher.name, why=note, **told)
        publish(teacher)
    return teacher


def suspend(teacher: Teacher, *, why: str, by: Any) -> Teacher:
    """Take an entry out for the time being, at once; the public is not told why."""
    why = _reason(why, "suspended_why")
    with transaction.atomic():
        teacher = locked(teacher)
        if not teacher.is_suspended:
            teacher.suspended_on, teacher.suspended_why = timezone.localdate(), why
            _store(teacher, "imp.teacher.suspend", ["suspended_on", "suspended_why"], why, by)
    return teacher


def resume(teacher: Teacher, *, why: str, by: Any) -> Teacher:
    """End a suspension."""
    require_reason(why)
    with transaction.atomic():
        teacher = locked(teacher)
        if teacher.is_suspended:
            teacher.suspended_on, teacher.suspended_why = None, ""
            _store(teacher, "imp.teacher.resume", ["suspended_on", "suspended_why"], why, by)
    return teacher


def recognise(teacher: Teacher, *, why: str, by: Any) -> Teacher:
    """Decide that somebody is listed who completed no pathway here."""
    why = _reason(why, "recognised_why")
    with transaction.atomic():
        teacher = locked(teacher)
        if teacher.recognised_on is None:
            teacher.recognised_on, teacher.recognised_why = timezone.localdate(), why
            _store(teacher, "imp.teacher.recognise", ["recognised_on", "recognised_why"], why, by)
    return teacher


def end_recognition(teacher: Teacher, *, why: str, by: Any) -> Teacher:
    """Take such a decision back: only a completed pathway counts then."""
    require_reason(why)
    with transaction.atomic():
        teacher = locked(teacher)
        if teacher.recognised_on is not None:
            teacher.recognised_on, teacher.recognised_why = None, ""
            _store(teacher, "imp.teacher.end_recognition", ["recognised_on", "recognised_why"], why, by)
    return teacher


def _reason(why: str, field: str) -> str:
    """A reason that is kept with the entry, in the field of this name, and not in the history alone."""
    require_reason(why)
    check_field(Teacher, field, why.strip(), "why")
    return why.strip()


def _store(teacher: Teacher, action: str, fields: list[str], why: str, by: Any) -> None:
    teacher.save(update_fields=[*fields, "updated_at"])
    record(teacher.participant, action, by=by, what=teacher.name, why=why)
    publish(teacher)
