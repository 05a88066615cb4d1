"""Every PDF is made here: HTML in, bytes out, accessible (PDF/UA-1) and the same for the same input.

The only module that knows WeasyPrint, which is imported at the first PDF: importing it takes two seconds.
"""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from .assets import AssetRefusedError, find_asset, read_url

logger = logging.getLogger(__name__)

#: Debian's and Ubuntu's packages of what WeasyPrint needs beside itself, as one line to run.
APT_GET = "apt-get install -y libpangoft2-1.0-0 libharfbuzz-subset0"

#: Tagged, titled and with its language: what a screen reader needs.
VARIANT = "pdf/ua-1"

#: Seconds after which a thread starts afresh: its fonts lie in a temporary folder, which systems empty of old
#: files, and what WeasyPrint remembers of them only grows.
PRESS_LIFETIME = 3600


class PDFUnavailable(RuntimeError):  # noqa: N818 (a state of the machine, named for what the user is told)
    """This machine lacks the system libraries to make a PDF; the message says how to install them."""

    def __init__(self) -> None:
        super().__init__(f"PDFs need system libraries that are not installed. On Debian or Ubuntu run: {APT_GET}")


class MissingCharacters(ValueError):  # noqa: N818 (names what is missing, for the message to whoever typed it)
    """No installed font has these characters, and the document may not be printed with empty boxes."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"No installed font has: {' '.join(characters)}")
        self.characters = characters


def render_pdf(html: str, *, stylesheets: Sequence[str] = ()) -> bytes:
    """A whole HTML document as an accessible PDF.

    ``stylesheets`` names static files ("imp_letters/letter.css"). HTML and CSS may embed static files as
    ``asset:imp_core/fonts/x.ttf`` and small images as ``data:``. Anything else is left out and logged; so is
    a character that no font can draw. ``<html lang>`` is the PDF's language and ``<title>`` its title. The
    bytes follow from the input alone if it has no date or names it in ``<meta name="dcterms.created">``.

    Raises ``PDFUnavailable`` where system libraries are missing, ``AssetRefusedError`` where a stylesheet is.
    """
    return _press().print([html], stylesheets)


def render_one_page(versions: Iterable[str], *, stylesheets: Sequence[str] = (), refuse_boxes: bool = False) -> bytes:
    """The first of several versions of a document that fits on one page; the last one if none does.

    Give them from the most generous to the tightest, as a generator: what follows the one that fits is not
    made. With ``refuse_boxes``, a character that no font can draw raises ``MissingCharacters``. Otherwise
    like ``render_pdf``.
    """
    return _press().print(versions, stylesheets, refuse_boxes=refuse_boxes)


class Press:
    """One thread's WeasyPrint with its fonts and parsed stylesheets.

    Fonts are loaded once and not for each document, and never shared: two threads on one font configuration
    corrupt each other's memory.
    """

    def __init__(self) -> None:
        self.weasyprint = _weasyprint()
        self.born = time.monotonic()
        self.fetcher = _fetcher_class()()
        self.fonts = self.weasyprint.text.fonts.FontConfiguration()
        self.sheets: dict[str, tuple[int, Any]] = {}

    def is_worn(self) -> bool:
        return time.monotonic() - self.born > PRESS_LIFETIME

    def print(self, versions: Iterable[str], stylesheets: Sequence[str], *, refuse_boxes: bool = False) -> bytes:
        sheets = [self.sheet(name) for name in stylesheets]
        for html in versions:
            source = self.weasyprint.HTML(string=html, url_fetcher=self.fetcher)
            document = source.render(font_config=self.fonts, stylesheets=sheets, pdf_variant=VARIANT)
            if len(document.pages) == 1:
                break
        finisher = _refuse_missing_characters if refuse_boxes else _report_missing_characters
        return document.write_pdf(pdf_variant=VARIANT, finisher=finisher)

    def sheet(self, name: str) -> Any:
        """The parsed stylesheet, parsed again when its file has changed."""
        changed = find_asset(name).stat().st_mtime_ns
        if name not in self.sheets or self.sheets[name][0] != changed:
            sheet = self.weasyprint.CSS(url=f"asset:{name}", url_fetcher=self.fetcher, font_config=self.fonts)
            self.sheets[name] = (changed, sheet)
        return self.sheets[name][1]


_thread = threading.local()


def _press() -> Press:
    press: Press | None = getattr(_thread, "press", None)
    if press is None or press.is_worn():
        press = _thread.press = Press()
    return press


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except OSError as error:
        raise PDFUnavailable from error
    return weasyprint


@cache
def _fetcher_class() -> type:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):
        """Reads what ``assets.read_url`` allows; never calls the fetching that it inherits."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("asset", "data"), allow_redirects=False)

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            try:
                asset = read_url(url)
            except AssetRefusedError as error:
                logger.warning("A PDF was made without %.200s: %s", url, error)
                raise
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})

    return AssetFetcher


def _missing_characters(document: Any) -> str:
    """The characters that are printed as empty boxes, because no installed font has them."""
    return "".join(sorted({chr(point) for font in document.fonts.values() for point in font.missing}))


def _refuse_missing_characters(document: Any, pdf: Any) -> None:
    if missing := _missing_characters(document):
        raise MissingCharacters(missing)


def _report_missing_characters(document: Any, pdf: Any) -> None:
    if missing := _missing_characters(document):
        logger.warning(
            "A PDF was made with empty boxes, for want of a font with: %s",
            ", ".join(f"{character} (U+{ord(character):04X})" for character in missing),
        )
