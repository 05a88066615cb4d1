"""Directory entries of two records that turn out to be of one person."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.traces import delete_without_trace
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.core.words import in_a_row
from imp_wagtail.directory.actions import publish, publish_many, unpublish
from imp_wagtail.directory.details import TeacherDetails, details_of, differences, set_details
from imp_wagtail.directory.models import Consent, Course, DirectoryMail, Enquiry, Qualification, Teacher
from imp_wagtail.directory.permissions import SEE_TEACHERS
from imp_wagtail.directory.photos import is_used_elsewhere
from imp_wagtail.participants.duplicates.comparing import ComparedRow
from imp_wagtail.participants.duplicates.merging import OTHER
from imp_wagtail.participants.log import record
from imp_wagtail.participants.models import Participant

#: Under this name staff choose which of two entries stays.
ENTRY = "teacher"
#: What says together where somebody is: half of one and half of the other is nowhere.
PLACE = ("town", "country", "located_in", "spot", "latitude", "longitude")


def move_entry(
    sender: Any, keep: Participant, other: Participant, choices: Mapping[str, str], by: Any, **kwargs: Any
) -> None:
    """The entry follows its person. Of two one stays, with its address and its consent; the other goes into it."""
    entries = Teacher.objects.select_for_update().filter(participant__in=[keep, other]).order_by("pk")
    by_person = {entry.participant_id: entry for entry in entries}
    if other.pk not in by_person:
        publish_many(entry.pk for entry in by_person.values())
        return
    stays = by_person.pop(other.pk if choices.get(ENTRY) == OTHER or keep.pk not in by_person else keep.pk)
    for goes in by_person.values():
        join_entries(stays, goes, keep=keep, by=by)
    if stays.participant_id != keep.pk:
        stays.participant = keep
        stays.save(update_fields=["participant"])
    publish(stays)


def join_entries(stays: Teacher, goes: Teacher, *, keep: Participant, by: Any) -> None:
    """Courses, qualifications and languages of both; each other detail of the entry that stays, unless it has none."""
    given_up = details_of(goes)
    for model in (Course, Qualification):
        _move_items(model, stays, goes)
    _move_what_was_written(stays, goes)
    consent = consent_in_words(goes)
    if goes.photo and stays.photo and goes.photo != stays.photo and not is_used_elsewhere(goes):
        # Nothing would lead to it any more, so that it would outlive the erasure of its person.
        delete_without_trace(goes.photo)
    unpublish(goes)
    goes.delete()
    _keep_decisions(stays, goes)
    set_details(stays, joined_details(details_of(stays), given_up))
    changes = differences(given_up, details_of(stays)) or {"what": stays.name}
    with in_own_language():
        why = _("The entry “%(address)s” went: %(consent)s.") % {"address": goes.slug, "consent": consent}
    record(keep, "imp.teacher.merge", by=by, **changes, why=why)


def _keep_decisions(stays: Teacher, goes: Teacher) -> None:
    """What staff decided was about the person: a suspension does not end, nor a recognition, by a merge."""
    for name in ("suspended", "recognised"):
        on, why = f"{name}_on", f"{name}_why"
        if getattr(goes, on) and not getattr(stays, on):
            setattr(stays, on, getattr(goes, on))
            setattr(stays, why, getattr(goes, why))
            stays.save(update_fields=[on, why, "updated_at"])


def joined_details(own: TeacherDetails, given_up: TeacherDetails) -> TeacherDetails:
    """An entry's details, with the languages of both, and the other's where it says nothing."""
    filled = {name: value or given_up[name] for name, value in own.items() if not isinstance(value, bool)}
    says_where = own["town"] or own["located_in"] or own["country"] != given_up["country"]
    place = {name: (own if says_where else given_up)[name] for name in PLACE}
    return TeacherDetails(**{**own, **filled, **place, "languages": [*own["languages"], *given_up["languages"]]})


@in_own_language()
def consent_in_words(teacher: Teacher) -> str:
    """When consent was given and ended, and how: once the entry is gone, the history alone knows."""
    consents = [_consent_in_words(consent) for consent in teacher.consents.all()]
    return "; ".join(consents) or _("no consent on record")


def _consent_in_words(consent: Consent) -> str:
    words = {"purpose": consent.get_purpose_display(), "date": long_date(consent.given_on)}
    given = _("%(purpose)s, consent of %(date)s") % words
    ended = consent.ended_on and _("ended on %(date)s") % {"date": long_date(consent.ended_on)}
    return in_a_row((given, consent.note, ended))


def _move_items(model: type[models.Model], stays: Teacher, goes: Teacher) -> None:
    """Courses or qualifications go over, but for those that are there already in every detail."""
    fields = [field.attname for field in model._meta.concrete_fields if field.name not in ("id", "teacher", "uid")]
    known = set(model._default_manager.filter(teacher=stays).values_list(*fields))
    theirs = model._default_manager.filter(teacher=goes).values_list("pk", *fields)
    new = [pk for pk, *values in theirs if tuple(values) not in known]
    model._default_manager.filter(pk__in=new).update(teacher=stays)


def _move_what_was_written(stays: Teacher, goes: Teacher) -> None:
    """Enquiries go over with their e-mails; reminders of the entry that goes, and its consents, go with it."""
    DirectoryMail.objects.filter(enquiry__teacher=goes).update(teacher=stays)
    Enquiry.objects.filter(teacher=goes).update(teacher=stays)


def entries_compared(keep: Participant, other: Participant, request: HttpRequest) -> list[ComparedRow]:
    """For the comparison's hook: both entries, to choose between where there are two."""
    if not request.user.has_perm(SEE_TEACHERS):
        return []
    entries = Teacher.objects.filter(participant__in=[keep, other]).prefetch_related("participant__enrolments")
    told = {entry.participant_id: f"{entry} ({entry.slug}). {entry.listing_in_words}" for entry in entries}
    sides = [told.get(person.pk, "") for person in (keep, other)]
    return [ComparedRow(_("Directory entry"), *sides, name=ENTRY if all(sides) else "")]
