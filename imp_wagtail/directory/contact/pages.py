"""The form to a teacher and the page after it, as a directory page answers them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from imp_wagtail.core.action_views import add_errors
from imp_wagtail.core.conf import settings

from ..models import DirectoryPage, Enquiry, Teacher
from . import actions
from .forms import EnquiryForm
from .rules import TooManyError, refuse_flood, sender_key


def write(request: HttpRequest, page: DirectoryPage, teacher: Teacher, context: dict[str, Any]) -> HttpResponse:
    """Show the form, or pass on what was written. What is refused comes back with all that was typed."""
    form = EnquiryForm(request.POST if request.method == "POST" else None, teacher=teacher)
    status = 200
    if form.is_bound:
        try:
            if form.is_valid():
                _enquire(request, teacher, form)
                return redirect(page.get_url(request) + page.reverse_subpage("contact_sent", args=[teacher.slug]))
            status = 400
        except TooManyError as error:
            form.add_error(None, error)
            status = 429
        except ValidationError as error:
            add_errors(form, error)
            status = 400
        form.focus()
    context |= {"teacher": teacher, "form": form, "days": settings.ENQUIRY_KEEP_DAYS}
    context |= {"teacher_url": page.teacher_url(teacher, request)}
    return _uncached(TemplateResponse(request, "imp_directory/contact.html", context, status=status))


def thank(request: HttpRequest, teacher: Teacher, context: dict[str, Any]) -> HttpResponse:
    """What comes after a message was taken. It says nothing of the message, so that it can be opened by anybody."""
    context |= {"teacher": teacher}
    return _uncached(TemplateResponse(request, "imp_directory/contact_sent.html", context))


def _enquire(request: HttpRequest, teacher: Teacher, form: EnquiryForm) -> None:
    data = form.cleaned_data
    token = form.opened.token_of(data["email"], data["text"])
    if Enquiry.objects.filter(token=token).exists():
        return  # the second click on the same form
    refuse_flood(request)
    actions.enquire(
        teacher,
        name=data["name"],
        email=data["email"],
        text=data["text"],
        token=token,
        sender_key=sender_key(request),
        by=None,
    )


def _uncached(response: HttpResponse) -> HttpResponse:
    """Each form is sealed anew, and none is for search engines."""
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response
