"""What is searched of one listing on one day: its name, its place in the world, and the facets that it belongs to."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..models import Course, Qualification

#: The one value of a facet that is true or not.
YES = "on"
#: Facet of the listings that are the site's own; those of partners belong to their facet by the partner's key.
OWN, PARTNER = "own", "partner"

Point = tuple[float, float]


class Entry(NamedTuple):
    """A listing as the index knows it. ``facets``: each facet and value that it belongs to; points in degrees."""

    key: int
    name: str
    facets: frozenset[tuple[str, str]]
    near: Point | None = None
    spot: Point | None = None


def entry_of(key: int, name: str, face: dict[str, Any], partner: int | None, today: dt.date) -> Entry:
    """The entry of a stored face, which carries the days on which something in it ends."""
    whose = (OWN, YES) if partner is None else (PARTNER, str(partner))
    indexed = [("indexed", YES)] if face.get("indexed") else []
    facets = frozenset([whose, *indexed, *_place(face), *_ways(face), *_held(face, today), *_courses(face, today)])
    return Entry(key, name, facets, _point(face.get("near")), _point(face.get("spot")))


def upcoming_courses(face: dict[str, Any], today: dt.date) -> list[dict[str, Any]]:
    """The courses of a face that are neither over nor cancelled, as ``CourseQuerySet.taking_place`` finds them."""
    return [
        course
        for course in face.get("courses", [])
        if course["ends"] >= today.isoformat() and course["state"] != Course.State.CANCELLED
    ]


def current_held(face: dict[str, Any], today: dt.date) -> list[dict[str, Any]]:
    """The qualifications of a face that have not run out."""
    return [held for held in face.get("held", []) if held.get("valid_until", "9") >= today.isoformat()]


def month_of(course: dict[str, Any], today: dt.date) -> str:
    """The month in which a course begins, such as "2027-03"; of one that has begun, the current month."""
    return max(course["starts"][:7], today.isoformat()[:7])


def _place(face: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for facet in ("country", "region"):
        if face.get(facet):
            yield facet, face[facet]


def _ways(face: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for language in face.get("languages", []):
        yield "language", language
    for way in ("online", "in_person"):
        if face.get(way):
            yield "format", way


def _held(face: dict[str, Any], today: dt.date) -> Iterator[tuple[str, str]]:
    for held in current_held(face, today):
        if held["sort"] == Qualification.Sort.ACCREDITED:
            yield "accredited", YES
        elif held["sort"] == Qualification.Sort.COMPLETED and held.get("pathway"):
            yield "pathway", held["pathway"]


def _courses(face: dict[str, Any], today: dt.date) -> Iterator[tuple[str, str]]:
    for course in upcoming_courses(face, today):
        yield "upcoming", YES
        yield "month", month_of(course, today)


def _point(pair: list[float] | None) -> Point | None:
    return (pair[0], pair[1]) if pair else None
