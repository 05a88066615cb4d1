"""The section about the directory: the public list and a profile against the plainest page of Wagtail's."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from imp_wagtail.directory.finding.search import Question, ask
from imp_wagtail.directory.models import DirectoryPage, Teacher

from . import targets
from .feed import feed_lines
from .lines import Line
from .teachers import build_directory
from .verification import empty_page, visits
from .worker import Order

GROUP = "Directory"
FLOOR = (GROUP, "an empty page of Wagtail's")

#: What somebody types; each run asks for the next, so that no answer is the one just given.
NAMES = ["maria", "zoe", "de vries", "smith", "花子", "jurgen", "lefevre", "мария", "anna", "mul"]
#: The most of a filter's values that are asked for in turn.
VALUES = 12


def build(order: Order) -> None:
    build_directory(order.size)


def lines(order: Order) -> Iterator[Line]:
    def line(name: str, act: Callable[[], None]) -> Line:
        return Line(GROUP, name, act, targets.DIRECTORY, FLOOR)

    at = DirectoryPage.objects.get().get_url()
    yield Line(*FLOOR, visits([empty_page()]))
    yield line("the list", visits([at]))
    yield line("the last page", visits([asking(at, page=10**9)]))
    yield line("pages of the list, in turn", visits(asking(at, page=number) for number in range(2, 40)))
    yield line("by name", visits(asking(at, name=name) for name in NAMES))
    counts = ask(Question(country="NL")).counts
    for facet in ("country", "language", "format", "pathway", "month", "region"):
        values = sorted(counts[facet], key=counts[facet].__getitem__, reverse=True)[:VALUES]
        yield line(f"by {facet}", visits(asking(at, **{facet: value}) for value in values))
    yield line("with upcoming courses", visits([asking(at, upcoming="on")]))
    yield line("accredited", visits([asking(at, accredited="on")]))
    for km in (50, 200):
        yield line(f"within {km} km", visits(asking(at, near=town, km=km) for town in towns()))
    together = {"language": "en", "format": "online", "upcoming": "on", "accredited": "on"}
    yield line("several together", visits(asking(at, near=town, km=200, **together) for town in towns()))
    yield line("marks on the map, of all", visits([f"{at}map/places/"]))
    yield line(
        "marks on the map, by country", visits(f"{at}map/places/?country={code}" for code in ("NL", "FR", "US"))
    )
    yield line("nobody", visits([asking(at, name="nobody of this name")]))
    yield line("a profile", visits(f"{at}{slug}/" for slug in slugs()))
    yield from feed_lines(targets.DIRECTORY, FLOOR)


def asking(at: str, **query: Any) -> str:
    return f"{at}?{urlencode(query)}"


def towns() -> list[str]:
    """Towns in different countries that many teachers are near."""
    return ["Utrecht", "Bristol", "Boston", "Freiburg", "Lyon", "Málaga", "Kraków", "Αθήνα", "Київ"]


def slugs() -> list[str]:
    """Teachers from all over the list."""
    keys = list(Teacher.objects.order_by("pk").values_list("slug", flat=True))
    return keys[:: max(1, len(keys) // 50)]
