"""Locks, and the progress that is stored with every write."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..derived import Difference, store
from ..facts import facts_of_many
from ..models import Enrolment
from ..signals import progress_stored, standing_changed

#: Those of whom ``standing_told_once`` is yet to tell; ``None`` outside of it.
_untold: ContextVar[set[int] | None] = ContextVar("untold", default=None)


def locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it stands now, locked until the transaction ends: two writes never interleave."""
    found = Enrolment.objects.select_for_update().filter(pk=enrolment.pk).first()
    if found is None:
        raise ValidationError(_("This enrolment is no longer there: somebody merged or erased the person meanwhile."))
    return found


def locked_many(keys: Iterable[int]) -> list[Enrolment]:
    """The enrolments of these keys as they stand now, locked in one order so that two people's locks never cross."""
    keys = set(keys)
    list(Enrolment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return list(Enrolment.objects.select_related("participant").filter(pk__in=keys).order_by("pk"))


def recompute(enrolment: Enrolment) -> None:
    """Store anew what follows from an enrolment's facts. Call it inside the transaction of the write."""
    recompute_many([enrolment])


def recompute_many(enrolments: Iterable[Enrolment]) -> list[Difference]:
    """The same for many, in a fixed number of queries; returns of whom something else was stored.

    The enrolments are to be locked, and as they stand now.
    """
    enrolments = list(enrolments)
    changed = store(facts_of_many(enrolments))
    if people := [pair.enrolment.participant_id for pair in changed if pair.changes_standing]:
        tell_standing(people)
    for enrolment in enrolments:
        progress_stored.send(Enrolment, enrolment=enrolment)
    return changed


def tell_standing(people: Iterable[int]) -> None:
    """Send ``standing_changed`` for participants of these keys: now, or together with others."""
    untold = _untold.get()
    if untold is None:
        standing_changed.send(Enrolment, participants=list(people))
    else:
        untold.update(people)


@contextmanager
def standing_told_once() -> Iterator[None]:
    """Within one transaction, wait with ``standing_changed`` and send it once at the end, for all people together.

    Whoever receives it locks what hangs on these people, and something that all transactions share. Between two such
    signals a transaction would hold what it shares and want more, and another that waits for it might have that.
    """
    untold: set[int] = set()
    token = _untold.set(untold)
    try:
        yield
    finally:
        _untold.reset(token)
    if untold:
        tell_standing(sorted(untold))
