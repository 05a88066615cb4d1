"""One teacher as the page of theirs shows them, read in few queries."""

from django.db.models import F, Prefetch

from ..models import Course, Purpose, Teacher
from ..querysets import TeacherQuerySet, completed_pathways, with_consent


def for_profile(teachers: TeacherQuerySet) -> Teacher | None:
    """The one of these, with all that ``Profile`` shows, in four queries; ``None`` if there is none.

    ``language_codes``, ``upcoming_courses`` and ``participant.completed_enrolments`` (each with ``pathway_title`` in
    the reader's language) are lists; ``shows_photo`` and ``is_indexed`` say what was agreed to. The sizes of a photo
    are Wagtail's to find, which keeps them in the cache.
    """
    # A row for each language: fewer bytes than one more question.
    rows = list(_with_all(teachers).annotate(language=F("languages__language")).order_by("languages__pk"))
    if not rows:
        return None
    teacher = rows[0]
    teacher.language_codes = [row.language for row in rows if row.language]
    return teacher


def _with_all(teachers: TeacherQuerySet) -> TeacherQuerySet:
    return (
        teachers.annotate(shows_photo=with_consent(Purpose.PHOTO), is_indexed=with_consent(Purpose.INDEXING))
        .select_related("participant", "photo", "located_in")
        .prefetch_related(
            "qualifications",
            Prefetch("courses", queryset=Course.objects.upcoming(), to_attr="upcoming_courses"),
            Prefetch("participant__enrolments", queryset=completed_pathways(), to_attr="completed_enrolments"),
        )
    )
