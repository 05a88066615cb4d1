"""What tests of letters by e-mail share."""

import datetime as dt
from typing import Any

from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterMessage, Sending
from tests.factories import LetterMessageFactory


class Crash(BaseException):
    """The process dies."""


class CrashingBackend(EmailBackend):
    """The process dies after the message has gone."""

    def send_messages(self, messages: list[Any]) -> int:
        super().send_messages(messages)
        raise Crash


class BrokenBackend(EmailBackend):
    """One of another make, which breaks in a way of its own and tells secrets."""

    def send_messages(self, messages: list[Any]) -> int:
        raise RuntimeError("password=hunter2")


class SilentBackend(EmailBackend):
    """One that takes nothing and does not say so."""

    def send_messages(self, messages: list[Any]) -> int:
        return 0


CRASHING = f"{__name__}.{CrashingBackend.__name__}"
BROKEN = f"{__name__}.{BrokenBackend.__name__}"
SILENT = f"{__name__}.{SilentBackend.__name__}"


def asked_for(letter: Letter, manner: str = "attachment", **values: Any) -> Sending:
    """A sending that waits: no task has been begun, because the test's transaction does not end."""
    return actions.send(letter, manner=manner, **{"by": None, **values})


def delivered(letter: Letter, manner: str = "attachment", **values: Any) -> Sending:
    """The same, handed to the mail server."""
    sending = asked_for(letter, manner, **values)
    actions.deliver(sending)
    return fresh(sending)


def fresh(sending: Sending) -> Sending:
    return Sending.objects.get(pk=sending.pk)


def make_due(sending: Sending) -> None:
    """The time of its next attempt has come."""
    Sending.objects.filter(pk=sending.pk).update(try_at=timezone.now() - dt.timedelta(seconds=1))


def message(subject: str, text: str = "Your letter: {link}", language: str = "en", **values: Any) -> LetterMessage:
    """The staff's wording, for every pathway unless one is given."""
    locale = Locale.objects.get_or_create(language_code=language)[0]
    return LetterMessageFactory(subject=subject, body=text, locale=locale, **values)
