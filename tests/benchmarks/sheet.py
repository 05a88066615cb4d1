"""A spreadsheet of people with their histories, as somebody would have kept it."""

import datetime as dt
from random import Random

import tablib

from imp_wagtail.participants.importing.columns import Scheme, completed_key, scheme_of
from imp_wagtail.pathways.models import Pathway

from .people import invent

SEED = 4711
#: Numbers of people whom the builder has not invented.
FIRST = 1_000_000
DETAILS = ("name", "printed_name", "email", "town", "country", "language", "notes")


def sheet(pathway: Pathway, count: int) -> bytes:
    """An XLSX file of so many new people: details, the first stage's evidence, and for half of them its completion."""
    scheme, random = scheme_of(pathway), Random(SEED)
    dataset = tablib.Dataset(headers=[column.label for column in scheme.columns])
    for number in range(count):
        values = _row(scheme, random, FIRST + number)
        dataset.append([values.get(column.key, "") for column in scheme.columns])
    return dataset.export("xlsx")


def _row(scheme: Scheme, random: Random, number: int) -> dict[str, str]:
    person, first = invent(random, number), scheme.rules[0].stage
    values = {name: getattr(person, name) for name in DETAILS}
    day = dt.date(2019, 1, 1) + dt.timedelta(days=random.randint(0, 1500))
    for piece in scheme.pieces:
        if piece.requirement.stage == first:
            day += dt.timedelta(days=7)
            values[piece.date], values[piece.detail] = day.isoformat(), "With a teacher of the programme"
            if piece.amount:
                values[piece.amount] = str(piece.requirement.each_min or piece.requirement.amount)
    if random.random() < 0.5:
        values[completed_key(first)] = day.isoformat()
    return values | {"enrolled_on": dt.date(2019, 1, 1).isoformat()}
