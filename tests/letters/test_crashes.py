"""The process that issues letters is killed in the middle of what it does, more than once: nothing is lost by that."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from imp_wagtail.core.models import Job
from imp_wagtail.letters.bulk.works import IssueWork
from imp_wagtail.letters.models import Letter, LetterYear
from imp_wagtail.letters.register.strays import strays
from imp_wagtail.participants.models import Enrolment, Participant, StageCompletion
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, registrar
from tests.processes import connected

from .conftest import COMPLETED_ON, ISSUED_ON
from .printing import QUICK_RENDERER
from .test_concurrency import at_work

pytestmark = pytest.mark.django_db  # so that there is a database to copy, also where these tests run alone

#: Seconds after which a process is taken for stuck.
PATIENCE = 180
WEASYPRINT = "imp_wagtail.letters.rendering.WeasyPrintRenderer"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the module, as its database is."""
    return tmp_path_factory.mktemp("private")


def waiting_job(stage: Stage, count: int) -> Job:
    """Letters for many people that nobody has begun to issue."""
    LetterTemplateFactory(pathway=stage.pathway)
    items = [[pk, stage.pk] for pk in who_completed(stage, count)]
    params = {"act": "letters", "data": {"issued_on": ISSUED_ON.isoformat(), "stage": ""}, "left_alone": {}}
    # Not through ``start``, which takes the first steps at once where tasks run in process.
    return Job.objects.create(kind=IssueWork.kind, items=items, total=count, params=params, created_by=registrar())


def who_completed(stage: Stage, count: int) -> list[int]:
    """Enrolments in which a stage is completed; made in a few statements, because they are many."""
    people = Participant.objects.bulk_create(Participant(name=f"Person {number}") for number in range(count))
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(participant=person, pathway=stage.pathway, enrolled_on=COMPLETED_ON) for person in people
    )
    StageCompletion.objects.bulk_create(
        StageCompletion(enrolment=enrolment, stage=stage, completed_on=COMPLETED_ON) for enrolment in enrolments
    )
    return [enrolment.pk for enrolment in enrolments]


@contextmanager
def process(database: dict[str, Any], folder: Path, job: Job, **options: Any) -> Iterator[subprocess.Popen]:
    """A process that is at the job."""
    pause = options.pop("pause", 0)
    with at_work(database, folder, **options) as worker:
        try:
            assert worker.stdout.readline() == "ready\n"
            worker.stdin.write(json.dumps({"job": job.pk, "pause": pause}) + "\n")
            worker.stdin.flush()
            yield worker
        finally:
            worker.kill()


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.glob("letters/*/*.pdf")}


def count_of(job: Job) -> int:
    return Letter.objects.filter(run=job).count()


def kill_in_the_middle(worker: subprocess.Popen, job: Job, folder: Path, *, after: int) -> None:
    """Kill -9 as soon as so many are done, at a moment when files of the next are stored and nothing else is."""
    others, end = len(files_in(folder)) - count_of(job), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done = Job.objects.values_list("position", flat=True).get(pk=job.pk)
        if done >= after and len(files_in(folder)) - others > done:
            worker.kill()
            worker.wait()
            return
        assert worker.poll() is None, "it came to its end before it could be killed"
        time.sleep(0.002)
    pytest.fail("it never came so far")


def refuse_anything_half_done(job: Job, folder: Path) -> None:
    """What is done is done wholly: as many letters as the job counts, numbered in a row, each with its own file."""
    job.refresh_from_db()
    letters = list(Letter.objects.filter(run=job).order_by("running_number"))
    first = letters[0].running_number
    assert (job.position, job.changed, job.left_out) == (len(letters), len(letters), 0)
    assert [letter.running_number for letter in letters] == list(range(first, first + len(letters)))
    assert LetterYear.objects.get().last_number == letters[-1].running_number
    assert len({letter.enrolment_id for letter in letters}) == len(letters)
    for letter in letters:
        assert hashlib.sha256((folder / letter.file.name).read_bytes()).hexdigest() == letter.sha256


def grow_old(folder: Path, names: list[str]) -> None:
    two_days_ago = time.time() - dt.timedelta(days=2).total_seconds()
    for name in names:
        os.utime(folder / name, (two_days_ago, two_days_ago))


@pytest.mark.parametrize(
    ("count", "options", "kills"),
    [
        pytest.param(500, {"renderer": QUICK_RENDERER, "pause": 0.005}, (100, 300), id="500"),
        pytest.param(24, {"renderer": WEASYPRINT, "pause": 0.01}, (8,), id="24 real ones"),
    ],
)
def test_kill_9_and_going_on_issues_each_letter_once(
    shared_database: dict[str, Any],
    settings: LazySettings,
    folder: Path,
    count: int,
    options: dict[str, Any],
    kills: tuple[int, ...],
) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PRIVATE_ROOT": str(folder)}
    with connected(shared_database):
        job = waiting_job(StageFactory(), count)
        for after in kills:
            with process(shared_database, folder, job, **options) as worker:
                kill_in_the_middle(worker, job, folder, after=after)
            refuse_anything_half_done(job, folder)
            assert after <= job.position < count
        with process(shared_database, folder, job, **options) as worker:
            assert json.loads(worker.communicate(timeout=PATIENCE)[0]) == "finished"

        refuse_anything_half_done(job, folder)
        assert job.changed == count
        assert {letter.enrolment_id for letter in Letter.objects.filter(run=job)} == {pk for pk, _stage in job.items}
        refuse_what_the_command_misses(folder)


def refuse_what_the_command_misses(folder: Path) -> None:
    """Of the crashes, files are left that belong to no letter. They are found, and nothing else is wrong."""
    left = files_in(folder) - set(Letter.objects.values_list("file", flat=True))
    assert left
    assert set(strays()) == left
    grow_old(folder, sorted(left))
    said = StringIO()
    call_command("imp_check_letters", "--delete-strays", stdout=said)
    assert said.getvalue().count("belonged to no letter, and was deleted.") == len(left)
    assert files_in(folder) == set(Letter.objects.values_list("file", flat=True))
