"""What the sender of an enquiry is told once it went, or once it is certain that it never will."""

from django.utils import timezone

from ..models import DirectoryMail, Enquiry
from .messages import copy_for_sender, not_delivered

State = DirectoryMail.State


def tell_sender(enquiry: Enquiry, state: str) -> list[DirectoryMail]:
    """Have the copy say what became of the enquiry; returns it, to be delivered. Nobody is told of what was misuse."""
    if enquiry.is_blocked or enquiry.reported_at:
        return []
    copies = enquiry.mails.filter(kind=DirectoryMail.Kind.COPY).exclude(state=State.UNDER_WAY)
    return [_rewritten(copy, enquiry, state) for copy in copies]


def _rewritten(copy: DirectoryMail, enquiry: Enquiry, state: str) -> DirectoryMail:
    compose = copy_for_sender if state == State.SENT else not_delivered
    message = compose(enquiry, copy.language)
    copy.subject, copy.text = message.subject, message.text
    copy.state, copy.attempts, copy.error = State.WAITING, 0, ""
    copy.try_at, copy.sent_at = timezone.now(), None
    copy.save()
    return copy
