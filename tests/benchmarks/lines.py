"""What is measured, line by line: requests as a registrar's browser makes them, and long work to its end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F
from django.test import Client
from django.urls import reverse

from imp_wagtail.core.conf import settings
from imp_wagtail.participants.models import Cohort, Participant

from . import targets
from .builder import GRID_COHORT, LONG_HISTORY
from .filters import Filters
from .flat.models import Row
from .targets import Targets

FLOOR = "Wagtail's listing of a flat table"
LIST = "List of participants"
FAR_PAGE = 50

#: Searches that fill a page with any number of people: a name that many have, words in another order, an address.
COMMON = ["maria", "vries de", "example.com"]
#: Searches that few people answer to, in other scripts: with more people there is more to show.
RARE = ["марія", "花子"]


@dataclass(frozen=True)
class Line:
    """One line of the report: ``prepare`` is not measured, ``act`` is."""

    group: str
    name: str
    act: Callable[[], Any]
    targets: Targets = targets.NOTHING
    #: The key of the line that this one is compared with.
    floor: tuple[str, str] | None = None
    #: Long work is done once, and after everything else: it changes what there is.
    is_long: bool = False
    prepare: Callable[[], Any] | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.group, self.name


class Browser:
    """A registrar, signed in."""

    def __init__(self) -> None:
        self.client = Client()
        self.user = get_user_model().objects.get(username="registrar")
        self.client.force_login(self.user)

    def visits(self, address: str, **query: Any) -> Callable[[], None]:
        """What opens an address, and insists that it opens."""

        def visit() -> None:
            response = self.client.get(address, query)
            if response.status_code != 200:
                raise RuntimeError(f"{address} {query} answered {response.status_code}")

        return visit


def requests(browser: Browser) -> Iterator[Line]:
    """The lines that can be measured as often as one likes."""
    yield from _floor(browser)
    yield from _list(browser)
    yield from _pages(browser)


def _floor(browser: Browser) -> Iterator[Line]:
    address = reverse("flat:index")
    yield Line(FLOOR, "first page", browser.visits(address))
    yield Line(FLOOR, f"page {FAR_PAGE}", browser.visits(address, p=far_page(Row.objects.count())))
    yield Line(FLOOR, "a filter", browser.visits(address, country="NL"))
    yield Line(FLOOR, "a search", browser.visits(address, q="maria"))


def _list(browser: Browser) -> Iterator[Line]:
    address = reverse("imp_participants:index")
    far = far_page(Participant.objects.count())
    yield Line(LIST, "first page", browser.visits(address), targets.LIST, (FLOOR, "first page"))
    yield Line(LIST, f"page {FAR_PAGE}", browser.visits(address, p=far), targets.LIST, (FLOOR, f"page {FAR_PAGE}"))
    for name, query in Filters(browser.user).fullest():
        yield Line(LIST, f"by {name}", browser.visits(address, **query), targets.LIST, (FLOOR, "a filter"))
    for text in [*COMMON, *RARE]:
        asked = targets.LIST if text in COMMON else targets.SHORT_LIST
        yield Line(LIST, f"search “{text}”", browser.visits(address, q=text), asked, (FLOOR, "a search"))


def far_page(rows: int) -> int:
    """Page 50, or the last one where there are fewer."""
    return min(FAR_PAGE, -(-rows // settings.LIST_PER_PAGE))


def _pages(browser: Browser) -> Iterator[Line]:
    far_along = Participant.objects.order_by(F("enrolments__completed_on").desc(nulls_last=True), "pk")[0]
    longest = Participant.objects.get(name=LONG_HISTORY)
    cohort = Cohort.objects.get(title=GRID_COHORT)

    def record(person: Participant) -> Callable[[], None]:
        return browser.visits(reverse("imp_participants:record", args=[person.pk]))

    yield Line("Record", "of somebody who has come far", record(far_along), targets.RECORD)
    yield Line("Record", "of somebody with 300 rows", record(longest), targets.RECORD)
    yield Line("Cohorts", "list", browser.visits(reverse("imp_cohorts:index")), targets.LIST, (FLOOR, "first page"))
    yield Line("Cohorts", "grid of 40 by 8", browser.visits(reverse("imp_cohorts:cohort", args=[cohort.pk])))
    yield Line("Desk", "whole page", browser.visits(reverse("imp_desk:index")))
    yield Line("Desk", "home of the admin", browser.visits(reverse("wagtailadmin_home")))
