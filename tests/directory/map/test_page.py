"""The page with the map, as it is without JavaScript."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from imp_wagtail.directory.models import DirectoryPage, Purpose, Town
from tests.directory.public import queries_of, words_of
from tests.factories import TeacherFactory, TownFactory

ADDRESS = "/teachers/map/"


def config_of(html: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script id="imp-map-config" type="application/json">(.*?)</script>', html)
    return json.loads(found)


@pytest.fixture
def town(db: None) -> Town:
    return TownFactory()


def test_the_map_says_that_it_needs_javascript_and_leads_to_the_list(client: Client, page: DirectoryPage) -> None:
    html = client.get(ADDRESS, {"country": "NL"}).content.decode()

    assert "The list has the same teachers" in html
    assert '<a href="/teachers/?country=NL">To the list</a>' in html


def test_list_and_map_lead_to_each_other_and_keep_the_filters(client: Client, page: DirectoryPage) -> None:
    as_list = client.get("/teachers/?country=NL&page=2").content.decode()
    on_map = client.get(f"{ADDRESS}?country=NL&bbox=1,2,3,4").content.decode()

    assert '<a href="/teachers/map/?country=NL">On a map</a>' in as_list
    assert '<span aria-current="page">As a list</span>' in as_list
    assert '<a href="/teachers/?country=NL">As a list</a>' in on_map
    assert '<span aria-current="page">On a map</span>' in on_map


def test_the_form_on_the_map_asks_the_map(client: Client, page: DirectoryPage) -> None:
    html = client.get(ADDRESS, {"country": "NL"}).content.decode()
    (action,) = re.findall(r'<form class="imp-filters"[^>]*action="([^"]*)"', html)

    assert action == ADDRESS
    assert '<a class="imp-chip" href="/teachers/map/">' in html


def test_it_is_said_how_many_are_not_on_the_map(client: Client, page: DirectoryPage, town: Town) -> None:
    TeacherFactory(located_in=town, agrees_to=[Purpose.MAP])
    assert "not on the map" not in words_of(client.get(ADDRESS).content.decode())

    TeacherFactory(located_in=town)
    TeacherFactory(agrees_to=[Purpose.MAP])
    words = words_of(client.get(ADDRESS).content.decode())

    assert "3 teachers" in words
    assert "2 of them are not on the map" in words


def test_the_script_asks_for_the_marks_of_the_same_filters(client: Client, page: DirectoryPage) -> None:
    html = client.get(ADDRESS, {"country": "NL", "km": "nonsense"}).content.decode()

    assert config_of(html)["places"] == "/teachers/map/places/?country=NL"


def test_no_filter_gets_out_of_what_the_script_is_told(client: Client, page: DirectoryPage) -> None:
    name = "</script><script>alert(1)</script>"
    html = client.get(ADDRESS, {"name": name}).content.decode()

    assert "<script>alert" not in html
    assert config_of(html)["places"].startswith("/teachers/map/places/?name=%3C%2Fscript")


def test_the_shapes_are_the_site_s_own_and_their_source_is_named(client: Client, page: DirectoryPage) -> None:
    html = client.get(ADDRESS).content.decode()
    config = config_of(html)

    assert config["tiles"] == ""
    assert all(config[kind].startswith("/static/imp_directory/vendor/world-atlas/") for kind in ("coarse", "fine"))
    assert "Natural Earth" in html


@pytest.mark.parametrize("address", ["/teachers/", ADDRESS])
def test_whose_data_the_towns_are_is_said_where_there_are_any(
    client: Client, page: DirectoryPage, address: str
) -> None:
    TeacherFactory()
    assert "GeoNames" not in client.get(address).text

    TeacherFactory(located_in=TownFactory())
    words = words_of(client.get(address, {"name": "nobody"}).text)

    assert "Towns: GeoNames , CC BY 4.0" in words


def test_a_site_may_set_a_tile_server_and_names_its_source(client: Client, page: DirectoryPage, settings: Any) -> None:
    tiles, source = "https://tiles.example.org/{z}/{x}/{y}.png", '© <a href="https://example.org/">Example</a>'
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "MAP_TILES": tiles, "MAP_ATTRIBUTION": source}
    html = client.get(ADDRESS).content.decode()

    assert config_of(html)["tiles"] == tiles
    assert source in html
    assert "Natural Earth" not in html


def test_it_takes_as_many_queries_for_thirty_as_for_one(client: Client, page: DirectoryPage, town: Town) -> None:
    TeacherFactory(located_in=town, agrees_to=[Purpose.MAP])
    one = queries_of(client, ADDRESS)
    for _number in range(30):
        TeacherFactory(located_in=town, agrees_to=[Purpose.MAP])

    assert queries_of(client, ADDRESS) == one <= 10


def test_search_engines_get_one_address_of_the_map(client: Client, page: DirectoryPage) -> None:
    html = client.get(ADDRESS, {"country": "NL"}).content.decode()

    assert re.findall(r'<link rel="canonical" href="https?://[^/"]+([^"]*)">', html) == [ADDRESS]
