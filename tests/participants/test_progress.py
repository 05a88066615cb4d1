"""How far somebody has come: from facts to progress, without a database."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest

from imp_wagtail.participants.progress import (
    COMPLETED,
    IN_PROGRESS,
    NOT_STARTED,
    READY,
    AttendedSession,
    RequirementFacts,
    StageFacts,
    pathway_completed_on,
    requirement_progress,
    session_counts,
    work_out,
)
from imp_wagtail.pathways.rules import CohortKind, Kind, Rule, Unit

D = Decimal
DAY = dt.date(2024, 2, 29)

CONFIRMATION = Rule(Kind.CONFIRMATION)
RETREATS = Rule(Kind.COUNT, D(2), D(5), D(7), Unit.DAYS)
CYCLES = Rule(Kind.COUNT, D(4))
HOURS = Rule(Kind.HOURS, D(20))
TRAINING_DAYS = Rule(Kind.SESSIONS, D(2), cohort_kind=CohortKind.TRAINING)
SUPERVISION = Rule(Kind.SESSIONS, D(3), D("1.5"), D(2), Unit.HOURS, CohortKind.SUPERVISION)
EARLIER = Rule(Kind.EARLIER_STAGES)
EVERY_KIND = [CONFIRMATION, RETREATS, CYCLES, HOURS, TRAINING_DAYS, SUPERVISION]


def facts(rule: Rule, *evidence: str, required: bool = True, decided: bool = False) -> RequirementFacts:
    return RequirementFacts(rule, required, tuple(map(D, evidence)), decided)


def stage(*requirements: RequirementFacts, completed: bool = False) -> StageFacts:
    return StageFacts(requirements, DAY if completed else None)


def supervision(*hours: str | None) -> list[AttendedSession]:
    return [AttendedSession(CohortKind.SUPERVISION, D(length) if length else None) for length in hours]


def training(days: int) -> list[AttendedSession]:
    return [AttendedSession(CohortKind.TRAINING)] * days


@pytest.mark.parametrize(
    ("asked", "done", "needed", "is_met"),
    [
        (facts(CONFIRMATION), "0", "1", False),
        (facts(CONFIRMATION, "1"), "1", "1", True),
        (facts(CONFIRMATION, "1", "1"), "1", "1", True),
        # What is bounded is counted one by one, whatever the size of each.
        (facts(RETREATS), "0", "2", False),
        (facts(RETREATS, "7"), "1", "2", False),
        (facts(RETREATS, "5", "7"), "2", "2", True),
        (facts(RETREATS, "5", "5", "5"), "3", "2", True),
        # What is not bounded may be recorded several at a time.
        (facts(CYCLES, "3"), "3", "4", False),
        (facts(CYCLES, "1", "3"), "4", "4", True),
        (facts(HOURS, "19.75"), "19.75", "20", False),
        (facts(HOURS, "12.5", "7.5"), "20", "20", True),
        (facts(TRAINING_DAYS, "2"), "2", "2", True),
    ],
)
def test_evidence_counts_as_its_kind_says(asked: RequirementFacts, done: str, needed: str, is_met: bool) -> None:
    progress = requirement_progress(asked, [], [])

    assert (progress.done, progress.needed, progress.is_met) == (D(done), D(needed), is_met)


@pytest.mark.parametrize(
    ("sessions", "done"),
    [
        ([], 0),
        (supervision("1.5", "2"), 2),
        (supervision("1.49"), 0),
        (supervision("1.5", "1.25", "1.75"), 2),
        # The upper bound is how sessions are planned; who stayed longer was there.
        (supervision("3"), 1),
        # A session whose length nobody entered is not held against those who came.
        (supervision(None), 1),
        (training(5), 0),
        (training(5) + supervision("2"), 1),
    ],
)
def test_only_sessions_of_the_kind_that_are_long_enough_count(sessions: list[AttendedSession], done: int) -> None:
    assert requirement_progress(facts(SUPERVISION), sessions, []).done == done


def test_hours_are_not_looked_at_where_the_rule_bounds_none() -> None:
    assert session_counts(TRAINING_DAYS, AttendedSession(CohortKind.TRAINING, D("0.25")))


def test_sessions_attended_elsewhere_add_to_those_of_cohorts() -> None:
    progress = requirement_progress(facts(SUPERVISION, "2"), supervision("2"), [])

    assert (progress.done, progress.is_met) == (3, True)


@pytest.mark.parametrize("rule", [*EVERY_KIND, EARLIER])
def test_a_decision_meets_every_kind_of_requirement(rule: Rule) -> None:
    earlier = [stage()]

    assert not requirement_progress(facts(rule), [], earlier).is_met
    assert requirement_progress(facts(rule, decided=True), [], earlier).is_met


@pytest.mark.parametrize(
    ("completed", "is_met"), [([True, True], True), ([True, False], False), ([False, True], False), ([], True)]
)
def test_earlier_stages_are_met_when_all_of_them_are_completed(completed: list[bool], is_met: bool) -> None:
    earlier = [stage(completed=each) for each in completed]

    assert requirement_progress(facts(EARLIER), [], earlier).is_met is is_met


def state(*requirements: RequirementFacts, completed: bool = False) -> str:
    return work_out([stage(*requirements, completed=completed)], [])[0].state


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_a_stage_begins_with_the_first_evidence_and_is_ready_with_the_last(rule: Rule) -> None:
    other = facts(CONFIRMATION)
    enough = facts(rule, *["7"] * 3)

    assert state(facts(rule), other) == NOT_STARTED
    assert state(enough, other) == IN_PROGRESS
    assert state(enough, facts(CONFIRMATION, "1")) == READY


def test_a_decision_begins_a_stage_too() -> None:
    assert state(facts(CONFIRMATION, decided=True), facts(HOURS)) == IN_PROGRESS


def test_what_is_recommended_holds_nothing_up_and_is_not_counted() -> None:
    result = work_out([stage(facts(CONFIRMATION, "1"), facts(RETREATS, required=False))], [])[0]

    assert (result.state, result.met, result.required) == (READY, 1, 1)


def test_what_is_recommended_begins_a_stage_and_never_makes_it_ready() -> None:
    assert state(facts(CONFIRMATION), facts(HOURS, "50", required=False)) == IN_PROGRESS


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_a_completed_stage_stays_completed_whatever_becomes_of_its_requirements(rule: Rule) -> None:
    result = work_out([stage(facts(rule), completed=True)], [])[0]

    assert (result.state, result.met, result.completed_on) == (COMPLETED, 0, DAY)


def test_completed_earlier_stages_alone_do_not_begin_the_next() -> None:
    results = work_out([stage(completed=True), stage(facts(EARLIER), facts(CONFIRMATION))], [])

    assert [result.state for result in results] == [COMPLETED, NOT_STARTED]


def test_a_stage_that_waits_for_earlier_ones_is_ready_only_after_them() -> None:
    last = stage(facts(EARLIER), facts(CONFIRMATION, "1"))

    assert work_out([stage(), last], [])[1].state == IN_PROGRESS
    assert work_out([stage(completed=True), last], [])[1].state == READY


def test_a_stage_that_does_not_wait_may_be_ready_before_its_turn() -> None:
    results = work_out([stage(facts(CONFIRMATION)), stage(facts(CONFIRMATION, "1"))], [])

    assert [result.state for result in results] == [NOT_STARTED, READY]


def test_one_session_counts_for_every_stage_that_asks_for_its_kind() -> None:
    results = work_out([stage(facts(TRAINING_DAYS)), stage(facts(TRAINING_DAYS))], training(2))

    assert [result.state for result in results] == [READY, READY]


@pytest.mark.parametrize(
    ("days", "completed_on"),
    [
        ([], None),
        ([None], None),
        ([DAY, None], None),
        ([DAY], DAY),
        ([DAY, dt.date(2024, 2, 28)], DAY),
    ],
)
def test_a_pathway_is_completed_on_the_day_of_its_last_stage(
    days: list[dt.date | None], completed_on: dt.date | None
) -> None:
    assert pathway_completed_on([StageFacts((), day) for day in days]) == completed_on


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_more_evidence_never_undoes_progress(rule: Rule) -> None:
    steps = [requirement_progress(facts(rule, *["6"] * count), [], []) for count in range(6)]

    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert [step.is_met for step in steps] == sorted(step.is_met for step in steps)


@pytest.mark.parametrize(("met", "required"), list(product([0, 1, 2], [1, 2])))
def test_met_and_required_count_what_they_say(met: int, required: int) -> None:
    asked = [facts(CONFIRMATION, *["1"] * (place < met)) for place in range(required)]
    result = work_out([stage(*asked)], [])[0]

    assert (result.met, result.required) == (min(met, required), required)
    assert (result.state == READY) is (met >= required)
