"""The feed as it is given out: what is stored, with whole addresses, in JSON; ``schema.json`` describes it.

Nothing in an answer depends on the reader's language, and nothing in it is an address to write to.
"""

import datetime as dt
import hashlib
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from imp_wagtail.core.conf import settings

from ..models import DirectoryPage, Edition, FeedEntry
from ..presentation import first_directory
from .cursors import Cursor
from .reading import FeedPage

#: Version of what docs/reference/feed.md promises. Within one, names keep their meaning and stay; new ones may come.
SCHEMA = 1
#: Stands for an address's changing part, where its pattern is asked for once for all entries.
SOMEBODY = "somebody"


class Answer:
    """One answer of the feed: who gives it, under which licence, and where everything in it is found."""

    def __init__(self, request: HttpRequest, cursor: Cursor | None) -> None:
        self.request = request
        self.cursor = cursor
        page = first_directory()
        address = page.get_url(request) if page else None
        self.directory = request.build_absolute_uri(address) if address else None
        self.title = page.title if page else settings.issuer
        self.patterns = {name: self._pattern(page, name) for name in ("teacher", "contact")}

    def _pattern(self, page: DirectoryPage | None, name: str) -> str | None:
        if page is None or not self.directory:
            return None
        try:
            return self.directory + page.reverse_subpage(name, args=[SOMEBODY])
        except NoReverseMatch:
            # A page type of the site's own need not have a form.
            return None

    def head(self) -> dict[str, Any]:
        """What each answer says of itself."""
        return {
            "schema": SCHEMA,
            "described_by": self.request.build_absolute_uri(reverse("imp_directory:feed_schema")),
            "title": self.title,
            "issuer": settings.issuer,
            "site": self.request.build_absolute_uri("/"),
            "directory": self.directory,
            "licence": settings.FEED_LICENCE,
        }

    def etag(self, edition: Edition) -> str:
        """The same for as long as the answer is; known without reading the entries."""
        parts = [*self.head().values(), self.cursor, edition.number, edition.changed_at, settings.FEED_PER_PAGE]
        return f'"{hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:32]}"'

    def body(self, page: FeedPage) -> dict[str, Any]:
        return {
            **self.head(),
            "items": [self.item(entry) for entry in page.entries],
            "next": address_of_feed(self.request, page.cursor),
        }

    def item(self, entry: Any) -> dict[str, Any]:
        """One entry; what may not be told now is given out as deleted."""
        state = FeedEntry.State.UPDATED if entry.is_told else FeedEntry.State.DELETED
        return {
            "id": str(entry.uid),
            "kind": entry.kind,
            "state": str(state),
            "modified": _iso(entry.modified),
            "data": self.data(entry) if entry.is_told else None,
        }

    def data(self, entry: FeedEntry) -> dict[str, Any]:
        """What is told of it; of a teacher with the addresses of profile and contact form in the place of the slug."""
        if entry.kind != FeedEntry.Kind.TEACHER:
            return dict(entry.data)
        told = {name: value for name, value in entry.data.items() if name != "slug"}
        slug = quote(entry.data["slug"])
        return {**told, "url": self.address("teacher", slug), "contact": self.address("contact", slug)}

    def address(self, name: str, slug: str) -> str | None:
        pattern = self.patterns[name]
        return pattern and slug.join(pattern.rsplit(SOMEBODY, 1))


def address_of_feed(request: HttpRequest, cursor: Cursor | None = None) -> str:
    """Where the feed goes on after a cursor, or begins."""
    address = request.build_absolute_uri(reverse("imp_directory:feed"))
    return f"{address}?after={cursor}" if cursor else address


def _iso(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
