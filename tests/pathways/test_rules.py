"""What a requirement asks for, in words and in bounds."""

from decimal import Decimal

import pytest
from django.utils import translation

from imp_wagtail.pathways.rules import CohortKind, Kind, Rule, Unit, bounds_in_words, in_words, plain_number

D = Decimal


def count(amount: str, low: str | None = None, high: str | None = None, unit: str = "") -> Rule:
    return Rule(Kind.COUNT, D(amount), D(low) if low else None, D(high) if high else None, unit)


def sessions(amount: str, cohort_kind: str, low: str | None = None, high: str | None = None, unit: str = "") -> Rule:
    bounds = (D(low) if low else None, D(high) if high else None)
    return Rule(Kind.SESSIONS, D(amount), *bounds, unit, cohort_kind)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(Kind.CONFIRMATION), ""),
        (Rule(Kind.EARLIER_STAGES), ""),
        (count("1"), "at least 1"),
        (count("4.00"), "at least 4"),
        (count("2", "5", "7", Unit.DAYS), "at least 2, 5–7 days each"),
        (count("1", "1", "1", Unit.WEEKS), "at least 1, 1 week"),
        (count("3", low="2", unit=Unit.DAYS), "at least 3, at least 2 days each"),
        (count("3", high="1", unit=Unit.DAYS), "at least 3, at most 1 day each"),
        (count("100"), "at least 100"),
        (Rule(Kind.HOURS, D("1")), "1 hour"),
        (Rule(Kind.HOURS, D("1.50")), "1.5 hours"),
        (Rule(Kind.HOURS, D("20")), "20 hours"),
        (sessions("1", CohortKind.TRAINING), "1 day"),
        (sessions("9", CohortKind.TRAINING), "9 days"),
        (sessions("2", CohortKind.SEMINAR), "2 days"),
        (sessions("12", CohortKind.TRAINING, unit=Unit.WEEKS), "12 weeks"),
        (sessions("1", CohortKind.SUPERVISION), "1 session"),
        (sessions("8", CohortKind.SUPERVISION, "1.5", "2", Unit.HOURS), "8 sessions, 1.5–2 hours each"),
    ],
)
def test_a_rule_is_said_in_a_few_words(rule: Rule, words: str) -> None:
    assert in_words(rule) == words


def test_a_rule_without_bounds_says_none() -> None:
    assert bounds_in_words(count("2")) == ""


@pytest.mark.parametrize(
    ("size", "allowed"), [("4.99", False), ("5", True), ("6.5", True), ("7", True), ("7.01", False)]
)
def test_bounds_include_both_ends(size: str, allowed: bool) -> None:
    assert count("2", "5", "7", Unit.DAYS).allows(D(size)) is allowed


@pytest.mark.parametrize(
    ("rule", "size", "allowed"),
    [
        (count("1", low="5"), "4", False),
        (count("1", low="5"), "500", True),
        (count("1", high="5"), "6", False),
        (count("1", high="5"), "0.25", True),
        (count("1"), "1000", True),
    ],
)
def test_a_bound_on_one_side_leaves_the_other_open(rule: Rule, size: str, allowed: bool) -> None:
    assert rule.allows(D(size)) is allowed


@pytest.mark.parametrize(
    ("number", "text"), [("8.00", "8"), ("1.50", "1.5"), ("100", "100"), ("0.25", "0.25"), ("0", "0"), ("1E+2", "100")]
)
def test_numbers_are_said_without_needless_zeros(number: str, text: str) -> None:
    assert plain_number(D(number)) == text


def test_a_whole_number_is_as_good_as_a_decimal() -> None:
    assert in_words(Rule(Kind.COUNT, amount=2, each_min=5, each_max=7, unit=Unit.DAYS)) == "at least 2, 5–7 days each"


def test_numbers_follow_the_readers_notation() -> None:
    with translation.override("fr"):
        assert plain_number(D("1.50")) == "1,5"


@pytest.mark.parametrize(
    ("rule", "unit"),
    [
        (Rule(Kind.CONFIRMATION), ""),
        (Rule(Kind.HOURS, D(20)), Unit.HOURS),
        (count("4"), ""),
        (count("2", "5", "7", Unit.DAYS), Unit.DAYS),
        # Sessions attended elsewhere are counted; the hours bound each of them.
        (sessions("8", CohortKind.SUPERVISION, "1.5", "2", Unit.HOURS), ""),
    ],
)
def test_evidence_is_measured_in_what_its_amount_means(rule: Rule, unit: str) -> None:
    assert rule.evidence_unit == unit
