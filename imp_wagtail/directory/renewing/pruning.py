"""What is forgotten of reminders, and when."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from imp_wagtail.core.conf import settings

from ..models import DirectoryMail

Kind, State = DirectoryMail.Kind, DirectoryMail.State


def prune_reminders() -> int:
    """Delete reminders after ``REMINDER_KEEP_DAYS``; returns how many. May be called at any time.

    The last one of each teacher stays: it says what they have been told of (``matters.due_occasion``), which all
    before it say no more. What is still on its way stays too.
    """
    before = timezone.now() - dt.timedelta(days=settings.REMINDER_KEEP_DAYS)
    later = DirectoryMail.objects.filter(
        Q(asked_at__gt=OuterRef("asked_at")) | Q(asked_at=OuterRef("asked_at"), pk__gt=OuterRef("pk")),
        kind=Kind.REMINDER,
        teacher=OuterRef("teacher"),
    )
    over = DirectoryMail.objects.filter(kind=Kind.REMINDER, state__in=[State.SENT, State.FAILED])
    # By key: MariaDB deletes nothing by a question about the same table.
    gone = list(over.filter(Exists(later), asked_at__lt=before).values_list("pk", flat=True))
    return DirectoryMail.objects.filter(pk__in=gone).delete()[0]
