"""All listings of one edition on one day, ready to be searched.

The place of a listing is its rank by name; each facet's value is a set of places (``bits``). An index never changes:
what changes in the directory makes another one, which takes its place whole, so that threads need not wait.
"""

import datetime as dt
import operator
from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import accumulate, compress, repeat

from .bits import all_bits, bits_of, bits_of_flags, closed, flags_of, opened, place_of
from .entries import OWN, PARTNER, YES, Entry, Point
from .points import Points

#: The facet of the groups that ``Points`` puts points into.
GROUPS = "group"

#: A word that is in more names than one of so many is looked for in each.
MANY = 5

Sets = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Stamp:
    """Which state of the directory an index shows: the edition's number, when it was made, and the day."""

    number: int
    changed_at: dt.datetime | None
    day: dt.date


@dataclass(frozen=True)
class Index:
    """``Index.of(stamp, entries)``: columns in the order of names, and sets of their places by facet and value."""

    stamp: Stamp
    #: Keys and folded names of listings, the points that the map shows, and what ``points`` made of where they are.
    keys: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    spots: list[Point | None] = field(default_factory=list)
    near_bytes: bytearray = field(default_factory=bytearray)
    points: Points = field(default_factory=Points)
    sets: Sets = field(default_factory=dict)

    @classmethod
    def of(cls, stamp: Stamp, entries: Iterable[Entry]) -> "Index":
        """A new index of these entries."""
        ordered = sorted(entries, key=lambda entry: (entry.name, entry.key))
        points = Points.of(entry.near for entry in ordered if entry.near)
        places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        column = bytearray()
        for place, entry in enumerate(ordered):
            group, byte = points.place(entry.near)
            column.append(byte)
            if group is not None:
                places[GROUPS, group].append(place)
            for facet in entry.facets:
                places[facet].append(place)
        sets: Sets = defaultdict(dict)
        for (facet, value), members in places.items():
            sets[facet][value] = bits_of(members, len(ordered))
        return cls(
            stamp,
            [entry.key for entry in ordered],
            [entry.name for entry in ordered],
            [entry.spot for entry in ordered],
            column,
            points,
            dict(sets),
        )

    def changed(self, stamp: Stamp, entries: Collection[Entry], gone: Iterable[int] = ()) -> "Index":
        """The index after these entries came or changed, and those of the keys went."""
        points = self.points.with_more(entry.near for entry in entries if entry.near)
        sets = {facet: dict(values) for facet, values in self.sets.items()}
        after = Index(stamp, [*self.keys], [*self.names], [*self.spots], self.near_bytes[:], points, sets)
        known = set(self.keys)
        for key in {*gone, *(entry.key for entry in entries)} & known:
            after._take_out(key)
        for entry in entries:
            after._put_in(entry)
        return after

    def _take_out(self, key: int) -> None:
        place = self.keys.index(key)
        for column in (self.keys, self.names, self.spots, self.near_bytes):
            del column[place]
        for values in self.sets.values():
            for value, bits in list(values.items()):
                values[value] = closed(bits, place)
                if not values[value]:
                    del values[value]

    def _put_in(self, entry: Entry) -> None:
        place = bisect(range(len(self.keys)), (entry.name, entry.key), key=lambda at: (self.names[at], self.keys[at]))
        group, byte = self.points.place(entry.near)
        facets = entry.facets | ({(GROUPS, group)} if group is not None else set())
        for column, item in (
            (self.keys, entry.key),
            (self.names, entry.name),
            (self.spots, entry.spot),
            (self.near_bytes, byte),
        ):
            column.insert(place, item)
        for facet, value in facets:
            self.sets.setdefault(facet, {}).setdefault(value, 0)
        for facet, values in self.sets.items():
            for value, bits in values.items():
                values[value] = opened(bits, place, (facet, value) in facets)

    @cached_property
    def everybody(self) -> int:
        return all_bits(len(self.keys))

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        """How many there are of each facet and value."""
        return {
            facet: {value: bits.bit_count() for value, bits in values.items()} for facet, values in self.sets.items()
        }

    def having(self, facet: str, value: str) -> int:
        """Those with this value of a facet."""
        return self.sets.get(facet, {}).get(value, 0)

    @property
    def has_partners(self) -> bool:
        """Whether any listing is a partner's."""
        return bool(self.sets.get(PARTNER))

    def listed_by(self, partners: Iterable[int]) -> int:
        """The site's own, and those of these partners."""
        if not self.has_partners:
            return self.everybody
        found = self.having(OWN, YES)
        for partner in partners:
            found |= self.having(PARTNER, str(partner))
        return found

    @cached_property
    def text(self) -> str:
        """All names, one in a line: to look through one long text is faster than through many short ones."""
        return "\n".join(self.names)

    def named(self, words: Iterable[str]) -> int:
        """Those of whose name every one of these folded words is a part."""
        longest, *others = sorted(words, key=len, reverse=True)
        if self.text.count(longest) > len(self.names) // MANY:
            found = bits_of_flags(bytes(map(operator.contains, self.names, repeat(longest))))
            return reduce(operator.and_, (self.named([word]) for word in others), found)
        # Before each place where the word stands, the lines that ended.
        places = accumulate(part.count("\n") for part in self.text.split(longest)[:-1])
        fitting = (place for place in places if all(word in self.names[place] for word in others))
        return bits_of(fitting, len(self.names))

    def near(self, point: Point, km: float) -> int:
        """Those who are within so many kilometres of a point, as the crow flies."""
        found = 0
        for group, table in self.points.within(km, of=point).items():
            found |= bits_of_flags(self.near_bytes.translate(table)) & self.having(GROUPS, str(group))
        return found

    def keys_of(self, bits: int, start: int, stop: int) -> list[int]:
        """The keys of some of a set, in the order of names: from this rank on, up to that one."""
        stop = min(stop, bits.bit_count())
        if start >= stop:
            return []
        first, last = place_of(bits, start), place_of(bits, stop - 1)
        size = last - first + 1
        return list(compress(self.keys[first : last + 1], flags_of(bits >> first & all_bits(size), size)))

    def spots_of(self, bits: int) -> list[tuple[int, float, float]]:
        """Key, latitude and longitude of those of a set whom the map may show."""
        shown = compress(zip(self.keys, self.spots, strict=True), flags_of(bits, len(self.keys)))
        return [(key, *spot) for key, spot in shown if spot]
