"""Several processes at work on one database at the same time, as on a server.

``copied`` makes a copy of the tests' database that processes can share, ``connected`` lets the test itself work on
it. Each process of ``at_work`` starts up, says so, waits for a line with what one function is to do, calls it, and
answers with what it returned: ``told_at_once`` gives all of them their lines when all are ready.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string

TESTS = Path(__file__).resolve().parent
#: Seconds after which a process is taken for stuck.
PATIENCE = 60


@contextmanager
def copied(tests_own: BaseDatabaseWrapper, folder: Path) -> Iterator[dict[str, Any]]:
    """The settings of a copy of the tests' database, which several processes can open; SQLite's is in memory."""
    if tests_own.vendor == "sqlite":
        path = folder / "copy.sqlite3"
        tests_own.ensure_connection()
        with closing(sqlite3.connect(path)) as file:
            tests_own.connection.backup(file)
        yield {**tests_own.settings_dict, "NAME": str(path)}
    else:
        tests_own.creation.clone_test_db("copy", verbosity=0)
        try:
            yield tests_own.creation.get_test_db_clone_settings("copy")
        finally:
            tests_own.creation.destroy_test_db(suffix="copy", verbosity=0)


@contextmanager
def connected(database: dict[str, Any]) -> Iterator[None]:
    """This process works on another database."""
    before = connections["default"]
    connections["default"] = type(before)(database, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


@contextmanager
def at_work(function: str, database: dict[str, Any], count: int = 2) -> Iterator[list[subprocess.Popen]]:
    """Processes that wait to be told what to call a function with; it is named by its dotted path."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_process(function, database)) for _ in range(count)]
        for worker in workers:
            stack.callback(worker.kill)
        yield workers


def _process(function: str, database: dict[str, Any]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.processes", json.dumps({"function": function, "database": database})],
        cwd=TESTS.parent,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told_at_once(workers: Sequence[subprocess.Popen], arguments: Sequence[dict[str, Any]]) -> list[Any]:
    """Give each process its arguments, when all of them are ready; returns what each answers."""
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker, own in zip(workers, arguments, strict=True):
        worker.stdin.write(json.dumps(own) + "\n")
        worker.stdin.flush()
    return [json.loads(worker.communicate(timeout=PATIENCE)[0]) for worker in workers]


def main(function: str, database: dict[str, Any]) -> None:
    settings.DATABASES["default"] = database
    django.setup()
    work = import_string(function)
    print("ready", flush=True)
    print(json.dumps(work(**json.loads(sys.stdin.readline()))))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
