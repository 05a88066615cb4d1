"""The picture that messengers show beside a link: drawn from what the page says, so that nobody has to make one."""

from dataclasses import asdict, dataclass

from django.template.loader import render_to_string

from .pdf import render_pdf
from .pdf.kept import Made, kept, key_of
from .pdf.page_pictures import page_pictures

#: Pixels, as messengers have them.
WIDTH, HEIGHT = 1200, 630
STYLESHEETS = ["imp_core/share-card.css"]


@dataclass(frozen=True)
class Card:
    """What stands on the picture: a line above the title, such as a date; one below, such as a place."""

    title: str
    above: str = ""
    below: str = ""
    site_name: str = ""


def picture_of(card: Card) -> bytes:
    """The card as a PNG, drawn once and then kept. Raises like ``core.pdf.kept.kept``."""
    html = render_to_string("imp_core/share_card.html", asdict(card))
    return kept(f"card_{key_of(html, STYLESHEETS)}", lambda: Made(_drawn(html)))


def _drawn(html: str) -> bytes:
    return page_pictures(render_pdf(html, stylesheets=STYLESHEETS), width=WIDTH)[0]
