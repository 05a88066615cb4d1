"""What partner sites are told of a teacher and of a course, as plain data.

This is what ``FeedEntry.data`` keeps. Addresses are added when it is read: ``answers`` makes them of ``slug`` and
``can_be_written_to``. ``schema.json`` and docs/reference/feed.md describe the outcome; names in here stay as they are.
"""

import datetime as dt
from typing import Any

from ..contact.rules import may_be_written_to
from ..faces import spot_of
from ..models import Course, Purpose, Qualification, Teacher


def teacher_document(teacher: Teacher) -> dict[str, Any]:
    """A listed teacher who agreed to sharing, as ``for_publishing()`` fetched it. Never an address to write to."""
    town = teacher.located_in
    held = [each for each in teacher.qualifications.all() if each.is_current and each.is_vouched_for]
    return {
        "name": teacher.name,
        "slug": teacher.slug,
        "can_be_written_to": may_be_written_to(teacher),
        "about": teacher.about,
        "website": teacher.website,
        "town": teacher.town,
        "region": town.region if town else "",
        "country": teacher.country,
        "languages": [row.language for row in teacher.languages.all()],
        "online": teacher.teaches_online,
        "in_person": teacher.teaches_in_person,
        "near": [town.latitude, town.longitude] if town else None,
        "spot": spot_of(teacher) if teacher.agrees_to(Purpose.MAP) else None,
        "pathways": pathway_documents(teacher),
        "qualifications": [qualification_document(each) for each in held],
        "accredited": any(each.sort == Qualification.Sort.ACCREDITED for each in held),
    }


def pathway_documents(teacher: Teacher) -> list[dict[str, str]]:
    """The pathways completed here; ``id`` is the same for all languages of one."""
    pathways = [enrolment.pathway for enrolment in teacher.participant.completed_enrolments]
    return [{"id": str(pathway.translation_key), "title": pathway.title} for pathway in pathways]


def qualification_document(qualification: Qualification) -> dict[str, str | None]:
    """What was gained elsewhere. Of an accreditation ``checked_on`` is never empty: others are told to nobody."""
    return {
        "sort": qualification.sort,
        "title": qualification.title,
        "body": qualification.body,
        "level": qualification.level,
        "valid_until": _iso(qualification.valid_until),
        "checked_on": _iso(qualification.checked_on),
    }


def course_document(course: Course) -> dict[str, Any]:
    """An upcoming course of such a teacher."""
    return {
        "teacher": str(course.teacher.uid),
        "title": course.title,
        "starts": course.starts.isoformat(),
        "ends": course.ends.isoformat(),
        "format": course.format,
        "language": course.language,
        "place": course.place,
        "url": course.url,
        "state": course.state,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
