"""What a page type needs to have a PDF of its own."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from ..pages import site_name
from .responses import pdf_response


class PrintedPageMixin(RoutablePageMixin):
    """A page that can be had as PDF, at its own address and ``pdf/``.

    ``pdf_template`` extends ``imp_core/pdf/page.html``. It is given what the page's template is, for nobody in
    particular: neither the reader nor the query of their address is known to it, so that all readers get one PDF.
    """

    pdf_template: str
    pdf_stylesheets: Sequence[str] = ("imp_core/pdf-page.css",)

    def get_pdf_context(self, request: HttpRequest) -> dict[str, Any]:
        """The page's own context, with the PDF's ``title``, and ``publisher``, whose site it is."""
        return {**self.get_context(request), "title": self.title, "publisher": site_name(request)}

    @path("pdf/", name="pdf")
    def pdf(self, request: HttpRequest) -> HttpResponse:
        """The page as PDF, for reading on paper and passing on."""
        return pdf_response(self, request)
