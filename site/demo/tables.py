"""The demo's tables, as they stand in ``fixtures/demo``."""

import csv
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class Person:
    """One line of ``people.csv``. ``stages_done`` may be broken: 2.5 is two stages, and half of the third."""

    name: str
    printed_name: str
    email: str
    town: str
    country: str
    language: str
    pathway: str
    stages_done: float
    training: str
    status: str
    listed: str
    #: What they agreed to besides a public profile, and to how many kilometres the map shows them; none for the town.
    agrees_to: list[str]
    spot: int | None
    teaches_in: list[str]
    #: Keys of requirements that are still open.
    open: list[str]
    #: So many days from today on the window of the stage they are at is open; none for no extension.
    extended_days: int | None


@dataclass(frozen=True)
class CohortLine:
    """One line of ``cohorts.csv``."""

    key: str
    title: str
    kind: str
    pathway: str
    follows: str
    first_day: dt.date
    sessions: int
    every_days: int
    hours: Decimal | None
    facilitator: str


@dataclass(frozen=True)
class CourseLine:
    """One line of ``courses.csv``."""

    email: str
    title: str
    starts_in_days: int
    days: int
    format: str
    language: str
    place: str
    state: str


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_people(folder: Path) -> list[Person]:
    return [
        Person(
            **{
                **line,
                "stages_done": float(line["stages_done"]),
                "agrees_to": line["agrees_to"].split(),
                "spot": int(line["spot"]) if line["spot"] else None,
                "teaches_in": line["teaches_in"].split(),
                "open": line["open"].split(),
                "extended_days": int(line["extended_days"]) if line["extended_days"] else None,
            }
        )
        for line in _lines(folder / "people.csv")
    ]


def read_cohorts(folder: Path) -> list[CohortLine]:
    return [
        CohortLine(
            **{
                **line,
                "first_day": dt.date.fromisoformat(line["first_day"]),
                "sessions": int(line["sessions"]),
                "every_days": int(line["every_days"]),
                "hours": Decimal(line["hours"]) if line["hours"] else None,
            }
        )
        for line in _lines(folder / "cohorts.csv")
    ]


def read_courses(folder: Path) -> list[CourseLine]:
    return [
        CourseLine(**{**line, "starts_in_days": int(line["starts_in_days"]), "days": int(line["days"])})
        for line in _lines(folder / "courses.csv")
    ]
