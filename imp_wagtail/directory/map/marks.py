"""What is sent to a map: marks, each for the listings of a spot or of a square, and by name as far as they are few."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NotRequired, TypedDict

from django.db.models import F, QuerySet
from django.http import HttpRequest

from imp_wagtail.core.localities import country_name
from imp_wagtail.core.prepared import PreparedMany
from imp_wagtail.core.words import in_a_row

from ..finding.bits import flags_of
from ..finding.entries import Point
from ..finding.filters import TeacherFilterSet
from ..finding.rows import is_there
from ..finding.shelf import shelf
from ..models import Listing
from ..presentation import profile_urls
from .addresses import with_filters
from .atlas import Atlas, Group, atlas_of
from .boxes import Box

#: No more marks than this are sent at once, no more listings are named, and no more of them at one mark.
MARKS = 300
NAMED = 200
NAMED_AT_ONE = 10
#: Queries are composed for whole hundreds of keys, so that there are few of them to compose.
KEYS_AT_ONCE = 100
#: How far from its town those of a mark are looked for in the list.
NEAR_KM = 25


class Person(TypedDict):
    """``by``: the partner's name, of a partner's teacher."""

    name: str
    url: str
    by: NotRequired[str]


class Mark(TypedDict):
    """``at``: latitude and longitude. ``spread``: the listings are in several places; this is the one of most of them.

    ``list``: where they are listed, if not all of them are named here.
    """

    at: tuple[float, float]
    count: int
    place: str
    people: list[Person]
    spread: NotRequired[bool]
    list: NotRequired[str]


class Answer(TypedDict):
    """``complete``: all that was found is here, whichever part of the world was asked for."""

    complete: bool
    marks: list[Mark]


#: As ``faces.Face``, but as it was stored.
Face = dict[str, Any]
#: A group with the keys of those of it who are to be named.
Named = tuple[Group, list[int]]


@dataclass(frozen=True)
class Marks:
    """``Marks(filters, page, request)``: what the filters of a directory's page found."""

    filters: TeacherFilterSet
    page: Any
    request: HttpRequest

    def within(self, box: Box) -> Answer:
        """Those of all that was found, or, if that is too much, of a part of the world."""
        found = self.filters.found
        atlas = atlas_of(found.index)
        groups, is_complete = atlas.groups(found.bits, box, MARKS)
        named = list(with_keys(groups, atlas, flags_of(found.bits, len(found.index.keys))))
        listings = shown_listings([key for _group, keys in named for key in keys], found.partners)
        urls = dict(zip(listings, profile_urls(listings.values(), self.page, self.request), strict=True))
        marks = []
        for group, keys in named:
            if shown := [key for key in keys if key in listings]:
                people = [person_of(listings[key], urls[key]) for key in shown]
                count = group.count - len(keys) + len(shown)
                face = listings[shown[0]].face
                marks.append(self._mark(atlas.points[group.spot], count, group.is_spread, people, face))
        return Answer(complete=is_complete, marks=marks)

    def _mark(self, point: Point, count: int, is_spread: bool, people: list[Person], face: Face) -> Mark:
        mark = Mark(at=point, count=count, place=place_of(face), people=people)
        if is_spread:
            mark["spread"] = True
        if count > len(people):
            mark["list"] = self._list_near(face)
        return mark

    def _list_near(self, face: Face) -> str:
        """The list of those near somebody's town, as far as they were found."""
        town = {"near": face["town"], "km": str(NEAR_KM), "country": face["country"]} if face.get("near") else {}
        return with_filters(self.here, self.filters, **town)

    @cached_property
    def here(self) -> str:
        """The page's own address, which takes long to work out anew for each mark."""
        return self.page.get_url(self.request)


def person_of(listing: Listing, url: str) -> Person:
    person = Person(name=listing.face["name"], url=url)
    if listing.face.get("listed_by"):
        person["by"] = listing.face["listed_by"]
    return person


def with_keys(groups: Sequence[Group], atlas: Atlas, flags: bytes) -> Iterator[Named]:
    """Each group, with as many keys as it may name; of a square, one of those where most are."""
    wanted = sum(1 if group.is_spread else min(group.count, NAMED_AT_ONE) for group in groups)
    most = NAMED_AT_ONE if wanted <= NAMED else max(1, NAMED // len(groups))
    for group in groups:
        yield group, list(islice(atlas.keys(group.spot, flags), 1 if group.is_spread else most))


def _listings_with(keys: list[int]) -> QuerySet:
    return Listing.objects.filter(is_there(), pk__in=keys).annotate(partner=F("mirrored__partner_id"))


BY_KEYS = PreparedMany(_listings_with)


def shown_listings(keys: Sequence[int], partners: Collection[int]) -> dict[int, Listing]:
    """By key, those of these listings that the public sees now; ``partners``: those who are trusted.

    An index that has others is made anew at the next request.
    """
    repeated = [*keys, *keys[-1:] * (-len(keys) % KEYS_AT_ONCE)]
    found = (one for one in BY_KEYS.all(repeated) if one.partner is None or one.partner in partners)
    listings = {listing.pk: listing for listing in found}
    if len(listings) < len(keys):
        shelf.clear()
    return listings


def place_of(face: Face) -> str:
    """Town and country in the reader's language."""
    return in_a_row((face["town"], country_name(face["country"])))
