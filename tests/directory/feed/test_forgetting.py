"""Deletions are told for a while; who was away for longer begins anew."""

import json
from typing import Any

import pytest
from django.test import Client

from imp_wagtail.directory import actions
from imp_wagtail.directory.feed.forgetting import FORGOTTEN, prune_feed
from imp_wagtail.directory.models import Edition, FeedEntry
from tests.factories import TeacherFactory

from .conftest import FEED, Read, read_on
from .days import days_later
from .test_paging import use

pytestmark = pytest.mark.django_db


def gone(teacher: Any) -> None:
    actions.suspend(teacher, why="A complaint", by=None)


def begin_anew(address: str) -> str:
    """Insist on being told to begin anew; returns where."""
    response = Client().get(address)
    assert response.status_code == 410, response.content
    assert response.headers["Cache-Control"] == "no-store"
    return json.loads(response.content)["begin"]


def test_deletions_are_kept_as_long_as_the_site_says(read: Read) -> None:
    gone(TeacherFactory(agrees_to=["sharing"]))

    with days_later(89):
        assert prune_feed() == 0
    assert len(read()["items"]) == 1
    with days_later(91):
        assert prune_feed() == 1
    assert [item["id"] for item in read()["items"]] == [str(FORGOTTEN)]


def test_what_is_there_is_never_forgotten(read: Read) -> None:
    TeacherFactory(agrees_to=["sharing"])

    with days_later(1000):
        assert prune_feed() == 0
        assert [item["state"] for item in read()["items"]] == ["updated"]


def test_who_missed_a_deletion_that_is_forgotten_begins_anew(read: Read) -> None:
    stays, goes = TeacherFactory(agrees_to=["sharing"]), TeacherFactory(agrees_to=["sharing"])
    before = read()["next"]
    gone(goes)

    with days_later(91):
        prune_feed()

        address = begin_anew(before)
        told = [item for item in read_on(address.removeprefix("http://localhost")) if item["state"] == "updated"]
    assert [item["id"] for item in told] == [str(stays.uid)]


def test_who_was_told_of_it_reads_on(read: Read) -> None:
    teacher = TeacherFactory(agrees_to=["sharing"])
    gone(teacher)
    after = read()["next"]

    with days_later(91):
        prune_feed()
        assert read(after)["items"] == []
        actions.resume(teacher, why="Settled", by=None)
        assert [item["state"] for item in read(after)["items"]] == ["updated"]


def test_who_reads_on_a_quiet_site_is_never_sent_away(read: Read) -> None:
    TeacherFactory(agrees_to=["sharing"])
    end = read()["next"]

    with days_later(400):
        prune_feed()
        gone(TeacherFactory(agrees_to=["sharing"]))
        prune_feed()
        assert len(read(end)["items"]) == 1


def test_who_comes_back_after_a_forgotten_one_is_told_and_missing_the_others_is_still_noticed(read: Read) -> None:
    first, second = TeacherFactory(agrees_to=["sharing"]), TeacherFactory(agrees_to=["sharing"])
    before = read()["next"]
    gone(first)
    gone(second)

    with days_later(91):
        assert prune_feed() == 2
        actions.resume(second, why="Settled", by=None)
        assert prune_feed() == 0
        begin_anew(before)


def test_who_is_reading_from_the_beginning_is_not_sent_away_in_the_middle(read: Read, settings: Any) -> None:
    use(settings, FEED_PER_PAGE=1)
    teachers = [TeacherFactory(agrees_to=["sharing"]) for _each in range(3)]
    gone(teachers[-1])

    with days_later(91):
        prune_feed()
        # The first page's last entry is older than what was forgotten.
        ids = [item["id"] for item in read_on()]

    assert ids == [str(teachers[0].uid), str(teachers[1].uid), str(FORGOTTEN)]


def test_a_cursor_of_a_later_time_than_anything_here_begins_anew(read: Read) -> None:
    TeacherFactory(agrees_to=["sharing"])
    after = read()["next"]
    # The database is put back to how it was before.
    FeedEntry.objects.all().delete()
    edition = Edition.objects.get()
    edition.changed_at = edition.changed_at.replace(year=2020)
    edition.save()

    assert begin_anew(after) == f"http://localhost{FEED}"
