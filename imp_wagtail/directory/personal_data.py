"""The directory in the export of a person's data."""

from django.utils.translation import gettext as _

from imp_wagtail.directory.models import Course, Qualification, Teacher, TeacherLanguage
from imp_wagtail.directory.photos import is_used_elsewhere
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.facts import Entry, Section, entry_of, fact


def directory_data(participant: Participant) -> list[Section]:
    """For the hook: a person's directory entry with its consent and photo, courses and qualifications."""
    teacher = Teacher.objects.filter(participant=participant).select_related("photo").first()
    courses = teacher.courses.order_by("starts", "pk") if teacher else []
    qualifications = teacher.qualifications.order_by("pk") if teacher else []
    return [
        Section(
            "directory",
            _("Teacher directory"),
            [_entry(teacher)] if teacher else [],
            (Teacher, TeacherLanguage),
            [_photo_stays(teacher)] if teacher and teacher.photo and is_used_elsewhere(teacher) else [],
        ),
        Section("courses", _("Courses"), [entry_of(course, without=["teacher"]) for course in courses], (Course,)),
        Section(
            "qualifications",
            _("Qualifications"),
            [entry_of(qualification, without=["teacher"]) for qualification in qualifications],
            (Qualification,),
        ),
    ]


def _entry(teacher: Teacher) -> Entry:
    entry = entry_of(teacher, without=["participant", "photo"])
    entry.add_file("photo", _("Photo"), teacher.photo.file if teacher.photo else None, "directory/photo")
    languages = fact("languages", _("Languages"), teacher.language_names)
    entry.facts.extend([languages, fact("listing", _("In the directory"), teacher.listing_in_words)])
    return entry


def _photo_stays(teacher: Teacher) -> str:
    return _("The image “%(title)s”, which is used elsewhere too") % {"title": teacher.photo}
