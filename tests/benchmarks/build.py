"""Make a database full of invented people: ``python -m tests.benchmarks.build --size 2000 --database FILE``."""

import argparse
import time
from pathlib import Path

from .environment import make_database, start


def build(size: int) -> None:
    """Fill the database that Django is set up for; it is made anew."""
    from imp_wagtail.directory.actions import publish_all

    from .builder import Builder, analyse, work_out_progress

    make_database()
    Builder(size).build()
    work_out_progress()
    publish_all()
    analyse()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.build", description=__doc__)
    parser.add_argument("--size", type=int, default=2000, help="how many participants")
    parser.add_argument("--database", type=Path, required=True, help="the SQLite file; one that exists gives way")
    options = parser.parse_args()
    database = options.database.resolve()
    database.parent.mkdir(parents=True, exist_ok=True)
    start(str(database), folder=database.parent)
    began = time.monotonic()
    build(options.size)
    print(f"{options.size:,} participants in {options.database}, after {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
