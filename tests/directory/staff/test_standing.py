"""Who stays in the directory, decided in the admin."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from imp_wagtail.directory.models import Teacher
from tests.directory.staff.screens import address
from tests.factories import TeacherFactory
from tests.participants.screens import errors

pytestmark = pytest.mark.django_db

WHY = {"why": "As we agreed."}


def test_a_declaration_renews_the_listing_from_its_day(staff: Client) -> None:
    teacher = TeacherFactory(listed_until=dt.date(2025, 1, 1))
    on = timezone.localdate() - dt.timedelta(days=3)
    form = staff.get(address("renew", teacher.pk)).context["form"]
    assert (form["on"].value(), form["on"].help_text) == (
        timezone.localdate(), "The listing runs for 365 days from then on.",
    )  # fmt: skip
    response = staff.post(address("renew", teacher.pk), {"on": on.isoformat(), "note": "By phone"})

    assert response.url == address("edit", teacher.pk)
    assert Teacher.objects.get().is_listed
    assert Teacher.objects.get().listed_until == on + dt.timedelta(days=365)


@pytest.mark.parametrize("day", ["", "2999-01-01", "2020-01-01"])
def test_a_mistake_in_a_declaration_is_said_beside_its_field(staff: Client, day: str) -> None:
    teacher = TeacherFactory(renewed_on=dt.date(2025, 1, 1))

    assert errors(staff.post(address("renew", teacher.pk), {"on": day})) == ["on"]
    assert Teacher.objects.get().renewed_on == dt.date(2025, 1, 1)


@pytest.mark.parametrize(
    ("name", "values", "is_listed"),
    [
        ("suspend", {}, False),
        ("resume", {"suspended_on": dt.date(2025, 1, 1)}, True),
        ("recognise", {"standing": False}, True),
        ("end_recognition", {"standing": False, "recognised_on": dt.date(2025, 1, 1)}, False),
    ],
)
def test_each_decision_takes_effect_with_its_reason_and_not_without(
    staff: Client, name: str, values: dict[str, Any], is_listed: bool
) -> None:
    teacher = TeacherFactory(**values)
    for why in ("", "  ", "x" * 4001):
        assert errors(staff.post(address(name, teacher.pk), {"why": why})) == ["why"]
    assert Teacher.objects.get().is_listed is not is_listed

    assert staff.post(address(name, teacher.pk), WHY).url == address("edit", teacher.pk)
    assert Teacher.objects.get().is_listed is is_listed


@pytest.mark.parametrize("name", ["suspend", "recognise"])
def test_a_reason_too_long_for_the_entry_is_said_beside_its_field(staff: Client, teacher: Teacher, name: str) -> None:
    assert errors(staff.post(address(name, teacher.pk), {"why": "x" * 501})) == ["why"]
