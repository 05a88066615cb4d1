"""Which of the listings' places lie near another one, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..places import DEGREE_KM, distance
from .entries import Point

#: Points have numbers, of which a column holds the last byte; the rest is the number of a group.
GROUP = 256
#: The byte of a listing that is nowhere; it is in no group.
NOWHERE = 0


@dataclass(frozen=True)
class Points:
    """The different points of all listings, most of them towns that many share, by their numbers."""

    by_number: list[Point] = field(default_factory=list)
    numbers: dict[Point, int] = field(default_factory=dict)

    @classmethod
    def of(cls, points: Iterable[Point]) -> "Points":
        """These points, numbered from south to north: those of one circle are then in few groups."""
        ordered = sorted(set(points))
        return cls(ordered, {point: number for number, point in enumerate(ordered)})

    def with_more(self, points: Iterable[Point]) -> "Points":
        """The same with further ones, which get the next numbers."""
        new = [point for point in dict.fromkeys(points) if point not in self.numbers]
        if not new:
            return self
        further = {point: number for number, point in enumerate(new, start=len(self.by_number))}
        return Points([*self.by_number, *new], {**self.numbers, **further})

    def within(self, km: float, of: Point) -> dict[int, bytes]:
        """Groups that have points within so many kilometres, each with the table that makes its bytes into flags."""
        band = km / DEGREE_KM * 1.01
        tables: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(GROUP))
        for number, point in enumerate(self.by_number):
            if abs(point[0] - of[0]) <= band and distance(point, of) <= km:
                tables[number // GROUP][number % GROUP] = 1
        return {group: bytes(table) for group, table in tables.items()}

    def place(self, point: Point | None) -> tuple[str | None, int]:
        """The group of a point, as a facet's value, and its byte."""
        if point is None:
            return None, NOWHERE
        group, byte = divmod(self.numbers[point], GROUP)
        return str(group), byte
