"""Files that are made from pages, as answers that whoever has them already need not fetch again."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from wagtail.models import Page

#: Longest name of a file, before its ending.
LONGEST_NAME = 80


def file_answer(
    page: Page, request: HttpRequest, content: bytes, content_type: str, *, filename: str = ""
) -> HttpResponseBase:
    """A file made of what a page shows; 304 where the reader has the same bytes. ``filename``: to be saved under.

    It may be kept by anybody, but is asked for anew each time, so that what has changed is seen at the next request.
    Of a page that not everybody may see, nobody but the reader keeps it.
    """
    response = HttpResponse(content, content_type=content_type)
    response.headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    if filename:
        response.headers["Content-Disposition"] = content_disposition_header(True, filename)
    to_be_revalidated(page, response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def file_name(title: str, ending: str) -> str:
    """What a page's file is called where it is saved: the page's title in its own script, with hyphens."""
    return f"{slugify(title, allow_unicode=True)[:LONGEST_NAME].strip('-') or 'page'}.{ending}"


def to_be_revalidated(page: Page, response: HttpResponseBase, *, is_private: bool = False) -> None:
    """Let an answer be kept, but asked for anew each time; by the reader alone, if not everybody may see the page."""
    is_private = is_private or page.get_view_restrictions().exists()
    patch_cache_control(response, max_age=0, must_revalidate=True, **{"private" if is_private else "public": True})
    if is_private:
        patch_vary_headers(response, ["Cookie"])
