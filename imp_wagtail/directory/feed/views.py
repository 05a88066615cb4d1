"""The feed for partner sites: public, read-only, without an account; docs/reference/feed.md is its contract."""

import datetime as dt
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ..actions.publishing import catch_up
from ..models import Edition
from .answers import Answer, address_of_feed
from .cursors import Cursor
from .reading import FeedPage, ForgottenError, read_page

#: A time of whole seconds says for certain that nothing has changed only when this much has passed since.
SETTLED = dt.timedelta(minutes=1)

View = Callable[[HttpRequest], HttpResponse]


class RefusedError(Exception):
    """A question that gets no entries: the answer's status, what to say, and what else is told."""

    def __init__(self, status: int, detail: str, **told: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.told = status, detail, told


def open_data(view: View) -> View:
    """For programs everywhere, also in browsers; found by no search engine, which is a consent of its own."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise RefusedError(405, _("The feed can only be read: ask with GET or HEAD."))
            response = view(request)
        except RefusedError as refused:
            response = problem(refused)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answered


def problem(refused: RefusedError) -> HttpResponse:
    """What is wrong, as RFC 9457 has it."""
    title = HTTPStatus(refused.status).phrase
    told = {"type": "about:blank", "title": title, "status": refused.status, "detail": refused.detail, **refused.told}
    response = JsonResponse(told, status=refused.status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    if refused.status == 405:
        response.headers["Allow"] = "GET, HEAD"
    return response


@open_data
def feed(request: HttpRequest) -> HttpResponse:
    """The changes after a cursor, a page at a time; ``304`` where nothing has changed, without looking for any."""
    cursor = cursor_of(request)
    catch_up()
    edition = Edition.objects.filter(pk=1).first() or Edition()
    answer = Answer(cursor)
    etag, last_modified = answer.etag(edition), settled(edition)
    response = get_conditional_response(request, etag, last_modified and int(last_modified.timestamp()))
    if response is None:
        response = JsonResponse(answer.body(page_after(cursor, edition, answer)))
    return validated(response, etag, last_modified)


def cursor_of(request: HttpRequest) -> Cursor | None:
    """The cursor in the address; ``None`` for the beginning."""
    if unknown := set(request.GET) - {"after"}:
        raise RefusedError(400, _("There is no parameter “%(name)s”.") % {"name": min(unknown)[:40]})
    if "after" not in request.GET:
        return None
    try:
        [written] = request.GET.getlist("after")
        return Cursor.parse(written)
    except ValueError:
        message = _("“after” must be as the address “next” of an answer has it, and there once.")
        raise RefusedError(400, message) from None


def page_after(cursor: Cursor | None, edition: Edition, answer: Answer) -> FeedPage:
    try:
        return read_page(cursor, edition)
    except ForgottenError:
        message = _("Deletions that you were not told of are forgotten. Drop what you have and begin anew.")
        raise RefusedError(410, message, begin=address_of_feed(answer.site)) from None


def settled(edition: Edition) -> dt.datetime | None:
    """The time of the last change, unless another may follow within the same second."""
    changed_at = edition.changed_at
    return changed_at if changed_at and timezone.now() - changed_at > SETTLED else None


def validated(response: HttpResponse, etag: str, last_modified: dt.datetime | None) -> HttpResponse:
    """What lets a reader and every cache between ask whether it still holds, each time: consent ends at once."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    if last_modified:
        response.headers["Last-Modified"] = http_date(last_modified.timestamp())
    return response


@open_data
def schema(request: HttpRequest) -> HttpResponse:
    """The feed's JSON Schema."""
    response = HttpResponse(schema_text(), content_type="application/schema+json")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@cache
def schema_text() -> bytes:
    return (Path(__file__).parent / "schema.json").read_bytes()
