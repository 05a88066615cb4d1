"""Deletions are told for a while, and then forgotten; a reader who was away for longer is told to begin anew."""

import datetime as dt
import uuid

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from imp_wagtail.core.conf import settings

from ..models import FeedEntry, Teacher
from ..models.published import LONG_AGO

#: One deletion, of nothing, that stands for all that were forgotten: it has the time of the latest of them.
FORGOTTEN = uuid.UUID(int=0)


def forgotten_until() -> dt.datetime:
    """The time of the latest deletion that is told no more."""
    return FeedEntry.objects.filter(pk=FORGOTTEN).values_list("modified", flat=True).first() or LONG_AGO


def prune_feed() -> int:
    """Forget deletions that are older than ``FEED_KEEP_DAYS``; returns how many there were."""
    with transaction.atomic():
        old = _old_deletions()
        # Nobody of them comes back while this looks: to publish anybody takes the same lock.
        list(Teacher.objects.select_for_update().filter(feed_entries__in=old).order_by("pk").values_list("pk"))
        latest = old.aggregate(latest=Max("modified"))["latest"]
        if latest is None:
            return 0
        FeedEntry.objects.update_or_create(
            pk=FORGOTTEN,
            defaults={"kind": FeedEntry.Kind.TEACHER, "state": FeedEntry.State.DELETED, "modified": latest},
        )
        return old.filter(modified__lte=latest).delete()[0]


def _old_deletions() -> models.QuerySet[FeedEntry]:
    before = timezone.now() - dt.timedelta(days=settings.FEED_KEEP_DAYS)
    return FeedEntry.objects.filter(state=FeedEntry.State.DELETED, modified__lt=before).exclude(pk=FORGOTTEN)
