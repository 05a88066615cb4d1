"""The demo's directory: who consented to be listed, and what they offer."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Qualification, Teacher
from imp_wagtail.participants.models import Participant

from .tables import CourseLine, Person

#: Every so many teachers, one holds an accreditation of an independent body besides.
EVERY_ACCREDITED = 4
ABOUT = {
    "imp": "Teaches interpersonal mindfulness in small groups, with time for silence and for speaking together.",
    "mcmi": "Brings mindfulness to workplaces and health services, with an eye to what people carry with them.",
}


def list_person(person: Person, participant: Participant, place: int, by: Any) -> Teacher | None:
    """Make the directory entry of somebody who consented; ``None`` for whoever did not."""
    if person.listed not in ("yes", "ended"):
        return None
    completed_on = participant.enrolments.completed().first().completed_on
    consented_on = min(completed_on + dt.timedelta(days=9), timezone.localdate())
    teacher = actions.list_teacher(
        participant,
        consented_on=consented_on,
        consent_note="Form returned by e-mail",
        town=person.town,
        country=person.country,
        languages=person.teaches_in,
        teaches_online=place % 3 != 1,
        teaches_in_person=place % 3 != 0,
        about=ABOUT[person.pathway],
        by=by,
    )
    if place % EVERY_ACCREDITED == 0:
        actions.add_qualification(
            teacher,
            sort=Qualification.Sort.ACCREDITED,
            title="Accredited mindfulness teacher",
            body="Example Register of Mindfulness Teachers",
            awarded_on=consented_on,
            by=by,
        )
    if person.listed == "ended":
        actions.end_consent(teacher, why="Asked to be taken out of the directory.", by=by)
    return teacher


@transaction.atomic
def offer_courses(lines: list[CourseLine], by: Any) -> None:
    """Add the courses of listed teachers, counted from today."""
    teachers = {teacher.participant.email: teacher for teacher in Teacher.objects.select_related("participant")}
    for line in lines:
        starts = timezone.localdate() + dt.timedelta(days=line.starts_in_days)
        actions.add_course(
            teachers[line.email],
            title=line.title,
            starts=starts,
            ends=starts + dt.timedelta(days=line.days - 1),
            format=line.format,
            language=line.language,
            place=line.place,
            by=by,
        )
