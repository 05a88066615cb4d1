"""Questions: each part by itself, together, and how many each other choice would give."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from imp_wagtail.directory.actions import publish
from imp_wagtail.directory.finding.search import Found, Question, ask
from imp_wagtail.directory.models import Course, Listing, Qualification, Teacher
from tests.factories import CourseFactory, QualificationFactory, TeacherFactory, TownFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def names(found: Found) -> list[str]:
    listings = Listing.objects.in_bulk(found.keys(0, found.count))
    return [listings[key].face["name"] for key in found.keys(0, found.count)]


def asked(**parts: Any) -> list[str]:
    return names(ask(Question(**parts)))


def in_town(name: str, region: str, latitude: float, longitude: float, **values: Any) -> Teacher:
    country = region.partition(".")[0]
    town = TownFactory(name=name, country=country, region=region, latitude=latitude, longitude=longitude)
    return TeacherFactory(name=name, country=country, located_in=town, town=name, **values)


@pytest.fixture
def french() -> None:
    in_town("Lyon", "FR.84", 45.748, 4.847, speaks=["fr", "en"])
    in_town("Vienne", "FR.84", 45.525, 4.878, speaks=["fr"])
    in_town("Genève", "CH.GE", 46.202, 6.146, speaks=["fr"])
    in_town("Paris", "FR.11", 48.853, 2.349, speaks=["en"])
    TeacherFactory(name="Nowhere", country="FR", speaks=["fr"])


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("km", "found"), [(10, ["Lyon"]), (50, ["Lyon", "Vienne"]), (120, ["Genève", "Lyon", "Vienne"])]
)
def test_near_a_town_are_those_within_so_many_kilometres_across_any_border(km: int, found: list[str]) -> None:
    lyon = Teacher.objects.get(name="Lyon").located_in

    assert asked(town=lyon, km=km) == found
    assert asked(town=lyon, km=km, language="en") == ["Lyon"]


def test_a_point_on_the_map_does_not_say_where_somebody_is_found() -> None:
    """It may be blurred, or not agreed to; the town is public anyway."""
    teacher = in_town("Lyon", "FR.84", 45.748, 4.847, agrees_to=["map"])
    Teacher.objects.update(spot=20, latitude=45.9, longitude=5.0)
    publish(teacher)

    assert asked(town=teacher.located_in, km=10) == ["Lyon"]
    assert ask(Question()).spots() == [(teacher.listing.pk, 45.9, 5.0)]


@pytest.mark.usefixtures("french")
def test_regions_are_counted_within_the_country_that_was_chosen() -> None:
    assert ask(Question()).counts["region"] == {}
    assert ask(Question(country="FR")).counts["region"] == {"FR.84": 2, "FR.11": 1}
    assert asked(country="FR", region="FR.84") == ["Lyon", "Vienne"]


@pytest.mark.usefixtures("french")
def test_an_option_counts_those_whom_it_would_give_with_all_else_as_it_is() -> None:
    counts = ask(Question(country="FR", region="FR.84", language="en")).counts

    assert counts["language"] == {"fr": 2, "en": 1}
    assert counts["region"] == {"FR.84": 1, "FR.11": 1}
    assert counts["country"] == {"FR": 2}, "another country would be chosen without the region"
    assert counts["format"] == {"in_person": 1}


@pytest.mark.usefixtures("french")
def test_each_count_is_what_choosing_it_finds() -> None:
    for question in ({}, {"language": "fr"}, {"country": "FR", "name": "e"}):
        for facet, counts in ask(Question(**question)).counts.items():
            for value, count in counts.items():
                chosen = {**question, facet: True if value == "on" else value}
                assert ask(Question(**chosen)).count == count


def test_accredited_are_those_whose_accreditation_was_checked_and_has_not_run_out() -> None:
    for name, values in {
        "Checked": {},
        "Last day": {"valid_until": TODAY},
        "Ran out": {"valid_until": TODAY - dt.timedelta(days=1)},
        "Unchecked": {"checked_on": None},
        "Attended": {"sort": Qualification.Sort.ATTENDED},
    }.items():
        QualificationFactory(teacher=TeacherFactory(name=name), **values)

    assert asked(accredited=True) == ["Checked", "Last day"]
    assert ask(Question()).counts["accredited"] == {"on": 2}


def test_upcoming_courses_are_neither_over_nor_cancelled_and_belong_to_the_month_they_begin_in() -> None:
    day = dt.timedelta(days=1)
    for name, values in {
        "Spring": {},
        "Running": {"starts": TODAY - 40 * day, "ends": TODAY + day},
        "Last day": {"starts": TODAY - 40 * day, "ends": TODAY},
        "Over": {"starts": TODAY - 40 * day, "ends": TODAY - day},
        "Cancelled": {"state": Course.State.CANCELLED},
        "Full": {"state": Course.State.FULL},
    }.items():
        CourseFactory(teacher=TeacherFactory(name=name), **values)

    assert asked(upcoming=True) == ["Full", "Last day", "Running", "Spring"]
    assert asked(month="2099-03") == ["Full", "Spring"]
    assert ask(Question()).counts["month"] == {"2099-03": 2, f"{TODAY:%Y-%m}": 2}


def test_somebody_who_fits_in_several_ways_is_counted_once() -> None:
    teacher = TeacherFactory(speaks=["en", "nl"])
    CourseFactory.create_batch(3, teacher=teacher)
    QualificationFactory.create_batch(2, teacher=teacher)

    assert ask(Question()).counts["upcoming"] == ask(Question()).counts["accredited"] == {"on": 1}
    assert ask(Question(language="en", upcoming=True, accredited=True, month="2099-03")).count == 1


def test_a_pathway_is_found_by_its_translation_key() -> None:
    teacher = TeacherFactory(name="Anna")
    TeacherFactory(name="Zoë")
    key = str(teacher.participant.enrolments.get().pathway.translation_key)

    assert asked(pathway=key) == ["Anna"]
    assert asked(pathway="00000000-0000-0000-0000-000000000000") == []
