"""Every PDF is made here: HTML in, bytes out, accessible (PDF/UA-1) and the same for the same input.

The work is done in processes of its own (``PDF_PROCESSES``), which are started at the first PDF, kept warm, and
stopped where a document takes too long or too much. The process that asks imports none of what WeasyPrint needs.
"""

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from django.utils.html import escape

from ..assets import find_asset
from .documents import MOST_CHARACTERS, MOST_PAGES, Document, Printed, Sheet
from .errors import APT_GET, MissingCharacters, PDFFailed, PDFTooHeavy, PDFUnavailable
from .pool import close, print_document, side_by_side

__all__ = [
    "APT_GET",
    "MOST_CHARACTERS",
    "MOST_PAGES",
    "Document",
    "MissingCharacters",
    "PDFFailed",
    "PDFTooHeavy",
    "PDFUnavailable",
    "close",
    "missing_characters",
    "render_many",
    "render_one_page",
    "render_pdf",
]

logger = logging.getLogger(__name__)

#: Documents that wait in line for each process, so that it need not wait for the next.
AHEAD = 2


def render_pdf(html: str, *, stylesheets: Sequence[str] = ()) -> bytes:
    """A whole HTML document as an accessible PDF; see ``Document`` for what it may hold.

    A character that no font can draw is printed as an empty box, and logged. Raises ``PDFUnavailable`` where this
    machine makes no PDFs, ``PDFTooHeavy`` for a document that takes too much, ``PDFFailed`` for one at which
    WeasyPrint fails, and ``AssetRefusedError`` for a stylesheet that is missing.
    """
    return _print(Document(html, stylesheets)).content


def render_one_page(document: Document) -> bytes:
    """A document that is to fit on one page, set the most generous way that does.

    Raises ``MissingCharacters`` where the document refuses empty boxes; otherwise like ``render_pdf``.
    """
    return _print(document).content


def render_many(documents: Iterable[Document]) -> list[bytes]:
    """These documents, each a PDF of its own, in their order; the first failure is raised.

    All processes print side by side, while this one makes the next documents: give them as a generator.
    """
    count = side_by_side()
    if not count:
        return [_print(document).content for document in documents]
    with ThreadPoolExecutor(count, thread_name_prefix="imp-pdf") as threads:
        return [printed.content for printed in _in_order(threads, documents, count * AHEAD)]


def missing_characters(text: str) -> str:
    """The characters of a text that no installed font can draw; empty where all of it can be printed."""
    html = f'<html lang="en"><title>-</title><body>{escape(text)}'
    return _printed(Document(html, ["imp_core/pdf-fonts.css"], css='body { font-family: "Source Serif 4" }')).missing


def _in_order(threads: ThreadPoolExecutor, documents: Iterable[Document], ahead: int) -> Iterator[Printed]:
    waiting: deque[Future[Printed]] = deque()
    try:
        for document in documents:
            waiting.append(threads.submit(_print, document))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _print(document: Document) -> Printed:
    printed = _printed(document)
    for url, why in printed.refused:
        logger.warning("A PDF was made without %s: %s", url, why)
    if printed.missing and document.refuse_boxes:
        raise MissingCharacters(printed.missing)
    if printed.missing:
        logger.warning(
            "A PDF was made with empty boxes, for want of a font with: %s",
            ", ".join(f"{character} (U+{ord(character):04X})" for character in printed.missing),
        )
    return printed


def _printed(document: Document) -> Printed:
    if len(document.html) > MOST_CHARACTERS:
        raise PDFTooHeavy(f"The document has {len(document.html)} characters, more than {MOST_CHARACTERS}")
    return print_document(document, [_sheet(name) for name in document.stylesheets])


def _sheet(name: str) -> Sheet:
    return Sheet(name, find_asset(name).stat().st_mtime_ns)
