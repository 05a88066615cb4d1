"""Django, set up for the benchmark in a process of its own: its settings, and a database that nothing else uses."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(database: str, *, folder: Path, server: str = "") -> None:
    """Set Django up to work on this database: a SQLite file, or a name on the server that an address leads to.

    Files go into the folder. Nothing may have imported Django's settings before.
    """
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ["DATABASE_URL"] = server or f"sqlite:///{database}"
    os.environ["BENCHMARK_DATABASE"] = database
    os.environ["SITE_VAR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()


def make_database() -> None:
    """Make the database anew, with every table, the way a test run does: one of that name gives way."""
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def drop_database() -> None:
    """Drop the database that ``make_database`` made."""
    from django.db import connection

    connection.creation.destroy_test_db(verbosity=0)
