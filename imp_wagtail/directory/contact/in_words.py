"""What became of an enquiry, in words for staff."""

from django.utils.translation import gettext as _

from ..models import DirectoryMail, Enquiry

Kind, State = DirectoryMail.Kind, DirectoryMail.State


def state_in_words(enquiry: Enquiry) -> str:
    """In a word or two; what needs a hand before everything else."""
    if enquiry.is_open:
        return _("Reported")
    if enquiry.is_blocked:
        return _("Sender blocked")
    if enquiry.settled_at:
        return _("Report settled")
    return delivery_in_words(enquiry)


def delivery_in_words(enquiry: Enquiry) -> str:
    """Whether it reached the teacher. ``mails`` are fetched ahead by a list."""
    mail = next((mail for mail in enquiry.mails.all() if mail.kind == Kind.ENQUIRY), None)
    if mail is None:
        return _("Not passed on")
    if mail.state == State.WAITING and not mail.attempts:
        return _("Waits for its turn") if mail.try_at else _("Waits to be confirmed")
    words = {
        State.WAITING: _("To be tried again"),
        State.UNDER_WAY: _("Under way"),
        State.SENT: _("Delivered"),
        State.FAILED: _("Not delivered"),
    }
    return words[State(mail.state)]


def why_not_delivered(enquiry: Enquiry) -> str:
    """What the last attempt failed for; "" where none did."""
    return next((mail.error for mail in enquiry.mails.all() if mail.kind == Kind.ENQUIRY), "")
