"""What it would mean to erase a sender, counted before it is done."""

from dataclasses import dataclass

from django.db.models import Count, Q

from ..models import DirectoryMail, Enquiry
from ..models.mails import is_open
from .actions import written_by_sender_of


@dataclass(frozen=True)
class SenderErasure:
    """How many enquiries one address has written and to how many teachers, and what of it is still going on."""

    enquiries: int
    teachers: int
    #: Not handed over yet: they never will be.
    waiting: int
    #: Reported, and not settled.
    reported: int
    is_blocked: bool

    @classmethod
    def of(cls, enquiry: Enquiry) -> "SenderErasure":
        """The same of whoever wrote this enquiry, in two queries."""
        written = written_by_sender_of(enquiry)
        counts = written.aggregate(
            enquiries=Count("pk"),
            teachers=Count("teacher", distinct=True),
            reported=Count("pk", filter=is_open()),
            blocked=Count("pk", filter=Q(is_blocked=True)),
        )
        waiting = DirectoryMail.objects.filter(
            enquiry__in=written, kind=DirectoryMail.Kind.ENQUIRY, state=DirectoryMail.State.WAITING
        )
        return cls(waiting=waiting.count(), is_blocked=bool(counts.pop("blocked")), **counts)
