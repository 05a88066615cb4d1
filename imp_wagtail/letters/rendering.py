"""A letter on paper: its frozen snapshot in, the PDF's bytes out. Reads no database and no clock."""

from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation

from imp_wagtail.core.pdf import render_one_page

#: Versions of the snapshot's shape that this module prints: all that were ever issued.
SCHEMAS = (1,)

TEMPLATE = "imp_letters/letter.html"
STYLESHEETS = ("imp_letters/letter.css",)

#: Classes of the letter's body from airy to tight. The first with which it fits on one page is taken.
DENSITIES = ("", "letter-close", "letter-close letter-dense", "letter-close letter-dense letter-packed")


def render_letter(snapshot: dict[str, Any]) -> bytes:
    """The letter of ``snapshot`` as PDF, in the snapshot's language and not the reader's.

    It stays on one page with up to 1,400 characters of text, whatever the name. Raises ``ValueError`` for a
    snapshot of another schema, ``core.pdf.MissingCharacters`` rather than print an empty box, and
    ``core.pdf.PDFUnavailable`` where the machine lacks what a PDF needs.
    """
    if snapshot["schema"] not in SCHEMAS:
        raise ValueError(f"A letter of schema {snapshot['schema']!r} cannot be printed.")
    context = {"letter": snapshot, "qr": qr_code(snapshot["verify_url"])}
    with translation.override(snapshot["language"]):
        versions = (render_to_string(TEMPLATE, context | {"density": density}) for density in DENSITIES)
        return render_one_page(versions, stylesheets=STYLESHEETS, refuse_boxes=True)


def qr_code(address: str) -> str:
    """``address`` as a QR code: a ``data:`` PNG of one pixel a module, without a border."""
    # A fixed mask, because trying all eight takes most of the time; phones read every one of them.
    code = segno.make_qr(address, error="m", mask=2)
    return code.png_data_uri(scale=1, border=0)
