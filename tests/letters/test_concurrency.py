"""Two registrars issue letters at the same time: two processes on one database, as on a server."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.factories import LetterTemplateFactory, StageFactory
from tests.processes import connected, copied

from .conftest import completed

pytestmark = pytest.mark.django_db  # so that there is a database to copy, also where these tests run alone

TESTS = Path(__file__).resolve().parents[1]
#: Letters that both want to issue, and that each of them issues alone.
CONTESTED, OWN = 10, 10
#: Seconds after which a process is taken for stuck.
PATIENCE = 60


def at_work(database: dict[str, Any], private_root: Path, **options: str) -> subprocess.Popen:
    """A process that has started up and waits to be told what to issue."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.letters.issuing",
            json.dumps({"database": database, "private_root": str(private_root), **options}),
        ],
        cwd=TESTS.parent,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told_at_once(workers: list[subprocess.Popen], stage: int, tasks: list[list[int]]) -> list[list[str]]:
    """Give each process its enrolments, when all of them are ready; returns what each answers."""
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker, enrolments in zip(workers, tasks, strict=True):
        worker.stdin.write(json.dumps({"stage": stage, "enrolments": enrolments}) + "\n")
        worker.stdin.flush()
    return [json.loads(worker.communicate(timeout=PATIENCE)[0]) for worker in workers]


@pytest.fixture(scope="module")
def answers(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> list[list[str]]:
    """What each of two processes got for the contested letters, and then for those of its own."""
    folder = tmp_path_factory.mktemp("concurrency")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        database = stack.enter_context(copied(connections["default"], folder))
        workers = [stack.enter_context(at_work(database, folder / "private")) for _ in range(2)]
        for worker in workers:
            stack.callback(worker.kill)
        with connected(database):
            stage = StageFactory()
            LetterTemplateFactory(pathway=stage.pathway)
            people = [completed(stage).pk for _ in range(CONTESTED + 2 * OWN)]
        contested, one, other = people[:CONTESTED], people[CONTESTED:-OWN], people[-OWN:]
        return told_at_once(workers, stage.pk, [contested + one, contested + other])


def test_letters_issued_at_once_are_numbered_without_gap_and_without_double(answers: list[list[str]]) -> None:
    numbers = sorted(number for answer in answers for number in answer if number)

    assert numbers == [f"2025-{number:04d}" for number in range(1, CONTESTED + 2 * OWN + 1)]


def test_of_two_who_issue_the_same_letter_at_once_one_is_refused(answers: list[list[str]]) -> None:
    one, other = answers

    assert [bool(number) for number in one[:CONTESTED]] == [not number for number in other[:CONTESTED]]
    assert all(one[CONTESTED:] + other[CONTESTED:])
