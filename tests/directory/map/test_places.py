"""What the map's script is sent."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.map import marks
from imp_wagtail.directory.models import DirectoryPage, Listing, MirroredEntry, Partner, Purpose, Teacher, Town
from imp_wagtail.directory.towns.loading import load_towns
from tests.directory.public import queries_of
from tests.directory.towns.records import LYON
from tests.factories import TeacherFactory, TownFactory, registrar

from .conftest import Places

ADDRESS = "/teachers/map/places/"


@pytest.fixture
def utrecht(db: None) -> Town:
    return TownFactory()


@pytest.fixture
def lyon(db: None) -> Town:
    return TownFactory(name="Lyon", country="FR", region="FR.84", latitude=45.74846, longitude=4.84671)


def on_the_map(town: Town, **values: Any) -> Teacher:
    place = {"located_in": town, "town": town.name, "country": town.country}
    return TeacherFactory(**{**place, "agrees_to": [Purpose.MAP], **values})


def names(answer: dict[str, Any]) -> list[str]:
    return sorted(person["name"] for mark in answer["marks"] for person in mark["people"])


def test_those_of_one_place_are_one_mark_with_their_names_and_where_they_lead(places: Places, utrecht: Town) -> None:
    on_the_map(utrecht, name="Anna", slug="anna")
    on_the_map(utrecht, name="Bo", slug="bo")

    assert places() == {
        "complete": True,
        "marks": [
            {
                "at": [52.09083, 5.12222],
                "count": 2,
                "place": "Utrecht, Netherlands",
                "people": [{"name": "Anna", "url": "/teachers/anna/"}, {"name": "Bo", "url": "/teachers/bo/"}],
            }
        ],
    }


def test_who_agreed_to_the_list_and_not_to_the_map_is_not_on_it(places: Places, utrecht: Town) -> None:
    on_the_map(utrecht, name="Anna")
    on_the_map(utrecht, name="Bo", agrees_to=[Purpose.PHOTO, Purpose.SHARING, Purpose.INDEXING])

    assert names(places()) == ["Anna"]
    assert places()["marks"][0]["count"] == 1


def test_a_place_that_was_blurred_is_shown_as_it_was_blurred(places: Places, utrecht: Town) -> None:
    on_the_map(utrecht, spot=5, latitude=52.1, longitude=5.1)

    assert places()["marks"][0]["at"] == [52.1, 5.1]


@pytest.mark.parametrize("purpose", [Purpose.MAP, Purpose.PROFILE])
def test_whoever_withdraws_is_off_the_map_at_the_next_request(places: Places, utrecht: Town, purpose: str) -> None:
    teacher = on_the_map(utrecht)
    assert names(places()) == [teacher.name]

    actions.end_consent(teacher, purpose, why="Asked for it.", by=registrar())

    assert places()["marks"] == []


def test_the_rule_is_asked_once_more_of_what_is_stored(places: Places, utrecht: Town) -> None:
    teacher = on_the_map(utrecht, name="Anna")
    on_the_map(utrecht, name="Bo")
    assert names(places()) == ["Anna", "Bo"]

    # Past the actions, so that nothing was published.
    Teacher.objects.filter(pk=teacher.pk).update(suspended_on=timezone.localdate())

    assert names(places()) == ["Bo"]
    assert places()["marks"][0]["count"] == 1


def test_a_partner_s_teacher_leads_to_the_partner_and_is_named_as_listed_there(places: Places) -> None:
    now = timezone.now()
    partner = Partner.objects.create(
        name="Another school",
        site_url="https://school.example.org/",
        feed_url="https://school.example.org/feed/",
        gone_at=now + dt.timedelta(days=1),
    )
    entry = MirroredEntry.objects.create(
        partner=partner, kind="teacher", uid="6f1c3a52-0000-4000-8000-000000000001", modified=now
    )
    face = {
        "name": "Zoë",
        "slug": "zoe",
        "town": "Leeds",
        "country": "GB",
        "spot": [53.8, -1.55],
        "origin": "https://school.example.org/teachers/zoe/",
        "listed_by": "Another school",
    }
    Listing.objects.create(mirrored=entry, number=10**6, is_shown=True, folded_name="zoe", face=face)

    assert places()["marks"][0]["people"] == [
        {"name": "Zoë", "url": "https://school.example.org/teachers/zoe/", "by": "Another school"}
    ]
    partner.is_active = False
    partner.save()
    assert places()["marks"] == []


def test_the_filters_are_those_of_the_list(places: Places, utrecht: Town, lyon: Town) -> None:
    on_the_map(utrecht, name="Anna", speaks=["nl"])
    on_the_map(lyon, name="Bo", speaks=["fr"])

    assert names(places(country="FR")) == ["Bo"]
    assert names(places(language="nl")) == ["Anna"]
    assert names(places(near="Utrecht", km="50")) == ["Anna"]
    assert names(places(name="nobody")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "nonsense"},
        {"bbox": "nan,nan,nan,nan"},
        {"bbox": "1,2"},
        {"bbox": "1e999,0,0,0"},
        {"country": "Atlantis", "km": "-1", "month": "never"},
        {"zoom": "x" * 5000, "page": "-1"},
        {"name": "\0"},
    ],
)
def test_nonsense_gets_the_nearest_sensible_answer(places: Places, utrecht: Town, query: dict[str, str]) -> None:
    on_the_map(utrecht, name="Anna")

    assert names(places(**query)) == ["Anna"]


def test_of_many_at_one_place_some_are_named_and_the_list_has_them_all(
    places: Places, utrecht: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "NAMED_AT_ONE", 2)
    for name in ("Anna", "Bo", "Cleo"):
        on_the_map(utrecht, name=name, speaks=["nl"])
    (mark,) = places(language="nl")["marks"]

    assert (mark["count"], [person["name"] for person in mark["people"]]) == (3, ["Anna", "Bo"])
    assert parse_qs(urlsplit(mark["list"]).query) == {
        "near": ["Utrecht"],
        "km": ["25"],
        "country": ["NL"],
        "language": ["nl"],
    }
    listed = client.get(mark["list"]).content.decode()
    assert all(name in listed for name in ("Anna", "Bo", "Cleo"))


@pytest.fixture
def three_towns(utrecht: Town, lyon: Town) -> None:
    zwolle = TownFactory(name="Zwolle", latitude=52.5125, longitude=6.09444)
    for town in (utrecht, utrecht, zwolle, lyon):
        on_the_map(town)


def test_too_many_places_for_one_map_are_sent_by_square(
    places: Places, three_towns: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MARKS", 2)
    answer = places()

    assert answer["complete"] is False
    assert [(mark["place"], mark["count"], mark.get("spread", False)) for mark in answer["marks"]] == [
        ("Utrecht, Netherlands", 3, True),
        ("Lyon, France", 1, False),
    ]


def test_of_too_many_places_a_part_of_the_world_can_be_asked_for(
    places: Places, three_towns: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MARKS", 2)
    answer = places(bbox="3,51,8,54")

    assert answer["complete"] is False
    assert {(mark["place"], mark["count"]) for mark in answer["marks"]} == {
        ("Utrecht, Netherlands", 2),
        ("Zwolle, Netherlands", 1),
    }


def test_it_takes_as_many_queries_for_thirty_as_for_one(client: Client, page: DirectoryPage, utrecht: Town) -> None:
    on_the_map(utrecht)
    one = queries_of(client, ADDRESS)
    for number in range(30):
        town = TownFactory(latitude=number, longitude=number)
        on_the_map(town)

    assert queries_of(client, ADDRESS) == one <= 10


def test_what_has_not_changed_is_not_sent_again(client: Client, page: DirectoryPage, utrecht: Town) -> None:
    teacher = on_the_map(utrecht)
    response = client.get(ADDRESS)
    known = {"If-None-Match": response.headers["ETag"]}

    assert response.headers["Cache-Control"] == "no-cache"
    with CaptureQueriesContext(connection) as captured:
        again = client.get(ADDRESS, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert not any("face" in query["sql"] for query in captured)
    assert client.get(ADDRESS, headers={**known, "Accept-Language": "fr"}).status_code == 200

    actions.end_consent(teacher, Purpose.MAP, why="Asked for it.", by=registrar())
    assert client.get(ADDRESS, headers=known).json()["marks"] == []


def test_towns_that_were_loaded_since_change_what_is_near(client: Client, page: DirectoryPage, utrecht: Town) -> None:
    on_the_map(utrecht)
    before = client.get(ADDRESS, {"near": "Lyon"})
    load_towns([LYON])
    after = client.get(ADDRESS, {"near": "Lyon"}, headers={"if-none-match": before.headers["ETag"]})

    assert len(before.json()["marks"]) == 1, "what nobody knew was left out"
    assert (after.status_code, after.json()["marks"]) == (200, [])


def test_places_are_named_in_the_reader_s_language_and_no_machine_lists_them(
    client: Client, page: DirectoryPage, lyon: Town
) -> None:
    on_the_map(lyon)
    response = client.get(ADDRESS, headers={"Accept-Language": "ar"})

    assert response.json()["marks"][0]["place"] == "Lyon، فرنسا"
    assert response.headers["X-Robots-Tag"] == "noindex"
