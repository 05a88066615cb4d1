"""Stored listings as they are read: with the rule of who is listed asked once more."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, When

from imp_wagtail.core.prepared import PreparedMany

from ..models import Listing, Teacher
from ..models.published import ListingQuerySet
from .entries import Entry, entry_of

ROWS_AT_ONCE = 1000
#: Fields of a photo that change when it looks different.
LOOKS = ("file", "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


class Row(NamedTuple):
    """A stored listing for the index; its entry is ``None`` where the public does not see it."""

    key: int
    entry: Entry | None


def is_there() -> Q:
    """Shown, with its teacher listed by the rule, or a partner's.

    Whether a partner is trusted changes from one moment to the next, and is asked by itself.
    """
    own = Exists(Teacher.objects.listed().filter(pk=OuterRef("teacher_id")))
    return Q(is_shown=True) & (Q(own) | Q(mirrored__isnull=False))


def rows_for_index(listings: ListingQuerySet, today: dt.date) -> Iterator[Row]:
    """All of these listings, each with its entry on a day."""
    shown = Case(When(is_there(), then=True), default=False, output_field=BooleanField())
    names = ("pk", "folded_name", "face", "mirrored__partner_id", "shown")
    found = listings.annotate(shown=shown).values_list(*names)
    for key, name, face, partner, is_shown in found.iterator(chunk_size=ROWS_AT_ONCE):
        yield Row(key, entry_of(key, name, face, partner, today) if is_shown else None)


def listings_with(keys: list[int]) -> QuerySet:
    """Of these keys, each with ``partner``: whose it is, ``None`` for the site's own; and how its photo looks."""
    looks = {f"photo_{name}": F(f"photo__{name}") for name in LOOKS}
    return Listing.objects.filter(is_there(), pk__in=keys).annotate(partner=F("mirrored__partner_id"), **looks)


BY_KEYS = PreparedMany(listings_with)


def looks_of(listing: Listing) -> tuple[Any, ...]:
    """What the photo of a listing looks like, as ``listings_of`` fetched it; the same for the same looks."""
    return tuple(getattr(listing, f"photo_{name}") for name in LOOKS)


def listings_of(keys: Sequence[int], partners: Collection[int]) -> list[Listing]:
    """The listings of these keys that may be shown, in this order; ``partners``: those who are trusted now."""
    found = {
        listing.pk: listing for listing in BY_KEYS.all(keys) if listing.partner is None or listing.partner in partners
    }
    return [found[key] for key in keys if key in found]
