"""What is to be printed, and what comes of it: plain data that passes between processes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Most characters of a document's HTML, and most pages that it may fill.
MOST_CHARACTERS = 1_000_000
MOST_PAGES = 300


@dataclass(frozen=True)
class Document:
    """A whole HTML document and how it is to be printed.

    ``stylesheets`` names static files ("imp_letters/letter.css"). HTML and CSS may embed static files as
    ``asset:imp_core/fonts/x.ttf``, small images as ``data:``, and ``images`` by what they are given under, as
    ``image:<that>``: the hash of their bytes, because an image seen before is not decoded again. Anything else is
    left out and logged. ``<html lang>`` is the PDF's language and ``<title>`` its title. The bytes follow from the
    input alone if it has no date, or names it in ``<meta name="dcterms.created">``.
    """

    html: str
    stylesheets: Sequence[str] = ()
    #: CSS of this document alone, after the stylesheets. Made of values that code has checked.
    css: str = ""
    images: Mapping[str, bytes] = field(default_factory=dict)
    #: Classes for ``<body>``, the most generous first: those are taken with which the document fits on so many
    #: pages, or else the last.
    body_classes: Sequence[str] = ("",)
    fits_pages: int = 1
    #: Refuse a character that no font can draw, where otherwise an empty box is printed and the log says so.
    refuse_boxes: bool = False
    #: To be kept for good: PDF/A-3a beside PDF/UA-1.
    archival: bool = False

    def as_message(self) -> dict[str, Any]:
        """Everything but the images' bytes and the stylesheets, which whoever prints it is told of apart."""
        return {
            "html": self.html,
            "css": self.css,
            "images": list(self.images),
            "body_classes": list(self.body_classes),
            "fits_pages": self.fits_pages,
            "archival": self.archival,
        }


@dataclass(frozen=True)
class Sheet:
    """A stylesheet by its name, and when its file was last changed."""

    name: str
    changed: int


@dataclass(frozen=True)
class Printed:
    """A PDF and what there is to say about it."""

    content: bytes
    #: Characters that are printed as empty boxes, because no installed font has them.
    missing: str
    #: Addresses that were not embedded, each with the reason.
    refused: list[tuple[str, str]]
