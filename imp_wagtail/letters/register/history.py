"""What happened to a letter, from the audit log."""

import re
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.models import ModelLogEntry

from imp_wagtail.participants.models import Participant

from ..log import ACTIONS
from ..models import Letter

#: The parts of an entry that begin with a letter's number.
PARTS = ("before", "after")
#: The action whose entry says where a letter went.
SENT = "imp.letter.send"
NUMBER = re.compile(r"\d{4}-\d{4,}(?!\d)", re.ASCII)


def history_of(letter: Letter, *, with_addresses: bool) -> list[ModelLogEntry]:
    """The entries that name the letter, the oldest first; without addresses, they say only that it was sent.

    They hang on the person; of one who was erased, on the letter that they begin with.
    """
    found = entries_of(letter.enrolment.participant) if letter.has_holder else kept_entries(letter)
    entries = naming(letter.number, found.select_related("user").order_by("timestamp", "pk"))
    for entry in entries:
        if entry.action == SENT and not with_addresses:
            entry.data = {**entry.data, "after": letter.number}
    return entries


def entries_of(participant: Participant) -> QuerySet:
    """What happened to all letters of a person."""
    return ModelLogEntry.objects.for_instance(participant).filter(action__in=ACTIONS)


def kept_entries(letter: Letter) -> QuerySet:
    """What is kept of a letter whose person was erased, and of the one that it stands in place of."""
    predecessor = getattr(letter, "replaces", None)
    entries = ModelLogEntry.objects.for_instance(letter)
    if predecessor:
        entries = ModelLogEntry.objects.filter(
            Q(pk__in=entries.values("pk")) | Q(pk__in=ModelLogEntry.objects.for_instance(predecessor).values("pk"))
        )
    return entries.filter(action__in=ACTIONS)


def naming(number: str, entries: Iterable[ModelLogEntry]) -> list[ModelLogEntry]:
    """Those in which a register number stands, as what was or what became."""
    return [entry for entry in entries if number in [number_in(entry.data.get(part, "")) for part in PARTS]]


def keep_history(participant: Participant) -> None:
    """Before a person is erased: hang what happened to their letters on the letters, without a word about the person.

    Reasons are kept with the letters, and addresses with nothing.
    """
    letters = {letter.number: letter for letter in Letter.objects.filter(enrolment__participant=participant)}
    for entry in entries_of(participant):
        numbers = {part: number_in(entry.data.get(part, "")) for part in PARTS}
        told = {part: number for part, number in numbers.items() if number in letters}
        if not told:
            continue
        letter = letters[next(iter(told.values()))]
        entry.content_type = ContentType.objects.get_for_model(Letter)
        entry.object_id, entry.label = str(letter.pk), letter.number
        entry.data = {"what": entry.data.get("what", ""), **told}
        entry.save(update_fields=["content_type", "object_id", "label", "data"])


def number_in(text: str) -> str:
    """The register number with which a part of an entry begins; empty if it does not begin with one."""
    found = NUMBER.match(text)
    return found[0] if found else ""
