"""Who may be written to, and who may write: one definition of each."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from imp_wagtail.core.conf import settings
from imp_wagtail.core.fields import email_key
from imp_wagtail.core.limits import client_address, seconds_to_wait

from ..models import Enquiry, Teacher
from ..querysets import is_listed


class TooManyError(ValidationError):
    """Somebody writes more than is taken from one sender."""


def can_be_written_to() -> Q:
    """Listed teachers with an e-mail address on their record; the rule of ``may_be_written_to``."""
    return is_listed() & ~Q(participant__email="")


def may_be_written_to(teacher: Teacher) -> bool:
    """Whether the form reaches this teacher; the rule of ``can_be_written_to``."""
    return bool(teacher.participant.email) and teacher.is_listed


def sender_key(request: HttpRequest) -> str:
    """Where somebody writes from, made unreadable: enough to count by; "" where nothing says so."""
    address = client_address(request)
    return salted_hmac("imp_directory.sender", address, algorithm="sha256").hexdigest() if address else ""


def is_blocked(email: str) -> bool:
    """Whether nothing more is passed on from this address, however it is capitalised."""
    return Enquiry.objects.filter(sender_email=email_key(email), is_blocked=True).exists()


def refuse_flood(request: HttpRequest) -> None:
    """Count one enquiry from the client's address or network; raises ``TooManyError`` if that is too many."""
    if seconds := seconds_to_wait(request, "imp_directory.enquiry", settings.ENQUIRY_LIMIT):
        raise TooManyError(_too_many_at_once(seconds))


def refuse_too_many(teacher: Teacher, email: str, key: str) -> None:
    """Raise ``TooManyError`` where this e-mail address has written too much, or this sender to this teacher.

    An e-mail address is counted wherever it is used from, so that nobody is sent copies of what others have written
    in their name. Call it with the teacher's record locked.
    """
    by_address = Q(sender_email=email_key(email))
    if seconds := _seconds_to_wait(Enquiry.objects.filter(by_address), settings.ENQUIRY_LIMIT):
        raise TooManyError(_too_many_at_once(seconds))
    by_sender = by_address | Q(sender_key=key) if key else by_address
    if seconds := _seconds_to_wait(teacher.enquiries.filter(by_sender), settings.ENQUIRY_LIMIT_PER_TEACHER):
        hours = _at_least_one(seconds / 3600)
        text = ngettext(
            "You have written to %(name)s already. Wait for an answer, or write again in %(hours)d hour.",
            "You have written to %(name)s already. Wait for an answer, or write again in %(hours)d hours.",
            hours,
        )
        raise TooManyError(text % {"name": teacher.name, "hours": hours})


def _seconds_to_wait(enquiries: QuerySet[Enquiry], limit: Any) -> int:
    """How long until one more may be written: 0 if now; ``limit`` is so many in so many seconds, ``None`` for none."""
    if not limit:
        return 0
    times, seconds = limit
    window = dt.timedelta(seconds=seconds)
    lately = enquiries.filter(asked_at__gt=timezone.now() - window).order_by("-asked_at")
    moments = list(lately.values_list("asked_at", flat=True)[:times])
    if len(moments) < times:
        return 0
    first_to_pass = moments[-1] + window if moments else timezone.now() + window
    return _at_least_one((first_to_pass - timezone.now()).total_seconds())


def _too_many_at_once(seconds: int) -> str:
    minutes = _at_least_one(seconds / 60)
    return ngettext(
        "Many messages were written from here in a short time. Try again in %(minutes)d minute.",
        "Many messages were written from here in a short time. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _at_least_one(number: float) -> int:
    return max(1, round(number))
