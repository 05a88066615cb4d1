"""The answer to the map's script: marks as JSON, which a browser keeps but asks for anew each time."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

import imp_wagtail

from ..finding.filters import TeacherFilterSet
from ..finding.search import Found, Question, ask
from .boxes import Box
from .marks import Marks


def places_answer(page: Any, request: HttpRequest) -> HttpResponse:
    """The marks of what an address asks for, in the part of the world that it names; or that nothing has changed."""
    etag = etag_of(ask(Question()), page.get_url(request))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        filters = TeacherFilterSet(request.GET, request=request)
        box = Box.of(request.GET.get("bbox", ""))
        # Written as they are, letters of every script take half the room that they take by their numbers.
        response = JsonResponse(
            Marks(filters, page, request).within(box),
            json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
        )
    response.headers["ETag"] = etag
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, no_cache=True)
    return response


def etag_of(found: Found, url: str) -> str:
    """The state of all that an answer to one and the same address is made of."""
    stamp = found.index.stamp
    state = (stamp, sorted(found.partners), url, get_language(), imp_wagtail.__version__)
    return f'"{sha256(repr(state).encode()).hexdigest()[:32]}"'
