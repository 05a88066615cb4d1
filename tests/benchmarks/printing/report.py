"""What was measured, and whether it is what is asked for."""

from dataclasses import dataclass
from statistics import median

#: At least as many times as fast as the naive way, with one process.
TIMES_NAIVE = 1.8
#: At most as many times as long as the floor.
TIMES_FLOOR = 1.3
#: At least as many times as fast with two processes.
TIMES_TWO = 1.6
#: Fewer thousands of bytes each.
KILOBYTES = 45


@dataclass
class Measured:
    """One way: seconds for a letter in each batch, and the size of each letter."""

    name: str
    seconds: list[float]
    sizes: list[int]

    @property
    def each(self) -> float:
        """Seconds for a letter: the median of all batches."""
        return median(self.seconds)


def table(naive: Measured, floor: Measured, one: Measured, two: Measured) -> str:
    """The four ways, and what is to be reached."""
    head = f"{'':44}{'letters/s':>10}{'ms each':>9}{'kB each':>9}{'largest':>9}"
    verdicts = [
        _verdict("x as fast as naive", naive.each / one.each, TIMES_NAIVE, at_least=True),
        _verdict("x the floor", one.each / floor.each, TIMES_FLOOR),
        _verdict("x as fast with two processes", one.each / two.each, TIMES_TWO, at_least=True),
        _verdict("kB, the largest letter", max(one.sizes + two.sizes) / 1000, KILOBYTES),
    ]
    return "\n".join([head, *map(_row, (naive, floor, one, two)), "", *verdicts])


def _row(way: Measured) -> str:
    kilobytes, largest = sum(way.sizes) / len(way.sizes) / 1000, max(way.sizes) / 1000
    return f"  {way.name:42}{1 / way.each:10.1f}{way.each * 1000:9.1f}{kilobytes:9.1f}{largest:9.1f}"


def _verdict(what: str, value: float, target: float, *, at_least: bool = False) -> str:
    reached = value >= target if at_least else value <= target
    asked = f"{'at least' if at_least else 'at most'} {target:g}"
    return f"  {f'{value:.2f} {what}, {asked}':60}{'reached' if reached else 'missed'}"
