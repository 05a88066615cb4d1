"""Several people write at once: a reader who goes on from the last entry it saw misses none."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from imp_wagtail.directory import actions
from imp_wagtail.directory.feed.cursors import Cursor
from imp_wagtail.directory.feed.reading import read_page
from imp_wagtail.directory.models import Edition, FeedEntry, Teacher
from tests.factories import TeacherFactory
from tests.processes import connected

pytestmark = pytest.mark.django_db

#: Seconds after which a thread is taken for stuck.
PATIENCE = 60
WRITERS, CHANGES = 3, 12


class Reader:
    """One who pages on and on."""

    def __init__(self) -> None:
        self.cursor: Cursor | None = None
        self.seen: list[FeedEntry] = []

    def read(self) -> list[Any]:
        """The ids of the next entries."""
        page = read_page(self.cursor, Edition.objects.first() or Edition())
        self.cursor = page.cursor
        self.seen += page.entries
        return [entry.uid for entry in page.entries]

    def read_to_the_end(self) -> None:
        while self.read():
            pass


@pytest.fixture
def side_by_side(shared_database: dict[str, Any]) -> Iterator[Callable[..., Future]]:
    """Runs a function beside the test, each with a connection of its own to the same database."""

    def with_connection(function: Callable[..., Any], *args: Any) -> Any:
        with connected(shared_database):
            return function(*args)

    with connected(shared_database), ThreadPoolExecutor(WRITERS + 1) as threads:
        yield partial(threads.submit, with_connection)


def change(teacher: Teacher, text: str, held: Event, release: Event) -> None:
    """Change an entry, and keep the transaction open."""
    with transaction.atomic():
        actions.update_teacher(teacher, about=text, by=None)
        held.set()
        release.wait(PATIENCE)


def change_often(teachers: list[Teacher], seed: int) -> None:
    """Change any of these, again and again; each transaction takes a while."""
    dice = random.Random(seed)
    for number in range(CHANGES):
        with transaction.atomic():
            actions.update_teacher(dice.choice(teachers), about=f"{seed}.{number}", by=None)
            time.sleep(dice.random() / 50)
        time.sleep(dice.random() / 50)


def test_who_comes_second_waits_and_is_told_second(side_by_side: Callable[..., Future]) -> None:
    first, second = [TeacherFactory(agrees_to=["sharing"], speaks=["en"]) for _each in range(2)]
    reader, held, release = Reader(), Event(), Event()
    reader.read_to_the_end()

    slow = side_by_side(change, first, "Slow.", held, release)
    assert held.wait(PATIENCE)
    quick = side_by_side(change, second, "Quick.", Event(), release)
    with pytest.raises(TimeoutError):
        quick.result(timeout=1)
    assert reader.read() == []
    release.set()
    slow.result(PATIENCE)
    quick.result(PATIENCE)

    assert reader.read() == [first.uid, second.uid]


def test_a_reader_among_writers_misses_nothing(side_by_side: Callable[..., Future], settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "FEED_PER_PAGE": 2}
    groups = [
        [TeacherFactory(agrees_to=["sharing"], speaks=["en"]) for _each in range(3)] for _writer in range(WRITERS)
    ]
    reader = Reader()

    writers = [side_by_side(change_often, group, seed) for seed, group in enumerate(groups)]
    while not all(writer.done() for writer in writers):
        reader.read()
    for writer in writers:
        writer.result(PATIENCE)
    reader.read_to_the_end()

    times = [entry.modified for entry in reader.seen]
    assert times == sorted(set(times))
    learned = {entry.uid: entry.data["about"] for entry in reader.seen}
    kept = Teacher.objects.filter(pk__in=[teacher.pk for group in groups for teacher in group])
    assert {uid: learned[uid] for uid in kept.values_list("uid", flat=True)} == dict(kept.values_list("uid", "about"))
