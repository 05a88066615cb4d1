"""The places of all listings whose owners agreed to the map, ready to be counted."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Any

from ..finding.bits import bits_of_flags, flags_of
from ..finding.entries import Point
from ..finding.index import Index
from .boxes import Box, square_of

#: The number of no spot; what stands under it is not read.
NOWHERE = 0
#: So many answers an atlas remembers: who moves a map asks of the same listings again, and many ask of all of them.
REMEMBERED = 32


@dataclass(slots=True)
class Group:
    """Listings that a map shows as one: those of one spot, or those of all spots in one square."""

    #: The spot, or the one of them where most are.
    spot: int
    most: int
    count: int
    is_spread: bool = False

    def take_in(self, other: "Group") -> None:
        """Add those of another one."""
        if other.most > self.most:
            self.spot, self.most = other.spot, other.most
        self.count += other.count
        self.is_spread = True


@dataclass(frozen=True)
class Atlas:
    """The different spots of an index by their numbers, and who is at each. Like the index, it never changes."""

    index: Index
    points: list[Point] = field(default_factory=lambda: [(0.0, 0.0)])
    #: Of each place of the index, the number of its spot.
    numbers: list[int] = field(default_factory=list)
    #: Of each spot, the places of the index, in the order of names.
    members: list[list[int]] = field(default_factory=lambda: [[]])
    _memory: dict[Hashable, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, index: Index) -> "Atlas":
        atlas = cls(index)
        known: dict[Point, int] = {}
        for place, point in enumerate(index.spots):
            number = NOWHERE if point is None else known.setdefault(point, len(known) + 1)
            atlas.numbers.append(number)
            if point and number == len(atlas.points):
                atlas.points.append(point)
                atlas.members.append([])
            if point:
                atlas.members[number].append(place)
        return atlas

    @cached_property
    def placed(self) -> int:
        """The set of those who are on the map."""
        return bits_of_flags(bytes(map(bool, self.numbers)))

    def counts(self, bits: int) -> Counter[int]:
        """How many of a set are at each spot."""
        return self._remembered(bits, lambda: self._counts(flags_of(bits & self.placed, len(self.numbers))))

    def _counts(self, flags: bytes) -> Counter[int]:
        return Counter(compress(self.numbers, flags))

    def groups(self, bits: int, box: Box, most: int) -> tuple[list[Group], bool]:
        """Those of a set, in no more groups than so many, and whether that is all of the set.

        By spot where there are few enough of them, then without regard to the box; else those in the box, by spot or
        by square.
        """
        return self._remembered((bits, box, most), lambda: self._groups(bits, box, most))

    def _groups(self, bits: int, box: Box, most: int) -> tuple[list[Group], bool]:
        counts = self.counts(bits)
        if len(counts) <= most:
            return [Group(spot, count, count) for spot, count in counts.items()], True
        within = [Group(spot, count, count) for spot, count in counts.items() if box.holds(self.points[spot])]
        side = box.side
        while len(within) > most:
            within = self._by_square(within, side)
            side *= 2
        return within, False

    def _by_square(self, groups: list[Group], side: float) -> list[Group]:
        squares: dict[tuple[int, int], Group] = {}
        for group in groups:
            square = square_of(self.points[group.spot], side)
            if square in squares:
                squares[square].take_in(group)
            else:
                squares[square] = group
        return list(squares.values())

    def _remembered(self, asked: Hashable, work_out: Callable[[], Any]) -> Any:
        """What was worked out for the same, or is now. Threads may do it twice, and get the same."""
        known = self._memory.get(asked)
        if known is None:
            known = work_out()
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            self._memory[asked] = known
        return known

    def keys(self, spot: int, flags: bytes) -> Iterator[int]:
        """The keys of those of a set, as flags, who are at a spot; in the order of names."""
        return (self.index.keys[place] for place in self.members[spot] if flags[place])


class _Latest:
    """The atlas of the latest index."""

    atlas: Atlas | None = None


def atlas_of(index: Index) -> Atlas:
    """The atlas of an index; kept, because the next request has the same index unless something changed."""
    atlas = _Latest.atlas
    if atlas is None or atlas.index is not index:
        atlas = _Latest.atlas = Atlas.of(index)
    return atlas
