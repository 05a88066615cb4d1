"""The feed as it is given out: what is stored, with whole addresses, in JSON; ``schema.json`` describes it.

Nothing in an answer depends on who asks, by which name of the site, or in which language: a cache may give it to
everybody. And nothing in it is an address to write to.
"""

import datetime as dt
import hashlib
from typing import Any
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from imp_wagtail.core.conf import settings

from ..models import DirectoryPage, Edition, FeedEntry
from ..presentation import first_directory, root_url
from .cursors import Cursor
from .reading import FeedPage

#: Version of what docs/reference/feed.md promises. Within one, names keep their meaning and stay; new ones may come.
SCHEMA = 1
#: What ``documents`` keeps of a teacher only to make addresses of.
UNTOLD = ("slug", "can_be_written_to")
#: Stands for an address's changing part, where its pattern is asked for once for all entries.
SOMEBODY = "somebody"


class Answer:
    """One answer of the feed: who gives it, under which licence, and where everything in it is found."""

    def __init__(self, cursor: Cursor | None) -> None:
        self.cursor = cursor
        page = first_directory()
        self.directory = page.get_full_url() if page else None
        self.site = root_url(page)
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
            "described_by": self.site + reverse("imp_directory:feed_schema"),
            "title": self.title,
            "issuer": settings.issuer,
            "site": f"{self.site}/",
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
            "next": address_of_feed(self.site, page.cursor),
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
        """What is told of it; of a teacher with the addresses of the profile and of the form, if there is one."""
        if entry.kind != FeedEntry.Kind.TEACHER:
            return dict(entry.data)
        told = {name: value for name, value in entry.data.items() if name not in UNTOLD}
        slug = quote(entry.data["slug"])
        contact = self.address("contact", slug) if entry.data.get("can_be_written_to") else None
        return {**told, "url": self.address("teacher", slug), "contact": contact}

    def address(self, name: str, slug: str) -> str | None:
        pattern = self.patterns[name]
        return pattern and slug.join(pattern.rsplit(SOMEBODY, 1))


def address_of_feed(site: str, cursor: Cursor | None = None) -> str:
    """Where the feed of a site goes on after a cursor, or begins."""
    address = site + reverse("imp_directory:feed")
    return f"{address}?after={cursor}" if cursor else address


def _iso(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
