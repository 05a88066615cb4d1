"""What a bulk action would do, before it does anything: who will change, who is so already, who cannot and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError


class Person(NamedTuple):
    """A participant by key and name, which is all that is shown of one."""

    pk: int
    name: str


@dataclass
class Outlook:
    """The people of a selection, each in one place."""

    will_change: list[Person] = field(default_factory=list)
    so_already: list[Person] = field(default_factory=list)
    #: By the reason for which they cannot.
    refused: dict[str, list[Person]] = field(default_factory=dict)

    @property
    def refused_count(self) -> int:
        return sum(map(len, self.refused.values()))


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
