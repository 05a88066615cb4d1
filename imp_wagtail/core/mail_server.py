"""The mail server that takes a message, or does not."""

import smtplib
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

#: Most of the server's own words that are kept.
LONGEST_ANSWER = 120


class NotTakenError(Exception):
    """A message has not gone; the words are for staff. ``is_final``: nor would it another time."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


class UnsureError(Exception):
    """Nobody knows whether the mail server has taken a message: the connection broke in the middle."""


def hand_over(mail: EmailMessage) -> None:
    """Give a message to the mail server, once. Raises ``NotTakenError`` or ``UnsureError``.

    The connection is opened apart from the message and closed apart from it: whatever fails before or after says
    nothing about whether the message went.
    """
    connection = get_connection()
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise NotTakenError(_("The mail server does not accept the site's user name and password.")) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotTakenError(_("The mail server cannot be reached.")) from error
    try:
        _send(connection, mail)
    finally:
        with suppress(Exception):
            connection.close()


def _send(connection: BaseEmailBackend, mail: EmailMessage) -> None:
    mail.connection = connection
    try:
        taken = mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        is_final = all(code >= 500 for code, _words in answers)
        reason = _("The mail server does not accept this address: %(answer)s")
        raise NotTakenError(reason % {"answer": _in_one_line(*answers[0])}, is_final=is_final) from error
    except smtplib.SMTPResponseException as error:
        reason = _("The mail server refused the message: %(answer)s")
        raise NotTakenError(reason % {"answer": _in_one_line(error.smtp_code, error.smtp_error)}) from error
    except OSError as error:
        # Other errors of SMTP are its library's own, of which the server has heard nothing.
        if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
            raise
        raise UnsureError(_("The connection to the mail server broke, so nobody knows whether it went.")) from error
    if not taken:
        raise NotTakenError(_("The mail server did not take the message."))


def _in_one_line(code: int, words: bytes | str) -> str:
    """The first line of the server's answer."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    first = next(iter(text.splitlines()), "")
    return f"{code} {first}".strip()[:LONGEST_ANSWER]
