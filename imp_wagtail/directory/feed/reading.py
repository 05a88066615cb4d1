"""One page of the feed: the entries that changed after a cursor, in the order in which they changed.

``Edition`` sees to it that nothing can turn up behind a reader's back: an entry's time is later than that of every
entry that could be read before it. Whoever reads on from the last one misses none.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from imp_wagtail.core.conf import settings

from ..actions.publishing import publish_many
from ..models import Edition, FeedEntry, Purpose, Teacher
from ..models.published import LONG_AGO
from .cursors import Cursor
from .forgetting import forgotten_until


class ForgottenError(Exception):
    """A reader may have missed something that nobody can tell it any more."""


@dataclass(frozen=True)
class FeedPage:
    """Some entries, each with ``is_told``, and how far a reader is with them; ``None``: nothing was ever told."""

    entries: list[FeedEntry]
    cursor: Cursor | None


def read_page(cursor: Cursor | None, edition: Edition) -> FeedPage:
    """The entries after a cursor, or the first ones; raises ``ForgottenError`` where the cursor leads on no more.

    ``edition``: as it was before anything else was read.
    """
    latest = edition.changed_at or LONG_AGO
    if cursor and not forgotten_until() <= cursor.knows_until <= latest:
        # Too long ago; or later than anything here, because the database was taken back to an earlier state.
        raise ForgottenError
    entries = list(entries_after(cursor)[: settings.FEED_PER_PAGE])
    ask_the_rule(entries)
    _publish_anew([entry for entry in entries if entry.state == FeedEntry.State.UPDATED and not entry.is_told])
    if entries:
        began = cursor.began if cursor else latest
        cursor = Cursor(entries[-1].modified, entries[-1].uid, began)
    return FeedPage(entries, cursor)


def entries_after(cursor: Cursor | None) -> models.QuerySet[FeedEntry]:
    """What changed later than the entry at a cursor, in order."""
    entries = FeedEntry.objects.order_by("modified", "uid")
    if cursor is None:
        return entries
    # Not "later, or at the same time with a greater id": databases would read two ranges and sort them.
    return entries.filter(modified__gte=cursor.modified).exclude(modified=cursor.modified, uid__lte=cursor.uid)


def ask_the_rule(entries: Collection[FeedEntry]) -> None:
    """Say of each, as ``is_told``, whether it may be told now, whatever is stored.

    It may while its teacher is listed and shares, and its last day has not passed. The teachers of these entries are
    asked about by themselves: within the one query PostgreSQL works out the rule for all teachers there are.
    """
    today, teachers = timezone.localdate(), {entry.teacher_id for entry in entries}
    sharing = Teacher.objects.listed().agreeing_to(Purpose.SHARING).filter(pk__in=teachers - {None})
    allowed = set(sharing.values_list("pk", flat=True))
    for entry in entries:
        lasts = entry.until is None or entry.until >= today
        entry.is_told = entry.state == FeedEntry.State.UPDATED and lasts and entry.teacher_id in allowed


def _publish_anew(refused: list[FeedEntry]) -> None:
    """Store of these what is so, that nobody wrote: who is told of a deletion is to hear of it when they come back."""
    if teachers := {entry.teacher_id for entry in refused if entry.teacher_id}:
        publish_many(teachers)
