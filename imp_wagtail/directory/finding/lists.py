"""A page of the public list: what was asked, who was found, and what is shown of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.http import urlencode

from imp_wagtail.core.conf import settings

from ..map.addresses import map_url, query_of
from ..models import Listing
from ..profiles.machines import list_nodes
from .cards import Cards
from .filters import TeacherFilterSet
from .rows import listings_of
from .search import Found
from .shelf import shelf


class Keys(Sequence):
    """The keys of all that was found, of which a paginator takes a slice."""

    def __init__(self, found: Found) -> None:
        self.found = found

    def __len__(self) -> int:
        return self.found.count

    def __getitem__(self, place: Any) -> Any:
        start, stop, _step = place.indices(len(self))
        return self.found.keys(start, stop)


@dataclass(frozen=True)
class ListedPage:
    """The form, a page of those that were found, and their listings."""

    filters: TeacherFilterSet
    keys: ListPage
    listings: list[Listing]

    @property
    def is_whole(self) -> bool:
        """Whether all whom the index found may still be seen."""
        return len(self.listings) == len(self.keys.object_list)


def listed_page(request: HttpRequest) -> ListedPage:
    """The page that an address asks for, or the nearest that there is.

    Whoever may not be seen is never among the listings. That the index does not know it yet means that something was
    changed past the actions, or in this moment: then it is made anew, and asked once more.
    """
    page = _listed_page(request)
    if not page.is_whole:
        shelf.clear()
        page = _listed_page(request)
    return page


def _listed_page(request: HttpRequest) -> ListedPage:
    filters = TeacherFilterSet(request.GET, request=request)
    found = filters.found
    keys = nearest_page(Paginator(Keys(found), settings.TEACHERS_PER_PAGE), request.GET.get("page"))
    return ListedPage(filters, keys, listings_of(keys.object_list, found.partners))


def nearest_page(paginator: Paginator, number: str | None) -> ListPage:
    """The page asked for, or the nearest that there is; the first for what is no number."""
    try:
        wanted = int(number or 1)
    except ValueError:
        wanted = 1
    return paginator.page(min(max(wanted, 1), paginator.num_pages))


def list_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """What the template of a directory page shows of the list; see ``FindingMixin.get_context``."""
    listed = listed_page(request)
    filters, teachers = listed.filters, listed.keys
    asked = canonical(filters, teachers)
    address = urljoin(page.get_full_url(request), asked)
    return {
        "filters": filters,
        "chosen": filters.chosen,
        "teachers": teachers,
        "cards": Cards(page, request, filters.titles).drawn(listed.listings),
        "count": filters.found.count,
        "map_url": map_url(page, request, filters),
        "canonical_url": address,
        "shared_query": query_of(asked),
        # A list of names finds people as well as their pages do: engines take it where all who are on it agreed.
        "not_indexed": not all(listing.face.get("indexed") for listing in listed.listings),
        "structured": list_nodes(page, request, address, listed.listings, teachers.start_index()),
    }


def canonical(filters: TeacherFilterSet, teachers: ListPage) -> str:
    """The one address of this page of the list."""
    address = filters.address()
    if teachers.number == 1:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'page': teachers.number})}"
