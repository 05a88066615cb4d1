"""The same answers for machines, as JSON at the same addresses; docs/reference/checking-letters.md describes them.

Names and meanings stay as they are within a ``SCHEMA``; names may be added.
"""

from functools import lru_cache
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .answers import Check, Successor
from .printed import printed_record

SCHEMA = 1
JSON = "application/json"
#: What is offered, the first to whoever does not mind. Clients name the encoding of JSON, although it has only one.
OFFERED = ("text/html", JSON, f"{JSON}; charset=utf-8")


def wants_json(request: HttpRequest) -> bool:
    """Whether a request asks for JSON rather than for a page, by its header ``Accept``."""
    return _prefers_json(request.META.get("HTTP_ACCEPT", "*/*"))


@lru_cache(maxsize=64)
def _prefers_json(accept: str) -> bool:
    """The same of the header alone: browsers send one of a few, and Django takes its time to weigh them."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = accept
    return (request.get_preferred_type(OFFERED) or "").startswith(JSON)


def check_as_json(check: Check, request: HttpRequest, unknown: str) -> dict[str, Any]:
    """The answer to a check; ``unknown`` says what it means that there is no letter."""
    letter = check.letter
    if letter is None:
        return error_as_json(check.result, unknown)
    return {
        "schema": SCHEMA,
        "result": check.result,
        "address": address_of(letter.printed_code, request),
        "letter": printed_record(letter),
        "ended_on": letter.ended_on and letter.ended_on.isoformat(),
        "replaced_by": check.successor and _successor(check.successor, request),
        "standing": {standing.key: standing.holds for standing in check.standings},
    }


def _successor(successor: Successor, request: HttpRequest) -> dict[str, str]:
    return {"address": address_of(successor.printed_code, request), "issued_on": successor.issued_on.isoformat()}


def error_as_json(result: str, message: str) -> dict[str, Any]:
    """An answer without a letter: "unknown", "refused" or "limited", and why in the reader's language."""
    return {"schema": SCHEMA, "result": result, "message": str(message)}


def refusal_as_json(form: BaseForm) -> dict[str, Any]:
    """What was wrong with what was sent."""
    [message, *_others] = [text for texts in form.errors.values() for text in texts]
    return error_as_json("refused", message)


def unknown_code() -> str:
    return _("No letter has this code.")


def unknown_file() -> str:
    return _("This file is not one that we issued. It may have been changed: check the code printed on it.")


def address_of(code: str, request: HttpRequest) -> str:
    """The address at which the letter with a code is checked, whole."""
    return request.build_absolute_uri(reverse("imp_letters:verify_code", args=[code]))
