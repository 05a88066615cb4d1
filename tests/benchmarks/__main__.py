"""Measure desk, directory, letters and pages: ``python -m tests.benchmarks``; ``make bench`` runs it."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .environment import ROOT
from .report import table
from .run import run
from .worker import Order


@dataclass(frozen=True)
class Section:
    """Lines that are measured in databases of the same sizes: a module in here, and what its sizes count."""

    name: str
    of: str
    sizes: list[int]
    bulk: int = 0
    imported: int = 0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 20000], help="how many participants")
    parser.add_argument("--letters", type=int, nargs="+", default=[1000, 1_000_000], help="how many letters to check")
    parser.add_argument("--teachers", type=int, nargs="+", default=[200, 20_000, 100_000], help="how many are listed")
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 1000], help="how many trainings and questions")
    parser.add_argument("--printed", type=int, default=200, help="how many letters to print each way; 0 for none")
    parser.add_argument("--repetitions", type=int, default=15, help="runs of each request that count")
    parser.add_argument("--bulk", type=int, default=500, help="people of the bulk action")
    parser.add_argument("--import", type=int, default=5000, dest="imported", help="rows of the import")
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="measure only lines of the desk with this text in their names; or a section, and nothing else of what "
        "is built: verification, directory, pages or printing",
    )
    return parser.parse_args()


def sections(chosen: argparse.Namespace) -> list[Section]:
    """Those to be built: the one that ``--only`` begins with, the desk for any other text, or all."""
    desk = Section("desk", "people", chosen.sizes, chosen.bulk, chosen.imported)
    others = [
        Section("verification", "letters", chosen.letters),
        Section("directory", "teachers", chosen.teachers),
        Section("pages", "trainings", chosen.pages),
    ]
    named = [section for section in others if chosen.only.lower().startswith(section.name)]
    return named or ([desk] if chosen.only else [desk, *others])


def orders(section: Section, folder: Path) -> list[Order]:
    """One for each size: SQLite files in the folder, or databases beside the one that ``DATABASE_URL`` names."""
    address = os.environ.get("DATABASE_URL", "")
    server = "" if address.startswith("sqlite") else address
    names = {size: f"imp_benchmark_{section.name}_{size}" for size in section.sizes}
    return [
        Order(
            section=section.name,
            size=size,
            database=name if server else str(folder / f"{name}.sqlite3"),
            folder=folder,
            server=server,
            bulk=section.bulk,
            imported=section.imported,
        )
        for size, name in names.items()
    ]


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def measure(section: Section, chosen: argparse.Namespace) -> None:
    """Build, measure and print one section."""
    with tempfile.TemporaryDirectory(prefix="imp-benchmark-") as name:
        say(f"Building {' and '.join(f'{size:,}' for size in section.sizes)} {section.of}")
        found = orders(section, Path(name))
        machine, lines = run(found, repetitions=chosen.repetitions, only=chosen.only, say=say)
    print(f"\n{machine}. Median of {chosen.repetitions} runs.\n")
    print(table(lines, section.sizes, of=section.of))


def print_letters(count: int) -> None:
    """Measure and report the section about printing, which counts letters a second and not requests."""
    say(f"Printing {count} letters each way")
    command = [sys.executable, "-m", f"{__package__}.printing", "--printed", str(count)]
    subprocess.run(command, check=True, cwd=ROOT)


def main() -> None:
    chosen = options()
    began = time.monotonic()
    printing = chosen.only.lower().startswith("printing")
    for section in [] if printing else sections(chosen):
        measure(section, chosen)
    if chosen.printed and (printing or not chosen.only):
        print_letters(chosen.printed)
    print(f"\nAfter {time.monotonic() - began:,.0f} s in all.")


if __name__ == "__main__":
    main()
