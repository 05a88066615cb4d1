"""Checking a letter: for anyone, without an account and without JavaScript."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import codes
from .forms import CodeForm
from .models import Letter

GENUINE, UNKNOWN = "genuine", "unknown"


@dataclass(frozen=True)
class Successor:
    """What may be said of the newer letter to whoever holds the older one: not its number, nor its code."""

    issued_on: date


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The form for a typed code. A code that a letter could have leads to its own address."""
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    if form.is_bound and form.is_valid():
        return redirect("imp_letters:verify_code", codes.grouped(form.cleaned_data["code"]))
    return TemplateResponse(request, "imp_letters/verify.html", {"form": form})


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the letter with this code is genuine and still stands; a code that none has says nothing more.

    What no letter can have is looked up all the same, so that it is answered like what no letter happens to have.
    """
    letter = Letter.objects.with_code(codes.parse(code) or "").first()
    context = {
        "result": result_for(letter),
        "letter": letter,
        "successor": successor_of(letter),
        "form": None if letter else CodeForm(initial={"code": code[: codes.LONGEST]}),
    }
    response = TemplateResponse(request, "imp_letters/verify_result.html", context, status=200 if letter else 404)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def result_for(letter: Letter | None) -> str:
    """ "genuine", "replaced", "withdrawn" or "unknown"."""
    if letter is None:
        return UNKNOWN
    return GENUINE if letter.is_valid else str(letter.state)


def successor_of(letter: Letter | None) -> Successor | None:
    return Successor(letter.replaced_by.issued_on) if letter and letter.replaced_by else None
