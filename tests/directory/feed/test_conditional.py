"""Who has the answer already is told so, without its being made again; and only then."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Teacher
from tests.factories import TeacherFactory

from .conftest import FEED
from .days import days_later

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(directory: Any) -> Teacher:
    return TeacherFactory(agrees_to=["sharing"], speaks=["en"])


def ask(client: Client, address: str = FEED, **headers: str) -> Any:
    return client.get(address, headers=headers)


def test_what_has_not_changed_is_not_sent_again(client: Client, teacher: Teacher) -> None:
    first = ask(client)

    second = ask(client, if_none_match=first.headers["ETag"])

    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, no-cache"


def test_the_entries_are_not_looked_at_for_that(client: Client, teacher: Teacher) -> None:
    etag = ask(client).headers["ETag"]

    with CaptureQueriesContext(connection) as captured:
        ask(client, if_none_match=etag)

    assert len(captured) <= 6
    assert not [query for query in captured if "ORDER BY" in query["sql"] and "feedentry" in query["sql"]]


def test_what_has_changed_is_sent(client: Client, teacher: Teacher) -> None:
    etag = ask(client).headers["ETag"]

    actions.update_teacher(teacher, about="More.", by=None)

    assert ask(client, if_none_match=etag).status_code == 200


def test_what_ended_by_itself_is_sent(client: Client, teacher: Teacher) -> None:
    teacher.listed_until = teacher.updated_at.date()
    teacher.save()
    actions.publish(teacher)
    etag = ask(client).headers["ETag"]

    with days_later(2):
        response = ask(client, if_none_match=etag)

    assert response.status_code == 200
    assert [item["state"] for item in response.json()["items"]] == ["deleted"]


def test_an_etag_of_one_page_says_nothing_of_the_next(client: Client, teacher: Teacher) -> None:
    first = ask(client)

    assert ask(client, first.json()["next"], if_none_match=first.headers["ETag"]).status_code == 200


def test_a_directory_that_moved_is_told(client: Client, teacher: Teacher, directory: Any) -> None:
    etag = ask(client).headers["ETag"]
    directory.slug = "elsewhere"
    directory.save_revision().publish()

    response = ask(client, if_none_match=etag)

    assert response.json()["directory"] == "http://localhost/elsewhere/"
    assert response.json()["items"][0]["data"]["url"].startswith("http://localhost/elsewhere/")


@pytest.mark.parametrize("host", ["www.example.org", "example.org:8443"])
def test_by_whatever_name_the_site_is_asked_the_answer_is_the_same(
    client: Client, teacher: Teacher, settings: Any, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    own = ask(client)
    other = client.get(FEED, headers={"host": host}, secure=True)

    assert (other.content, other.headers["ETag"]) == (own.content, own.headers["ETag"])
    assert b"example" not in own.content


def test_the_addresses_are_those_of_the_site_s_record(client: Client, teacher: Teacher) -> None:
    etag = ask(client).headers["ETag"]
    Site.objects.update(hostname="teachers.example.org", port=443)
    Site.clear_site_root_paths_cache()

    answer = ask(client, if_none_match=etag).json()

    addresses = [answer[name] for name in ("described_by", "site", "directory", "next")]
    addresses += [answer["items"][0]["data"][name] for name in ("url", "contact")]
    assert [address.startswith("https://teachers.example.org/") for address in addresses] == [True] * 6


def test_the_time_of_the_last_change_counts_once_no_other_can_have_the_same_second(
    client: Client, teacher: Teacher
) -> None:
    assert "Last-Modified" not in ask(client).headers

    with days_later(1):
        first = ask(client)
        again = ask(client, if_modified_since=first.headers["Last-Modified"])
        assert again.status_code == 304
        actions.update_teacher(teacher, about="More.", by=None)
        assert ask(client, if_modified_since=first.headers["Last-Modified"]).status_code == 200


def test_head_is_answered_like_get_without_a_body(client: Client, teacher: Teacher) -> None:
    got, asked = ask(client), client.head(FEED)

    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["ETag"] == got.headers["ETag"]
    assert asked.headers["Content-Length"] == str(len(got.content))


def test_nonsense_in_conditions_is_no_condition(client: Client, teacher: Teacher) -> None:
    assert ask(client, if_none_match='nonsense, "', if_modified_since="yesterday").status_code == 200
