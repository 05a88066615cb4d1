"""The daily command: each part by itself, again without harm, and no error keeps another part from being done."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imp_wagtail.directory.models import Edition, FeedEntry, Listing
from imp_wagtail.directory.renewing import keeping
from imp_wagtail.directory.renewing.keeping import PARTS, Part
from imp_wagtail.directory.staff.statuses import STATUSES

from .support import TODAY, at, in_days, listed, occasions

# Delivery wants to be the outermost transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def run(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command("imp_keep_directory", *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_it_says_in_words_what_it_did_and_the_second_time_that_nothing_was_left() -> None:
    gone = listed(in_days(-1), slug="gone")
    with at(in_days(-1)):
        Listing.objects.filter(teacher=gone).delete()
        keeping.publish_all()
    soon = listed(in_days(14))
    with at(TODAY):
        first, second = run(), run()

    assert first.splitlines() == [
        "lapsed: 1 entry ended by itself.",
        "drift: 0 entries were stored anew.",
        "reminders: 2 teachers are reminded.",
        "mails: 2 sent, 0 to be tried again, 0 failed.",
        "enquiries: 0 old enquiries deleted.",
        "feed: 0 old deletions forgotten.",
        "partners: 0 feeds read. 0 feeds could not be read.",
    ]
    assert [line for line in second.splitlines() if "0 " not in line] == []
    assert len(mail.outbox) == 2
    assert occasions(soon) == ["2027-03-15/14"]
    assert not Listing.objects.shown().filter(teacher=gone).exists()


def test_it_mends_what_was_written_past_the_verbs() -> None:
    teacher = listed(agrees_to=["sharing"])
    Listing.objects.filter(teacher=teacher).update(face={}, is_shown=False)
    FeedEntry.objects.all().delete()

    assert "drift: 2 entries were stored anew." in run("--only", "drift")
    assert Listing.objects.shown().get().face["name"] == teacher.name


def test_where_nothing_differs_nothing_is_written() -> None:
    listed(agrees_to=["sharing"])
    number = Edition.current()
    with CaptureQueriesContext(connection) as queries:
        run("--only", "drift", "--only", "lapsed")

    assert Edition.current() == number
    written = [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert written == []


def test_a_part_that_fails_is_told_and_keeps_no_other_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("no luck")

    monkeypatch.setattr(keeping, "PARTS", [Part("broken", broken), *PARTS])
    listed(in_days(14))
    out = StringIO()
    with at(TODAY), pytest.raises(CommandError, match="Not done: broken"):
        call_command("imp_keep_directory", stdout=out, stderr=out)

    assert "broken: RuntimeError: no luck" in out.getvalue()
    assert "reminders: 1 teacher is reminded." in out.getvalue()
    assert len(mail.outbox) == 1


def test_one_part_can_be_done_by_itself() -> None:
    assert run("--only", "feed").splitlines() == ["feed: 0 old deletions forgotten."]


@pytest.mark.parametrize("wrong", [["--only", "everything"], ["--only", ""], ["--only"], ["now"], ["--only", "feed;"]])
def test_what_it_does_not_know_is_refused(wrong: list[str]) -> None:
    listed(in_days(14))
    with at(TODAY), pytest.raises(CommandError):
        run(*wrong)
    assert mail.outbox == []


def test_it_can_be_silent() -> None:
    assert run(verbosity=0) == ""


def test_on_a_site_without_teachers_there_is_nothing_to_do() -> None:
    assert [line for line in run().splitlines() if "0 " not in line] == []


def test_the_same_day_is_meant_whatever_the_clock_of_the_machine_says() -> None:
    teacher = listed(dt.date(2027, 3, 1))
    with at(dt.date(2027, 3, 1), hour=23, minute=59):
        assert "lapsed: 0" in run("--only", "lapsed")
    with at(dt.date(2027, 3, 2), hour=0, minute=1):
        assert "lapsed: 1" in run("--only", "lapsed")
        assert status_keys(teacher) >= {"run_out", "not_listed"}


def status_keys(teacher: Any) -> set[str]:
    return {each.key for each in STATUSES if each.narrow(type(teacher).objects.filter(pk=teacher.pk)).exists()}
