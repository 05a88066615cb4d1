"""What a bulk action would do, before it does anything: who will change, who is so already, who cannot and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError


class Person(NamedTuple):
    """A participant by key and name, and what concerns this one alone: all that is shown of one."""

    pk: int
    name: str
    what: str = ""


@dataclass
class Outlook:
    """The people of a selection, each in one place, or in several where several things are done for them."""

    will_change: list[Person] = field(default_factory=list)
    so_already: list[Person] = field(default_factory=list)
    #: By the reason for which they cannot.
    refused: dict[str, list[Person]] = field(default_factory=dict)

    #: What the work is given to do, where that is not the keys of those who will change.
    work_items: list[Any] | None = None

    @property
    def refused_count(self) -> int:
        return sum(map(len, self.refused.values()))

    @property
    def reasons(self) -> list[list[Any]]:
        """Everybody who cannot: their key, their name with what it is about, and why."""
        return [
            [person.pk, f"{person.name}, {person.what}" if person.what else person.name, reason]
            for reason, people in self.refused.items()
            for person in people
        ]

    @property
    def items(self) -> list[Any]:
        """What is to be done, as the work takes it."""
        return [person.pk for person in self.will_change] if self.work_items is None else self.work_items


def look_ahead(people: Iterable[Person], would_change: Callable[[int], bool]) -> Outlook:
    """Ask of everybody whether they would change; a ``ValidationError`` says why they cannot."""
    outlook = Outlook()
    for person in people:
        try:
            place = outlook.will_change if would_change(person.pk) else outlook.so_already
        except ValidationError as error:
            place = outlook.refused.setdefault(" ".join(error.messages), [])
        place.append(person)
    return outlook
