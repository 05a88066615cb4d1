"""The next courses of those who were found, in the order of their first days."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from imp_wagtail.core.dates import date_range
from imp_wagtail.core.localities import language_name

from ..models import Course, Listing
from ..presentation import profile_urls
from .entries import upcoming_courses
from .rows import listings_of
from .search import Found


@dataclass(frozen=True)
class NextCourse:
    """A course that has not begun, with whose it is; ``address`` is the teacher's page, which says the rest."""

    face: dict[str, Any]
    listing: Listing
    address: str

    @property
    def title(self) -> str:
        return self.face["title"]

    @property
    def starts(self) -> str:
        """The first day for machines."""
        return self.face["starts"]

    @property
    def dates(self) -> str:
        return date_range(dt.date.fromisoformat(self.face["starts"]), dt.date.fromisoformat(self.face["ends"]))

    @property
    def place(self) -> str:
        return self.face["place"]

    @property
    def format(self) -> str:
        """How people take part, in words."""
        return str(Course.Format(self.face["format"]).label)

    @property
    def language_name(self) -> str:
        return language_name(self.face["language"])

    @property
    def is_full(self) -> bool:
        return self.face["state"] == Course.State.FULL

    @property
    def teacher(self) -> str:
        return self.listing.face["name"]

    @property
    def listed_by(self) -> str:
        """The partner whose entry it is; "" for the site's own."""
        return self.listing.face.get("listed_by", "")


def next_courses(found: Found, number: int, page: Any, request: HttpRequest | None) -> list[NextCourse]:
    """So many of the next courses that have not begun, of those who agreed to search engines; one query.

    ``page``: the directory in which teachers are looked up.
    """
    indexed = replace(found, question=replace(found.question, indexed=True))
    listings = listings_of(keys_of_next(indexed, number), found.partners)
    today = timezone.localdate()
    coming = [
        (course["starts"], listing.folded_name, listing.pk, place)
        for listing in listings
        for place, course in enumerate(upcoming_courses(listing.face, today))
        if course["starts"] >= today.isoformat()
    ]
    by_key = {listing.pk: listing for listing in listings}
    chosen = sorted(coming)[:number]
    addresses = profile_urls([by_key[key] for _day, _name, key, _place in chosen], page, request)
    return [
        NextCourse(upcoming_courses(by_key[key].face, today)[place], by_key[key], address)
        for (_day, _name, key, place), address in zip(chosen, addresses, strict=True)
    ]


def keys_of_next(found: Found, number: int) -> list[int]:
    """The keys of those whose courses can be among the next: from the first months that have enough of them.

    What began already counts to the current month, so that this one alone may not be enough.
    """
    current = timezone.localdate().isoformat()[:7]
    months: list[int] = []
    enough = 0
    for month, bits in sorted(found.index.sets.get("month", {}).items()):
        months.append(bits & found.bits)
        enough += months[-1].bit_count() if month > current else 0
        if enough >= number:
            break
    chosen = reduce(or_, months, 0)
    return found.index.keys_of(chosen, 0, chosen.bit_count())
