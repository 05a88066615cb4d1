"""The entries of the list as they are drawn: from what is stored of each, and with no query for any of them."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.images import get_image_model

import imp_wagtail
from imp_wagtail.core.localities import country_name, language_name

from ..models import Course, Listing, Qualification
from ..presentation import profile_urls
from .entries import current_held, upcoming_courses
from .rows import looks_of

#: A drawn entry is kept for so many seconds: no longer than a day, because it says what is so on that day.
KEPT_FOR = 24 * 60 * 60
#: The sorts of qualifications as they follow each other in an entry.
SORTS = (Qualification.Sort.COMPLETED, Qualification.Sort.ACCREDITED, Qualification.Sort.ATTENDED)
#: How a sort is shown: its mark, and its name.
OF_SORTS = ("imp_directory/includes/mark.html", "imp_directory/includes/sort_name.html")


@dataclass(frozen=True)
class Card:
    """One entry: a stored face in the reader's language, as the template wants it."""

    listing: Listing
    #: Where it leads: to the teacher's page, or to the partner's.
    address: str
    #: What pathways are called, and the marks and words of each sort of qualification: the same in all cards.
    titles: dict[str, str]
    sorts: dict[str, list[str]]
    photo: Any = None

    @property
    def name(self) -> str:
        return self.listing.face["name"]

    @property
    def town(self) -> str:
        return self.listing.face.get("town", "")

    @property
    def country(self) -> str:
        return country_name(self.listing.face.get("country", ""))

    @property
    def language_names(self) -> list[str]:
        return [language_name(code) for code in self.listing.face.get("languages", [])]

    @property
    def ways(self) -> str:
        """In person, online, or both; "" where neither is known."""
        face = self.listing.face
        match face.get("in_person"), face.get("online"):
            case True, True:
                return Course.Format.HYBRID.label
            case True, _:
                return Course.Format.IN_PERSON.label
            case _, True:
                return Course.Format.ONLINE.label
        return ""

    @property
    def listed_by(self) -> str:
        """The partner whose entry it is; "" for the site's own."""
        return self.listing.face.get("listed_by", "")

    @cached_property
    def held(self) -> list[tuple[str, str, str, str]]:
        """Of each qualification that has not run out: sort, the sort's mark and name, and title."""
        held = current_held(self.listing.face, timezone.localdate())
        ordered = sorted((one for one in held if one["sort"] in SORTS), key=lambda one: SORTS.index(one["sort"]))
        return [
            (one["sort"], *self.sorts[one["sort"]], self.titles.get(one.get("pathway", ""), one["title"]))
            for one in ordered
        ]

    @cached_property
    def courses(self) -> list[dict[str, Any]]:
        """Courses that are neither over nor cancelled, the soonest first."""
        return sorted(upcoming_courses(self.listing.face, timezone.localdate()), key=lambda course: course["starts"])

    @property
    def next_starts(self) -> dt.date | None:
        """The day on which the next course that has not begun does."""
        today = timezone.localdate().isoformat()
        days = [course["starts"] for course in self.courses if course["starts"] >= today]
        return dt.date.fromisoformat(days[0]) if days else None


@dataclass(frozen=True)
class Cards:
    """Draws the cards of a directory page. ``titles``: of pathways, by translation key."""

    page: Any
    request: HttpRequest
    titles: dict[str, str]

    def drawn(self, listings: Sequence[Listing]) -> list[SafeString]:
        """These listings as HTML. What was drawn today is taken from the cache."""
        told = repr((imp_wagtail.__version__, get_language(), timezone.localdate(), self.page.get_url(self.request)))
        keys = {self._key(listing, told): listing for listing in listings}
        kept = cache.get_many(keys)
        missing = {key: listing for key, listing in keys.items() if key not in kept}
        if missing:
            new = dict(zip(missing, self._draw(missing.values()), strict=True))
            cache.set_many(new, KEPT_FOR)
            kept |= new
        return [mark_safe(kept[key]) for key in keys]  # noqa: S308 - rendered by the template, which escapes

    def _key(self, listing: Listing, told: str) -> str:
        """All that a drawn card depends on; ``told`` is what all of them do."""
        titles = [self.titles.get(held["pathway"]) for held in listing.face.get("held", []) if "pathway" in held]
        own = repr((listing.pk, listing.number, looks_of(listing), titles))
        return f"imp_directory.card.{sha256(f'{told}{own}'.encode()).hexdigest()}"

    def _draw(self, listings: Collection[Listing]) -> Iterator[str]:
        template = get_template("imp_directory/includes/teacher.html")
        sorts = {str(sort): [render_to_string(part, {"sort": sort}) for part in OF_SORTS] for sort in SORTS}
        shown = {listing.photo_id for listing in listings} - {None}
        photos = get_image_model()._default_manager.prefetch_related("renditions").in_bulk(shown) if shown else {}
        for listing, address in zip(listings, profile_urls(listings, self.page, self.request), strict=True):
            card = Card(listing, address, self.titles, sorts, photos.get(listing.photo_id))
            yield template.render({"teacher": card})
