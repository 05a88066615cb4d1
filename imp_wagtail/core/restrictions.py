"""Which pages everybody may see. Most sites restrict none, and that is asked once for an answer."""

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Q, QuerySet
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from . import memory

Pages = TypeVar("Pages", bound=PageQuerySet)


def restricted() -> tuple[str, ...]:
    """The paths of the pages that are kept from somebody, with all that stands below them; of any site."""
    return memory.once("restricted", _restricted)


def is_any_page_restricted() -> bool:
    """Whether any page of any site is kept from anybody."""
    return bool(restricted())


def no_restrictions() -> QuerySet:
    """None, and known to be none: to ask Django's own ``none()`` takes as long as to compose a query."""
    nothing = PageViewRestriction.objects.none()
    nothing._result_cache = []
    return nothing


def public(pages: Pages) -> Pages:
    """Those that everybody may see: as Wagtail's ``public()`` has it, by the paths that are known already."""
    if not (paths := restricted()):
        return pages
    return pages.exclude(reduce(or_, (Q(path__startswith=path) for path in paths)))


def _restricted() -> tuple[str, ...]:
    # Where there is none, which is mostly so, the shorter question takes half as long to compose.
    restrictions = PageViewRestriction.objects.order_by("page__path")
    return tuple(restrictions.values_list("page__path", flat=True)) if PageViewRestriction.objects.exists() else ()
