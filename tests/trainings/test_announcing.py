"""What the announcement of a training may say, and what follows from it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from imp_wagtail.trainings.models import TrainingPage
from imp_wagtail.trainings.models.lookups import next_training_of
from imp_wagtail.trainings.rules import Format, State, Status
from tests.factories import TrainingPageFactory
from tests.trainings.support import clock

pytestmark = pytest.mark.django_db


def training(**values: Any) -> TrainingPage:
    usual = {"title": "Training", "starts": dt.date(2028, 5, 12), "ends": dt.date(2028, 5, 21), "town": "Lyon"}
    return TrainingPage(**{**usual, **values})


def wrong(**values: Any) -> set[str]:
    """The fields at which something is found wrong."""
    with pytest.raises(ValidationError) as caught:
        training(**values).clean()
    return set(caught.value.error_dict)


class TestWhatIsRefused:
    def test_a_last_day_before_the_first(self) -> None:
        assert wrong(ends=dt.date(2028, 5, 11)) == {"ends"}

    def test_an_end_before_the_beginning_on_a_single_day(self) -> None:
        assert wrong(ends=dt.date(2028, 5, 12), start_time=dt.time(14), end_time=dt.time(9)) == {"end_time"}

    def test_an_end_without_a_beginning(self) -> None:
        assert wrong(end_time=dt.time(13)) == {"start_time"}

    def test_hours_of_a_day_of_which_the_year_alone_is_known(self) -> None:
        assert wrong(year_only=True, start_time=dt.time(9)) == {"year_only"}

    def test_no_place_to_meet(self) -> None:
        assert wrong(town="") == {"venue"}

    def test_applications_that_end_before_they_begin(self) -> None:
        assert wrong(application_opens=dt.date(2028, 2, 1), application_closes=dt.date(2028, 1, 1)) == {
            "application_closes"
        }

    def test_applications_after_it_is_over(self) -> None:
        assert wrong(application_closes=dt.date(2028, 5, 22)) == {"application_closes"}

    @pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING_LIST])
    def test_taking_applications_without_saying_where(self, status: Status) -> None:
        assert wrong(status=status) == {"status"}

    def test_no_places_at_all(self) -> None:
        assert wrong(capacity=0) == {"capacity"}

    def test_everything_at_once_is_told_at_once(self) -> None:
        assert wrong(ends=dt.date(2028, 5, 1), town="", status=Status.OPEN) == {"ends", "venue", "status"}

    @pytest.mark.parametrize("year", [1, 202, 3000, 9999])
    def test_a_year_that_nobody_can_mean(self, year: int) -> None:
        days = {"starts": dt.date(year, 12, 30), "ends": dt.date(year, 12, 31)}
        assert wrong(**days) == {"starts", "ends"}


class TestWhatIsAccepted:
    def test_an_end_earlier_in_the_day_on_a_later_day(self) -> None:
        training(start_time=dt.time(17), end_time=dt.time(13)).clean()

    def test_an_online_training_without_a_place(self) -> None:
        training(town="", format=Format.ONLINE).clean()

    def test_applications_up_to_the_last_day(self) -> None:
        training(application_closes=dt.date(2028, 5, 21)).clean()


class TestToday:
    """It is today where the training is held."""

    def test_it_is_over_in_auckland_while_it_is_the_last_day_in_europe(self) -> None:
        with clock("2028-05-21 13:00"):
            assert training(time_zone="Pacific/Auckland").is_over
            assert not training(time_zone="Europe/Paris").is_over

    def test_lists_and_pages_agree_in_every_zone_at_every_hour(self) -> None:
        zones = ["Pacific/Kiritimati", "Asia/Kathmandu", "Europe/London", "", "America/New_York", "Pacific/Niue"]
        pages = [
            TrainingPageFactory(time_zone=zone, starts=dt.date(2028, 5, 12), ends=dt.date(2028, 5, 21))
            for zone in zones
        ]
        for hour in range(0, 60, 3):
            with clock(dt.datetime(2028, 5, 21) + dt.timedelta(hours=hour)):
                over = {page.pk for page in pages if page.is_over}
                assert over == set(TrainingPage.objects.past().values_list("pk", flat=True))
                assert {page.pk for page in pages} - over == set(
                    TrainingPage.objects.upcoming().values_list("pk", flat=True)
                )

    def test_the_moments_follow_the_dates_at_every_save(self) -> None:
        page = TrainingPageFactory(starts=dt.date(2028, 5, 12), ends=dt.date(2028, 5, 21), time_zone="Asia/Kolkata")
        page.ends = dt.date(2028, 5, 31)
        page.save()
        page.refresh_from_db()
        assert page.last_day_ends_at == dt.datetime(2028, 5, 31, 18, 30, tzinfo=dt.UTC)

    def test_a_period_of_applications_ends_with_the_day_at_the_place(self) -> None:
        page = training(
            status=Status.OPEN,
            application_email="a@example.org",
            application_closes=dt.date(2028, 3, 1),
            time_zone="Pacific/Auckland",
        )
        with clock("2028-03-01 10:59"):
            assert page.state == State.OPEN
        with clock("2028-03-01 11:00"):
            assert page.state == State.CLOSED


class TestTheNextTraining:
    def test_it_is_the_soonest_that_has_not_begun(self) -> None:
        later = TrainingPageFactory(starts=dt.date(2028, 6, 1), ends=dt.date(2028, 6, 3))
        sooner = TrainingPageFactory(starts=dt.date(2028, 5, 1), ends=dt.date(2028, 5, 9))
        with clock("2028-05-01 12:00"):
            assert next_training_of("") == sooner
        with clock("2028-05-02 12:00"):
            assert next_training_of("") == later

    def test_one_that_is_cancelled_is_not_the_next(self) -> None:
        TrainingPageFactory(starts=dt.date(2098, 5, 1), ends=dt.date(2098, 5, 9), status=Status.CANCELLED)
        later = TrainingPageFactory()
        assert next_training_of("") == later

    def test_one_that_is_cancelled_is_still_among_those_to_come(self) -> None:
        cancelled = TrainingPageFactory(status=Status.CANCELLED)
        assert list(TrainingPage.objects.upcoming()) == [cancelled]


class TestWords:
    def test_times_and_the_clock_that_is_meant(self) -> None:
        page = training(start_time=dt.time(17), end_time=dt.time(13), time_zone="Europe/London")
        assert (page.begins, page.finishes, page.zone_name) == ("17:00", "13:00", "British Summer Time")

    def test_they_are_in_the_reader_s_language(self) -> None:
        page = training(start_time=dt.time(17), time_zone="Europe/London", country="GB", town="Bath")
        with translation.override("fr"):
            assert page.zone_name == "heure d’été britannique"
            assert page.place == "Bath, Royaume-Uni"
            assert page.dates == "12–21 mai 2028"

    def test_without_a_zone_the_site_s_own_is_meant(self) -> None:
        assert training().zone.key == "Europe/Amsterdam"
