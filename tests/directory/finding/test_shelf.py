"""The index of a process: never behind the database, whoever changed it, and in all threads the same."""

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.finding import shelf as shelves
from imp_wagtail.directory.finding.index import Index
from imp_wagtail.directory.finding.search import Question, ask
from imp_wagtail.directory.finding.shelf import Shelf
from imp_wagtail.directory.models import Consent, Edition, Listing, MirroredEntry, Partner, Teacher
from tests.factories import CourseFactory, QualificationFactory, TeacherFactory, registrar

DAY = dt.timedelta(days=1)


def names(of: Shelf) -> list[str]:
    found = ask(Question(), of)
    return [found.index.names[found.index.keys.index(key)] for key in found.keys(0, found.count)]


def on(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: day)


def mirrored(name: str, partner: Partner) -> Listing:
    """A partner's teacher as the consumer stores it."""
    now = timezone.now()
    entry = MirroredEntry.objects.create(partner=partner, kind="teacher", uid=uuid4(), modified=now)
    with transaction.atomic():
        [number], _at = Edition.next()
        face = {"name": name, "slug": name, "country": "NL", "origin": "https://example.org/", "listed_by": "Partner"}
        return Listing.objects.create(mirrored=entry, number=number, is_shown=True, folded_name=name, face=face)


@pytest.fixture
def partner() -> Partner:
    soon = timezone.now() + DAY
    return Partner.objects.create(
        name="Partner", site_url="https://example.org/", feed_url="https://example.org/feed/", gone_at=soon
    )


@pytest.mark.django_db
class TestShelf:
    def test_what_has_not_changed_is_asked_of_the_database_in_one_query(self) -> None:
        TeacherFactory()
        shelf = Shelf()
        index = shelf.current()
        with CaptureQueriesContext(connection) as queries:
            assert shelf.current() is index
        assert len(queries) == 1

    def test_only_what_changed_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shelf, teachers = Shelf(), [TeacherFactory(name=name) for name in ("Anna", "Eva", "Zoë")]
        names(shelf)
        monkeypatch.setattr(Index, "of", None)
        actions.suspend(teachers[1], why="A complaint", by=registrar())
        TeacherFactory(name="Björn")
        assert names(shelf) == ["anna", "bjorn", "zoe"]

    def test_more_changes_than_are_worth_it_make_it_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shelves, "MOST_CHANGES", 2)
        shelf = Shelf()
        names(shelf)
        monkeypatch.setattr(Index, "changed", None)
        for name in ("Anna", "Eva", "Zoë"):
            TeacherFactory(name=name)
        assert names(shelf) == ["anna", "eva", "zoe"]

    def test_another_process_sees_a_change_at_its_next_question(self) -> None:
        here, there = Shelf(), Shelf()
        teacher = TeacherFactory(name="Anna")
        assert names(here) == names(there) == ["anna"]
        actions.end_consent(teacher, why="Asked us to", by=registrar())
        assert names(there) == names(here) == []

    def test_an_edition_that_was_rolled_back_is_not_taken_for_the_one_that_got_its_number(self) -> None:
        shelf = Shelf()
        TeacherFactory(name="Anna")
        names(shelf)
        with transaction.atomic():
            TeacherFactory(name="Never")
            assert names(shelf) == ["anna", "never"]
            transaction.set_rollback(True)
        assert names(shelf) == ["anna"]
        TeacherFactory(name="Zoë")
        assert names(shelf) == ["anna", "zoe"]

    def test_a_site_that_never_published_anything_publishes_all_at_the_first_question(self) -> None:
        TeacherFactory(name="Anna", published=False)
        Listing.objects.all().delete()
        Edition.objects.all().delete()
        shelf = Shelf()
        assert names(shelf) == ["anna"]
        assert Listing.objects.get().is_shown

    def test_a_directory_of_nobody_is_asked_in_one_query(self) -> None:
        shelf = Shelf()
        assert names(shelf) == []
        with CaptureQueriesContext(connection) as queries:
            shelf.current()
        assert len(queries) == 1

    def test_whoever_is_listed_no_more_though_nothing_was_published_is_not_taken_in(self) -> None:
        TeacherFactory(name="Anna")
        Consent.objects.update(ended_on=dt.date(2025, 6, 1))
        assert names(Shelf()) == []

    def test_a_new_day_takes_out_what_ended_with_the_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        today = timezone.localdate()
        TeacherFactory(name="Anna", listed_until=today)
        zoe = TeacherFactory(name="Zoë")
        QualificationFactory(teacher=zoe, valid_until=today)
        CourseFactory(teacher=zoe, starts=today, ends=today)
        shelf = Shelf()
        assert names(shelf) == ["anna", "zoe"]
        assert ask(Question(upcoming=True, accredited=True), shelf).count == 1

        on(monkeypatch, today + DAY)
        assert names(shelf) == ["zoe"]
        assert ask(Question(upcoming=True), shelf).count == ask(Question(accredited=True), shelf).count == 0
        assert not Listing.objects.get(folded_name="").is_shown

    def test_an_erased_teacher_leaves(self) -> None:
        shelf, teacher = Shelf(), TeacherFactory(name="Anna")
        names(shelf)
        actions.unpublish(teacher)
        Teacher.objects.all().delete()
        assert names(shelf) == []

    def test_partner_s_teachers_stand_among_the_others_until_the_partner_is_trusted_no_more(
        self, partner: Partner
    ) -> None:
        shelf = Shelf()
        TeacherFactory(name="Zoë")
        mirrored("anna", partner)
        assert names(shelf) == ["anna", "zoe"]
        for untrusted in ({"is_active": False}, {"gone_at": timezone.now()}, {"gone_at": None}):
            Partner.objects.update(**{"is_active": True, **untrusted})
            assert names(shelf) == ["zoe"]
            assert ask(Question(), shelf).counts["country"] == {"NL": 1}
        Partner.objects.update(gone_at=timezone.now() + DAY)
        assert names(shelf) == ["anna", "zoe"]
        partner.delete()
        assert names(shelf) == ["zoe"]


def patiently(act: Callable[[], Any]) -> Any:
    """Do it as soon as it may be done: in memory, SQLite lets nobody wait for another's lock."""
    while True:
        try:
            return act()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.01)


@transaction.atomic
def another(number: int) -> Teacher:
    return TeacherFactory(name=f"Another {number}")


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_during_changes_never_see_less_than_was_there_before_they_asked() -> None:
    shelf, people = Shelf(), [TeacherFactory(name=f"Teacher {number:02}") for number in range(4)]
    names(shelf)

    def asks(least: int) -> Any:
        try:
            return [len(patiently(lambda: names(shelf))) for _time in range(5)], least
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = []
        for number in range(6):
            answers += [pool.submit(asks, len(people)) for _thread in range(2)]
            people.append(patiently(partial(another, number)))
        for answer in answers:
            counts, least = answer.result()
            assert min(counts) >= least
            assert counts == sorted(counts)
    assert len(names(shelf)) == len(people)
