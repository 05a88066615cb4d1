"""In what state a training is on a day, and when a day is over where it is held."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from imp_wagtail.trainings.rules import State, Status, end_of_day, state_of, zone_choices

TODAY = dt.date(2027, 3, 1)
BEFORE, AFTER = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


class TestState:
    @pytest.mark.parametrize("status", list(Status))
    def test_it_is_what_editors_say_while_the_days_say_nothing_else(self, status: Status) -> None:
        assert state_of(status, today=TODAY, is_over=False) == status.value

    @pytest.mark.parametrize("status", [status for status in Status if status != Status.CANCELLED])
    def test_over_follows_from_the_day_whatever_editors_said(self, status: Status) -> None:
        assert state_of(status, today=TODAY, is_over=True) == State.OVER

    def test_what_was_cancelled_never_becomes_over(self) -> None:
        assert state_of(Status.CANCELLED, today=TODAY, is_over=True) == State.CANCELLED

    @pytest.mark.parametrize(
        ("opens", "closes", "state"),
        [
            (AFTER, None, State.ANNOUNCED),
            (TODAY, None, State.OPEN),
            (None, TODAY, State.OPEN),
            (TODAY, TODAY, State.OPEN),
            (None, BEFORE, State.CLOSED),
            (BEFORE, AFTER, State.OPEN),
        ],
    )
    def test_applications_are_taken_from_the_first_to_the_last_day_of_their_period(
        self, opens: dt.date | None, closes: dt.date | None, state: State
    ) -> None:
        assert state_of(Status.OPEN, today=TODAY, is_over=False, opens=opens, closes=closes) == state

    def test_a_waiting_list_closes_with_the_period_too(self) -> None:
        assert state_of(Status.WAITING_LIST, today=TODAY, is_over=False, closes=BEFORE) == State.CLOSED

    def test_a_training_that_is_full_stays_full_when_the_period_is_over(self) -> None:
        assert state_of(Status.FULL, today=TODAY, is_over=False, closes=BEFORE) == State.FULL


class TestEndOfDay:
    @pytest.mark.parametrize(
        ("zone", "moment"),
        [
            ("UTC", "2027-03-02T00:00+00:00"),
            ("Pacific/Auckland", "2027-03-01T11:00+00:00"),
            ("America/Los_Angeles", "2027-03-02T08:00+00:00"),
        ],
    )
    def test_a_day_ends_when_it_ends_at_the_place(self, zone: str, moment: str) -> None:
        assert end_of_day(TODAY, ZoneInfo(zone)) == dt.datetime.fromisoformat(moment)

    def test_clocks_that_change_in_the_night_are_minded(self) -> None:
        paris, last_sunday = ZoneInfo("Europe/Paris"), dt.date(2027, 3, 28)
        ends = [end_of_day(day, paris) for day in (last_sunday - dt.timedelta(days=1), last_sunday)]
        assert ends[1] - ends[0] == dt.timedelta(hours=23)

    def test_the_day_after_a_leap_day_s_eve_is_the_leap_day(self) -> None:
        assert end_of_day(dt.date(2028, 2, 28), ZoneInfo("UTC")).date() == dt.date(2028, 2, 29)

    def test_the_calendar_s_last_day_has_an_end_that_can_be_stored(self) -> None:
        assert end_of_day(dt.date.max, ZoneInfo("UTC")).year == dt.MAXYEAR


def test_every_zone_on_offer_is_one_that_python_knows() -> None:
    names = [name for name, _label in zone_choices()]
    assert len(names) == len(set(names)) > 300
    assert all(ZoneInfo(name) for name in names)
    assert {"Europe/London", "Asia/Kolkata", "UTC"} <= set(names)
