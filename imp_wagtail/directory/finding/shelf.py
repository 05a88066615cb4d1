"""The index of this process, kept up to the edition that the database has now."""

import datetime as dt
from threading import Lock
from typing import NamedTuple, TypeGuard

from django.utils import timezone

from imp_wagtail.core.prepared import Prepared

from ..actions.publishing import catch_up, site_days
from ..models import Edition, Listing, Partner
from .index import Index, Stamp
from .rows import rows_for_index

#: With more changes than this, it takes less time to begin anew.
MOST_CHANGES = 200
#: The edition's one row.
EDITION = Prepared(lambda key: Edition.objects.filter(pk=key), -1)


class State(NamedTuple):
    """The last change that the database has; 0 and ``None`` before the first."""

    number: int
    changed_at: dt.datetime | None


class Shelf:
    """Holds one index, and gives out none that is behind the database. Threads share it."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._lock = Lock()

    def current(self) -> Index:
        """The index as of now."""
        with site_days():
            return self._current()

    def _current(self) -> Index:
        state, index = state_now(), self._index
        if not is_as_of(index, state):
            if index is None or index.stamp.day != timezone.localdate():
                # Before the lock is taken: to write may mean to wait for somebody who waits for it.
                catch_up()
            with self._lock:
                # Asked again, because another thread may have gone further meanwhile.
                state = state_now()
                index = self._index = renewed(self._index, state)
        return index

    def clear(self) -> None:
        """Begin anew at the next question: what is in the index turned out not to be so."""
        with self._lock:
            self._index = None


#: The one that the site's pages ask.
shelf = Shelf()


def state_now() -> State:
    """Read in the shortest of queries: every request asks it."""
    edition = EDITION.first(1)
    return State(edition.number, edition.changed_at) if edition else State(0, None)


def trusted_partners(index: Index) -> frozenset[int]:
    """The partners whose entries are shown now; nobody is asked where there are none of theirs."""
    return frozenset(Partner.objects.trusted().values_list("pk", flat=True)) if index.has_partners else frozenset()


def is_as_of(index: Index | None, state: State) -> TypeGuard[Index]:
    """Whether an index shows this state, today. An edition of the same number and another time is another one."""
    if index is None:
        return False
    return index.stamp == Stamp(state.number, state.changed_at, timezone.localdate())


def renewed(index: Index | None, state: State) -> Index:
    """The index brought up to a state. What changes meanwhile is in it too, and comes again with the next state."""
    if is_as_of(index, state):
        return index
    today = timezone.localdate()
    stamp = Stamp(state.number, state.changed_at, today)
    if index and index.stamp.day == today and index.stamp.number < state.number:
        rows = list(rows_for_index(Listing.objects.since(index.stamp.number)[: MOST_CHANGES + 1], today))
        if len(rows) <= MOST_CHANGES:
            entries = [row.entry for row in rows if row.entry]
            return index.changed(stamp, entries, gone=[row.key for row in rows if not row.entry])
    everybody = rows_for_index(Listing.objects.filter(is_shown=True), today)
    return Index.of(stamp, (row.entry for row in everybody if row.entry))
