"""Words that are the same for all readers of one language."""

import re
from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext

Words = TypeVar("Words")

#: Whatever is no character of XML 1.0, or better were none: https://www.w3.org/TR/xml/#charsets.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def quoted(text: object) -> str:
    """A title in the quotation marks of the reader's language."""
    return gettext("“%(text)s”") % {"text": text}


def printable(text: str) -> str:
    """The text without signs that neither feeds nor calendars may hold: those that control machines, mostly.

    Nobody sees them, but whoever pastes from elsewhere brings some along; one is enough for a file to be unreadable.
    """
    return UNPRINTABLE.sub("", text)


def in_a_row(parts: Iterable[object]) -> str:
    """Parts in one line, with the comma of the reader's language between them; those that are empty are left out."""
    return comma().join(str(part) for part in parts if part)


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


@once_a_language
def comma() -> str:
    """What stands between the items of a list in the reader's language."""
    return pgettext("between the items of a list", ", ")
