"""The figures as a plain text table."""

import unicodedata
from dataclasses import dataclass, field

from .measure import Result
from .targets import NOTHING, Targets, growth, ratio

NAME_WIDTH = 42


@dataclass(frozen=True)
class Measured:
    """One line with its results, and those of its floor, by how many people there are."""

    group: str
    name: str
    results: dict[int, Result]
    floors: dict[int, Result] = field(default_factory=dict)
    targets: Targets = NOTHING


def table(lines: list[Measured], sizes: list[int], *, of: str = "people") -> str:
    """All lines, group by group, with what is to be reached and whether it is; ``of`` is what a size counts."""
    rows = [_sizes(sizes, of), _head(sizes)]
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            rows += ["", group]
        rows.append(_row(line, sizes))
    return "\n".join(row.rstrip() for row in rows)


def _sizes(sizes: list[int], of: str) -> str:
    return " " * NAME_WIDTH + "".join(f"{f'{size:,} {of}':>26}" for size in sizes)


def _head(sizes: list[int]) -> str:
    growth_head = f"{'growth':>9}" if len(sizes) > 1 else ""
    return " " * NAME_WIDTH + f"{'median':>12}{'queries':>8}{'floor':>6}" * len(sizes) + growth_head + "  targets"


def _row(line: Measured, sizes: list[int]) -> str:
    cells = "".join(_cells(line.results[size], line.floors.get(size)) for size in sizes)
    grown = growth(line.results)
    growth_cell = f"{f'x {grown:.2f}':>9}" if grown is not None else ""
    name = f"  {line.name}"
    padding = " " * (NAME_WIDTH - _columns(name))
    return f"{name}{padding}{cells}{growth_cell}  {line.targets.verdict(line.results, line.floors)}"


def _columns(text: str) -> int:
    """How wide a text stands in a terminal: signs of East Asia take two columns."""
    return len(text) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)


def _cells(result: Result, floor: Result | None) -> str:
    times = f"{ratio(result, floor):.2f}" if floor else ""
    return f"{_time(result.seconds):>12}{result.queries:>8,}{times:>6}"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 10 else f"{seconds:,.1f} s"
