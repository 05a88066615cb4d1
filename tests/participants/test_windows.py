"""When a stage is open for one person: one rule, asked of a row and of the database."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone, translation

from imp_wagtail.core.dates import months_after
from imp_wagtail.participants.models import Enrolment, StageProgress
from imp_wagtail.participants.progress import IN_PROGRESS
from imp_wagtail.participants.windows import STILL_TO_DO, WindowState, window_in_words, window_state
from tests.factories import EnrolmentFactory, PathwayFactory, StageFactory

DAY = dt.timedelta(days=1)
OPENS, CLOSES = dt.date(2027, 4, 30), dt.date(2027, 10, 30)

NOT_YET_OPEN, OPEN, CLOSING_SOON, OVERDUE = WindowState


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (dt.date(2020, 1, 1), NOT_YET_OPEN),
        (OPENS - DAY, NOT_YET_OPEN),
        (OPENS, OPEN),
        (CLOSES - 61 * DAY, OPEN),
        (CLOSES - 60 * DAY, CLOSING_SOON),
        (CLOSES, CLOSING_SOON),
        (CLOSES + DAY, OVERDUE),
        (dt.date(2099, 1, 1), OVERDUE),
    ],
)
def test_the_first_and_the_last_day_belong_to_a_window(today: dt.date, state: WindowState) -> None:
    assert window_state(IN_PROGRESS, OPENS, CLOSES, today=today, soon_days=60) == state


@pytest.mark.parametrize("soon_days", [0, 1, 400])
def test_the_last_day_is_always_soon(soon_days: int) -> None:
    assert window_state(IN_PROGRESS, OPENS, CLOSES, today=CLOSES, soon_days=soon_days) == CLOSING_SOON


def test_without_warning_a_window_is_open_until_the_day_before_its_last() -> None:
    assert window_state(IN_PROGRESS, OPENS, CLOSES, today=CLOSES - DAY, soon_days=0) == OPEN


def test_a_window_shorter_than_the_warning_is_closing_soon_from_its_first_day() -> None:
    assert window_state(IN_PROGRESS, OPENS, OPENS + 3 * DAY, today=OPENS, soon_days=60) == CLOSING_SOON
    assert window_state(IN_PROGRESS, OPENS, OPENS + 3 * DAY, today=OPENS - DAY, soon_days=60) == NOT_YET_OPEN


def test_a_window_may_be_a_single_day() -> None:
    states = [window_state(IN_PROGRESS, OPENS, OPENS, today=OPENS + days * DAY, soon_days=60) for days in (-1, 0, 1)]

    assert states == [NOT_YET_OPEN, CLOSING_SOON, OVERDUE]


@pytest.mark.parametrize(("opens", "closes"), [(None, None), (OPENS, None), (None, CLOSES)])
def test_half_a_window_is_none(opens: dt.date | None, closes: dt.date | None) -> None:
    for today in (OPENS - DAY, OPENS, CLOSES, CLOSES + DAY):
        assert window_state(IN_PROGRESS, opens, closes, today=today, soon_days=60) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2028, 2, 29), 12, (2029, 2, 28)),
        ((2028, 2, 29), 48, (2032, 2, 29)),
        ((2024, 10, 31), 1, (2024, 11, 30)),
        ((2024, 12, 31), 2, (2025, 2, 28)),
        ((2024, 1, 30), 1, (2024, 2, 29)),
        ((2024, 5, 15), 0, (2024, 5, 15)),
        ((2024, 12, 1), 1, (2025, 1, 1)),
        ((9999, 12, 31), 1, (9999, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: tuple[int, int, int], months: int, later: tuple[int, int, int]
) -> None:
    assert months_after(dt.date(*day), months) == dt.date(*later)


def test_more_months_are_never_earlier_and_later_days_never_overtaken() -> None:
    days = [dt.date(2027, 12, 25) + place * DAY for place in range(800)]
    for months in (0, 1, 6, 11, 12, 18):
        later = [months_after(day, months) for day in days]
        assert later == sorted(later)
    for day in days:
        assert months_after(day, 6) < months_after(day, 12)


def rows(windows: list[tuple[dt.date | None, dt.date | None]], states: list[str]) -> None:
    """Stored progress with each of these windows in each of these states."""
    pathway = PathwayFactory()
    stages = [StageFactory(pathway=pathway) for _window in windows]
    for state in states:
        enrolment = EnrolmentFactory(pathway=pathway)
        for stage, (opens, closes) in zip(stages, windows, strict=True):
            enrolment.progress.filter(stage=stage).update(opens_on=opens, closes_on=closes, state=state)


@pytest.mark.django_db
class TestOneDefinition:
    """The property of a row and the queryset's method agree, on every day around every edge."""

    WINDOWS = [
        (OPENS, CLOSES),
        (OPENS, OPENS),
        (OPENS, OPENS + DAY),
        (dt.date(2028, 2, 29), dt.date(2028, 8, 29)),
        (dt.date(2027, 2, 28), dt.date(2028, 2, 29)),
        # The training was corrected to a later day, and an extension now ends before the window opens.
        (CLOSES, OPENS),
        (None, None),
        (OPENS, None),
        (None, CLOSES),
    ]

    def days(self, soon_days: int) -> list[dt.date]:
        edges = {edge for window in self.WINDOWS for edge in window if edge}
        edges |= {edge - soon_days * DAY for edge in edges}
        return sorted({edge + place * DAY for edge in edges for place in (-1, 0, 1)})

    @pytest.mark.parametrize("soon_days", [0, 1, 60])
    def test_on_every_day_around_the_edges(
        self, soon_days: int, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "WINDOW_CLOSING_DAYS": soon_days}
        rows(self.WINDOWS, StageProgress.State.values)
        everything = list(StageProgress.objects.all())
        found = set()
        for today in self.days(soon_days):
            monkeypatch.setattr(timezone, "localdate", lambda today=today: today)
            for state in WindowState:
                by_row = {row.pk for row in everything if row.window_state == state}
                assert set(StageProgress.objects.in_window(state).values_list("pk", flat=True)) == by_row, today
                found |= {state} if by_row else set()
        assert found == set(WindowState)

    def test_nothing_is_left_to_do_in_a_stage_that_is_ready_or_completed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows([(OPENS, CLOSES)], StageProgress.State.values)
        monkeypatch.setattr(timezone, "localdate", lambda: CLOSES + DAY)

        assert {row.state for row in StageProgress.objects.in_window(OVERDUE)} == set(STILL_TO_DO)
        assert {row.state for row in StageProgress.objects.all() if row.window_in_words} == set(STILL_TO_DO)

    def test_people_are_found_once_however_many_of_their_stages_are_late(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows([(OPENS, CLOSES), (OPENS, CLOSES - DAY), (OPENS, CLOSES + 90 * DAY)], ["not_started", "completed"])
        first, _second = Enrolment.objects.order_by("pk")
        _late, sooner, later = first.pathway.stages.all()
        monkeypatch.setattr(timezone, "localdate", lambda: CLOSES + DAY)

        assert list(Enrolment.objects.in_window(OVERDUE)) == [first]
        assert list(Enrolment.objects.in_window(OVERDUE, sooner)) == [first]
        assert list(Enrolment.objects.in_window(OVERDUE, later)) == []
        assert list(Enrolment.objects.in_window(OPEN)) == [first]
        assert list(Enrolment.objects.in_window(NOT_YET_OPEN)) == []

    def test_a_state_that_there_is_not_is_a_mistake(self) -> None:
        with pytest.raises(ValueError, match="late"):
            StageProgress.objects.in_window("late")


@pytest.mark.django_db
def test_today_is_the_day_on_the_wall_where_the_site_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Amsterdam, two hours ahead of UTC in summer."""
    closes = dt.date(2027, 6, 30)
    rows([(dt.date(2027, 1, 1), closes)], ["not_started"])
    row = StageProgress.objects.get()
    for hour, state in ((21, CLOSING_SOON), (22, OVERDUE)):
        moment = dt.datetime(2027, 6, 30, hour, 30, tzinfo=dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert row.window_state == state
        assert list(StageProgress.objects.in_window(state)) == [row]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (NOT_YET_OPEN, "opens on 30 April 2027"),
        (OPEN, "open until 30 October 2027"),
        (CLOSING_SOON, "closing soon, on 30 October 2027"),
        (OVERDUE, "overdue since 30 October 2027"),
        (None, ""),
    ],
)
def test_a_window_is_told_in_words(state: WindowState | None, words: str) -> None:
    assert window_in_words(state, OPENS, CLOSES) == words


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_state_has_words_with_a_date_in_every_language(language: str) -> None:
    with translation.override(language):
        words = [window_in_words(state, OPENS, CLOSES) for state in WindowState]

    assert len(set(words)) == 4
    assert all(any(sign.isdigit() for sign in text) for text in words)
