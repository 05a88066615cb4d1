"""The list of directory entries in the admin."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imp_wagtail.directory.models import Teacher
from tests.factories import EnrolmentFactory, QualificationFactory, TeacherFactory, UserFactory

pytestmark = pytest.mark.django_db


def rows(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("imp_teachers:index"), query)
    assert response.status_code == 200
    return [teacher.name for teacher in response.context["object_list"]]


def people() -> None:
    TeacherFactory(name="Zoë O’Brien", country="IE", town="Cork")
    TeacherFactory(name="Anna de Vries", country="NL", consent=False)
    TeacherFactory(name="Bert Bakker", country="NL", standing=False)
    TeacherFactory(name="Ángela", country="ES", consent__ended_on=dt.date(2025, 6, 1))


def test_the_list_says_of_everybody_whether_listed_and_why_not(staff: Client) -> None:
    people()
    text = staff.get(reverse("imp_teachers:index")).text

    assert rows(staff) == ["Ángela", "Anna de Vries", "Bert Bakker", "Zoë O’Brien"]
    for said in (
        "Cork, Ireland",
        "Not listed: no consent on record",
        "Not listed: no completed pathway",
        "Not listed: consent ended on 1 June 2025",
    ):
        assert said in text


def test_the_list_is_filtered_and_searched(staff: Client) -> None:
    people()

    assert rows(staff, status="listed") == ["Zoë O’Brien"]
    assert rows(staff, status="not_listed") == ["Ángela", "Anna de Vries", "Bert Bakker"]
    assert rows(staff, status="not_listed", country="NL") == ["Anna de Vries", "Bert Bakker"]
    assert rows(staff, q="vries anna") == ["Anna de Vries"]
    assert rows(staff, q="brien", status="not_listed") == []
    assert rows(staff, q="angela") == ["Ángela"]


@pytest.mark.parametrize(
    "ordering", ["folded_name", "-folded_name", "country", "-consented_on", "listed_until", "slug", "nonsense"]
)
def test_the_list_is_in_a_stable_order(staff: Client, ordering: str) -> None:
    TeacherFactory.create_batch(3, name="Namesake")
    first = Teacher.objects.order_by("pk").values_list("pk", flat=True)
    response = staff.get(reverse("imp_teachers:index"), {"ordering": ordering})

    assert [teacher.pk for teacher in response.context["object_list"]] == list(first)


def test_entries_without_a_day_stand_at_the_same_end_of_the_list_on_every_database(staff: Client) -> None:
    TeacherFactory(name="Anna", consent=dt.date(2025, 1, 1), listed_until=dt.date(2099, 1, 1))
    TeacherFactory(name="Bert", consent=False)
    TeacherFactory(name="Cor", consent=dt.date(2025, 6, 1), listed_until=dt.date(2099, 6, 1))

    for day in ("consented_on", "listed_until"):
        assert rows(staff, ordering=day) == ["Bert", "Anna", "Cor"]
        assert rows(staff, ordering=f"-{day}") == ["Cor", "Anna", "Bert"]


def test_the_list_offers_nothing_that_goes_around_the_actions(staff: Client) -> None:
    teacher = TeacherFactory()
    text = staff.get(reverse("imp_teachers:index")).text

    assert reverse("imp_teachers:edit", args=[teacher.pk]) in text
    for word in ("Add teacher", "More options for"):
        assert word not in text


@pytest.mark.parametrize("address", ["new/", "edit/1/", "delete/1/", "copy/1/", "usage/1/"])
def test_there_is_no_address_that_goes_around_the_actions(client: Client, address: str) -> None:
    client.force_login(UserFactory(superuser=True))

    assert client.get(reverse("imp_teachers:index") + address).status_code == 404


def test_the_list_takes_as_many_queries_for_thirty_entries_as_for_one(staff: Client) -> None:
    address = reverse("imp_teachers:index")

    def add(count: int) -> None:
        for _number in range(count):
            teacher = TeacherFactory(country="NL", agrees_to=["photo", "map"], speaks=["nl"])
            EnrolmentFactory(participant=teacher.participant)
            QualificationFactory(teacher=teacher, checked_on=None)

    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            staff.get(address, query)
        return len(captured)

    add(1)
    staff.get(address)
    one = queries()
    add(29)

    assert len(rows(staff)) == 30
    assert queries() == one


def test_the_export_is_plain_says_the_standing_and_takes_constant_queries(staff: Client) -> None:
    teacher = TeacherFactory(name="=HYPERLINK(1)", town="Utrecht", listed_until=dt.date(2099, 1, 1))
    teacher.languages.create(language="nl")
    teacher.languages.create(language="en")

    def export() -> tuple[list[list[str]], int]:
        with CaptureQueriesContext(connection) as captured:
            response = staff.get(reverse("imp_teachers:index"), {"export": "csv"})
            text = b"".join(response.streaming_content).decode()
        return list(csv.reader(StringIO(text))), len(captured)

    staff.get(reverse("imp_teachers:index"))
    table, one = export()
    for _number in range(29):
        TeacherFactory().languages.create(language="nl")

    assert table == [
        [
            "Public name", "Place", "Languages", "Teaches online", "Teaches in person", "Website",
            "In the directory", "Listed until", "Renewed on", "Consented on",
        ],
        [
            "'=HYPERLINK(1)", "Utrecht, Netherlands", "Dutch, English", "False", "True", "",
            "Listed", "2099-01-01", "", "2025-01-01",
        ],
    ]  # fmt: skip
    assert export()[1] == one
