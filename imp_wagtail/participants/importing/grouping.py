"""Who in a file is who: several rows can be one person, and two people can have one name."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from imp_wagtail.core.fields import email_key
from imp_wagtail.core.names import name_key

from .tables import Table


@dataclass
class Groups:
    """What the rows of a file have to do with one another, by their places from 0."""

    #: Further rows of the person of an earlier row: the same e-mail address and the same name.
    followers: dict[int, list[int]] = field(default_factory=dict)
    #: Rows with the name of an earlier row, but not its e-mail address; the earlier row's number.
    namesakes: dict[int, int] = field(default_factory=dict)
    #: Rows with the e-mail address of an earlier row, but not its name; the earlier row's number.
    clashes: dict[int, int] = field(default_factory=dict)

    def leaders(self, start: int, stop: int) -> list[int]:
        """The first rows of people between two places, the second not included."""
        following = {place for places in self.followers.values() for place in places}
        return [place for place in range(start, stop) if place not in following]

    def rows_of(self, leader: int) -> list[int]:
        return [leader, *self.followers.get(leader, [])]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Groups":
        """JSON has no numbers for keys."""
        return cls(**{name: {int(key): value for key, value in found.items()} for name, found in data.items()})


def groups_of(table: Table, matching: dict[str, str]) -> Groups:
    """The groups of a table's rows, by the columns that are matched with names and addresses."""
    places = {key: int(place) for place, key in matching.items()}
    nothing = [""] * len(table.rows)
    names, emails = (list(table.column(places[key])) if key in places else nothing for key in ("name", "email"))
    return group(zip((row.number for row in table.rows), names, emails, strict=True))


def group(people: Iterable[tuple[int, str, str]]) -> Groups:
    """The groups of rows of which each has this number, name and e-mail address; the latter may be empty."""
    groups = Groups()
    by_email: dict[str, tuple[int, int, str]] = {}
    by_name: dict[str, int] = {}
    for place, (number, name, email) in enumerate(people):
        name, address = name_key(name), email_key(email)
        own = (place, number, name)
        first, first_number, first_name = by_email.setdefault(address, own) if address else own
        if first != place and first_name == name:
            groups.followers.setdefault(first, []).append(place)
            continue
        if first != place:
            groups.clashes[place] = first_number
        if name and by_name.setdefault(name, number) != number:
            groups.namesakes[place] = by_name[name]
    return groups
