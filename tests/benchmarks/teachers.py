"""A directory of any size: listed teachers all over the world, each with what the public sees of them."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from django.db import transaction
from django.utils import timezone

from imp_wagtail.core.names import folded
from imp_wagtail.core.packs import load_pack
from imp_wagtail.directory.actions import publish_many
from imp_wagtail.directory.models import (
    Consent,
    Course,
    Purpose,
    Qualification,
    Teacher,
    TeacherLanguage,
    Town,
    TownName,
)
from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Pathway

from .builder import analyse, save
from .environment import ROOT, make_database
from .people import LANDS, SHARES, Land, invent

SEED = 44
#: People that are made and saved together.
AT_ONCE = 2000
#: Towns of each land: those that people name, and as many villages around them.
VILLAGES = 120
#: Where the lands lie, roughly: latitude and longitude.
MIDDLES = {
    "NL": (52.1, 5.3), "GB": (52.5, -1.5), "US": (40.0, -95.0), "DE": (51.1, 10.4), "FR": (46.6, 2.4),
    "ES": (40.2, -3.6), "PL": (52.1, 19.4), "GR": (39.0, 22.9), "UA": (49.0, 31.4), "IL": (31.4, 35.0),
    "EG": (26.5, 29.9), "IN": (22.9, 79.6), "JP": (37.6, 138.0), "CN": (36.6, 103.8), "KR": (36.4, 127.8),
}  # fmt: skip
FORMATS = [(True, False), (False, True), (True, True)]


def build_directory(size: int) -> None:
    """Fill the database that Django is set up for with so many listed teachers; it is made anew."""
    make_database()
    load_pack(ROOT / "fixtures" / "imp")
    Builder().build(size)
    analyse()


class Builder:
    """Saves everything in bulk; what the public sees is worked out by the package itself."""

    def __init__(self) -> None:
        self.random = Random(SEED)
        self.today = timezone.localdate()
        self.pathways = list(Pathway.objects.in_source_language().order_by("key"))
        self.towns = {land.country: list(self._towns(land, number)) for number, land in enumerate(LANDS)}
        save([town for towns in self.towns.values() for town in towns])
        save([TownName(town=town, folded=folded(town.name)) for towns in self.towns.values() for town in towns])

    def build(self, size: int) -> None:
        for first in range(1, size + 1, AT_ONCE):
            with transaction.atomic():
                self._build(range(first, min(first + AT_ONCE, size + 1)))

    def _towns(self, land: Land, number: int) -> Iterator[Town]:
        names = [
            *land.towns,
            *(f"{name} {place}" for place in range(VILLAGES // len(land.towns)) for name in land.towns),
        ]
        middle = MIDDLES[land.country]
        for place, name in enumerate(names):
            yield Town(
                id=number * 1000 + place + 1,
                name=name,
                country=land.country,
                region=f"{land.country}.{place % 12:02}",
                latitude=round(self.random.gauss(middle[0], 1.5), 5),
                longitude=round(self.random.gauss(middle[1], 2.5), 5),
                population=self.random.randint(1_000, 900_000),
            )

    def _build(self, numbers: range) -> None:
        people = [invent(self.random, number) for number in numbers]
        save(people)
        save(self._enrolment(person) for person in people)
        teachers = [self._teacher(person) for person in people]
        save(teachers)
        for make in (self._consents, self._languages, self._courses, self._qualifications):
            save(row for teacher in teachers for row in make(teacher))
        publish_many(teacher.pk for teacher in teachers)

    def _enrolment(self, person: Participant) -> Enrolment:
        day = self.today - dt.timedelta(days=self.random.randint(30, 3000))
        pathway = self.random.choice(self.pathways)
        return Enrolment(participant=person, pathway=pathway, enrolled_on=day, completed_on=day, may_be_listed_on=day)

    def _teacher(self, person: Participant) -> Teacher:
        town = self.random.choice(self.towns[person.country])
        in_person, online = self.random.choice(FORMATS)
        return Teacher(
            participant=person,
            slug=f"teacher-{person.pk}",
            name=person.name,
            town=town.name,
            country=person.country,
            located_in=town,
            about="Teaches in small groups.",
            teaches_in_person=in_person,
            teaches_online=online,
            renewed_on=self.today,
            listed_until=self.today + dt.timedelta(days=self.random.randint(1, 365)),
        )

    def _consents(self, teacher: Teacher) -> Iterator[Consent]:
        yield Consent(teacher=teacher, purpose=Purpose.PROFILE, given_on=self.today)
        for purpose in (Purpose.MAP, Purpose.SHARING, Purpose.INDEXING):
            if self.random.random() < 0.8:
                yield Consent(teacher=teacher, purpose=purpose, given_on=self.today)

    def _languages(self, teacher: Teacher) -> Iterator[TeacherLanguage]:
        own = next(land.language for land in LANDS if land.country == teacher.country)
        for language in dict.fromkeys([own, self.random.choices(LANDS, SHARES)[0].language]):
            yield TeacherLanguage(teacher=teacher, language=language)

    def _courses(self, teacher: Teacher) -> Iterator[Course]:
        for _number in range(self.random.choice([0, 0, 1, 2])):
            starts = self.today + dt.timedelta(days=self.random.randint(-30, 300))
            yield Course(
                teacher=teacher,
                title="Eight weeks in the evening",
                starts=starts,
                ends=starts + dt.timedelta(weeks=8),
                language="en",
                place=teacher.town,
            )

    def _qualifications(self, teacher: Teacher) -> Iterator[Qualification]:
        if self.random.random() < 0.2:
            yield Qualification(
                teacher=teacher,
                sort=Qualification.Sort.ACCREDITED,
                title="Accredited teacher",
                body="An independent body",
                checked_on=self.today,
                valid_until=self.today + dt.timedelta(days=self.random.randint(1, 700)),
            )
