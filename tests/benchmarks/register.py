"""A register of any size: letters that differ in all that is looked up, and say the same."""

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from imp_wagtail.core.packs import load_pack
from imp_wagtail.directory.actions import publish_many
from imp_wagtail.directory.models import Consent, Purpose, Teacher
from imp_wagtail.letters.codes import ALPHABET, PRIME, grouped
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Pathway, Stage

from .builder import analyse, save
from .environment import ROOT, make_database
from .people import invent

SEED = 60
ROWS_AT_ONCE = 10_000
#: Each person has one letter that stands, and so many that were withdrawn: one stands for a stage, of all others any.
LETTERS_EACH = 50


def build_register(size: int) -> None:
    """Fill the database that Django is set up for with so many letters; it is made anew."""
    make_database()
    load_pack(ROOT / "fixtures" / "imp")
    random = Random(SEED)
    pathway = Pathway.objects.in_source_language().order_by("key")[0]
    stage = pathway.stages.order_by("-sort_order")[0]
    with transaction.atomic():
        enrolments = _holders(max(2, size // LETTERS_EACH), pathway, random)
    _insert(_letter(number, size, enrolments, stage, random) for number in range(size))
    analyse()


def _holders(count: int, pathway: Pathway, random: Random) -> list[int]:
    """Keys of enrolments; every second person is listed as a teacher."""
    today = timezone.localdate()
    people = [invent(random, number) for number in range(1, count + 1)]
    save(people)
    enrolments = [
        Enrolment(participant=person, pathway=pathway, enrolled_on=today, completed_on=today, may_be_listed_on=today)
        for person in people
    ]
    save(enrolments)
    teachers = save(_teacher(person) for person in people[::2])
    save(Consent(teacher=teacher, purpose=Purpose.PROFILE, given_on=today) for teacher in teachers)
    publish_many(teacher.pk for teacher in teachers)
    return [enrolment.pk for enrolment in enrolments]


def _teacher(person: Participant) -> Teacher:
    return Teacher(
        participant=person,
        slug=f"teacher-{person.pk}",
        name=person.name,
        folded_name=person.name,
        country=person.country,
    )


def _letter(number: int, size: int, enrolments: list[int], stage: Stage, random: Random) -> Letter:
    stands = number < len(enrolments)
    code = _code(random)
    day = dt.date(2027, 6, 1)
    return Letter(
        enrolment_id=enrolments[number % len(enrolments)],
        stage=stage,
        year=2000 + number * 27 // size,
        running_number=number + 1,
        code=code,
        name="Zoë O’Brien-Łukasiewicz",
        snapshot=_snapshot(stage, code),
        sha256=sha256(code.encode()).hexdigest(),
        issued_on=day,
        state=Letter.State.VALID if stands else Letter.State.WITHDRAWN,
        stands=True if stands else None,
        ended_on=None if stands else day,
    )


def _code(random: Random) -> str:
    """A code as ``letters.codes`` makes them, and the same ones every time."""
    while True:
        number = random.getrandbits(60)
        if number % PRIME < len(ALPHABET):
            digits = "".join(ALPHABET[(number >> shift) & 31] for shift in range(55, -1, -5))
            return digits + ALPHABET[number % PRIME]


def _snapshot(stage: Stage, code: str) -> dict[str, Any]:
    return {
        "schema": 2,
        "number": "2027-0001",
        "code": grouped(code),
        "language": "en",
        "direction": "ltr",
        "pathway": stage.pathway.title,
        "programme": stage.pathway.programme,
        "stage": stage.title,
        "stage_position": 4,
        "stage_count": 4,
        "hours": "72",
        "completed_on": "2027-03-01",
        "completed_on_text": "1 March 2027",
        "issued_on_text": "1 June 2027",
        "issuer": "Example Collaborative",
        "training": {"title": "Training in England", "place": "Ammerdown", "dates": "21–30 October 2026"},
        "letterhead": ["1 Example Street", "Example Town"],
        "heading": "Letter of completion",
        "body": "<p>Has completed the stage.</p>" * 3,
        "place": "Amsterdam",
        "footer": "",
        "signatories": [{"name": "Ada Example", "role": "Director", "signature": None}] * 2,
    }


def _insert(letters: Iterator[Letter]) -> None:
    """Row by row in one statement: a million models are a matter of minutes where Django composes it anew."""
    fields = [field for field in Letter._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(Letter._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"
    while some := list(islice(letters, ROWS_AT_ONCE)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, [[_stored(letter, field) for field in fields] for letter in some])


def _stored(letter: Letter, field: Any) -> Any:
    return field.get_db_prep_save(field.pre_save(letter, True), connection)
