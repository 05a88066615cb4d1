"""Who stays: renewed, suspended, recognised; refused with a reason, done once, logged."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from imp_wagtail.core.dates import long_date
from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Listing, Teacher
from tests.directory.support import TOMORROW, log_of
from tests.factories import TeacherFactory, registrar

pytestmark = pytest.mark.django_db


def stored() -> Teacher:
    return Teacher.objects.get()


class TestRenewing:
    def test_lets_the_listing_run_for_one_more_period_from_the_day_of_the_declaration(self) -> None:
        teacher = TeacherFactory(name="Anna", listed_until=dt.date(2025, 1, 1))
        assert not stored().is_listed
        on = timezone.localdate() - dt.timedelta(days=5)
        actions.renew(teacher, on=on, note="By phone.", by=registrar())

        assert stored().is_listed
        assert (stored().renewed_on, stored().listed_until) == (on, on + dt.timedelta(days=365))
        assert log_of(teacher.participant) == [
            (
                "imp.teacher.renew",
                {
                    "what": "Anna",
                    "before": "1 January 2025",
                    "after": long_date(on + dt.timedelta(days=365)),
                    "why": "By phone.",
                },
            )
        ]

    def test_is_of_today_unless_said_otherwise_and_happens_once(self) -> None:
        teacher = TeacherFactory()
        for _time in range(2):
            actions.renew(teacher, by=registrar())

        assert stored().renewed_on == timezone.localdate()
        assert len(log_of(teacher.participant)) == 1

    def test_of_days_to_come_or_before_the_last_one_is_refused(self) -> None:
        teacher = TeacherFactory(renewed_on=dt.date(2025, 6, 1))
        for day in (TOMORROW, dt.date(2025, 5, 31)):
            with pytest.raises(ValidationError) as refused:
                actions.renew(teacher, on=day, by=registrar())
            assert list(refused.value.message_dict) == ["on"]

        assert (stored().renewed_on, log_of(teacher.participant)) == (dt.date(2025, 6, 1), [])

    def test_long_ago_does_not_bring_anybody_back(self) -> None:
        actions.renew(TeacherFactory(), on=dt.date(2020, 1, 1), by=registrar())

        assert stored().has_run_out

    def test_where_listings_do_not_run_out_sets_no_last_day(self, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_DAYS": 0}
        actions.renew(TeacherFactory(listed_until=dt.date(2025, 1, 1)), by=registrar())

        assert (stored().listed_until, stored().is_listed) == (None, True)


class TestSuspending:
    def test_takes_somebody_out_until_it_ends(self) -> None:
        teacher = TeacherFactory(name="Anna")
        actions.suspend(teacher, why=" A complaint. ", by=registrar())
        assert (stored().is_listed, stored().suspended_why) == (False, "A complaint.")
        assert not Listing.objects.get().is_shown

        actions.resume(teacher, why="Settled.", by=registrar())
        assert (stored().is_listed, stored().suspended_why, stored().suspended_on) == (True, "", None)
        assert Listing.objects.get().is_shown
        assert log_of(teacher.participant) == [
            ("imp.teacher.suspend", {"what": "Anna", "why": "A complaint."}),
            ("imp.teacher.resume", {"what": "Anna", "why": "Settled."}),
        ]

    def test_and_ending_it_happen_once(self) -> None:
        teacher = TeacherFactory()
        for why in ("First.", "Second."):
            actions.suspend(teacher, why=why, by=registrar())
        assert stored().suspended_why == "First."
        for why in ("First.", "Second."):
            actions.resume(teacher, why=why, by=registrar())

        assert len(log_of(teacher.participant)) == 2

    def test_works_on_an_entry_that_would_be_refused_today(self) -> None:
        """Whatever an older entry says: whoever has to go, goes."""
        teacher = TeacherFactory(country="")
        actions.suspend(teacher, why="A complaint.", by=registrar())

        assert stored().is_suspended


class TestRecognising:
    def test_opens_the_directory_without_a_completed_pathway_until_it_ends(self) -> None:
        teacher = TeacherFactory(name="Anna", standing=False)
        assert not stored().is_listed
        actions.recognise(teacher, why="Trained us all.", by=registrar())
        assert (stored().is_listed, stored().recognised_why) == (True, "Trained us all.")
        assert list(Teacher.objects.listed()) == [teacher]

        actions.end_recognition(teacher, why="Retired.", by=registrar())
        assert (stored().is_listed, stored().recognised_on, stored().recognised_why) == (False, None, "")
        assert [action for action, _data in log_of(teacher.participant)] == [
            "imp.teacher.recognise",
            "imp.teacher.end_recognition",
        ]

    def test_and_ending_it_happen_once(self) -> None:
        teacher = TeacherFactory(standing=False)
        for _time in range(2):
            actions.recognise(teacher, why="Trained us all.", by=registrar())
        for _time in range(2):
            actions.end_recognition(teacher, why="Retired.", by=registrar())

        assert len(log_of(teacher.participant)) == 2

    def test_its_end_leaves_whoever_completed_a_pathway(self) -> None:
        teacher = TeacherFactory(recognised_on=dt.date(2025, 1, 1), recognised_why="Known.")
        actions.end_recognition(teacher, why="Not needed.", by=registrar())

        assert stored().is_listed


@pytest.mark.parametrize("verb", ["suspend", "resume", "recognise", "end_recognition"])
@pytest.mark.parametrize("why", ["", "  \n"])
def test_no_decision_is_taken_without_a_reason(verb: str, why: str) -> None:
    teacher = TeacherFactory()
    with pytest.raises(ValidationError) as refused:
        getattr(actions, verb)(teacher, why=why, by=registrar())

    assert list(refused.value.message_dict) == ["why"]


@pytest.mark.parametrize("verb", ["suspend", "recognise"])
def test_a_reason_longer_than_an_entry_has_room_for_is_refused_beside_it(verb: str) -> None:
    with pytest.raises(ValidationError) as refused:
        getattr(actions, verb)(TeacherFactory(), why="x" * 501, by=registrar())

    assert list(refused.value.message_dict) == ["why"]
    assert (stored().suspended_on, stored().recognised_on) == (None, None)
