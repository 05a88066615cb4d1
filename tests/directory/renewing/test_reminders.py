"""Reminders: in time, once each, in the teacher's language, and to nobody who has nothing to answer."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from imp_wagtail.directory import actions
from imp_wagtail.directory.delivering import MAILS
from imp_wagtail.directory.models import ConsentText, DirectoryMail, Teacher
from imp_wagtail.directory.renewing.actions import remind, remind_all
from tests.directory.support import log_of
from tests.factories import registrar

from .support import TODAY, at, fresh, in_days, listed, new_text, occasions

pytestmark = pytest.mark.django_db

#: Days around all those on which something may happen.
DAYS = [-71, -70, -69, -68, -61, -60, -59, -15, -14, -13, -7, -1, 0, 1, 2, 29, 30, 31, 59]


def days_of_reminders(teacher: Teacher, days: Sequence[int] = DAYS) -> list[tuple[int, str]]:
    """Run the command's part each day; on which of them somebody was reminded, and for what."""
    found = []
    for day in days:
        with at(in_days(day), hour=3):
            if remind_all():
                found.append((day, occasions(teacher)[-1]))
    return found


def delivered(teacher: Teacher) -> Any:
    """The last e-mail, after all that is due was handed over."""
    MAILS.deliver_due()
    assert mail.outbox[-1].to == [teacher.participant.email]
    return mail.outbox[-1]


class TestWhen:
    def test_before_a_listing_ends_and_once_after(self) -> None:
        assert days_of_reminders(listed(TODAY)) == [
            (-60, "2027-03-01/60"),
            (-14, "2027-03-01/14"),
            (1, "2027-03-01/out"),
        ]

    def test_a_day_begins_at_midnight_where_the_site_is(self) -> None:
        teacher = listed(TODAY)
        with at(in_days(-61), hour=23, minute=59):
            assert remind(teacher) is None
        with at(in_days(-60), hour=0):
            assert remind(teacher) is not None

    def test_over_a_leap_day(self) -> None:
        with at(dt.date(2028, 2, 29)):
            assert remind(listed(dt.date(2028, 3, 14))).occasion == "2028-03-14/14"
        with at(dt.date(2028, 2, 15)):
            assert remind(listed(dt.date(2028, 2, 29))).occasion == "2028-02-29/14"

    def test_where_the_command_did_not_run_only_the_latest_goes(self) -> None:
        assert days_of_reminders(listed(TODAY), [-10, -9, *DAYS[-8:]]) == [
            (-10, "2027-03-01/14"),
            (1, "2027-03-01/out"),
        ]

    def test_not_long_after_the_end(self) -> None:
        assert days_of_reminders(listed(TODAY), range(30, 32)) == [(30, "2027-03-01/out")]
        assert days_of_reminders(listed(TODAY, slug="later"), range(31, 40)) == []

    def test_on_the_days_that_the_site_sets(self, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_REMIND_DAYS": (7, 0)}
        assert [day for day, _name in days_of_reminders(listed(TODAY))] == [-7, 0, 1]

    def test_not_where_the_day_had_come_when_it_was_renewed(self, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_DAYS": 30}
        with at(in_days(-30)):
            teacher = actions.renew(listed(), by=None)

        assert days_of_reminders(teacher, [-30, -29, *DAYS[7:15]]) == [(-14, "2027-03-01/14"), (1, "2027-03-01/out")]

    def test_nobody_whose_listing_does_not_run_out(self, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_DAYS": 0}
        teacher = listed(TODAY)
        with at(in_days(-20)):
            actions.renew(teacher, by=None)

        assert days_of_reminders(teacher) == []

    def test_whoever_renewed_hears_of_the_next_end_only(self) -> None:
        teacher = listed(TODAY)
        assert days_of_reminders(teacher, [-60]) == [(-60, "2027-03-01/60")]
        with at(in_days(-59)):
            actions.renew(teacher, by=None)

        assert days_of_reminders(teacher, [-59, *DAYS[7:], 245]) == []
        assert days_of_reminders(teacher, range(246, 249)) == [(246, "2028-01-01/60")]

    @pytest.mark.parametrize("reason", ["no e-mail", "left", "suspended", "no standing"])
    def test_nobody_whom_no_answer_would_list(self, reason: str) -> None:
        teacher = listed(TODAY, standing=reason != "no standing")
        if reason == "no e-mail":
            teacher.participant.email = ""
            teacher.participant.save()
        if reason == "left":
            actions.end_consent(teacher, why="Asked.", by=registrar())
        if reason == "suspended":
            actions.suspend(teacher, why="Asked.", by=registrar())

        assert days_of_reminders(teacher, [-60, -14, 1]) == []


class TestNewWordings:
    def test_whoever_agreed_to_an_earlier_one_is_asked_at_once_before_its_end_and_once_after(self) -> None:
        teacher = listed()
        with at(in_days(-70)):
            new_text("profile", ends=in_days(1))

        assert days_of_reminders(teacher, DAYS[1:]) == [
            (-69, "2026-12-21/new"),
            (-60, "2027-03-01/60"),
            (-14, "2027-03-01/14"),
            (1, "2027-03-01/out"),
        ]

    def test_one_that_ends_nothing_is_asked_about_once(self) -> None:
        teacher = listed()
        with at(in_days(-70)):
            new_text("profile")

        assert days_of_reminders(teacher) == [(-69, "2026-12-21/new")]

    def test_nobody_is_asked_about_a_purpose_that_they_never_agreed_to(self) -> None:
        teacher = listed(agrees_to=["map"])
        with at(in_days(-70)):
            new_text("photo", ends=in_days(1))

        assert days_of_reminders(teacher) == []

    def test_several_things_at_once_are_one_e_mail_that_tells_all(self) -> None:
        teacher = listed(in_days(14), agrees_to=["photo", "map"])
        with at(TODAY, hour=1):
            new_text("photo", ends=in_days(20))
            new_text("map")
        with at(TODAY, hour=3):
            assert remind_all() == 1
            assert remind_all() == 0
            text = delivered(teacher).body
        for words in ("is shown until 15 March 2027", "your photo is shown until 20 March 2027", "Place on the map"):
            assert words in text

    def test_a_later_version_is_another_question(self) -> None:
        teacher = listed()
        with at(in_days(-3)):
            new_text("profile")
        assert days_of_reminders(teacher, [-2]) == [(-2, "2027-02-26/new")]
        with at(in_days(-1)):
            new_text("profile", "Another.")

        assert days_of_reminders(teacher, range(5)) == [(0, "2027-02-28/new")]


class TestOnce:
    def test_the_database_holds_that_none_is_sent_twice(self) -> None:
        from django.db import IntegrityError, transaction

        teacher = listed(TODAY)
        with at(in_days(-14)):
            reminder = remind(teacher)
        values = {"kind": DirectoryMail.Kind.REMINDER, "to": "x@example.org", "occasion": reminder.occasion}
        with pytest.raises(IntegrityError), transaction.atomic():
            DirectoryMail.objects.create(teacher=teacher, **values)

    def test_whoever_was_written_to_by_staff_was_told(self) -> None:
        from imp_wagtail.directory.renewing.actions import ask_to_renew

        teacher = listed(TODAY)
        with at(in_days(-14)):
            ask_to_renew(teacher, by=registrar())

        assert days_of_reminders(teacher, [-14, -13, 0]) == []

    def test_what_was_answered_before_it_went_does_not_go(self) -> None:
        teacher = listed(TODAY)
        with at(in_days(-14)):
            reminder = remind(teacher)
            actions.renew(teacher, by=None)
            assert MAILS.deliver(reminder) == DirectoryMail.State.FAILED

        assert mail.outbox == []

    def test_one_that_a_later_one_overtook_does_not_go(self) -> None:
        teacher = listed(TODAY)
        with at(in_days(-60)):
            remind(teacher)
        with at(in_days(-14)):
            remind(teacher)
            MAILS.deliver_due()

        assert [message.to for message in mail.outbox] == [[teacher.participant.email]]


class TestWhatItSays:
    def test_it_is_in_the_language_of_the_teacher_with_a_link_that_is_kept_nowhere(self, client: Client) -> None:
        teacher = listed(TODAY, participant__language="fr", participant__email="ana@example.org", name="Ana\nNúñez")
        with at(in_days(-14)):
            reminder = remind(teacher)
            message = delivered(teacher)
            assert "{link}" in reminder.text
            (link,) = [line for line in message.body.splitlines() if line.startswith("http")]
            assert client.get(link).status_code == 200

        assert (reminder.language, message.extra_headers["Content-Language"]) == ("fr", "fr")
        assert "Ana Núñez" in message.body
        assert link not in reminder.text
        assert log_of(teacher.participant)[-1] == ("imp.teacher.ask_to_renew", {"what": "Ana\nNúñez"})

    def test_answers_go_to_the_staff(self, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LETTER_REPLY_TO": "office@example.org"}
        teacher = listed(TODAY)
        with at(in_days(-14)):
            remind(teacher)
            assert delivered(teacher).reply_to == ["office@example.org"]

    def test_it_goes_to_the_address_that_is_on_record_by_then(self, client: Client) -> None:
        teacher = listed(TODAY)
        with at(in_days(-14)):
            remind(teacher)
            teacher.participant.email = "new@example.org"
            teacher.participant.save()
            message = delivered(teacher)
            (link,) = [line for line in message.body.splitlines() if line.startswith("http")]
            assert client.get(link).status_code == 200

    @pytest.mark.parametrize("purpose", ["profile", "photo", "map", "sharing", "indexing"])
    def test_after_an_end_it_says_what_is_so_since(self, purpose: str) -> None:
        teacher = listed(agrees_to=[] if purpose == "profile" else [purpose])
        with at(in_days(-20)):
            new_text(purpose, ends=TODAY)
        with at(TODAY):
            remind(teacher)
            text = delivered(teacher).body

        assert "until 28 February 2027." in text
        assert "Without your answer" not in text


def test_it_asks_no_more_questions_for_many_than_for_one() -> None:
    counts = []
    for _size in range(2):
        listed(in_days(100))
        listed(TODAY, agrees_to=["photo"])
        with at(in_days(-100)), CaptureQueriesContext(connection) as queries:
            assert remind_all() == 0
        with at(in_days(-60)):
            remind_all()
        with at(in_days(-59)), CaptureQueriesContext(connection) as more:
            assert remind_all() == 0
        counts.append((len(queries), len(more)))

    assert counts[0] == counts[1]


def test_a_listing_that_came_back_is_not_reminded_of_the_past() -> None:
    teacher = listed(in_days(-200))
    with at(TODAY):
        assert remind_all() == 0
        actions.renew(teacher, by=None)
        assert remind_all() == 0
    assert fresh(teacher).mails.count() == ConsentText.objects.count() == 0
