"""Entries of the directory: made from a participant's record, and what they say."""

import datetime as dt
from itertools import chain, count
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.participants.log import record
from imp_wagtail.participants.models import Enrolment, Participant

from ..details import TeacherDetails, details_of, differences, in_known_order, public_point, set_details
from ..models import Consent, Purpose, Teacher
from ..names import RESERVED, address_of
from .consents import give
from .locking import check_field, locked, refuse_undated
from .publishing import publish
from .standing import end_of_period


def list_teacher(
    participant: Participant,
    *,
    consented_on: dt.date,
    consent_note: str = "",
    purposes: list[str] | tuple[str, ...] = (),
    recognised_why: str = "",
    by: Any,
    **details: Unpack[TeacherDetails],
) -> Teacher:
    """Put a participant into the public directory, under an address made from the name and kept from then on.

    Asks for a completed pathway (or why staff recognise somebody without), dated consent, a country, a language, and
    at least one of online and in person. ``name`` is the participant's unless given. ``purposes``: what else than the
    public profile they agreed to. The listing runs from today until it is to be renewed.
    """
    refuse_undated(consented_on)
    check_field(Consent, "note", consent_note, "consent_note")
    check_field(Teacher, "recognised_why", recognised_why, "recognised_why")
    with transaction.atomic():
        participant = Participant.objects.select_for_update().get(pk=participant.pk)
        details["name"] = details.get("name") or participant.name
        standing = Teacher.objects.filter(participant=participant).first()
        if standing:
            return _same_or_refused(standing, consented_on, details)
        today = timezone.localdate()
        teacher = Teacher(participant=participant, renewed_on=today, listed_until=end_of_period(today))
        if recognised_why.strip():
            teacher.recognised_on, teacher.recognised_why = today, recognised_why.strip()
        else:
            require_standing(participant)
        teacher.slug = free_address(details["name"])
        set_details(teacher, details)
        why = {"why": teacher.recognised_why} if teacher.recognised_why else {}
        record(participant, "imp.teacher.list", by=by, what=teacher.name, after=consented_on, **why)
        for purpose in dict.fromkeys([Purpose.PROFILE, *purposes]):
            give(teacher, purpose, on=consented_on, note=consent_note, by=by)
        publish(teacher)
    return teacher


def free_address(name: str) -> str:
    """An address for this name that no entry has: the plain one, or with the lowest free number.

    The database is asked about each, because it says which are the same: to MariaDB "zoe" and "zoë" are.
    """
    plain = address_of(name)
    candidates = chain([plain], (f"{plain}-{number}" for number in count(2)))
    return next(slug for slug in candidates if slug not in RESERVED and not Teacher.objects.filter(slug=slug).exists())


def _same_or_refused(teacher: Teacher, consented_on: dt.date, details: TeacherDetails) -> Teacher:
    before = details_of(teacher)
    after = {**before, **details, "languages": in_known_order(before["languages"], details.get("languages", []))}
    after["latitude"], after["longitude"] = public_point(after)
    consent = teacher.consent_to(Purpose.PROFILE)
    if after == before and consent and consent.given_on == consented_on:
        return teacher
    raise ValidationError(_("%(name)s has a directory entry already. Edit that one.") % {"name": teacher})


def update_teacher(teacher: Teacher, *, why: str = "", by: Any, **details: Unpack[TeacherDetails]) -> Teacher:
    """Change what an entry says; what is not given stays. Its address stays too, for those who have it.

    ``why`` is for the history alone.
    """
    with transaction.atomic():
        teacher = locked(teacher)
        before = details_of(teacher)
        set_details(teacher, details)
        changed = differences(before, details_of(teacher))
        if changed:
            record(teacher.participant, "imp.teacher.change", by=by, **changed, why=why)
            publish(teacher)
    return teacher


def require_standing(participant: Participant) -> None:
    if not Enrolment.objects.may_be_listed().filter(participant=participant).exists():
        raise ValidationError(
            _("%(name)s has not completed what opens the directory. Only those who have are listed.")
            % {"name": participant}
        )
