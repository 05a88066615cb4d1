"""Measure how fast letters are issued and printed: ``python -m tests.benchmarks.printing``; ``make bench`` runs it."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..environment import ROOT, drop_database, make_database, start

if TYPE_CHECKING:
    from .report import Measured
    from .ways import Way

#: Rounds in which the ways take turns, so that whatever else the machine does falls on all alike.
ROUNDS = 4


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.printing", description=__doc__)
    parser.add_argument("--printed", type=int, default=200, help="how many letters each way prints")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def measure(count: int) -> str:
    """Issue and print so many letters each way; the report."""
    from imp_wagtail.core.packs import load_pack
    from imp_wagtail.letters import actions

    from . import material, ways
    from .report import Measured, table

    load_pack(ROOT / "fixtures" / "imp")
    stage = material.stage_with_template()
    scripts, without_font = material.printable_scripts()
    batch = max(1, count // ROUNDS)
    count = batch * ROUNDS
    first, second, third = (material.people(count, stage, scripts) for _each in range(3))
    snapshots = [letter.snapshot for letter in actions.issue_many([(one, stage) for one in third], by=None)]
    documents = [ways.document_of(snapshot) for snapshot in snapshots]
    ways.warm_up(snapshots[: 2 * len(scripts)])
    floor = ways.Floor(documents, batch)
    for turn in range(ROUNDS):
        floor(turn)
    compared: dict[str, Way] = {
        "naive: HTML(string=...).write_pdf()": ways.Naive(snapshots, batch),
        "floor: everything warm, nothing stored": floor,
        "issued and stored, one process": ways.Issuing(first, stage, batch, processes=1),
        "issued and stored, two processes": ways.Issuing(second, stage, batch, processes=2),
    }
    measured = [Measured(name, [], []) for name in compared]
    for turn in range(ROUNDS):
        say(f"Printing, round {turn + 1} of {ROUNDS}")
        for way, result in zip(compared.values(), measured, strict=True):
            _take_turn(way, result, turn, batch)
    said = f"{count} letters each way, in batches of {batch}. Names in: {', '.join(scripts)}."
    if without_font:
        said += f" No font on this machine for: {', '.join(without_font)}."
    return f"Printing. {said}\n\n{table(*measured)}"


def _take_turn(way: "Way", result: "Measured", turn: int, batch: int) -> None:
    began = time.perf_counter()
    sizes = way(turn)
    result.seconds.append((time.perf_counter() - began) / batch)
    result.sizes += sizes


def main() -> None:
    chosen = options()
    address = os.environ.get("DATABASE_URL", "")
    server = "" if address.startswith("sqlite") else address
    with tempfile.TemporaryDirectory(prefix="imp-benchmark-") as name:
        folder = Path(name)
        start("imp_benchmark_printing" if server else str(folder / "printing.sqlite3"), folder=folder, server=server)
        make_database()
        try:
            print(f"\n{measure(chosen.printed)}")
        finally:
            drop_database()


if __name__ == "__main__":
    main()
