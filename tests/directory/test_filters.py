"""The public filters: each alone, together, and with what people and machines send instead."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils.translation import override

from imp_wagtail.directory.filters import TeacherFilterSet
from imp_wagtail.directory.models import Teacher
from tests.factories import CourseFactory, DirectoryPageFactory, TeacherFactory

pytestmark = pytest.mark.django_db


def teacher(name: str, *languages: str, upcoming: int = 0, over: int = 0, **values: Any) -> Teacher:
    made = TeacherFactory(name=name, slug=name.replace(" ", "-").lower(), **values)
    for language in languages:
        made.languages.create(language=language)
    CourseFactory.create_batch(upcoming, teacher=made)
    CourseFactory.create_batch(over, teacher=made, starts=dt.date(2020, 1, 1), ends=dt.date(2020, 2, 1))
    return made


@pytest.fixture
def people() -> None:
    """Several languages and courses each, so that a join would show somebody twice."""
    teacher("Zoë O’Brien", "en", "ga", country="IE", upcoming=2, over=2, teaches_online=True)
    teacher("Ángela Íñiguez", "es", "en", country="ES", over=2)
    teacher("Anna de Vries", "nl", "en", "de", country="NL", upcoming=3)
    teacher("Мария Иванова", "ru", country="NL", teaches_online=True, teaches_in_person=False)
    teacher("Hidden Person", "is", "en", country="IS", upcoming=2, without_consent=True)


def filtered(query: str) -> TeacherFilterSet:
    return TeacherFilterSet(QueryDict(query), request=RequestFactory().get("/teachers/"))


def names(query: str) -> list[str]:
    return list(filtered(query).qs.order_by("folded_name").values_list("name", flat=True))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ángela Íñiguez", "Anna de Vries", "Zoë O’Brien", "Мария Иванова"]),
        ("name=zoe", ["Zoë O’Brien"]),
        ("name=o'brien+ZOË", ["Zoë O’Brien"]),
        ("name=iniguez+angela", ["Ángela Íñiguez"]),
        ("name=vries+anna", ["Anna de Vries"]),
        ("name=vries+angela", []),
        ("name=МАРИЯ", ["Мария Иванова"]),
        ("name=hidden", []),
        ("country=NL", ["Anna de Vries", "Мария Иванова"]),
        ("language=en", ["Ángela Íñiguez", "Anna de Vries", "Zoë O’Brien"]),
        ("format=online", ["Zoë O’Brien", "Мария Иванова"]),
        ("format=in_person", ["Ángela Íñiguez", "Anna de Vries", "Zoë O’Brien"]),
        ("upcoming=on", ["Anna de Vries", "Zoë O’Brien"]),
        ("upcoming=false", ["Ángela Íñiguez", "Anna de Vries", "Zoë O’Brien", "Мария Иванова"]),
        ("country=NL&language=en", ["Anna de Vries"]),
        ("language=en&format=online&upcoming=on&country=IE&name=zoe", ["Zoë O’Brien"]),
        ("language=en&format=online&upcoming=on&country=NL", []),
        ("country=&language=&name=&format=", ["Ángela Íñiguez", "Anna de Vries", "Zoë O’Brien", "Мария Иванова"]),
    ],
)
def test_filters_find(query: str, found: list[str]) -> None:
    assert names(query) == found


@pytest.mark.usefixtures("people")
def test_countries_and_languages_are_those_of_listed_teachers_in_the_reader_s_words() -> None:
    with override("fr"):
        form = filtered("").form

        assert form.fields["country"].choices == [
            ("", "Any country"), ("ES", "Espagne"), ("IE", "Irlande"), ("NL", "Pays-Bas"),
        ]  # fmt: skip
        assert [code for code, _name in form.fields["language"].choices] == [
            "", "de", "en", "es", "ga", "nl", "ru",
        ]  # fmt: skip


@pytest.mark.usefixtures("people")
def test_an_old_address_of_a_country_that_has_nobody_left_stays_true() -> None:
    filters = filtered("country=IS")

    assert filters.qs.count() == 0
    assert filters.form.errors == {}
    assert [chosen.label for chosen in filters.chosen] == ["Iceland"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("country=XX", "country", "This is not a country of the list, so it was left out."),
        ("country=null", "country", "This is not a country of the list, so it was left out."),
        ("country=NL%00", "country", "This is not a country of the list, so it was left out."),
        ("language=klingon", "language", "This is not a language of the list, so it was left out."),
        ("format=telepathy", "format", "Choose online or in person; this was left out."),
        ("name=%00anna", "name", "Null characters are not allowed."),
        ("name=%25%25", "name", "Type letters of a name."),
        ("name=" + "x" * 10_000, "name", "Ensure this value has at most 100 characters (it has 10000)."),
    ],
)
def test_nonsense_gets_a_message_and_the_other_filters_still_apply(query: str, field: str, message: str) -> None:
    filters = filtered(f"{query}&upcoming=on")

    assert filters.form.errors == {field: [message]}
    assert names(f"{query}&upcoming=on") == ["Anna de Vries", "Zoë O’Brien"]
    assert [chosen.label for chosen in filters.chosen] == ["Has upcoming courses"]


@pytest.mark.usefixtures("people")
def test_of_a_repeated_parameter_the_last_one_counts() -> None:
    assert names("country=NL&country=IE") == ["Zoë O’Brien"]


@pytest.mark.usefixtures("people")
def test_an_unknown_parameter_is_no_way_into_the_database() -> None:
    assert names("participant__email__startswith=zzz&consented_on=1999-01-01") == names("")


@pytest.mark.usefixtures("people")
def test_what_is_chosen_is_removed_singly_and_nonsense_falls_out_of_the_addresses() -> None:
    filters = filtered("upcoming=on&country=NL&format=telepathy&name=anna&page=3&evil=%22%3E")

    assert filters.chosen == [
        ("Name: anna", "/teachers/?country=NL&upcoming=on"),
        ("Netherlands", "/teachers/?name=anna&upcoming=on"),
        ("Has upcoming courses", "/teachers/?name=anna&country=NL"),
    ]
    assert filtered("upcoming=on").chosen == [("Has upcoming courses", "/teachers/")]


@pytest.mark.usefixtures("people")
def test_an_address_without_a_question_has_nothing_chosen() -> None:
    assert filtered("").chosen == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "query",
    [
        "name=%00", "name=%ED%A0%80", "name=%FF%FE", "name=" + "a%20" * 3000, "name[]=1", "country[$ne]=NL",
        "country=NL&country=%00", "language=" + "z" * 10_000, "format=", "upcoming=maybe", "page=abc", "page=0",
        "page=-1", "page=9999", "page=" + "9" * 5000, "page=%00", "page=1e3", "page=1&page=x", "&&==&",
    ],
)  # fmt: skip
def test_no_query_breaks_the_page(client: Client, query: str) -> None:
    DirectoryPageFactory()
    response = client.get(f"/teachers/?{query}")

    assert response.status_code == 200
    assert "Hidden Person" not in response.text


@pytest.mark.usefixtures("people")
def test_a_message_stands_beside_its_field_on_the_page(client: Client) -> None:
    DirectoryPageFactory()
    text = client.get("/teachers/", {"country": "<script>", "language": "nl"}).text

    assert "This is not a country of the list, so it was left out." in text
    assert "&lt;script&gt;" not in text
    assert "<script>" not in text
    assert "Anna de Vries" in text
    assert "Zoë" not in text
