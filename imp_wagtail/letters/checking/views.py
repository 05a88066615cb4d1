"""Checking a letter: for anyone, without an account and without JavaScript; as JSON for machines."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import long_date
from imp_wagtail.core.limits import seconds_to_wait

from .. import codes
from ..forms import CodeForm, FileForm
from .answers import Check, check_code, check_file
from .machines import address_of, check_as_json, error_as_json, refusal_as_json, unknown_code, unknown_file, wants_json
from .printed import printed_facts, printed_wording
from .uploads import HashingHandler

View = Callable[..., HttpResponse]

#: Each result as the page's heading says it.
VERDICTS = {
    "genuine": gettext_lazy("This letter is genuine"),
    "replaced": gettext_lazy("This letter has been replaced"),
    "withdrawn": gettext_lazy("This letter has been withdrawn"),
    "unknown": gettext_lazy("No letter has this code"),
}


def public(view: View) -> View:
    """Kept by no cache and found by no search engine; what is answered depends on ``Accept``."""

    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        # Not "no-referrer" where a form is posted: browsers then send it from nowhere, and Django refuses it.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return answered


def limited(view: View) -> View:
    """Answered only so often from one address, and before anything is looked up."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds = seconds_to_wait(request, "imp_letters.verify", settings.VERIFY_LIMIT)
        return too_many(request, seconds) if seconds else view(request, *args, **kwargs)

    return answered


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Say when to try again."""
    if wants_json(request):
        message = ngettext(
            "Too many letters were checked from your address. Try again in %(seconds)d second.",
            "Too many letters were checked from your address. Try again in %(seconds)d seconds.",
            seconds,
        )
        response: HttpResponse = JsonResponse(error_as_json("limited", message % {"seconds": seconds}), status=429)
    else:
        response = TemplateResponse(request, "imp_letters/verify_limited.html", {"seconds": seconds}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The forms for a typed code and for a file. A code that a letter could have leads to its own address."""
    if request.method == "POST":
        return receive_file(request)
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    if form.is_bound and form.is_valid():
        return redirect("imp_letters:verify_code", codes.grouped(form.cleaned_data["code"]))
    if form.is_bound and wants_json(request):
        return JsonResponse(check_as_json(Check(), request, unknown_code()), status=404)
    return forms_page(request, code_form=form)


@limited
def receive_file(request: HttpRequest) -> HttpResponse:
    """Have a file hashed while it comes in. What takes files must be chosen before Django looks for its token."""
    request.upload_handlers = [HashingHandler(request, most=settings.VERIFY_MAX_MB * 1024 * 1024)]
    # A machine without cookies has nothing that another site could misuse.
    is_machine = wants_json(request) and not request.COOKIES
    return _verify_file(request) if is_machine else _verify_forms_file(request)


def _verify_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(files=request.FILES)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse(refusal_as_json(form), status=400)
        return forms_page(request, file_form=form, status=400)
    check = check_file(form.cleaned_data["file"].sha256)
    if wants_json(request):
        return JsonResponse(check_as_json(check, request, unknown_file()), status=check.status)
    if check.letter:
        return redirect("imp_letters:verify_code", check.letter.printed_code)
    return forms_page(request, is_changed=True, status=404)


_verify_forms_file = csrf_protect(_verify_file)


def forms_page(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    file_form: FileForm | None = None,
    is_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page with both forms. ``is_changed``: a file was sent that is none of those issued."""
    context = {"form": code_form or CodeForm(), "file_form": file_form or FileForm(), "is_changed": is_changed}
    for form in (code_form, file_form):
        if form and form.errors:
            # Down the page on a phone: it opens where there is something to mend.
            form.focus()
    return TemplateResponse(request, "imp_letters/verify.html", context, status=status)


@public
@require_safe
@limited
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the letter with this code is genuine and still stands; a code that none has says nothing more."""
    check = check_code(code)
    if wants_json(request):
        response: HttpResponse = JsonResponse(check_as_json(check, request, unknown_code()), status=check.status)
    else:
        response = TemplateResponse(
            request, "imp_letters/verify_result.html", result_context(check, code, request), status=check.status
        )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def result_context(check: Check, typed: str, request: HttpRequest) -> dict[str, Any]:
    """What the page of a result shows."""
    letter = check.letter
    return {
        "result": check.result,
        "verdict": str(VERDICTS[check.result]),
        "letter": letter,
        "address": address_of(letter.printed_code if letter else typed[: codes.LONGEST], request),
        "today": long_date(timezone.localdate()),
        "facts": printed_facts(letter) if letter else [],
        "wording": printed_wording(letter) if letter else "",
        "successor": check.successor,
        "standings": check.standings,
        "form": None if letter else CodeForm(initial={"code": typed[: codes.LONGEST]}),
    }
