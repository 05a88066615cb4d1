"""What is forgotten of enquiries, and when."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from imp_wagtail.core.conf import settings
from imp_wagtail.core.fields import email_key
from imp_wagtail.participants.models import Participant

from ..models import DirectoryMail, Enquiry
from ..models.mails import is_open


def prune_enquiries() -> int:
    """Delete enquiries and their e-mails after ``ENQUIRY_KEEP_DAYS``; returns how many. May be called at any time.

    Those that were reported stay until staff have settled them. Of a blocked sender the address alone is kept, because
    without it nobody would be blocked.
    """
    before = timezone.now() - dt.timedelta(days=settings.ENQUIRY_KEEP_DAYS)
    old = Enquiry.objects.filter(~is_open(), asked_at__lt=before)
    same_sender = Enquiry.objects.filter(sender_email=OuterRef("sender_email"), is_blocked=True, pk__gt=OuterRef("pk"))
    last_of_blocked = Q(is_blocked=True) & ~Exists(same_sender)
    with transaction.atomic():
        forget_all_but_address(old.filter(last_of_blocked).exclude(text="", sender_name=""))
        gone = list(old.exclude(last_of_blocked).values_list("pk", flat=True))
        Enquiry.objects.filter(pk__in=gone).delete()
    return len(gone)


def forget_all_but_address(enquiries: QuerySet[Enquiry]) -> None:
    """Keep of these only from which address they came, without which nobody would be blocked."""
    keys = list(enquiries.values_list("pk", flat=True))
    DirectoryMail.objects.filter(enquiry__in=keys).delete()
    Enquiry.objects.filter(pk__in=keys).update(sender_name="", text="", report="", sender_key="")


def forget_sender(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """For the signal: before somebody is erased, what was written to others with their address goes too."""
    if key := email_key(participant.email):
        Enquiry.objects.filter(sender_email=key).delete()
