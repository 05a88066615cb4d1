"""A page's PDF as an answer: from the cache, nothing where the reader has it, or a page that says why not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from ..answers import file_name, to_be_revalidated
from ..pdf import PDFFailed, PDFTooHeavy, PDFUnavailable
from .composing import PrintedPage, composed

if TYPE_CHECKING:
    from .pages import PrintedPageMixin

logger = logging.getLogger(__name__)

#: What a page of which there is no PDF answers with, and after how many seconds to ask again.
STATUS = {PDFUnavailable: 503, PDFTooHeavy: 503, PDFFailed: 500}
RETRY_AFTER = 120


def pdf_response(page: PrintedPageMixin, request: HttpRequest) -> HttpResponse:
    """The PDF of a published page in the page's language, whatever the reader's is."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    with translation.override(page.locale.language_code):
        try:
            return _answer(page, request, composed(page, request))
        except tuple(STATUS) as error:
            logger.error("There is no PDF of the page %s: %s", page.pk, error)
            return _failure(page, request, error)


def _answer(page: PrintedPageMixin, request: HttpRequest, printed: PrintedPage) -> HttpResponse:
    response = HttpResponse(content_type="application/pdf", headers=_headers(page, printed))
    to_be_revalidated(page, response)
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    # Whoever has it already has it without its being printed.
    if answer is response:
        response.content = printed.content()
    return answer


def _headers(page: PrintedPageMixin, printed: PrintedPage) -> dict[str, str]:
    return {
        "ETag": f'"{printed.key}"',
        "Content-Disposition": content_disposition_header(False, file_name(page.title, "pdf")),
        "Content-Language": translation.get_language(),
        "X-Content-Type-Options": "nosniff",
        # Whoever searches is to find the page itself.
        "X-Robots-Tag": "noindex",
    }


def _failure(page: PrintedPageMixin, request: HttpRequest, error: Exception) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "is_too_heavy": isinstance(error, PDFTooHeavy)}
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    response = TemplateResponse(request, "imp_core/pdf_failed.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = translation.get_language()
    response.headers["X-Robots-Tag"] = "noindex"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response.render()
