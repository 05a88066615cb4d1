"""The feed for partner sites, wherever a reader stands in it; for a section whose teachers share their entries."""

from collections.abc import Callable, Iterator

from django.test import Client
from django.urls import reverse

from imp_wagtail.directory.feed.cursors import Cursor
from imp_wagtail.directory.models import Edition, FeedEntry

from . import targets
from .lines import Line
from .targets import Targets
from .verification import visits

GROUP = "Feed of the directory"


def feed_lines(asked: Targets = targets.NOTHING, floor: tuple[str, str] | None = None) -> Iterator[Line]:
    """A page at the start, in the middle and at the end, each with its entries; and to hear that nothing changed."""
    for name, share in (("first page", 0.0), ("a page in the middle", 0.5), ("the last page", 1.0)):
        yield Line(GROUP, name, visits([address_at(share)]), asked, floor)
    yield Line(GROUP, "nothing has changed", hears_of_nothing(), asked, floor)


def address_at(share: float) -> str:
    """Where a reader goes on who has read this share of all entries but those of the last page."""
    entries, address = FeedEntry.objects.order_by("modified", "uid"), reverse("imp_directory:feed")
    place = int((entries.count() - 101) * share)
    if place <= 0:
        return address
    modified, uid = entries.values_list("modified", "uid")[place]
    return f"{address}?after={Cursor(modified, uid, Edition.objects.get().changed_at)}"


def hears_of_nothing() -> Callable[[], None]:
    """What asks again for what it has, and insists on not getting it."""
    address = reverse("imp_directory:feed")
    return visits([address], status=304, headers={"if-none-match": Client().get(address).headers["ETag"]})
