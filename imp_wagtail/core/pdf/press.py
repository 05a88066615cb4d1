"""The only module that knows WeasyPrint. Importing WeasyPrint takes two seconds: a press does when it is made."""

import time
from collections.abc import Callable, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from ..assets import Asset, AssetRefusedError, read_data_image
from .conformance import declare_accessible, mend_structure
from .documents import MOST_PAGES, Document, Printed, Sheet
from .errors import PDFTooHeavy, PDFUnavailable
from .fonts import cut_closely, embed_closely
from .pictures import Pictures

#: Seconds after which a press is replaced: its fonts lie in a temporary folder, which systems empty of old files,
#: and what WeasyPrint remembers of them only grows.
PRESS_LIFETIME = 3600

#: Tagged, titled and with its language: what a screen reader needs; with all that it needs in itself as well.
ACCESSIBLE, ARCHIVAL = "pdf/ua-1", "pdf/a-3a"

#: The faces that come with the package. Without a single font, laying out text crashes.
FACES = "imp_core/pdf-fonts.css"

#: Parsed stylesheets and pieces of CSS that a press keeps.
MOST_SHEETS = 50

#: Reads a packaged static file by its name; raises ``AssetRefusedError``.
ReadAsset = Callable[[str], Asset]


class Press:
    """WeasyPrint, kept warm: fonts, parsed stylesheets and decoded images are those of the documents before.

    For one thread: two of them on one font configuration corrupt each other's memory.
    """

    def __init__(self, read_asset: ReadAsset) -> None:
        self.weasyprint = _weasyprint()
        self.born = time.monotonic()
        self.fetcher = _fetcher_class()(read_asset)
        self.fonts = self.weasyprint.text.fonts.FontConfiguration()
        self.pictures = Pictures()
        self.sheets: dict[Sheet | str, Any] = {}

    def is_worn(self) -> bool:
        return time.monotonic() - self.born > PRESS_LIFETIME

    def print(self, document: Document, sheets: Sequence[Sheet]) -> Printed:
        """Make the PDF. Raises ``PDFTooHeavy`` for one of too many pages, and whatever WeasyPrint does."""
        self.fetcher.begin()
        self.pictures.begin(document.images)
        self._sheet(FACES, url=f"asset:{FACES}")  # known to all documents, whether they ask for them or not
        parsed = [self._sheet(sheet, url=f"asset:{sheet.name}") for sheet in sheets]
        if document.css:
            parsed.append(self._sheet(document.css, string=document.css))
        variant = ARCHIVAL if document.archival else ACCESSIBLE
        laid_out = self._laid_out(document, parsed, variant)
        content = laid_out.write_pdf(pdf_variant=variant, finisher=_finish)
        return Printed(content, _missing_characters(laid_out), self.fetcher.refused)

    def _laid_out(self, document: Document, sheets: list[Any], variant: str) -> Any:
        """On no more pages than it may have, with the first of the classes that allow it, or else with the last."""
        for classes in document.body_classes:
            source = self.weasyprint.HTML(string=document.html, url_fetcher=self.fetcher)
            _add_classes(source, classes)
            laid_out = source.render(
                font_config=self.fonts, stylesheets=sheets, pdf_variant=variant, cache=self.pictures
            )
            if len(laid_out.pages) <= document.fits_pages:
                break
        if len(laid_out.pages) > MOST_PAGES:
            raise PDFTooHeavy(f"The document has {len(laid_out.pages)} pages, more than {MOST_PAGES}")
        return laid_out

    def _sheet(self, key: Sheet | str, **source: str) -> Any:
        """A parsed stylesheet; parsed again when its file has changed."""
        if key not in self.sheets:
            if len(self.sheets) >= MOST_SHEETS:
                self.sheets.clear()
            self.sheets[key] = self.weasyprint.CSS(**source, url_fetcher=self.fetcher, font_config=self.fonts)
        return self.sheets[key]


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except OSError as error:
        raise PDFUnavailable from error
    cut_closely(weasyprint.pdf.fonts.Font)
    return weasyprint


def _finish(document: Any, pdf: Any) -> None:
    embed_closely(document, pdf)
    mend_structure(pdf)
    declare_accessible(pdf)


def _add_classes(source: Any, classes: str) -> None:
    body = source.etree_element.find("body")
    if classes and body is not None:
        body.set("class", f"{body.get('class', '')} {classes}".strip())


def _missing_characters(document: Any) -> str:
    return "".join(sorted({chr(point) for font in document.fonts.values() for point in font.missing}))


@cache
def _fetcher_class() -> type:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):
        """Gives packaged static files and small images; never calls the fetching that it inherits.

        Images that came with the document are found in the press's ``Pictures`` before anybody is asked for them.
        """

        def __init__(self, read_asset: ReadAsset) -> None:
            super().__init__(allowed_protocols=("asset", "data"), allow_redirects=False)
            self.read_asset = read_asset
            self.begin()

        def begin(self) -> None:
            self.refused: list[tuple[str, str]] = []

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            try:
                asset = self._read(url)
            except AssetRefusedError as error:
                self.refused.append((url[:200], str(error)))
                raise
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})

        def _read(self, url: str) -> Asset:
            scheme, _, rest = url.partition(":")
            match scheme.lower():
                case "asset":
                    return self.read_asset(rest)
                case "data":
                    return read_data_image(url)
            raise AssetRefusedError("a PDF embeds asset: and data: addresses only")

    return Fetcher
