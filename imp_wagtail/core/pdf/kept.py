"""PDFs kept in Django's cache, by a key made of everything that they follow from.

Composing the HTML of a page is cheap, printing it is not. So the HTML is composed for each request, and its hash is
looked up: what has changed, whatever it is, has another key and is printed; all else has been printed before. There is
nothing to invalidate, and a PDF that nobody asks for any more runs out by itself.
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from django.core.cache import caches

import imp_wagtail

from ..assets import read_asset
from ..conf import settings
from .errors import PDFFailed, PDFTooHeavy, PDFUnavailable

logger = logging.getLogger(__name__)

#: Raised when the same HTML and stylesheets are to come out otherwise than before.
PRINT = 1

#: Seconds that a PDF is kept; and for which one that lacks something, or cannot be made, is not tried again.
KEEP_SECONDS = 30 * 24 * 3600
RETRY_SECONDS = 60

#: Seconds beyond what a document may take: whoever prints it and has not said so by then, has died.
GRACE = 10
#: Seconds between two looks at whether another has printed it.
LOOK_AGAIN = 0.1

#: What a document can be at fault for itself, so that printing it once more would end alike.
FAULTS = {"heavy": PDFTooHeavy, "failed": PDFFailed}


@dataclass(frozen=True)
class Made:
    """A PDF, and how long it may be given out."""

    content: bytes
    seconds: int = KEEP_SECONDS


def key_of(html: str, stylesheets: Iterable[str]) -> str:
    """The hash of all that a PDF follows from. Raises ``AssetRefusedError`` for a stylesheet that is missing."""
    parts = [_print_version().encode(), html.encode(), *(read_asset(name).content for name in stylesheets)]
    # Each hashed by itself: what stands at the end of one part is not taken for the beginning of the next.
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def kept(key: str, make: Callable[[], Made]) -> bytes:
    """The PDF of this key: from the cache, or made now, by one of all those who ask for it at once.

    Raises ``PDFTooHeavy``, ``PDFFailed`` or ``PDFUnavailable``; the last one also where another is at it for longer
    than a document may take.
    """
    shelf = Shelf(key)
    until = time.monotonic() + _most_seconds()
    while True:
        if found := shelf.found():
            return found
        with shelf.turn() as is_mine:
            if is_mine:
                # Another may have finished between the look and the turn.
                return shelf.found() or _made(shelf, make)
        if time.monotonic() > until:
            raise PDFUnavailable("Another request is making this PDF, and has not finished.")
        time.sleep(LOOK_AGAIN)


def _made(shelf: "Shelf", make: Callable[[], Made]) -> bytes:
    try:
        made = make()
    except (PDFTooHeavy, PDFFailed) as error:
        name = next(name for name, kind in FAULTS.items() if isinstance(error, kind))
        shelf.put((name, str(error)), RETRY_SECONDS)
        raise
    shelf.put(("pdf", made.content), made.seconds)
    return made.content


class Shelf:
    """The place of one PDF in the cache. A cache that does not answer keeps nothing, and hinders nobody."""

    def __init__(self, key: str) -> None:
        self.key = f"imp_pdf_{key}"
        self.mark = f"{self.key}_at_work"

    def found(self) -> bytes | None:
        """The PDF, if it is there. Raises the error for which there is none, while that is remembered."""
        kind, content = self._ask("get", self.key) or ("", b"")
        if error := FAULTS.get(kind):
            raise error(content)
        return content or None

    def put(self, what: tuple[str, bytes | str], seconds: int) -> None:
        self._ask("set", self.key, what, seconds)

    @contextmanager
    def turn(self) -> Any:
        """Whether it is this one's turn to print. A mark that its owner has not taken away runs out."""
        owner = uuid.uuid4().hex
        is_mine = self._ask("add", self.mark, owner, _most_seconds(), otherwise=True)
        try:
            yield is_mine
        finally:
            if is_mine and self._ask("get", self.mark) == owner:
                self._ask("delete", self.mark)

    def _ask(self, verb: str, *args: Any, otherwise: Any = None) -> Any:
        try:
            return getattr(caches[settings.PDF_CACHE], verb)(*args)
        except Exception:  # each backend has errors of its own, and none of them is the reader's
            logger.warning("The cache does not answer, so PDFs are not kept", exc_info=True)
            return otherwise


def _most_seconds() -> float:
    return float(settings.PDF_MAX_SECONDS) + GRACE


@cache
def _print_version() -> str:
    return f"{PRINT} {imp_wagtail.__version__} {version('weasyprint')}"
