"""Whatever is asked, the answer is one that the contract describes."""

import datetime as dt
import json
import os
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from imp_wagtail.directory import actions
from imp_wagtail.directory.feed.cursors import Cursor
from imp_wagtail.directory.models import Teacher
from tests.factories import CourseFactory, TeacherFactory

from .conftest import FEED, told_by

pytestmark = pytest.mark.django_db

MANY = settings(
    max_examples=300,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
times = st.datetimes(min_value=dt.datetime(1970, 1, 1), timezones=st.just(dt.UTC))
cursors = st.builds(Cursor, modified=times, uid=st.uuids(), began=times)
numbers = st.integers(min_value=0, max_value=10**19).map(str)
nearly = st.builds("{}-{}-{}".format, numbers, st.text("0123456789abcdefgF-", max_size=33), numbers)
values = st.one_of(cursors.map(str), nearly, st.text(max_size=60), st.binary(max_size=20).map(quote))
queries = st.lists(st.tuples(st.sampled_from(["after", "after", "AFTER", "page", ""]), values), max_size=3)
headers = st.dictionaries(
    st.sampled_from(["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "accept", "range"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    max_size=2,
)


@given(cursor=cursors)
def test_a_cursor_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert Cursor.parse(str(cursor)) == cursor
    assert quote(str(cursor)) == str(cursor)


@given(text=st.one_of(st.text(max_size=80), nearly))
@example(f"999999999999999999-{'0' * 32}-0")
def test_what_is_no_cursor_is_refused_and_never_breaks(text: str) -> None:
    try:
        cursor = Cursor.parse(text)
    except ValueError:
        return
    assert cursor.uid.hex == text.split("-")[1]


def test_every_question_has_an_answer_that_is_described(directory: Any) -> None:
    teacher = CourseFactory(teacher=TeacherFactory(agrees_to=["sharing"])).teacher
    actions.suspend(teacher, why="A complaint", by=None)
    TeacherFactory(agrees_to=["sharing"])
    client = Client(raise_request_exception=True)

    @MANY
    @given(query=queries, asked=headers, method=st.sampled_from(["get", "head", "post"]))
    def ask(query: list[tuple[str, str]], asked: dict[str, str], method: str) -> None:
        address = f"{FEED}?" + "&".join(f"{name}={quote(value, safe='%')}" for name, value in query)
        response = getattr(client, method)(address, headers=asked)
        if response.status_code == 200 and method == "get":
            told_by(response)
        elif method == "get" and response.status_code in (400, 410):
            assert json.loads(response.content)["status"] == response.status_code
        else:
            assert response.status_code in (200, 304, 400, 405, 410, 412)
        assert response.headers["Access-Control-Allow-Origin"] == "*"

    ask()


slugs = st.from_regex(r"[-\w]{1,20}", fullmatch=True)


def test_whatever_a_teacher_says_is_told_as_the_schema_has_it(directory: Any) -> None:
    teacher = TeacherFactory(agrees_to=["sharing"], speaks=["en"])
    plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
    client = Client()

    @settings(MANY, max_examples=50)
    @given(name=plain, about=plain, slug=slugs)
    def say(name: str, about: str, slug: str) -> None:
        Teacher.objects.filter(pk=teacher.pk).update(name=name, about=about, slug=slug)
        actions.publish(teacher)

        [item] = told_by(client.get(FEED))["items"]

        assert (item["data"]["name"], item["data"]["about"]) == (name, about)
        assert unquote(item["data"]["url"]) == f"http://localhost/teachers/{slug}/"

    say()
