"""The demo's directory: who consented to be listed, and what they offer."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.details import TeacherDetails
from imp_wagtail.directory.models import Qualification, Teacher
from imp_wagtail.directory.towns.lookup import towns_called
from imp_wagtail.participants.models import Participant

from .tables import CourseLine, Person

#: Every so many teachers, one holds an accreditation of an independent body besides.
EVERY_ACCREDITED = 4
#: Of those, one is still to be checked with that body.
NOT_CHECKED = 16
#: Of another one it has ended.
ENDED = 4
#: Degrees from the middle of a town to somebody who is shown as a point.
BESIDE_TOWN = 0.031
ABOUT = {
    "imp": "Teaches interpersonal mindfulness in small groups, with time for silence and for speaking together.",
    "mcmi": "Brings mindfulness to workplaces and health services, with an eye to what people carry with them.",
}


def list_person(
    person: Person, participant: Participant, place: int, formats: Collection[str], by: Any
) -> Teacher | None:
    """Make the directory entry of somebody who consented, with the ``formats`` of their courses.

    ``None`` for whoever did not consent.
    """
    if person.listed not in ("yes", "ended"):
        return None
    completed_on = participant.enrolments.completed().first().completed_on
    consented_on = min(completed_on + dt.timedelta(days=9), timezone.localdate())
    teacher = actions.list_teacher(
        participant,
        consented_on=consented_on,
        consent_note="Form returned by e-mail",
        purposes=person.agrees_to,
        town=person.town,
        country=person.country,
        languages=person.teaches_in,
        teaches_online=place % 3 != 1 or not {"online", "hybrid"}.isdisjoint(formats),
        teaches_in_person=place % 3 != 0 or not {"in_person", "hybrid"}.isdisjoint(formats),
        about=ABOUT[person.pathway],
        by=by,
        **place_of(person),
    )
    if place % EVERY_ACCREDITED == 0:
        actions.add_qualification(
            teacher,
            sort=Qualification.Sort.ACCREDITED,
            title="Accredited mindfulness teacher",
            body="Example Register of Mindfulness Teachers",
            awarded_on=consented_on,
            valid_until=consented_on + dt.timedelta(days=365) if place == ENDED else None,
            checked_on=None if place == NOT_CHECKED else consented_on,
            by=by,
        )
    if person.listed == "ended":
        actions.end_consent(teacher, why="Asked to be taken out of the directory.", by=by)
    return teacher


def place_of(person: Person) -> TeacherDetails:
    """Where somebody is found: in the largest town of the name, and on the map where they want a point."""
    town = next(iter(towns_called(person.town, person.country, limit=1)), None)
    if town is None:
        return {}
    if person.spot is None:
        return {"located_in": town}
    point = {"latitude": town.latitude + BESIDE_TOWN, "longitude": town.longitude - BESIDE_TOWN}
    return {"located_in": town, "spot": person.spot, **point}


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
            state=line.state,
            by=by,
        )
