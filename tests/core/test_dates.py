"""Dates as people read them."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

from imp_wagtail.core.dates import date_range, long_date, short_date


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        ("en", "31 October 2027"),
        ("en-gb", "31 October 2027"),
        ("en-us", "October 31, 2027"),
        ("fr", "31 octobre 2027"),
        ("de", "31. Oktober 2027"),
    ],
)
def test_a_day_is_said_in_the_readers_words(reader: str, words: str) -> None:
    with translation.override(reader):
        assert long_date(day("2027-10-31")) == words


@pytest.mark.parametrize(
    ("reader", "words"),
    [("en", "31 Oct 2027"), ("en-gb", "31 Oct 2027"), ("fr", "31 oct. 2027"), ("de", "31.10.2027")],
)
def test_a_day_takes_little_room_where_there_is_none(reader: str, words: str) -> None:
    with translation.override(reader):
        assert short_date(day("2027-10-31")) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2027-10-21", "2027-10-30", "21–30 October 2027"),
        ("2027-10-30", "2027-11-08", "30 October – 8 November 2027"),
        ("2027-12-28", "2028-01-06", "28 December 2027 – 6 January 2028"),
        ("2028-02-28", "2028-02-29", "28–29 February 2028"),
        ("2027-10-21", "2027-10-21", "21 October 2027"),
    ],
)
def test_a_span_says_once_what_both_ends_share(start: str, end: str, words: str) -> None:
    assert date_range(day(start), day(end)) == words


def test_a_span_without_an_end_is_one_day() -> None:
    assert date_range(day("2027-10-21"), None) == "21 October 2027"


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        ("fr", "21–30 octobre 2027"),
        ("de", "21.–30. Oktober 2027"),
        ("fi", "21.–30. lokakuuta 2027"),
        ("ar", "21–30 أكتوبر 2027"),
        ("ja", "2027年10月21日～30日"),
    ],
)
def test_a_span_follows_the_reader(reader: str, words: str) -> None:
    with translation.override(reader):
        spoken = date_range(day("2027-10-21"), day("2027-10-30"))

    assert "".join(spoken.split()) == "".join(words.split())


def test_templates_say_days_the_same_way_and_nothing_for_none() -> None:
    template = Template("{% load imp_dates %}{{ first|long_date }}|{{ second|long_date }}")

    assert template.render(Context({"first": day("2027-10-31"), "second": None})) == "31 October 2027|"
