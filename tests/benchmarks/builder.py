"""Fills an empty database with invented people: many, fast, and the same ones every time on the same day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import count, islice
from random import Random
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from demo.accounts import make_accounts
from imp_wagtail.core.packs import load_pack
from imp_wagtail.participants.derived import store
from imp_wagtail.participants.facts import facts_of_many
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment, Evidence, Membership, Participant, Session
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind

from .environment import ROOT
from .flat.models import Row
from .groups import Class, Way, classes
from .journeys import Journey, reach_of
from .papers import Papers
from .people import invent

#: Any number: the same one makes the same people.
SEED = 2027
PACKS = ("imp", "mcmi")
#: Classes that are built and saved together.
AT_ONCE = 25
ROWS_AT_ONCE = 2000

#: What the benchmark asks for by name.
GRID_COHORT = "The group of forty by eight"
GRID_SIZE = (40, 8)
LONG_HISTORY = "Zoë O’Brien-Łukasiewicz"
LONG_HISTORY_ROWS = 300


class Builder:
    """Builds ``size`` people with their histories, and a flat table of as many rows."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.random = Random(SEED)
        self.today = timezone.localdate()
        self.numbers = count(1)
        for pack in PACKS:
            load_pack(ROOT / "fixtures" / pack)
        self.ways = [Way.of(pathway) for pathway in Pathway.objects.in_source_language().order_by("key")]
        self.accounts = make_accounts()
        self.papers = Papers(self.random, self.accounts["registrar"])

    def build(self) -> None:
        plan = classes(self.ways, self.size, self.today, self.random)
        while some := list(islice(plan, AT_ONCE)):
            with transaction.atomic():
                self._build(some)
        with transaction.atomic():
            self.papers.close()
            self._grid_cohort()
            self._long_history()
            self._flat_table()

    def _build(self, plan: list[tuple[Class, int]]) -> None:
        people = [invent(self.random, next(self.numbers)) for _one, many in plan for _place in range(many)]
        save(people)
        unseated = iter(people)
        every = [one for one, _many in plan]
        for one, many in plan:
            one.enrolments = [self._enrol(person, one) for person in islice(unseated, many)]
        every += self._second_pathways(people, every)
        save(enrolment for one in every for enrolment in one.enrolments)
        for one in every:
            one.found_cohorts(self.random)
        save(cohort for one in every for cohort in one.cohorts)
        save(session for one in every for session in one.sessions)
        self.accounts["facilitator"].imp_cohorts.add(*every[0].cohorts[:2])
        save(
            Membership(cohort=cohort, enrolment=one.enrolments[place])
            for one in every
            for place, cohorts in one.seats.items()
            for cohort in cohorts
        )
        self._save_journeys([journey for one in every for journey in self._journeys(one)])

    def _enrol(self, person: Participant, one: Class) -> Enrolment:
        on = (one.trained or self.today) - dt.timedelta(days=self.random.randint(60, 400))
        status = self.random.choices(Enrolment.Status.values, [88, 7, 5])[0]
        return Enrolment(participant=person, pathway=one.way.pathway, enrolled_on=on, status=status)

    def _second_pathways(self, people: list[Participant], plan: list[Class]) -> list[Class]:
        """One person in twelve has begun another pathway as well."""
        first = {enrolment.participant: one.way for one in plan for enrolment in one.enrolments}
        others = {id(way): Class(way, None) for way in self.ways}
        for person in people:
            if self.random.random() < 1 / 12:
                way = self.random.choice([way for way in self.ways if way is not first[person]])
                one = others[id(way)]
                one.enrolments.append(self._enrol(person, one))
        return [one for one in others.values() if one.enrolments]

    def _journeys(self, one: Class) -> Iterator[Journey]:
        by_cohort: dict[int, list[Session]] = {}
        for session in one.sessions:
            by_cohort.setdefault(session.cohort_id, []).append(session)
        for place, enrolment in enumerate(one.enrolments):
            yield Journey(
                enrolment,
                one.way,
                [session for cohort in one.seats.get(place, []) for session in by_cohort[cohort.pk]],
                reach_of(one.way, one.trained, self.today, self.random),
                one.trained,
                self.today,
                self.random,
                self.accounts["registrar"],
            ).walk()

    def _save_journeys(self, journeys: list[Journey]) -> None:
        for kind in ("evidence", "decisions", "completions", "extensions", "attendance"):
            save(row for journey in journeys for row in getattr(journey, kind))
        for rows in self.papers.of(journeys):
            save(rows)

    def _grid_cohort(self) -> None:
        """Forty people in one supervision group of eight sessions, of which nearly all are ticked."""
        people, meetings = GRID_SIZE
        way = self.ways[0]
        cohort = Cohort.objects.create(title=GRID_COHORT, kind=CohortKind.SUPERVISION, pathway=way.pathway)
        days = [self.today - dt.timedelta(days=7 * number) for number in range(meetings)]
        sessions = [Session(cohort=cohort, date=day, hours=2) for day in days]
        save(sessions)
        members = list(way.pathway.enrolments.order_by("pk")[:people])
        save(Membership(cohort=cohort, enrolment=member) for member in members)
        save(
            Attendance(session=session, enrolment=member, marked_by=self.accounts["facilitator"])
            for session in sessions
            for member in members
            if self.random.random() < 0.85
        )

    def _long_history(self) -> None:
        """Somebody who has been there for ever, with ten times as much on record as others."""
        way = self.ways[0]
        person = Participant(name=LONG_HISTORY, email="zoe.long@example.org", country="GB", language="en")
        save([person])
        one = Class(way, None)
        enrolment = self._enrol(person, one)
        save([enrolment])
        journey = Journey(
            enrolment, way, [], way.training_place, None, self.today, self.random, self.accounts["registrar"]
        ).walk()
        asked = journey.evidence[-1].requirement
        journey.evidence += [
            Evidence(
                enrolment=enrolment,
                requirement=asked,
                amount=asked.each_min or 1,
                date=self.today - dt.timedelta(days=20 + 12 * number),
                detail=f"Once more ({number})",
                recorded_by=journey.by,
            )
            for number in range(LONG_HISTORY_ROWS - journey.length)
        ]
        self._save_journeys([journey])

    def _flat_table(self) -> None:
        self.accounts["registrar"].user_permissions.add(*Permission.objects.filter(content_type__app_label="flat"))
        people = Participant.objects.values_list("name", "email", "town", "country")[: self.size]
        save(Row(name=name, email=email, town=town, country=country) for name, email, town, country in people)


def save(rows: Iterable[Model]) -> list[Any]:
    """Save rows of one model, in bulk; their keys are set."""
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows, batch_size=ROWS_AT_ONCE) if rows else []


def work_out_progress() -> None:
    """Store everyone's progress, as the package works it out."""
    keys = list(Enrolment.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), ROWS_AT_ONCE):
        enrolments = Enrolment.objects.filter(pk__in=keys[first : first + ROWS_AT_ONCE]).order_by("pk")
        with transaction.atomic():
            store(facts_of_many(enrolments))


def analyse() -> None:
    """Let the database learn now how large its tables are: PostgreSQL does so by itself on a site that grows, SQLite
    where its keeper follows the how-to about deploying; MariaDB knows.
    """
    if connection.vendor in ("postgresql", "sqlite"):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
