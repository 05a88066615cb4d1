"""Which pages everybody may see. Most sites restrict none, and that is asked once for an answer.

Whoever is shown a page was let in: what is kept from others together with that page is shown on it. So a site that is
closed until its launch, or a part of it for members, has its lists and its facts.
"""

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Q, QuerySet
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from . import memory

Pages = TypeVar("Pages", bound=PageQuerySet)


def let_in(page: Page) -> None:
    """Say that the reader may see this page, and so whatever is kept from others by the same restriction."""
    memory.keep("let in to", page.path or "")


def restricted() -> tuple[str, ...]:
    """The paths of the pages that are kept from the reader, with all that stands below them; of any site."""
    shown = memory.once("let in to", str)
    return tuple(path for path in _all_restricted() if not shown.startswith(path))


def is_any_page_restricted() -> bool:
    """Whether any page of any site is kept from anybody."""
    return bool(_all_restricted())


def _all_restricted() -> tuple[str, ...]:
    return memory.once("restricted", _restricted)


def no_restrictions() -> QuerySet:
    """None, and known to be none: to ask Django's own ``none()`` takes as long as to compose a query."""
    nothing = PageViewRestriction.objects.none()
    nothing._result_cache = []
    return nothing


def public(pages: Pages) -> Pages:
    """Those that are not ``restricted``: as Wagtail's ``public()`` has it, by the paths that are known already."""
    if not (paths := restricted()):
        return pages
    return pages.exclude(reduce(or_, (Q(path__startswith=path) for path in paths)))


def _restricted() -> tuple[str, ...]:
    # Where there is none, which is mostly so, the shorter question takes half as long to compose.
    restrictions = PageViewRestriction.objects.order_by("page__path")
    return tuple(restrictions.values_list("page__path", flat=True)) if PageViewRestriction.objects.exists() else ()
