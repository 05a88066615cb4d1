"""Two records that turn out to be of one person become one, or are told apart for good.

The promises of ``actions`` hold here too: one transaction, one log entry; a refusal changes nothing.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from imp_wagtail.core.traces import Everything
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.core.words import in_a_row

from .. import log
from ..actions import locked_many, recompute_many
from ..models import DistinctPair, Enrolment, Participant, StageProgress
from ..signals import details_changed, participants_merging
from .enrolments import joined, merge_enrolments

#: Whose value is taken, for each name in ``choices``.
KEEP, OTHER = "keep", "other"

#: What is chosen between, field by field. Notes of both are kept.
FIELDS = ("name", "printed_name", "email", "town", "country", "language", "user")

#: What may go with the other record, because the record kept has it too, or it follows from what was moved.
COVERED = {Participant, Enrolment, StageProgress, DistinctPair}


def merge(keep: Participant, other: Participant, *, choices: Mapping[str, str] | None = None, by: Any) -> Participant:
    """Put all that is on record for ``other`` on ``keep``, and remove ``other``. Returns the record kept.

    ``choices`` says for each of ``FIELDS`` whose value is taken, ``KEEP`` or ``OTHER``; unless it does, that of
    ``keep``, or where that is empty, of ``other``. What is given up stays in the history. Other rooms move what is
    theirs on ``participants_merging``, and find their own names in ``choices`` too. Merging again does nothing.
    """
    choices = choices or {}
    refuse_unknown_sides(choices)
    if keep.pk == other.pk:
        raise ValidationError(_("Choose two records; these are one and the same."))
    with transaction.atomic():
        people = _locked_people(keep, other)
        if keep.pk not in people:
            raise ValidationError(_("%(name)s is no longer on record.") % {"name": keep})
        if other.pk not in people:
            return people[keep.pk]
        keep, other = people[keep.pk], people[other.pk]
        given_up, merged = _details(keep, other, choices)
        moved = _move_everything(keep, other, choices=choices, by=by)
        other_name, _deleted = other.name, other.delete()
        merged.full_clean(exclude=["user"])
        merged.save()
        details_changed.send(Participant, participant=merged)
        recompute_many(locked_many(moved))
        _log_merge(merged, other_name, given_up, by=by)
    return merged


def tell_apart(one: Participant, another: Participant, *, by: Any) -> DistinctPair:
    """Remember that two participants who look alike are two people; they are not brought up again."""
    if one.pk == another.pk:
        raise ValidationError(_("Choose two records; these are one and the same."))
    with transaction.atomic():
        people = _locked_people(one, another)
        if len(people) < 2:
            raise ValidationError(_("One of the two is no longer on record."))
        first, second = people.values()
        pair, is_new = DistinctPair.objects.get_or_create(first=first, second=second, defaults={"decided_by": by})
        if is_new:
            # By number: a name in the history of somebody else would outlive the erasure of its own record.
            with in_own_language():
                number = _("record %(number)s") % {"number": second.pk}
            log.record(first, "imp.participant.tell_apart", by=by, what=number)
    return pair


def refuse_unknown_sides(choices: Mapping[str, str]) -> None:
    for name, side in choices.items():
        if side not in (KEEP, OTHER):
            raise ValidationError({name: _("Choose one of the two.")})


def _locked_people(*people: Participant) -> dict[int, Participant]:
    """Those still on record by key, locked in the order of their keys so that the locks of two people never cross."""
    rows = Participant.objects.select_for_update().filter(pk__in=[person.pk for person in people])
    return {person.pk: person for person in rows.order_by("pk")}


def _details(keep: Participant, other: Participant, choices: Mapping[str, str]) -> tuple[Participant, Participant]:
    """The record kept with the values that were not taken, and with those that were."""
    given_up, merged = copy(keep), copy(keep)
    for name in FIELDS:
        sides = [getattr(keep, name), getattr(other, name)]
        if choices.get(name, KEEP if sides[0] else OTHER) == OTHER:
            sides.reverse()
        for record, value in zip((merged, given_up), sides, strict=True):
            setattr(record, name, value)
    older, newer = sorted([keep, other], key=lambda person: person.pk)
    merged.notes = joined([older.notes, newer.notes])
    merged.created_at = min(keep.created_at, other.created_at)
    return given_up, merged


def _move_everything(keep: Participant, other: Participant, *, choices: Mapping[str, str], by: Any) -> list[int]:
    """All that hangs on ``other`` hangs on ``keep`` from now on; returns the keys of the enrolments concerned."""
    moved, merged = _move_enrolments(keep, other)
    _move_told_apart(keep, other)
    ModelLogEntry.objects.for_instance(other).update(object_id=str(keep.pk))
    participants_merging.send(Participant, keep=keep, other=other, enrolments=merged, choices=choices, by=by)
    refuse_to_lose(other)
    return moved


def _move_enrolments(keep: Participant, other: Participant) -> tuple[list[int], dict[Enrolment, Enrolment]]:
    """Each enrolment goes over, or into the one on the same pathway.

    Returns the keys of those of ``keep`` that are new or have new facts, and which of ``other`` went into which.
    """
    rows = list(Enrolment.objects.select_for_update().filter(participant__in=[keep, other]).order_by("pk"))
    kept = {row.pathway_id: row for row in rows if row.participant_id == keep.pk}
    moved, merged = [], {}
    for row in rows:
        if row.participant_id != other.pk:
            continue
        if row.pathway_id in kept:
            merged[row] = kept[row.pathway_id]
            merge_enrolments(merged[row], row)
        else:
            row.participant = keep
            row.save(update_fields=["participant"])
            moved.append(row.pk)
    return moved + [row.pk for row in merged.values()], merged


def _move_told_apart(keep: Participant, other: Participant) -> None:
    """Whoever is not the one is not the other either."""
    both = {keep.pk, other.pk}
    pairs = DistinctPair.objects.filter(Q(first__in=both) | Q(second__in=both)).order_by("pk")
    people = {pair: {pair.first_id, pair.second_id} for pair in pairs}
    known = set().union(*(pair for pair in people.values() if keep.pk in pair))
    changed = []
    for pair, (third, *_rest) in ((pair, tuple(ids - {other.pk})) for pair, ids in people.items() if other.pk in ids):
        if third not in known | both:
            pair.first_id, pair.second_id = sorted([keep.pk, third])
            changed.append(pair)
    DistinctPair.objects.bulk_update(changed, ["first", "second"])


def refuse_to_lose(other: Participant) -> None:
    """Refuse to delete a record that anything still hangs on: another app's, which nobody has moved."""
    left = sorted({str(model._meta.verbose_name_plural) for model in hanging_on(other)})
    if left:
        raise ValidationError(
            _("“%(name)s” has records that cannot be moved (%(left)s), so nothing was merged.")
            % {"name": other, "left": in_a_row(left)}
        )


def hanging_on(record: models.Model) -> set[type[models.Model]]:
    """The models of which deleting this record would delete or change rows, but for those that are covered."""
    try:
        everything = Everything(record)
    except (ProtectedError, RestrictedError) as error:
        return {type(item) for item in error.args[1]}
    changed = [rows for updates in everything.field_updates.values() for rows in updates]
    return {type(row) for rows in [*everything.data.values(), *changed] for row in rows} - COVERED


def _log_merge(merged: Participant, other_name: str, given_up: Participant, *, by: Any) -> None:
    changes = log.changes_between(given_up, merged, FIELDS)
    log.record(
        merged,
        "imp.participant.merge",
        by=by,
        what=other_name,
        before="; ".join(f"{change.what}: {change.before}" for change in changes),
        after="; ".join(f"{change.what}: {change.after}" for change in changes),
    )
