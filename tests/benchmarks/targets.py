"""What is to be reached, and whether it is."""

from dataclasses import dataclass

from .measure import Result


@dataclass(frozen=True)
class Targets:
    """The most that a line may take; ``None`` where nothing is asked for."""

    queries: int | None = None
    #: As many times the floor: of a list, Wagtail's own listing of a flat table.
    times_floor: float | None = None
    #: As many times slower at the largest size as at the one before.
    growth: float | None = None
    seconds: float | None = None

    def missed(self, results: dict[int, Result], floors: dict[int, Result]) -> list[str]:
        """What is missed, each at its worst; ``results`` and ``floors`` by how many people there are."""
        reached = {
            "queries": (max(result.queries for result in results.values()), self.queries),
            "x floor": (max((ratio(results[size], floors[size]) for size in floors), default=None), self.times_floor),
            "x growth": (growth(results), self.growth),
            "s": (max(result.seconds for result in results.values()), self.seconds),
        }
        return [
            f"{value:.4g} {what}, not {most:g}"
            for what, (value, most) in reached.items()
            if value is not None and most is not None and value > most
        ]

    def verdict(self, results: dict[int, Result], floors: dict[int, Result]) -> str:
        """ "reached", or "missed" and what; empty where nothing is asked for."""
        if self == NOTHING:
            return ""
        missed = self.missed(results, floors)
        return f"missed: {'; '.join(missed)}" if missed else "reached"


def ratio(result: Result, floor: Result) -> float:
    """How many times as long as the floor."""
    return result.seconds / floor.seconds


def growth(results: dict[int, Result]) -> float | None:
    """How many times longer it takes at the largest size than at the one before; ``None`` for a single size."""
    *_smaller, before, largest = [None, *sorted(results)]
    return ratio(results[largest], results[before]) if before else None


NOTHING = Targets()
LIST = Targets(queries=15, times_floor=2.0, growth=1.3)
#: Of a list that does not fill its page: with more people it has more rows, and takes longer for that alone.
SHORT_LIST = Targets(queries=15, times_floor=2.0)
RECORD = Targets(queries=14)
IMPORT = Targets(seconds=60)
#: Its floor is the plainest page of the site.
VERIFICATION = Targets(queries=2, times_floor=1.5)
#: A file takes the time that it takes to be read.
CHECKED_FILE = Targets(queries=2)
#: A page of the public site; its floor is an empty page of Wagtail's.
PAGE = Targets(queries=12, times_floor=2.0, growth=1.3)
#: One that shows more where there are more: forty trainings of a year, and not two.
FULLER_PAGE = Targets(queries=12, times_floor=2.0)
#: A page of the public directory; its floor is an empty page of Wagtail's.
DIRECTORY = Targets(queries=10, times_floor=3.0, growth=1.5)
