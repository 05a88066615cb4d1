"""Readers follow ``next`` from page to page, and come back to it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from imp_wagtail.core.conf import DEFAULTS
from imp_wagtail.directory import actions
from tests.factories import CourseFactory, TeacherFactory

from .conftest import FEED, Read, read_on

pytestmark = pytest.mark.django_db


def use(settings: Any, **changed: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, **changed}


def sharing(count: int) -> list[Any]:
    return [TeacherFactory(agrees_to=["sharing"], speaks=["en"]) for _each in range(count)]


def test_an_answer_says_whose_it_is_and_how_it_may_be_used(read: Read) -> None:
    answer = read()

    assert answer == {
        "schema": 1,
        "described_by": "http://localhost/directory/feed/schema.json",
        "title": "Find a teacher",
        "issuer": "Test Collaborative",
        "site": "http://localhost/",
        "directory": "http://localhost/teachers/",
        "licence": DEFAULTS["FEED_LICENCE"],
        "items": [],
        "next": "http://localhost/directory/feed/",
    }


def test_pages_follow_each_other_in_the_order_of_changes_and_end_with_an_empty_one(read: Read, settings: Any) -> None:
    use(settings, FEED_PER_PAGE=2)
    teachers = sharing(5)

    pages, address = [], FEED
    for _page in range(4):
        answer = read(address)
        pages.append([item["id"] for item in answer["items"]])
        address = answer["next"]

    ids = [str(teacher.uid) for teacher in teachers]
    assert pages == [ids[:2], ids[2:4], ids[4:], []]


def test_an_empty_page_leads_to_itself_and_goes_on_when_something_changes(read: Read) -> None:
    [teacher] = sharing(1)
    end = read()["next"]
    assert read(end)["next"] == end

    actions.update_teacher(teacher, about="More.", by=None)

    [item] = read(end)["items"]
    assert item["data"]["about"] == "More."


def test_what_changes_moves_to_the_end(read: Read) -> None:
    first, second = sharing(2)
    actions.update_teacher(first, about="More.", by=None)

    items = read()["items"]

    assert [item["id"] for item in items] == [str(second.uid), str(first.uid)]
    assert items[0]["modified"] < items[1]["modified"]


def test_a_change_that_partners_are_not_told_of_moves_nothing(read: Read) -> None:
    [teacher] = sharing(1)
    before = read()["items"]

    actions.record_consent(teacher, "photo", on=teacher.consents.first().given_on, by=None)

    assert read()["items"] == before


def test_a_teacher_and_courses_that_change_at_once_are_told_one_after_the_other(read: Read, settings: Any) -> None:
    [teacher] = sharing(1)
    for _course in range(3):
        CourseFactory(teacher=teacher)
    actions.suspend(teacher, why="A complaint", by=None)
    actions.resume(teacher, why="Settled", by=None)
    use(settings, FEED_PER_PAGE=1)

    items = read_on()

    assert len({item["modified"] for item in items}) == len(items) == 4
    assert {item["state"] for item in items} == {"updated"}


def test_the_feed_asks_as_much_for_many_as_for_one(read: Read) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert read(address)["items"]
        return len(captured)

    TeacherFactory(agrees_to=["sharing"], speaks=["en"])
    start = read()["next"]
    sharing(1)
    one = queries(start)
    CourseFactory(teacher=sharing(5)[0])

    assert queries(start) == one <= 8


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_the_feed_can_only_be_read(method: str, directory: Any) -> None:
    client = Client(enforce_csrf_checks=True)

    for address in (FEED, f"{FEED}schema.json"):
        response = getattr(client, method)(address)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
        assert json.loads(response.content)["status"] == 405


@pytest.mark.parametrize(
    "query",
    [
        "after=",
        "after=1",
        "after=nonsense",
        "after=1-2-3",
        f"after=999999999999999999-{'0' * 32}-0",
        f"after=1-{'g' * 32}-0",
        f"after=1-{'0' * 32}-0%0A",
        f"after=%D9%A1-{'0' * 32}-0",
        f"after=0-{'0' * 32}-0&after=0-{'0' * 32}-0",
        "page=2",
        "after=%00",
        "%FF=%FF",
    ],
)
def test_wrong_parameters_are_refused_with_a_problem_that_says_why(client: Client, directory: Any, query: str) -> None:
    response = client.get(f"{FEED}?{query}")

    told = json.loads(response.content)
    assert response.status_code == told["status"] == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert told["detail"]


def test_any_program_may_read_it_and_no_search_engine_keeps_it(client: Client, directory: Any) -> None:
    for response in (client.get(FEED), client.get(f"{FEED}?page=2"), client.get(f"{FEED}schema.json")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert "Cookie" not in response.headers.get("Vary", "")
        assert not response.cookies


def test_the_schema_is_served(client: Client) -> None:
    response = client.get(f"{FEED}schema.json")

    assert response.headers["Content-Type"] == "application/schema+json"
    assert json.loads(response.content)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_readers_language_changes_nothing(client: Client, directory: Any) -> None:
    sharing(1)

    answers = {client.get(FEED, headers={"Accept-Language": language}).content for language in ("en", "fr", "ar")}

    assert len(answers) == 1
