"""A page as the document that is printed: its HTML and the pictures that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string

from ..pdf import Document, render_one_page
from ..pdf.kept import KEEP_SECONDS, RETRY_SECONDS, Made, kept, key_of
from .markup import for_paper
from .pictures import bytes_of, with_own_pictures

if TYPE_CHECKING:
    from .pages import PrintedPageMixin

#: Up to so many pages a document is set without a cover of its own and without contents.
SHORT = 2
BODY_CLASSES = ("short", "long")


class AnybodysRequest(HttpRequest):
    """Of a request no more than the host that it came to: neither who asks, nor what stands behind the address."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.method = "GET"
        self.path = self.path_info = request.path
        self.META = {
            "HTTP_HOST": request.get_host(),
            "SERVER_NAME": request.META.get("SERVER_NAME", ""),
            "SERVER_PORT": request.get_port(),
        }
        self.came_by = request.scheme
        self.user = AnonymousUser()

    def _get_scheme(self) -> str | None:
        return self.came_by


@dataclass(frozen=True)
class PrintedPage:
    """What is to be printed. ``pictures``: renditions of the site's images, under the names that the HTML has."""

    html: str
    stylesheets: Sequence[str]
    pictures: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """The same as long as the PDF is. Raises ``AssetRefusedError`` for a stylesheet that is missing."""
        return key_of(self.html, self.stylesheets)

    def content(self) -> bytes:
        """The PDF, printed now only if it never was. Raises like ``core.pdf.kept.kept``."""
        return kept(self.key, self._made)

    def _made(self) -> Made:
        read = {name: bytes_of(picture) for name, picture in self.pictures.items()}
        images = {name: content for name, content in read.items() if content}
        document = Document(self.html, self.stylesheets, images=images, body_classes=BODY_CLASSES, fits_pages=SHORT)
        # What cannot be read just now may be there again soon.
        return Made(render_one_page(document), RETRY_SECONDS if None in read.values() else KEEP_SECONDS)


def composed(page: PrintedPageMixin, request: HttpRequest) -> PrintedPage:
    """The page as it is published, in the active language."""
    html = render_to_string(page.pdf_template, page.get_pdf_context(AnybodysRequest(request)))
    html, pictures = with_own_pictures(for_paper(html))
    return PrintedPage(html, page.pdf_stylesheets, pictures)
