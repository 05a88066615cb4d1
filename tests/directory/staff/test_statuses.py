"""The states by which staff look for entries: each the same rule on the list, on the entry and on the desk."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.hands import directory_tasks
from imp_wagtail.directory.models import ConsentText, Teacher
from imp_wagtail.directory.staff.statuses import STATUSES
from tests.directory.staff.screens import address
from tests.factories import EnrolmentFactory, QualificationFactory, TeacherFactory, UserFactory, registrar

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def days(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


def aged(name: str, count: int, **values: Any) -> Teacher:
    """An entry that was changed so many days ago."""
    teacher = TeacherFactory(name=name, **values)
    midday = timezone.make_aware(dt.datetime.combine(days(-count), dt.time(12)))
    Teacher.objects.filter(pk=teacher.pk).update(updated_at=midday)
    return teacher


def everybody() -> None:
    """One of each sort, and for each rule those beside its edge."""
    TeacherFactory(name="listed", listed_until=days(400))
    TeacherFactory(name="endless", listed_until=None)
    TeacherFactory(name="ends in 60 days", listed_until=days(60))
    TeacherFactory(name="ends in 61 days", listed_until=days(61))
    TeacherFactory(name="ends today", listed_until=TODAY)
    TeacherFactory(name="ended yesterday", listed_until=days(-1))
    TeacherFactory(name="suspended", suspended_on=TODAY, listed_until=days(9))
    TeacherFactory(name="never asked", consent=False)
    TeacherFactory(name="photo only", consent=False, agrees_to=["photo"])
    TeacherFactory(name="not confirmed", standing=False)
    TeacherFactory(name="withdrew", consent__ended_on=dt.date(2025, 6, 1))
    TeacherFactory(name="withdrew the second text", consent__version=2, consent__ended_on=dt.date(2025, 6, 1))
    aged("changed a year ago", 365)
    aged("changed longer ago", 366)
    aged("changed long ago and renewed", 900, renewed_on=days(-365))
    aged("renewed long ago too", 900, renewed_on=days(-366))
    unchecked = TeacherFactory(name="unchecked")
    QualificationFactory.create_batch(2, teacher=unchecked, checked_on=None)
    QualificationFactory(teacher=TeacherFactory(name="checked"))
    QualificationFactory(teacher=TeacherFactory(name="unchecked and over"), checked_on=None, valid_until=days(-1))
    QualificationFactory(teacher=TeacherFactory(name="attended"), sort="attended", checked_on=None)


def names(key: str) -> list[str]:
    """Those in a state, of whom everybody has two enrolments and so could be counted twice."""
    state = next(status for status in STATUSES if status.key == key)
    return sorted(state.narrow(Teacher.objects.all()).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("awaiting", ["never asked", "not confirmed", "photo only"]),
        ("earlier_text", []),
        ("ending", ["ends in 60 days", "ends today"]),
        ("run_out", ["ended yesterday"]),
        ("suspended", ["suspended"]),
        ("stale", ["changed longer ago", "renewed long ago too"]),
        ("to_check", ["unchecked"]),
    ],
)
def test_each_state_finds_its_own_and_nobody_beside_them(key: str, found: list[str]) -> None:
    everybody()
    for teacher in Teacher.objects.exclude(name="not confirmed"):
        EnrolmentFactory.create_batch(2, participant=teacher.participant)

    assert names(key) == found


def test_a_new_text_that_ends_the_earlier_ones_finds_whoever_is_to_be_asked_anew() -> None:
    everybody()
    actions.publish_text("profile", {"en": "I agree."}, earlier_end_on=days(1), by=None)
    ConsentText.objects.update(earlier_end_on=TODAY)
    actions.record_consent(Teacher.objects.get(name="listed"), on=TODAY, by=None)
    found = names("earlier_text")

    assert "listed" not in found
    assert not {"never asked", "photo only", "withdrew", "withdrew the second text"} & set(found)
    assert len(found) == Teacher.objects.count() - 5
    assert names("awaiting") == ["never asked", "photo only"]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("listed", "is_listed"),
        ("earlier_text", "agreed_to_earlier_text"),
        ("ending", "ends_soon"),
        ("run_out", "has_run_out"),
        ("suspended", "is_suspended"),
        ("stale", "is_stale"),
    ],
)
def test_a_state_and_its_property_agree_on_everybody(key: str, name: str) -> None:
    everybody()
    assert names(key) == sorted(teacher.name for teacher in Teacher.objects.all() if getattr(teacher, name))

    actions.publish_text("profile", {"en": "I agree."}, earlier_end_on=days(1), by=None)
    ConsentText.objects.update(earlier_end_on=TODAY)
    assert names(key) == sorted(teacher.name for teacher in Teacher.objects.all() if getattr(teacher, name))


def test_what_is_to_be_checked_is_the_same_for_one_and_for_many() -> None:
    everybody()
    one_by_one = {
        teacher.name
        for teacher in Teacher.objects.all()
        if any(held.is_to_be_checked for held in teacher.qualifications.all())
    }

    assert names("to_check") == sorted(one_by_one)


def test_how_soon_is_soon_is_the_earliest_reminder(settings: Any) -> None:
    TeacherFactory(name="Anna", listed_until=days(20))
    for reminders, found in (((14,), []), ((14, 20), ["Anna"]), ((), [])):
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_REMIND_DAYS": reminders}
        assert names("ending") == found


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: status.key)
def test_the_list_is_filtered_by_each_state_in_as_many_queries_for_thirty_as_for_one(
    staff: Client, status: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = staff.get(address("index"), {"status": status.key})
        assert sorted(teacher.name for teacher in response.context["object_list"]) == names(status.key)[:30]
        return len(captured)

    everybody()
    queries()
    few = queries()
    everybody()

    assert queries() == few


def test_a_state_that_there_is_not_is_said_and_narrows_nothing(staff: Client) -> None:
    TeacherFactory()

    assert staff.get(address("index"), {"status": "nonsense"}).status_code == 200


def test_the_desk_counts_what_is_to_be_done_and_leads_to_just_those(staff: Client) -> None:
    everybody()
    tasks = {figure.label: figure for _order, figure in directory_tasks(registrar())}

    assert {label: figure.count for label, figure in tasks.items()} == {
        "Listing ending soon": 2, "Consent to ask for anew": 0, "Accreditation to check": 1,
    }  # fmt: skip
    for figure in tasks.values():
        assert len(staff.get(figure.url).context["object_list"]) == figure.count
    assert tasks["Listing ending soon"].url in staff.get(reverse("imp_desk:index")).text.replace("&amp;", "&")


def test_who_may_not_see_entries_is_told_of_none() -> None:
    everybody()

    assert directory_tasks(UserFactory()) == []
