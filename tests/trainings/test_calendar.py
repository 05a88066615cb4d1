"""Calendar files, read back by two libraries that know nothing of each other."""

import datetime as dt
import re
from typing import Any

import icalendar
import pytest
import vobject
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from imp_wagtail.trainings.calendars.entries import keep
from imp_wagtail.trainings.models import CalendarEntry, TrainingIndexPage, TrainingPage
from imp_wagtail.trainings.rules import Format, Status
from tests.factories import TrainingIndexPageFactory, TrainingPageFactory
from tests.trainings.support import changed, published

pytestmark = pytest.mark.django_db

ALL = "/trainings/calendar.ics"


@pytest.fixture
def training() -> TrainingPage:
    """Ten days near Bath, from 17:00 to 13:00."""
    return published(
        TrainingPageFactory(
            title="Training, in “England”; 2028",
            slug="england",
            summary="Silence, and practice with others.",
            starts=dt.date(2028, 10, 21),
            ends=dt.date(2028, 10, 30),
            start_time=dt.time(17),
            end_time=dt.time(13),
            time_zone="Europe/London",
        )
    )


def content_of(client: Client, address: str = ALL) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def events(client: Client, address: str = ALL) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content_of(client, address)).events


def event(client: Client, address: str = ALL) -> icalendar.Event:
    (found,) = events(client, address)
    return found


def by_the_other(client: Client, address: str = ALL) -> Any:
    """The one event, as vobject reads it."""
    return vobject.readOne(content_of(client, address).decode()).vevent


class TestHours:
    def test_both_readers_find_the_same_moments(self, client: Client, training: TrainingPage) -> None:
        starts = dt.datetime(2028, 10, 21, 16, tzinfo=dt.UTC)  # summer time still
        ends = dt.datetime(2028, 10, 30, 13, tzinfo=dt.UTC)  # and no longer
        ours, theirs = event(client), by_the_other(client)
        assert (ours["dtstart"].dt, ours["dtend"].dt) == (starts, ends)
        assert (theirs.dtstart.value, theirs.dtend.value) == (starts, ends)

    def test_the_zone_comes_along_with_its_rules(self, client: Client, training: TrainingPage) -> None:
        zones = icalendar.Calendar.from_ical(content_of(client)).timezones
        assert [zone["tzid"] for zone in zones] == ["Europe/London"]

    def test_without_an_hour_of_the_end_it_lasts_to_the_end_of_the_last_day(
        self, client: Client, training: TrainingPage
    ) -> None:
        changed(training, end_time=None)
        assert event(client)["dtend"].dt == dt.datetime(2028, 10, 31, tzinfo=dt.UTC)


class TestDays:
    def test_whole_days_end_on_the_day_after_the_last_as_calendars_have_it(
        self, client: Client, training: TrainingPage
    ) -> None:
        changed(training, start_time=None, end_time=None)
        for start, end in (
            (event(client)["dtstart"].dt, event(client)["dtend"].dt),
            (by_the_other(client).dtstart.value, by_the_other(client).dtend.value),
        ):
            assert (start, end) == (dt.date(2028, 10, 21), dt.date(2028, 10, 31))

    def test_a_leap_day_is_a_day(self, client: Client) -> None:
        published(TrainingPageFactory(starts=dt.date(2028, 2, 28), ends=dt.date(2028, 2, 29)))
        assert event(client)["dtend"].dt == dt.date(2028, 3, 1)

    def test_one_of_which_only_the_year_is_known_is_in_no_calendar(self, client: Client) -> None:
        published(TrainingPageFactory(slug="some-year", year_only=True))
        assert events(client) == []

    def test_nor_has_it_a_file_of_its_own_as_that_would_be_empty(self, client: Client) -> None:
        page = published(TrainingPageFactory(slug="some-year", year_only=True))
        address = "/trainings/some-year/calendar.ics"
        assert client.get(address).status_code == 404
        assert "calendar.ics" not in client.get(page.url).content.decode()

        changed(page, year_only=False)
        assert len(events(client, address)) == 1
        assert address in client.get(page.url).content.decode()


class TestWords:
    def test_both_readers_find_the_same_words(self, client: Client, training: TrainingPage) -> None:
        ours, theirs = event(client), by_the_other(client)
        assert ours["summary"] == theirs.summary.value == "Training, in “England”; 2028"
        assert ours["location"] == theirs.location.value == "Ammerdown, United Kingdom"
        assert ours["description"] == theirs.description.value
        assert "Silence, and practice with others." in ours["description"]
        assert ours["url"] == "http://localhost/trainings/england/"

    @pytest.mark.parametrize(
        "title",
        [
            "תוכנית הכשרה",
            "訓練 " * 40,
            "مرحبا\u202e",
            "Line\nbreak; BEGIN:VEVENT",
            "Ünïcödé " * 12,
            'A\\n,;:"',
            "\U0001f9d8 silence",
        ],
    )
    def test_titles_of_every_kind_come_back_as_they_are(
        self, client: Client, training: TrainingPage, title: str
    ) -> None:
        changed(training, title=title)
        assert event(client)["summary"] == by_the_other(client).summary.value == title

    def test_signs_that_no_calendar_may_hold_are_left_out(self, client: Client, training: TrainingPage) -> None:
        changed(training, title="Sil\x02ence\x1f\x7f", summary="Nine\x0b days.")
        content = client.get(f"{training.url}calendar.ics").content

        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content)
        assert b"SUMMARY;LANGUAGE=en:Silence" in content

    def test_no_line_is_longer_than_the_standard_allows(self, client: Client, training: TrainingPage) -> None:
        changed(training, title="訓練 " * 60)
        assert max(len(line) for line in content_of(client).split(b"\r\n")) <= 75

    def test_an_online_training_has_no_place(self, client: Client, training: TrainingPage) -> None:
        changed(training, format=Format.ONLINE, venue="", country="")
        assert "location" not in event(client)


class TestTheSequence:
    """Calendars believe a later number only: it rises with whatever people plan by, and with nothing else."""

    def test_it_begins_with_nought(self, client: Client, training: TrainingPage) -> None:
        assert event(client)["sequence"] == 0

    @pytest.mark.parametrize(
        "change",
        [
            {"ends": dt.date(2028, 10, 29)},
            {"start_time": dt.time(18)},
            {"time_zone": "Europe/Paris"},
            {"venue": "Gaia House"},
            {"status": Status.CANCELLED},
        ],
    )
    def test_it_rises_with_what_people_plan_by(
        self, client: Client, training: TrainingPage, change: dict[str, Any]
    ) -> None:
        before = event(client)
        changed(training, **change)
        after = event(client)
        assert (after["uid"], after["sequence"]) == (before["uid"], 1)
        assert after["dtstamp"].dt >= before["dtstamp"].dt

    @pytest.mark.parametrize(
        "change", [{"title": "Another title"}, {"summary": "Other words"}, {"status": Status.FULL}, {"slug": "other"}]
    )
    def test_it_stays_with_other_changes(self, client: Client, training: TrainingPage, change: dict[str, Any]) -> None:
        uid = event(client)["uid"]
        changed(training, **change)
        assert (event(client)["uid"], event(client)["sequence"]) == (uid, 0)

    def test_a_draft_tells_calendars_nothing(self, client: Client, training: TrainingPage) -> None:
        training.starts = dt.date(2028, 10, 22)
        training.save_revision()
        assert event(client)["sequence"] == 0
        assert event(client)["dtstart"].dt.day == 21

    def test_going_back_to_an_old_revision_does_not_go_back_in_numbers(
        self, client: Client, training: TrainingPage
    ) -> None:
        old = training.latest_revision
        changed(training, ends=dt.date(2028, 10, 28))
        old.publish()
        assert event(client)["sequence"] == 2

    def test_keeping_it_again_changes_nothing(self, training: TrainingPage) -> None:
        before = CalendarEntry.objects.values().get()
        keep(training.translation_key)
        assert CalendarEntry.objects.values().get() == before


class TestCancelled:
    def test_it_stays_in_the_calendar_and_says_so(self, client: Client, training: TrainingPage) -> None:
        changed(training, status=Status.CANCELLED, notice="Too few people.")
        assert event(client)["status"] == by_the_other(client).status.value == "CANCELLED"
        assert "Too few people." in event(client)["description"]

    def test_one_that_takes_place_after_all_is_confirmed_again(self, client: Client, training: TrainingPage) -> None:
        changed(training, status=Status.CANCELLED)
        changed(training, status=Status.ANNOUNCED)
        assert (event(client)["status"], event(client)["sequence"]) == ("CONFIRMED", 2)

    @pytest.mark.parametrize("go", [Page.unpublish, Page.delete])
    def test_a_page_that_is_gone_is_told_as_cancelled(self, client: Client, training: TrainingPage, go: Any) -> None:
        uid = event(client)["uid"]
        go(training)
        gone = event(client)
        assert (gone["uid"], gone["status"], gone["sequence"]) == (uid, "CANCELLED", 1)
        assert gone["dtstart"].dt == dt.datetime(2028, 10, 21, 16, tzinfo=dt.UTC)
        assert "url" not in gone

    def test_a_page_that_comes_back_is_confirmed_again(self, client: Client, training: TrainingPage) -> None:
        training.unpublish()
        published(training)
        assert (event(client)["status"], event(client)["sequence"]) == ("CONFIRMED", 2)

    def test_many_pages_deleted_with_their_index_leave_nothing_behind(self, training: TrainingPage) -> None:
        TrainingIndexPage.objects.get().delete()
        assert not CalendarEntry.objects.exists()


class TestWhoSeesWhat:
    def restrict(self, page: Page) -> None:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    def test_a_restricted_training_is_not_in_the_calendar_of_all(self, client: Client, training: TrainingPage) -> None:
        self.restrict(training)
        assert events(client) == []

    def test_nor_is_it_told_as_cancelled_when_it_goes(self, client: Client, training: TrainingPage) -> None:
        self.restrict(training)
        training.delete()
        assert events(client) == []

    def test_its_own_file_asks_who_is_there(self, client: Client, training: TrainingPage) -> None:
        self.restrict(training)
        response = client.get("/trainings/england/calendar.ics")
        assert response.status_code == 302
        assert "login" in response.headers["Location"]

    def test_a_draft_has_no_file(self, client: Client) -> None:
        TrainingPageFactory(slug="draft", live=False)
        assert client.get("/trainings/draft/calendar.ics").status_code == 404
        assert events(client) == []

    def test_a_page_without_a_calendar_has_no_file(self, client: Client) -> None:
        assert client.get("/calendar.ics").status_code == 404


class TestTheCalendarOfAll:
    def test_the_soonest_come_first_and_those_of_the_last_year_are_kept(self, client: Client) -> None:
        today = timezone.localdate()
        days = [today + dt.timedelta(days=number) for number in (40, -300, 10, -400)]
        for day in days:
            published(TrainingPageFactory(title=str(day), starts=day, ends=day))
        assert [str(found["summary"]) for found in events(client)] == [str(days[1]), str(days[2]), str(days[0])]

    def test_an_empty_one_is_a_calendar_still(self, client: Client) -> None:
        TrainingIndexPageFactory()
        assert vobject.readOne(content_of(client).decode()).x_wr_calname.value == "Trainings"

    def test_it_takes_as_many_queries_for_one_as_for_many(
        self, client: Client, training: TrainingPage, django_assert_max_num_queries: Any
    ) -> None:
        content_of(client)
        with django_assert_max_num_queries(50) as first:
            content_of(client)
        for number in range(8):
            published(TrainingPageFactory(slug=f"training-{number}"))
        with django_assert_max_num_queries(len(first.captured_queries)):
            content_of(client)

    def test_whoever_has_it_already_is_not_sent_it_again(self, client: Client, training: TrainingPage) -> None:
        first = client.get(ALL)
        again = client.get(ALL, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        changed(training, ends=dt.date(2028, 10, 29))
        later = client.get(ALL, headers={"if-none-match": first.headers["ETag"]})
        assert later.status_code == 200
        assert first.headers["Cache-Control"] == "max-age=0, must-revalidate, public"

    def test_the_training_s_own_file_has_the_same_event(self, client: Client, training: TrainingPage) -> None:
        assert event(client) == event(client, "/trainings/england/calendar.ics")
