"""The ways to print the same letters."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from imp_wagtail.core import pdf
from imp_wagtail.core.assets import Asset, read_asset
from imp_wagtail.core.pdf.documents import Document, Sheet
from imp_wagtail.core.pdf.press import ARCHIVAL, Press
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter
from imp_wagtail.letters.rendering import document_of
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Stage

#: Prints a batch, and says how large each file is.
Way = Callable[[int], list[int]]


class Issuing:
    """The whole of it: numbers, snapshots, printing in so many processes, storage, log."""

    def __init__(self, enrolments: Sequence[Enrolment], stage: Stage, batch: int, processes: int) -> None:
        self.enrolments, self.stage, self.batch, self.processes = enrolments, stage, batch, processes
        self.letters: list[Letter] = []

    def __call__(self, turn: int) -> list[int]:
        some = self.enrolments[turn * self.batch : (turn + 1) * self.batch]
        with printing_in(self.processes):
            letters = actions.issue_many([(enrolment, self.stage) for enrolment in some], by=None)
        self.letters += letters
        return [letter.file.size for letter in letters]


class Floor:
    """The same pages through WeasyPrint: no database, no other process, no template, and everything kept warm."""

    def __init__(self, documents: Sequence[Document], batch: int) -> None:
        self.documents, self.batch = documents, batch
        self.press = Press(read_asset)

    def __call__(self, turn: int) -> list[int]:
        return [
            len(self.press.print(document, [Sheet(name, 0) for name in document.stylesheets]).content)
            for document in self.documents[turn * self.batch : (turn + 1) * self.batch]
        ]


class Naive:
    """``HTML(string=...).write_pdf()`` for each letter, as the first example in every tutorial has it."""

    def __init__(self, snapshots: Sequence[dict[str, Any]], batch: int) -> None:
        self.snapshots, self.batch = snapshots, batch

    def __call__(self, turn: int) -> list[int]:
        some = self.snapshots[turn * self.batch : (turn + 1) * self.batch]
        return [len(self._print(document_of(snapshot))) for snapshot in some]

    def _print(self, document: Document) -> bytes:
        import weasyprint

        fetcher = _with_pictures(document)
        fonts = weasyprint.text.fonts.FontConfiguration()
        sheets = [
            weasyprint.CSS(url=f"asset:{name}", url_fetcher=fetcher, font_config=fonts)
            for name in document.stylesheets
        ]
        sheets.append(weasyprint.CSS(string=document.css, url_fetcher=fetcher, font_config=fonts))
        source = weasyprint.HTML(string=document.html, url_fetcher=fetcher)
        content: bytes = source.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant=ARCHIVAL)
        return content


def _with_pictures(document: Document) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            scheme, _, name = url.partition(":")
            if scheme == "data":
                return super().fetch(url, headers)
            asset = read_asset(name) if scheme == "asset" else Asset(document.images[name], "image/png")
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})

    return Fetcher()


@contextmanager
def printing_in(processes: int) -> Iterator[None]:
    before = settings.IMP_WAGTAIL
    settings.IMP_WAGTAIL = {**before, "PDF_PROCESSES": processes}
    try:
        yield
    finally:
        settings.IMP_WAGTAIL = before


def warm_up(snapshots: Sequence[dict[str, Any]]) -> None:
    """Have both processes started, and every font and picture seen."""
    with printing_in(2):
        pdf.render_many([document_of(snapshot) for snapshot in snapshots] * 2)
