"""Structured data: readable by machines, and nothing that a browser could run, whatever people are called."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Site

from imp_wagtail.core.structured import breadcrumbs, called, json_ld, thing
from imp_wagtail.trainings.models import ContentPage

ELEMENT = re.compile(r'<script type="application/ld\+json">([^<>&]*)</script>')


def read(element: str) -> Any:
    """The nodes, as whoever reads the page finds them."""
    found = ELEMENT.fullmatch(element)
    assert found, element
    document = json.loads(found.group(1))
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


@pytest.mark.parametrize(
    "name",
    [
        "</script><script>alert(1)</script>",
        "<!-- <script>",
        "]]>",
        "Anna & Bo",
        'a "quoted" \\ name',
        "line\u2028separator\u2029",
        "\ud800",
        "فاطمة الزهراء",
        "\x00\x1b",
    ],
)
def test_a_hostile_name_arrives_as_it_is_and_ends_nothing(name: str) -> None:
    element = json_ld([thing("Person", name=name)])

    assert element.isascii()
    assert read(element) == [{"@type": "Person", "name": name}]


@given(st.text())
def test_no_text_at_all_gets_out_of_the_element(name: str) -> None:
    assert read(json_ld([thing("Person", name=name, url="x")]))[0].get("name", "") == name


def test_what_has_no_value_is_left_out_and_what_is_nought_is_not() -> None:
    node = thing("Event", id="", name="Name", image=None, offers=[], about={}, position=0, isFree=False)

    assert node == {"@type": "Event", "name": "Name", "position": 0, "isFree": False}


def test_days_are_written_as_machines_read_them() -> None:
    assert read(json_ld([thing("Event", startDate=dt.date(2027, 3, 1))]))[0]["startDate"] == "2027-03-01"


def test_nodes_call_each_other_by_name() -> None:
    assert called(thing("Person", id="https://a.example/#x", name="Anna")) == {"@id": "https://a.example/#x"}


def test_where_there_is_nothing_to_say_there_is_no_element() -> None:
    assert json_ld([]) == ""
    assert Template("{% load imp_structured %}{{ nodes|json_ld }}").render(Context({"nodes": None})) == ""


def test_a_template_shows_the_element_unescaped() -> None:
    shown = Template("{% load imp_structured %}{{ nodes|json_ld }}").render(Context({"nodes": [thing("Thing")]}))

    assert read(shown) == [{"@type": "Thing"}]


@pytest.mark.django_db
def test_breadcrumbs_lead_from_the_site_s_first_page_to_where_one_is() -> None:
    home = Site.objects.get(is_default_site=True).root_page
    below = home.add_child(instance=ContentPage(title="Below", slug="below"))
    page = below.add_child(instance=ContentPage(title="Deep", slug="deep"))

    trail = breadcrumbs(page, RequestFactory().get("/"), ("Anna", "http://localhost/below/deep/anna/"))

    assert trail["@type"] == "BreadcrumbList"
    assert [(step["position"], step["name"], step["item"]) for step in trail["itemListElement"]] == [
        (1, home.title, "http://localhost/"),
        (2, "Below", "http://localhost/below/"),
        (3, "Deep", "http://localhost/below/deep/"),
        (4, "Anna", "http://localhost/below/deep/anna/"),
    ]


def test_rich_text_is_said_plainly() -> None:
    shown = Template("{% load imp_structured %}{{ text|plain_text }}")

    assert shown.render(Context({"text": "<p>Tea &amp; talk.</p>\n<p>Daily.</p>"})) == "Tea &amp; talk. Daily."
    assert shown.render(Context({"text": None})) == ""
