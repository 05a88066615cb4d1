"""The block that shows the next courses of listed teachers in the body of a page."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Course, DirectoryPage, Teacher
from imp_wagtail.trainings.models import ContentPage
from tests.factories import CourseFactory, DirectoryPageFactory, PathwayFactory, TeacherFactory, registrar

from .public import queries_of, words_of

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def directory() -> DirectoryPage:
    return DirectoryPageFactory()


def teacher(**values: Any) -> Teacher:
    """Somebody whom search engines may find, as the page of the block is open to them."""
    return TeacherFactory(**{"agrees_to": ["indexing"], **values})


def course(title: str, day: dt.date = dt.date(2099, 3, 1), **values: Any) -> Course:
    """A course that begins on a day and takes a week."""
    if "teacher" not in values:
        values["teacher"] = teacher()
    return CourseFactory(title=title, starts=day, ends=day + dt.timedelta(days=7), **values)


def page_with(**value: Any) -> Page:
    body = json.dumps([{"type": "courses", "value": {"number": 3, **value}}])
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ContentPage(title="Welcome", slug="welcome", body=body))


def shown(client: Client, **value: Any) -> str:
    return client.get(page_with(**value).url).text


def titles_in(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*><bdi>(.*?)</bdi>", html)


def test_are_the_next_ones_whoever_offers_them(client: Client) -> None:
    ada = teacher(name="Ada", slug="ada")
    course("Later", dt.date(2099, 6, 1), teacher=ada)
    course("Soon", dt.date(2099, 2, 1), teacher=ada)
    course("Between", dt.date(2099, 3, 1))
    course("Too late", dt.date(2099, 9, 1))
    html = shown(client)

    assert titles_in(html) == ["Soon", "Between", "Later"]
    assert 'href="/teachers/ada/"' in html
    assert "Ada · In person · English" in words_of(html)
    assert "1–8 February 2099" in html


def test_lead_to_the_list_of_all_who_offer_any(client: Client) -> None:
    course("One")
    course("Two")
    teacher(name="Without courses")
    html = shown(client)

    assert "See all 2 teachers with upcoming courses" in words_of(html)
    assert 'href="/teachers/?upcoming=on"' in html


def test_neither_those_that_began_nor_those_that_are_cancelled(client: Client) -> None:
    today = timezone.localdate()
    course("Began", today - dt.timedelta(days=1))
    course("Today", today)
    course("Cancelled", state=Course.State.CANCELLED)
    course("Next", today + dt.timedelta(days=40))

    assert titles_in(shown(client)) == ["Today", "Next"]


def test_many_that_began_this_month_do_not_hide_the_next(client: Client) -> None:
    today = timezone.localdate()
    for number in range(4):
        course(f"Began {number}", today - dt.timedelta(days=2))
    course("Next", today + dt.timedelta(days=40))

    assert titles_in(shown(client, number=1)) == ["Next"]


def test_say_that_one_is_full(client: Client) -> None:
    course("Popular", state=Course.State.FULL)

    assert "Full" in words_of(shown(client))


def test_are_only_of_teachers_whom_everybody_and_engines_may_see(client: Client) -> None:
    course("Seen", teacher=teacher())
    course("Not for engines", teacher=TeacherFactory())
    course("Not listed", teacher=TeacherFactory(consent=False))

    assert titles_in(shown(client)) == ["Seen"]


def test_are_gone_as_soon_as_their_teacher_is(client: Client) -> None:
    ada = teacher()
    course("Hers", teacher=ada)
    page = page_with()
    before = client.get(page.url).text
    actions.end_consent(ada, why="Asked.", by=registrar())

    assert titles_in(before) == ["Hers"]
    assert "imp-teaser" not in client.get(page.url).text


@pytest.mark.parametrize(
    ("asked", "address"),
    [({"country": "FR"}, "country=FR&amp;upcoming=on"), ({"language": "fr"}, "language=fr&amp;upcoming=on")],
)
def test_of_a_country_or_a_language(client: Client, asked: dict[str, str], address: str) -> None:
    course("In France", teacher=teacher(country="FR", speaks=["fr"]))
    course("Elsewhere", teacher=teacher(country="NL", speaks=["nl"]))
    html = shown(client, **asked)

    assert titles_in(html) == ["In France"]
    assert f'href="/teachers/?{address}"' in html


def test_of_those_who_completed_a_pathway(client: Client) -> None:
    pathway = PathwayFactory()
    ada = teacher()
    course("Hers", teacher=ada)
    course("Another", teacher=teacher())
    ada.participant.enrolments.update(pathway=pathway)
    actions.publish(ada)

    assert titles_in(shown(client, pathway=pathway.pk)) == ["Hers"]


def test_are_nothing_where_there_are_none(client: Client) -> None:
    teacher()

    assert "imp-teaser" not in shown(client)


def test_are_nothing_without_a_directory(client: Client, directory: DirectoryPage) -> None:
    course("Somewhere")
    directory.delete()

    assert "imp-teaser" not in shown(client)


def test_with_hostile_titles_are_harmless(client: Client) -> None:
    course(HOSTILE, place=HOSTILE, teacher=teacher(name=HOSTILE, slug="hostile"))

    assert HOSTILE not in shown(client)


def test_take_as_many_queries_for_twelve_as_for_one(client: Client) -> None:
    course("First")
    page = page_with(number=12)
    one = queries_of(client, page.url)
    for number in range(11):
        course(f"Another {number}")

    assert queries_of(client, page.url) == one
