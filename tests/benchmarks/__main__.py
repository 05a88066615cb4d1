"""Measure the registrar's desk: ``python -m tests.benchmarks``, which ``make bench`` runs."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from .report import table
from .run import run
from .worker import Order


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 20000], help="how many participants")
    parser.add_argument("--repetitions", type=int, default=15, help="runs of each request that count")
    parser.add_argument("--bulk", type=int, default=500, help="people of the bulk action")
    parser.add_argument("--import", type=int, default=5000, dest="imported", help="rows of the import")
    parser.add_argument("--only", default="", metavar="TEXT", help="measure only lines with this text in their names")
    return parser.parse_args()


def orders(chosen: argparse.Namespace, folder: Path) -> list[Order]:
    """One for each size: SQLite files in the folder, or databases beside the one that ``DATABASE_URL`` names."""
    address = os.environ.get("DATABASE_URL", "")
    server = "" if address.startswith("sqlite") else address
    return [
        Order(
            size=size,
            database=f"imp_benchmark_{size}" if server else str(folder / f"{size}.sqlite3"),
            folder=folder,
            server=server,
            bulk=chosen.bulk,
            imported=chosen.imported,
        )
        for size in chosen.sizes
    ]


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def main() -> None:
    chosen = options()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="imp-benchmark-") as name:
        say(f"Building {' and '.join(f'{size:,}' for size in chosen.sizes)} people")
        machine, lines = run(orders(chosen, Path(name)), repetitions=chosen.repetitions, only=chosen.only, say=say)
    print(f"\n{machine}. Median of {chosen.repetitions} runs.\n")
    print(table(lines, chosen.sizes))
    print(f"\nAfter {time.monotonic() - began:,.0f} s in all.")


if __name__ == "__main__":
    main()
