"""The part of the world that a map shows, and the squares that it is divided into. Degrees."""

import math
from typing import NamedTuple

from ..finding.entries import Point

#: A map is divided into no more squares than this from west to east, nor from south to north.
SQUARES = 64


class Box(NamedTuple):
    """From west to east and from south to north, in this order as in an address."""

    west: float = -180.0
    south: float = -90.0
    east: float = 180.0
    north: float = 90.0

    @classmethod
    def of(cls, text: str) -> "Box":
        """The box that an address names, such as "4.5,51,7,53": the nearest one, or the whole world if it is none."""
        try:
            west, south, east, north = map(float, text[:200].split(","))
        except ValueError:
            return WORLD
        if not all(map(math.isfinite, (west, south, east, north))):
            return WORLD
        (west, east), (south, north) = sorted((west, east)), sorted((south, north))
        return cls(nearest(west, 180), nearest(south, 90), nearest(east, 180), nearest(north, 90))

    def holds(self, point: Point) -> bool:
        latitude, longitude = point
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    @property
    def side(self) -> float:
        """The side of a square. Powers of two, so that squares stay where they are while a map is moved."""
        longest = max(self.east - self.west, self.north - self.south) / SQUARES
        return 2.0 ** math.ceil(math.log2(max(longest, 0.001)))


WORLD = Box()


def nearest(degrees: float, most: int) -> float:
    return min(max(degrees, -most), most)


def square_of(point: Point, side: float) -> tuple[int, int]:
    """The numbers of the square in which a point lies."""
    return math.floor(point[0] / side), math.floor(point[1] / side)
