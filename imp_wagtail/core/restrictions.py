"""Which pages everybody may see. Most sites restrict none, and that is asked once for an answer."""

from typing import TypeVar

from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from . import memory

Pages = TypeVar("Pages", bound=PageQuerySet)


def is_any_page_restricted() -> bool:
    """Whether any page of any site is kept from anybody."""
    return memory.once("restrictions", PageViewRestriction.objects.exists)


def public(pages: Pages) -> Pages:
    """Those that everybody may see, as Wagtail's ``public()`` has it."""
    return pages.public() if is_any_page_restricted() else pages
