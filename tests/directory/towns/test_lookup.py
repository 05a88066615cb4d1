"""Towns found by name, in any script, wherever they are."""

import pytest
from django.db import connection
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from imp_wagtail.directory.towns.loading import load_towns
from imp_wagtail.directory.towns.lookup import LAST_SIGN, beginning_with, only_town, towns_called
from imp_wagtail.directory.towns.regions import region_name, regions_called

from .records import TOWNS, record


def found(text: str, country: str = "", limit: int = 8) -> list[str]:
    """What is found, each as its country and name."""
    return [f"{town.country} {town.name}" for town in towns_called(text, country, limit)]


@pytest.mark.usefixtures("towns")
class TestLookup:
    @pytest.mark.parametrize(
        "text",
        ["Lyon", "lyon", "  LYON ", "Lión", "Lugdunum", "Λυών", "ΛΥΩΝ", "Лион", "лион", "里昂", "Lyo", "Лио", "里"],
    )
    def test_a_town_is_found_by_any_of_its_names_and_by_how_they_begin(self, text: str) -> None:
        assert found(text)[0] == "FR Lyon"

    def test_a_name_that_two_towns_have_gives_the_larger_first(self) -> None:
        assert found("ليون") == ["FR Lyon", "ES León"]

    def test_an_exact_name_comes_before_one_that_begins_so(self) -> None:
        assert found("Frankfurt an der Oder") == ["DE Frankfurt (Oder)"]
        assert found("Le") == ["ES León"]
        towns = towns_called("frankfurt")
        assert [(town.name, town.is_exact) for town in towns] == [
            ("Frankfurt am Main", True), ("Frankfurt (Oder)", True),
        ]  # fmt: skip
        assert [town.is_exact for town in towns_called("frankf")] == [False, False]

    @pytest.mark.parametrize(
        "text",
        [
            "Lyon, France", "Lyon (FR)", "lyon,fr", "Lyon, Auvergne-Rhône-Alpes", "Lyon, Auvergne-Rhone-Alpes, France",
            "Лион، France", "里昂（FR）",
        ],
    )  # fmt: skip
    def test_where_it_is_may_be_said_with_it(self, text: str) -> None:
        assert found(text) == ["FR Lyon"]

    def test_the_country_is_understood_in_the_reader_s_language_and_in_english(self) -> None:
        with override("de"):
            assert found("Lyon, Frankreich") == found("Lyon, France") == ["FR Lyon"]
        assert found("Utrecht, the Netherlands") == ["NL Utrecht"]
        assert found("Portland, USA") == ["US Portland", "US Portland"]

    def test_regions_tell_towns_of_one_name_apart(self) -> None:
        assert [town.region for town in towns_called("Portland, Oregon")] == ["US.OR"]
        assert [town.region for town in towns_called("Portland, ME, USA")] == ["US.ME"]

    def test_brackets_that_belong_to_the_name_stay_in_it(self) -> None:
        assert found("Frankfurt (Oder)") == found("Frankfurt (Oder), Germany") == ["DE Frankfurt (Oder)"]

    def test_another_country_gives_nothing(self) -> None:
        assert found("Lyon, Spain") == found("Lyon", "ES") == []
        assert found("ليون", "ES") == ["ES León"]

    @pytest.mark.parametrize(
        "text", ["", "   ", "···", ", France", "()", "UTC", "\x00", "%", "_", "x" * 100_000, LAST_SIGN]
    )
    def test_what_names_no_town_finds_none(self, text: str) -> None:
        assert found(text) == []

    def test_a_single_letter_is_a_whole_name_and_a_single_sign_may_begin_one(self) -> None:
        load_towns([*TOWNS, record(1, "Å", "NO", "08")])

        assert found("å") == ["NO Å"]
        assert found("l") == []
        assert found("里") == ["FR Lyon"]

    def test_there_are_no_more_than_asked_for(self) -> None:
        assert found("frankfurt", limit=1) == ["DE Frankfurt am Main"]

    def test_it_takes_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            towns_called("Frankfurt, Germany")

    def test_the_names_are_looked_up_by_their_index(self) -> None:
        if connection.vendor == "sqlite":
            assert "USING COVERING INDEX" in beginning_with("ly").values("town").explain()

    def test_one_town_is_meant_only_where_one_has_exactly_this_name(self) -> None:
        assert only_town("lyon", "FR").name == "Lyon"
        assert only_town("Frankfurt (Oder)", "DE").name == "Frankfurt (Oder)"
        for text, country in (("Frankfurt", "DE"), ("Lyo", "FR"), ("Lyon", "ES"), ("Lyon", ""), ("", "FR")):
            assert only_town(text, country) is None


@pytest.mark.django_db
def test_nothing_is_found_where_no_towns_are_loaded() -> None:
    assert towns_called("Lyon") == []


def test_regions_have_names() -> None:
    assert region_name("FR.84") == "Auvergne-Rhône-Alpes"
    assert region_name("XX.99") == region_name("") == ""
    assert regions_called("auvergne rhone alpes") == {"FR.84"}
    assert "US.OR" in regions_called("OR")
    assert regions_called("84") == regions_called("") == frozenset()
