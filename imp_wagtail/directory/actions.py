"""What may be done with directory entries. Each verb is one transaction and one log entry on the participant.

Every verb raises ``ValidationError`` with a message for the person at the form, keyed by the field it belongs
to, and then nothing has changed. Each may be repeated: what is already so is left as it is.
"""

import datetime as dt
from itertools import chain, count
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.participants.actions import refuse_future, require_reason
from imp_wagtail.participants.log import record
from imp_wagtail.participants.models import Enrolment, Participant

from .details import TeacherDetails, details_of, differences, in_known_order, set_details
from .models import Course, Qualification, Teacher
from .names import address_of


def list_teacher(
    participant: Participant,
    *,
    consented_on: dt.date,
    consent_note: str = "",
    by: Any,
    **details: Unpack[TeacherDetails],
) -> Teacher:
    """Put a participant into the public directory, under an address made from the name and kept from then on.

    Asks for a completed pathway, dated consent, a country, a language, and at least one of online and in person.
    ``name`` is the participant's unless given.
    """
    refuse_undated(consented_on)
    with transaction.atomic():
        participant = Participant.objects.select_for_update().get(pk=participant.pk)
        details["name"] = details.get("name") or participant.name
        standing = Teacher.objects.filter(participant=participant).first()
        if standing:
            return _same_or_refused(standing, consented_on, details)
        require_standing(participant)
        teacher = Teacher(participant=participant, consented_on=consented_on, consent_note=consent_note)
        teacher.slug = free_address(details["name"])
        set_details(teacher, details)
        record(participant, "imp.teacher.list", by=by, what=teacher.name, after=consented_on)
    return teacher


def free_address(name: str) -> str:
    """An address for this name that no entry has: the plain one, or with the lowest free number.

    The database is asked about each, because it says which are the same: to MariaDB "zoe" and "zoë" are.
    """
    plain = address_of(name)
    candidates = chain([plain], (f"{plain}-{number}" for number in count(2)))
    return next(slug for slug in candidates if not Teacher.objects.filter(slug=slug).exists())


def _same_or_refused(teacher: Teacher, consented_on: dt.date, details: TeacherDetails) -> Teacher:
    before = details_of(teacher)
    after = {**before, **details, "languages": in_known_order(before["languages"], details.get("languages", []))}
    if after == before and teacher.has_consent and teacher.consented_on == consented_on:
        return teacher
    raise ValidationError(_("%(name)s has a directory entry already. Edit that one.") % {"name": teacher})


def update_teacher(teacher: Teacher, *, by: Any, **details: Unpack[TeacherDetails]) -> Teacher:
    """Change what an entry says; what is not given stays. Its address stays too, for those who have it."""
    with transaction.atomic():
        teacher = locked(teacher)
        before = details_of(teacher)
        set_details(teacher, details)
        changed = differences(before, details_of(teacher))
        if changed:
            record(teacher.participant, "imp.teacher.change", by=by, **changed)
    return teacher


def end_consent(teacher: Teacher, *, on: dt.date | None = None, why: str, by: Any) -> Teacher:
    """Take somebody out of the directory, from this request on. The entry is kept for when they come back."""
    require_reason(why)
    on = on or timezone.localdate()
    refuse_future(on, "on")
    with transaction.atomic():
        teacher = locked(teacher)
        if teacher.consented_on is None:
            raise ValidationError(_("There is no consent on record that could end."))
        if teacher.consent_ended_on is not None:
            return teacher
        if on < teacher.consented_on:
            raise ValidationError({"on": _("Consent cannot end before it was given.")})
        teacher.consent_ended_on = on
        teacher.save(update_fields=["consent_ended_on", "updated_at"])
        record(
            teacher.participant,
            "imp.teacher.end_consent",
            by=by,
            what=teacher.name,
            before=teacher.consented_on,
            after=on,
            why=why,
        )
    return teacher


def renew_consent(teacher: Teacher, *, consented_on: dt.date, consent_note: str = "", by: Any) -> Teacher:
    """Record consent given anew: after it ended, where there was none, or as a later confirmation."""
    refuse_undated(consented_on)
    with transaction.atomic():
        teacher = locked(teacher)
        if teacher.has_consent and (teacher.consented_on, teacher.consent_note) == (consented_on, consent_note):
            return teacher
        last = teacher.consent_ended_on or teacher.consented_on
        if last and consented_on < last:
            raise ValidationError({"consented_on": _("There is a later date on record: %(date)s.") % {"date": last}})
        teacher.consented_on, teacher.consent_note, teacher.consent_ended_on = consented_on, consent_note, None
        teacher.full_clean()
        teacher.save(update_fields=["consented_on", "consent_note", "consent_ended_on", "updated_at"])
        record(
            teacher.participant, "imp.teacher.renew_consent", by=by, what=teacher.name, before=last, after=consented_on
        )
    return teacher


def add_course(teacher: Teacher, *, by: Any, **details: Any) -> Course:
    """Add a course: ``title``, ``starts``, ``ends``, ``format``, ``language``, ``place``, ``url``."""
    with transaction.atomic():
        course, is_new = _add(locked(teacher), Course(**details))
        if is_new:
            record(teacher.participant, "imp.course.add", by=by, what=course.title, after=course.dates)
    return course


def remove_course(course: Course, *, by: Any) -> None:
    """Take a course away; the log keeps its title and dates."""
    with transaction.atomic():
        teacher = locked(course.teacher)
        if _remove(course):
            record(teacher.participant, "imp.course.remove", by=by, what=course.title, before=course.dates)


def add_qualification(teacher: Teacher, *, by: Any, **details: Any) -> Qualification:
    """Add what a teacher holds: ``sort``, ``title``, ``body``, ``awarded_on``, ``valid_until``."""
    if details.get("awarded_on"):
        refuse_future(details["awarded_on"], "awarded_on")
    with transaction.atomic():
        qualification, is_new = _add(locked(teacher), Qualification(**details))
        if is_new:
            sort = qualification.get_sort_display()
            record(teacher.participant, "imp.qualification.add", by=by, what=qualification.title, after=sort)
    return qualification


def remove_qualification(qualification: Qualification, *, by: Any) -> None:
    """Take a qualification away; the log keeps its title and sort."""
    with transaction.atomic():
        teacher = locked(qualification.teacher)
        if _remove(qualification):
            sort = qualification.get_sort_display()
            record(teacher.participant, "imp.qualification.remove", by=by, what=qualification.title, before=sort)


def locked(teacher: Teacher) -> Teacher:
    """The entry as it stands now, locked until the transaction ends: two writes never interleave."""
    return Teacher.objects.select_for_update().get(pk=teacher.pk)


def refuse_undated(consented_on: dt.date | None) -> None:
    if consented_on is None:
        raise ValidationError({"consented_on": _("Give the day on which consent was given; without it, no listing.")})
    refuse_future(consented_on, "consented_on")


def require_standing(participant: Participant) -> None:
    if not Enrolment.objects.may_be_listed().filter(participant=participant).exists():
        raise ValidationError(
            _("%(name)s has not completed what opens the directory. Only those who have are listed.")
            % {"name": participant}
        )


def _add(teacher: Teacher, item: Any) -> tuple[Any, bool]:
    """Save a checked record of a teacher, unless the very same is there; returns it and whether it is new."""
    item.teacher = teacher
    item.full_clean()
    fields = [field.attname for field in item._meta.concrete_fields if not field.primary_key]
    same = type(item).objects.filter(**{name: getattr(item, name) for name in fields}).first()
    if same:
        return same, False
    item.save()
    teacher.save(update_fields=["updated_at"])
    return item, True


def _remove(item: models.Model) -> bool:
    """Delete a record; whether it was still there."""
    was_there = bool(type(item).objects.filter(pk=item.pk).delete()[0])
    if was_there:
        item.teacher.save(update_fields=["updated_at"])
    return was_there
