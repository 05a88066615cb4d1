"""A letter on paper: its frozen snapshot in, the PDF's bytes out. Reads no database and no clock."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.module_loading import import_string

from imp_wagtail.core.conf import settings
from imp_wagtail.core.pdf import Document, missing_characters, render_many, render_one_page

from .colours import COLOUR
from .images import image_bytes
from .layout import extra_foot, set_for_page

#: Versions of the snapshot's shape that this module prints: all that were ever issued.
SCHEMAS = (1, 2)

TEMPLATE = "imp_letters/letter.html"
#: The letter on each paper.
STYLESHEETS = {
    "a4": ("imp_letters/letter.css",),
    "letter": ("imp_letters/letter.css", "imp_letters/letter-us.css"),
}

#: Classes of the letter's body from airy to tight. The first with which it fits on one page is taken.
DENSITIES = tuple(
    " ".join(("letter-near", "letter-close", "letter-dense", "letter-packed")[:steps]) for steps in range(5)
)


class Renderer:
    """What prints letters: a snapshot in, the PDF's bytes out. A site's own is named in ``LETTER_RENDERER``.

    Both read nothing but the snapshot and the pictures that it names. They raise ``core.pdf.MissingCharacters``
    rather than print an empty box, ``core.pdf.PDFTooHeavy`` rather than take longer than they may, and
    ``core.pdf.PDFUnavailable`` where the machine lacks what a PDF needs.
    """

    def render(self, snapshot: dict[str, Any]) -> bytes:
        """The letter of ``snapshot`` as PDF, in the snapshot's language and not the reader's."""
        raise NotImplementedError

    def render_many(self, snapshots: Sequence[dict[str, Any]]) -> list[bytes]:
        """The letters of these snapshots, in their order; the first failure is raised."""
        return [self.render(snapshot) for snapshot in snapshots]

    def missing_characters(self, text: str) -> str:
        """The characters of a text that cannot be printed, told before anything is issued; "" as far as it knows."""
        return ""


class WeasyPrintRenderer(Renderer):
    """The package's own: one page, tagged for screen readers and fit to be archived, made by WeasyPrint.

    Raises ``ValueError`` for a snapshot that this package never made.
    """

    def render(self, snapshot: dict[str, Any]) -> bytes:
        return render_one_page(document_of(snapshot))

    def render_many(self, snapshots: Sequence[dict[str, Any]]) -> list[bytes]:
        picture = cache(image_bytes)  # those of one run mostly share logo and signatures
        return render_many(document_of(snapshot, picture) for snapshot in snapshots)

    def missing_characters(self, text: str) -> str:
        return missing_characters(text)


def renderer() -> Renderer:
    """What prints letters on this site."""
    found: Renderer = import_string(settings.LETTER_RENDERER)()
    return found


def render_letter(snapshot: dict[str, Any]) -> bytes:
    """One letter as PDF; see ``Renderer``."""
    return renderer().render(snapshot)


def document_of(snapshot: dict[str, Any], picture: Callable[[str], bytes] = image_bytes) -> Document:
    """The letter as a document to be printed, with the pictures that it shows."""
    if snapshot["schema"] not in SCHEMAS:
        raise ValueError(f"A letter of schema {snapshot['schema']!r} cannot be printed.")
    snapshot = as_current(snapshot)
    shown = [snapshot["logo"], *(signatory["signature"] for signatory in snapshot["signatories"])]
    with translation.override(snapshot["language"]):
        context = {"letter": set_for_page(snapshot), "qr": qr_code(snapshot["verify_url"])}
        html = render_to_string(TEMPLATE, context)
    return Document(
        html,
        stylesheets=STYLESHEETS[snapshot["paper"]],
        css=own_css(snapshot),
        images={image["sha256"]: picture(image["sha256"]) for image in shown if image},
        body_classes=DENSITIES,
        refuse_boxes=True,
        archival=True,
    )


def as_current(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot of any schema in the shape of the current one."""
    if snapshot["schema"] == SCHEMAS[-1]:
        return snapshot
    # Schema 1 had plain paragraphs, and neither letterhead nor colours of its own.
    added = {"logo": None, "letterhead": [], "hours": "", "paper": "a4", "accent": "#2f5f5b", "ink": "#22262b"}
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in snapshot["paragraphs"])
    signatories = [signatory | {"signature": None} for signatory in snapshot["signatories"]]
    return {**snapshot, **added, "body": body, "signatories": signatories, "schema": SCHEMAS[-1]}


def own_css(snapshot: dict[str, Any]) -> str:
    """What the page of this letter alone needs: its colours, and room for a foot with much to say."""
    for name in ("accent", "ink"):
        if not COLOUR.fullmatch(snapshot[name]):
            raise ValueError(f"{snapshot[name]!r} is no colour to print a letter in.")
    css = ":root {{ --letter-accent: {accent}; --letter-ink: {ink} }}".format_map(snapshot)
    extra = extra_foot(snapshot)
    return f"{css} .main {{ padding-block-end: {extra}mm }}" if extra else css


def qr_code(address: str) -> str:
    """``address`` as a QR code: a ``data:`` PNG of one pixel a module, without a border."""
    # A fixed mask, because trying all eight takes most of the time; phones read every one of them.
    code = segno.make_qr(address, error="m", mask=2)
    return code.png_data_uri(scale=1, border=0)
