"""Words that are the same for all readers of one language."""

from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

Words = TypeVar("Words")


def once_a_language(find: Callable[[], Words]) -> Callable[[], Words]:
    """Translate once for each language, and keep what was found; nothing may change it.

    In development anew each time, so that a translation that was just compiled is seen.
    """

    @cache
    def kept(language: str | None) -> Words:
        return find()

    @wraps(find)
    def found() -> Words:
        return find() if settings.DEBUG else kept(get_language())

    return found
