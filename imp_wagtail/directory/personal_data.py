"""The directory in the export of a person's data."""

from typing import Any

from django.utils.translation import gettext as _

from imp_wagtail.directory.models import (
    Consent,
    Course,
    DirectoryMail,
    Enquiry,
    FeedEntry,
    Listing,
    Qualification,
    Teacher,
    TeacherLanguage,
)
from imp_wagtail.directory.photos import is_used_elsewhere
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.facts import Entry, Section, entry_of, fact


def directory_data(participant: Participant) -> list[Section]:
    """For the hook: a person's directory entry with photo, and all that hangs on it."""
    teacher = Teacher.objects.filter(participant=participant).select_related("photo").first()

    def section(key: str, title: str, model: Any, order: str, *without: str, **which: Any) -> Section:
        found = model.objects.filter(teacher=teacher, **which).order_by(order, "pk") if teacher else []
        return Section(key, title, [entry_of(item, without=["teacher", *without]) for item in found], (model,))

    return [
        Section(
            "directory",
            _("Teacher directory"),
            [_entry(teacher)] if teacher else [],
            (Teacher, TeacherLanguage),
            [_photo_stays(teacher)] if teacher and teacher.photo and is_used_elsewhere(teacher) else [],
        ),
        section("consents", _("Consents"), Consent, "given_on"),
        section("courses", _("Courses"), Course, "starts"),
        section("qualifications", _("Qualifications"), Qualification, "pk"),
        section("listing", _("As the search shows it"), Listing, "pk", *LISTING_KEYS),
        section("feed", _("As partner sites are told"), FeedEntry, "modified"),
        # By what a sender is counted tells nothing of whom they wrote to.
        section("enquiries", _("Enquiries by the form"), Enquiry, "asked_at", "sender_key", "token"),
        section(
            "directory_mails", _("E-mails of the directory"), DirectoryMail, "asked_at", "enquiry", kind__in=OWN_MAILS
        ),
    ]


#: A copy went to the sender, and its links are theirs.
OWN_MAILS = (DirectoryMail.Kind.ENQUIRY, DirectoryMail.Kind.REMINDER)
#: What a listing is found and sorted by, and what its entry tells already.
LISTING_KEYS = ("mirrored", "number", "folded_name", "photo")


def _entry(teacher: Teacher) -> Entry:
    entry = entry_of(teacher, without=["participant", "photo"])
    entry.add_file("photo", _("Photo"), teacher.photo.file if teacher.photo else None, "directory/photo")
    languages = fact("languages", _("Languages"), teacher.language_names)
    entry.facts.extend([languages, fact("listing", _("In the directory"), teacher.listing_in_words)])
    return entry


def _photo_stays(teacher: Teacher) -> str:
    return _("The image “%(title)s”, which is used elsewhere too") % {"title": teacher.photo}
