"""What the e-mails about an enquiry say. Plain text: what others have written is quoted line by line.

Quoted like this, nobody can write what looks like a part of the message itself. The copy goes to an address that
somebody has typed, perhaps another's: so it says first who wrote it, where and how to report it, greets nobody by the
name that was typed, and no web address in it can be clicked. Whoever wanted to send advertising to strangers by it has
nothing to gain.
"""

import re
from typing import NamedTuple

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.letters.bidi import plain_line

from ..models import DirectoryMail, Enquiry
from .links import Party, confirm_link, report_link

#: What mail programs know an address by: the point within a domain, the colon after a scheme, the sign for "at".
CLICKABLE = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_])|(?<=\w):(?=[^\s\d])|@")


class Message(NamedTuple):
    """One e-mail as it is stored."""

    language: str
    subject: str
    text: str


def to_teacher(enquiry: Enquiry, reply_to: str, language: str) -> Message:
    """The enquiry itself, in the teacher's language."""
    with translation.override(language):
        paragraphs = [
            _("%(name)s has written to you by the form on your page in the directory of %(site)s.")
            % {"name": plain_line(enquiry.sender_name), "site": _site()},
            _("Answer this e-mail to write to %(address)s. They do not know your address until you do.")
            % {"address": reply_to},
            quoted(enquiry.text),
            _("Is it advertising, or does it trouble you? Report it here; that takes no account:\n%(link)s")
            % {"link": report_link(enquiry, Party.TEACHER)},
        ]
        return _message(language, _("Message from %(name)s by the teacher directory"), paragraphs, enquiry)


def copy_for_sender(enquiry: Enquiry, language: str) -> Message:
    """What was sent, for whoever wrote it, or in whose name somebody else did."""
    with translation.override(language):
        paragraphs = [
            _somebody_wrote(enquiry),
            _("It was sent to %(teacher)s, who can answer to your address.") % {"teacher": enquiry.teacher},
            _report_for_sender(enquiry),
            _("This is what was written. Web and e-mail addresses in it cannot be clicked."),
            quoted(unclickable(f"{enquiry.sender_name}:\n{enquiry.text}")),
        ]
        return _message(language, _("Copy of your message to %(teacher)s"), paragraphs, enquiry)


def request_to_confirm(enquiry: Enquiry, language: str) -> Message:
    """That many write at once, and how this one goes now. Nothing in it was written by the sender."""
    with translation.override(language):
        words = {"teacher": enquiry.teacher, "link": confirm_link(enquiry)}
        ask = _("Many people write to %(teacher)s just now. Confirm that it was you, and it goes at once:\n%(link)s")
        paragraphs = [
            _somebody_wrote(enquiry),
            ask % words,
            _("If you do not, it waits until there are fewer."),
            _report_for_sender(enquiry),
        ]
        return _message(language, _("Please confirm your message to %(teacher)s"), paragraphs, enquiry)


def not_delivered(enquiry: Enquiry, language: str) -> Message:
    """That it could not be delivered. Nothing in it was written by the sender."""
    with translation.override(language):
        paragraphs = [
            _somebody_wrote(enquiry),
            _("It could not be delivered, and nobody will try again."),
            _report_for_sender(enquiry),
        ]
        return _message(language, _("Your message to %(teacher)s was not delivered"), paragraphs, enquiry)


def _somebody_wrote(enquiry: Enquiry) -> str:
    words = {"teacher": enquiry.teacher, "site": _site(), "day": enquiry.written_on}
    told = _("On %(day)s somebody wrote to %(teacher)s by the form in the directory of %(site)s, with your address.")
    return told % words


def _report_for_sender(enquiry: Enquiry) -> str:
    told = _("If it was not you, somebody misused your address. Report it here; that takes no account:\n%(link)s")
    return told % {"link": report_link(enquiry, Party.SENDER)}


def _message(language: str, subject: str, paragraphs: list[str], enquiry: Enquiry) -> Message:
    """The subject is one line that fits, whatever names are in it: no other header can be forged."""
    longest = DirectoryMail._meta.get_field("subject").max_length
    line = plain_line(subject % {"name": enquiry.sender_name, "teacher": enquiry.teacher})
    return Message(language, Truncator(line).chars(longest), "\n\n".join(paragraphs))


def quoted(text: str) -> str:
    """Every line with the mark of a quotation before it."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def unclickable(text: str) -> str:
    """Text in which no mail program finds an address: "example[.]org". All that was written can still be read."""
    return CLICKABLE.sub(lambda sign: f"[{sign[0]}]", text)


def _site() -> str:
    return f"{settings.issuer} ({settings.base_url})" if settings.issuer else settings.base_url
