"""The public filters: each alone, together, and with what people and machines send instead."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils.translation import override

from imp_wagtail.directory.finding.filters import TeacherFilterSet
from imp_wagtail.directory.models import Listing, Teacher
from tests.factories import CourseFactory, DirectoryPageFactory, TeacherFactory, TownFactory

pytestmark = pytest.mark.django_db


def teacher(name: str, *languages: str, upcoming: int = 0, over: int = 0, **values: Any) -> Teacher:
    made = TeacherFactory(name=name, slug=name.replace(" ", "-").lower(), speaks=languages, **values)
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
    teacher("Hidden Person", "is", "en", country="IS", upcoming=2, consent=False)


def filtered(query: str) -> TeacherFilterSet:
    return TeacherFilterSet(QueryDict(query), request=RequestFactory().get("/teachers/"))


def options(query: str, name: str) -> list[tuple[Any, str]]:
    return [(value, str(label)) for value, label in filtered(query).form.fields[name].choices]


def names(query: str) -> list[str]:
    found = filtered(query).found
    listings = Listing.objects.in_bulk(found.keys(0, found.count))
    return [listings[key].face["name"] for key in found.keys(0, found.count)]


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
def test_options_are_those_in_use_in_the_reader_s_words_each_with_its_count() -> None:
    with override("fr"):
        assert options("", "country") == [
            ("", "Indifférent"),
            ("ES", "Espagne (1)"),
            ("IE", "Irlande (1)"),
            ("NL", "Pays-Bas (2)"),
        ]
        assert options("", "language")[1:3] == [("de", "Allemand (1)"), ("en", "Anglais (3)")]
    assert options("", "format") == [("", "Any"), ("in_person", "In person (3)"), ("online", "Online (2)")]
    assert options("", "month") == [("", "Any"), ("2099-03", "March 2099 (2)")]


@pytest.mark.usefixtures("people")
def test_options_that_would_give_nobody_are_left_out_unless_they_are_chosen() -> None:
    assert options("country=NL", "language") == [
        ("", "Any"), ("nl", "Dutch (1)"), ("en", "English (1)"), ("de", "German (1)"), ("ru", "Russian (1)"),
    ]  # fmt: skip
    assert options("country=NL&language=es", "language")[-1] == ("es", "Spanish (0)")


@pytest.mark.usefixtures("people")
def test_a_box_says_how_many_it_would_leave() -> None:
    form = filtered("country=NL").form

    assert form["upcoming"].label == "Has upcoming courses (1)"
    assert "accredited" not in form.fields, "nobody is"


def test_a_directory_of_nobody_offers_nothing_but_a_name() -> None:
    assert list(filtered("").form.fields) == ["name"]


@pytest.mark.usefixtures("people")
def test_an_old_address_of_a_country_that_has_nobody_left_stays_true() -> None:
    filters = filtered("country=IS")

    assert filters.found.count == 0
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
        ("month=2027-13", "month", "This is not one of the choices, so it was left out."),
        ("month=２０２７-03", "month", "This is not one of the choices, so it was left out."),
        ("region=XX.1", "region", "This is not one of the choices, so it was left out."),
        ("pathway=1", "pathway", "This is not one of the choices, so it was left out."),
        ("near=Nowhere", "near", "No town of this name is known, so it was left out."),
        ("near=%25%25", "near", "Type letters of a name."),
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


@pytest.fixture
def towns() -> None:
    """Teachers in three towns, of which two have one name."""
    places = {
        "Utrecht": ("NL", "NL.09", 52.09, 5.12), "Amersfoort": ("NL", "NL.09", 52.155, 5.3875),
        "Lyon": ("FR", "FR.84", 45.748, 4.847), "Vienne": ("FR", "FR.84", 45.525, 4.878),
    }  # fmt: skip
    for name, (country, region, latitude, longitude) in places.items():
        town = TownFactory(name=name, country=country, region=region, latitude=latitude, longitude=longitude)
        TeacherFactory(name=name, country=country, town=name, located_in=town)
    TownFactory(name="Utrecht", country="ZA", region="ZA.02", latitude=-27.66, longitude=30.32, population=31_000)


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("near=utrecht", ["Amersfoort", "Utrecht"]),
        ("near=utrecht&km=50", ["Amersfoort", "Utrecht"]),
        ("near=utrecht&km=10", ["Utrecht"]),
        ("near=utrecht&km=11.4", ["Utrecht"]),
        ("near=utrecht&km=abc", ["Amersfoort", "Utrecht"]),
        ("near=utrecht&km=9999", ["Amersfoort", "Utrecht"]),
        ("near=utrecht&country=FR", []),
        ("near=Utrecht,+South+Africa", []),
        ("km=10", ["Amersfoort", "Lyon", "Utrecht", "Vienne"]),
        ("region=FR.84", ["Lyon", "Vienne"]),
        ("region=FR.84&country=FR&near=Lyon&km=10", ["Lyon"]),
        ("region=FR.84&country=NL", ["Amersfoort", "Utrecht"]),
    ],
)
def test_places_find(query: str, found: list[str]) -> None:
    assert names(query) == found
    assert filtered(query).form.errors == {}


@pytest.mark.usefixtures("towns")
def test_a_town_s_name_that_several_have_means_the_largest_and_the_others_are_offered() -> None:
    filters = filtered("near=utrecht&km=25&country=")

    assert filters.chosen == [("Within 25 km of Utrecht, Netherlands", "/teachers/")]
    assert filters.other_towns == [
        ("Utrecht, KwaZulu-Natal, South Africa", "/teachers/?near=Utrecht%2C+KwaZulu-Natal%2C+South+Africa&km=25")
    ]
    other = filtered(filters.other_towns[0].address.partition("?")[2])
    assert [chosen.label for chosen in other.chosen] == ["Within 25 km of Utrecht, South Africa"]


@pytest.mark.usefixtures("towns")
def test_with_a_region_its_country_is_chosen_and_leaves_with_it() -> None:
    filters = filtered("region=FR.84&format=in_person")

    assert [(label, address) for label, address in filters.chosen] == [
        ("France", "/teachers/?format=in_person"),
        ("Auvergne-Rhône-Alpes", "/teachers/?country=FR&format=in_person"),
        ("In person", "/teachers/?country=FR&region=FR.84"),
    ]
    assert options("region=FR.84", "region") == [("", "Any"), ("FR.84", "Auvergne-Rhône-Alpes (2)")]
    assert "region" not in filtered("").form.fields
    assert options("", "km")[0] == (10, "10 km")


@pytest.mark.usefixtures("people")
def test_an_address_without_a_question_has_nothing_chosen() -> None:
    assert filtered("").chosen == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "query",
    [
        "name=%00", "name=%ED%A0%80", "name=%FF%FE", "name=" + "a%20" * 3000, "name[]=1", "country[$ne]=NL",
        "country=NL&country=%00", "language=" + "z" * 10_000, "format=", "upcoming=maybe", "page=abc", "page=0",
        "near=%00", "near=Utrecht&km=nan", "near=Utrecht&km=inf", "near=Utrecht&km=-1e999", "km=" + "9" * 5000,
        "month=0000-00", "month=%00", "region=%00", "region=NL.", "region=.&country=NL", "pathway=%00",
        "accredited=%00", "near=" + "(" * 3000, "near=,,,,", "country=&region=FR.84", "page=-1", "page=9999",
        "page=" + "9" * 5000, "page=%00", "page=1e3", "page=1&page=x", "&&==&",
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
