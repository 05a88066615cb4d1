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
    DatedAmount,
    RequirementFacts,
    StageFacts,
    StageResult,
    Verdict,
    met_on,
    pathway_completed_on,
    requirement_progress,
    session_counts,
    trained_on,
    unlocked_on,
    window,
    work_out,
)
from imp_wagtail.pathways.rules import CohortKind, Kind, Rule, Unit, Unlock

D = Decimal
DAY = dt.date(2024, 2, 29)

CONFIRMATION = Rule(Kind.CONFIRMATION)
RETREATS = Rule(Kind.COUNT, D(2), D(5), D(7), Unit.DAYS)
CYCLES = Rule(Kind.COUNT, D(4))
HOURS = Rule(Kind.HOURS, D(20))
TRAINING_DAYS = Rule(Kind.SESSIONS, D(2), cohort_kind=CohortKind.TRAINING)
FOUR_DAYS = Rule(Kind.SESSIONS, D(4), cohort_kind=CohortKind.TRAINING)
SUPERVISION = Rule(Kind.SESSIONS, D(3), D("1.5"), D(2), Unit.HOURS, CohortKind.SUPERVISION)
EARLIER = Rule(Kind.EARLIER_STAGES)
EVERY_KIND = [CONFIRMATION, RETREATS, CYCLES, HOURS, TRAINING_DAYS, SUPERVISION]


def facts(rule: Rule, *evidence: str, required: bool = True, decided: bool = False) -> RequirementFacts:
    verdict = Verdict(is_favourable=True, date=DAY) if decided else None
    return RequirementFacts(rule, required, tuple(DatedAmount(DAY, D(amount)) for amount in evidence), verdict)


def stage(*requirements: RequirementFacts, completed: bool = False) -> StageFacts:
    return StageFacts(requirements, DAY if completed else None)


def stages_of(stages: list[StageFacts], sessions: list[AttendedSession]) -> list[StageResult]:
    return list(work_out(stages, sessions).stages)


def supervision(*hours: str | None) -> list[AttendedSession]:
    return [AttendedSession(CohortKind.SUPERVISION, DAY, D(length) if length else None) for length in hours]


def training(days: int) -> list[AttendedSession]:
    return [AttendedSession(CohortKind.TRAINING, DAY)] * days


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
    assert session_counts(TRAINING_DAYS, AttendedSession(CohortKind.TRAINING, DAY, D("0.25")))


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
    return work_out([stage(*requirements, completed=completed)], []).stages[0].state


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
    result = work_out([stage(facts(CONFIRMATION, "1"), facts(RETREATS, required=False))], []).stages[0]

    assert (result.state, result.met, result.required) == (READY, 1, 1)


def test_what_is_recommended_begins_a_stage_and_never_makes_it_ready() -> None:
    assert state(facts(CONFIRMATION), facts(HOURS, "50", required=False)) == IN_PROGRESS


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_a_completed_stage_stays_completed_whatever_becomes_of_its_requirements(rule: Rule) -> None:
    result = work_out([stage(facts(rule), completed=True)], []).stages[0]

    assert (result.state, result.met, result.completed_on) == (COMPLETED, 0, DAY)


def test_completed_earlier_stages_alone_do_not_begin_the_next() -> None:
    results = stages_of([stage(completed=True), stage(facts(EARLIER), facts(CONFIRMATION))], [])

    assert [result.state for result in results] == [COMPLETED, NOT_STARTED]


def test_a_stage_that_waits_for_earlier_ones_is_ready_only_after_them() -> None:
    last = stage(facts(EARLIER), facts(CONFIRMATION, "1"))

    assert work_out([stage(), last], []).stages[1].state == IN_PROGRESS
    assert work_out([stage(completed=True), last], []).stages[1].state == READY


def test_a_stage_that_does_not_wait_may_be_ready_before_its_turn() -> None:
    results = stages_of([stage(facts(CONFIRMATION)), stage(facts(CONFIRMATION, "1"))], [])

    assert [result.state for result in results] == [NOT_STARTED, READY]


def test_one_session_counts_for_every_stage_that_asks_for_its_kind() -> None:
    results = stages_of([stage(facts(TRAINING_DAYS)), stage(facts(TRAINING_DAYS))], training(2))

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
    result = work_out([stage(*asked)], []).stages[0]

    assert (result.met, result.required) == (min(met, required), required)
    assert (result.state == READY) is (met >= required)


def on(day: int) -> dt.date:
    """A day of March 2026."""
    return dt.date(2026, 3, day)


def day_of_training(day: int) -> AttendedSession:
    return AttendedSession(CohortKind.TRAINING, on(day))


def evidence(rule: Rule, *pieces: tuple[int, str], verdict: Verdict | None = None) -> RequirementFacts:
    """Evidence by day of March and amount."""
    return RequirementFacts(rule, True, tuple(DatedAmount(on(day), D(amount)) for day, amount in pieces), verdict)


FAVOURABLE, REFUSED = Verdict(True, on(30)), Verdict(False, on(30))


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_a_refusal_leaves_a_requirement_open_whatever_is_on_record(rule: Rule) -> None:
    refused = evidence(rule, (1, "20"), (2, "20"), (3, "20"), verdict=REFUSED)
    progress = requirement_progress(refused, [], [])

    assert progress.done >= progress.needed
    assert not progress.is_met
    assert met_on(refused, []) is None


def test_a_refusal_of_what_is_recommended_holds_nothing_up() -> None:
    asked = RequirementFacts(CONFIRMATION, is_required=False, verdict=REFUSED)

    assert state(asked, facts(CONFIRMATION, "1")) == READY


def test_a_refusal_alone_begins_no_stage() -> None:
    assert state(RequirementFacts(CONFIRMATION, verdict=REFUSED)) == NOT_STARTED


@pytest.mark.parametrize(
    ("asked", "sessions", "day"),
    [
        (evidence(CONFIRMATION), [], None),
        (evidence(CONFIRMATION, (9, "1"), (4, "1")), [], on(4)),
        (evidence(RETREATS, (9, "5")), [], None),
        (evidence(RETREATS, (9, "5"), (2, "7"), (20, "6")), [], on(9)),
        (evidence(CYCLES, (9, "3"), (2, "1"), (3, "1")), [], on(9)),
        (evidence(HOURS, (1, "12"), (5, "8"), (6, "1")), [], on(5)),
        (evidence(TRAINING_DAYS), [day_of_training(8), day_of_training(7), day_of_training(28)], on(8)),
        (evidence(TRAINING_DAYS, (11, "1")), [day_of_training(12)], on(12)),
        # What staff made of less than enough was met with the last of it; of nothing, on the day of the decision.
        (evidence(CYCLES, (9, "1"), (2, "1"), verdict=FAVOURABLE), [], on(9)),
        (evidence(CYCLES, verdict=FAVOURABLE), [], on(30)),
        # Of what came after the decision, a refresher say, nothing is asked.
        (evidence(CYCLES, (9, "1"), (31, "3"), verdict=FAVOURABLE), [], on(9)),
        (evidence(TRAINING_DAYS, verdict=FAVOURABLE), [day_of_training(31)] * 2, on(30)),
        # What was enough already was met then, whatever staff said later.
        (evidence(CYCLES, (2, "4"), (9, "1"), verdict=FAVOURABLE), [], on(2)),
    ],
)
def test_a_requirement_is_met_on_the_day_of_what_made_it_enough(
    asked: RequirementFacts, sessions: list[AttendedSession], day: dt.date | None
) -> None:
    assert met_on(asked, sessions) == day


TAKES_TRAINING = stage(facts(TRAINING_DAYS))


@pytest.mark.parametrize(
    ("stages", "sessions", "day"),
    [
        ([], [], None),
        ([stage(facts(CONFIRMATION, "1"))], [day_of_training(1), day_of_training(2)], None),
        ([TAKES_TRAINING], [day_of_training(1)], None),
        ([TAKES_TRAINING], [day_of_training(1), day_of_training(2)], on(2)),
        # A refresher later does not move the windows of what follows.
        ([TAKES_TRAINING], [day_of_training(1), day_of_training(2), day_of_training(25)], on(2)),
        # The first stage that asks for it is the training; a later seminar is none.
        ([stage(), TAKES_TRAINING, stage(facts(TRAINING_DAYS))], [day_of_training(1), day_of_training(2)], on(2)),
        ([stage(evidence(TRAINING_DAYS, verdict=FAVOURABLE))], [], on(30)),
        ([stage(evidence(TRAINING_DAYS, (1, "2"), verdict=REFUSED))], [], None),
        # Completed long ago, of which nothing but the day is known.
        ([stage(facts(TRAINING_DAYS), completed=True)], [], DAY),
        ([stage(facts(TRAINING_DAYS), completed=True)], [day_of_training(1), day_of_training(2)], on(2)),
        # Recommended training days open no windows.
        ([stage(facts(TRAINING_DAYS, required=False))], [day_of_training(1), day_of_training(2)], None),
        # Two parts of a training: over with the last of them.
        ([stage(facts(TRAINING_DAYS), evidence(FOUR_DAYS, (9, "2")))], [day_of_training(1)] * 2, on(9)),
        ([stage(facts(TRAINING_DAYS), facts(FOUR_DAYS))], [day_of_training(1)] * 3, None),
    ],
)
def test_the_training_was_over_on_the_day_that_made_it_enough(
    stages: list[StageFacts], sessions: list[AttendedSession], day: dt.date | None
) -> None:
    assert trained_on(stages, sessions) == day
    assert work_out(stages, sessions).trained_on == day


SUPPORT = StageFacts(opens_after_months=6, closes_after_months=12)


@pytest.mark.parametrize(
    ("training_over", "opens", "closes"),
    [
        (dt.date(2026, 10, 30), dt.date(2027, 4, 30), dt.date(2027, 10, 30)),
        (dt.date(2026, 8, 31), dt.date(2027, 2, 28), dt.date(2027, 8, 31)),
        (dt.date(2027, 8, 31), dt.date(2028, 2, 29), dt.date(2028, 8, 31)),
        (dt.date(2028, 2, 29), dt.date(2028, 8, 29), dt.date(2029, 2, 28)),
    ],
)
def test_a_window_is_counted_in_months_from_the_training(
    training_over: dt.date, opens: dt.date, closes: dt.date
) -> None:
    assert window(SUPPORT, training_over) == (opens, closes)


def test_a_window_needs_a_training_and_both_its_ends() -> None:
    assert window(SUPPORT, None) == (None, None)
    for half in (StageFacts(opens_after_months=6), StageFacts(closes_after_months=6), StageFacts()):
        assert window(half, DAY) == (None, None)


def test_a_window_may_open_with_the_training() -> None:
    assert window(StageFacts(opens_after_months=0, closes_after_months=0), DAY) == (DAY, DAY)


def test_an_extension_is_the_last_day_and_moves_no_first_one() -> None:
    extended = StageFacts(opens_after_months=6, closes_after_months=12, extended_until=dt.date(2028, 1, 15))

    assert window(extended, dt.date(2026, 10, 30)) == (dt.date(2027, 4, 30), dt.date(2028, 1, 15))
    # Where the training is corrected to a later day, no extension makes the window shorter than the rule does.
    assert window(extended, dt.date(2027, 8, 31)) == (dt.date(2028, 2, 29), dt.date(2028, 8, 31))
    assert window(extended, None) == (None, None)


def test_windows_stand_in_the_result_of_their_stage() -> None:
    first, second = work_out([TAKES_TRAINING, SUPPORT], [day_of_training(1), day_of_training(2)]).stages

    assert (first.opens_on, first.closes_on) == (None, None)
    assert (second.opens_on, second.closes_on) == (dt.date(2026, 9, 2), dt.date(2027, 3, 2))


def outstanding(*stages: StageFacts, days: int = 2) -> int:
    return work_out(stages, training(days)).outstanding


def test_what_is_required_before_the_training_and_open_after_it_is_outstanding() -> None:
    preparation = stage(facts(CONFIRMATION), facts(RETREATS, "5"), facts(CYCLES, "4"), facts(HOURS, required=False))

    assert outstanding(preparation, TAKES_TRAINING) == 2
    assert outstanding(preparation, TAKES_TRAINING, days=1) == 0
    assert outstanding(preparation, preparation, TAKES_TRAINING, preparation) == 4


def test_nothing_is_outstanding_of_a_completed_stage_nor_twice_as_earlier_stages() -> None:
    assert outstanding(stage(facts(CONFIRMATION), completed=True), TAKES_TRAINING) == 0
    assert outstanding(stage(), stage(facts(EARLIER), facts(CONFIRMATION)), TAKES_TRAINING) == 1


def test_a_refusal_after_the_training_makes_a_requirement_outstanding_again() -> None:
    met = stage(evidence(CONFIRMATION, (1, "1")))
    refused = stage(evidence(CONFIRMATION, (1, "1"), verdict=REFUSED))

    assert [outstanding(own, TAKES_TRAINING) for own in (met, refused)] == [0, 1]


def completed(day: int | None, unlocks: str = "") -> StageFacts:
    return StageFacts(completed_on=on(day) if day else None, unlocks=unlocks)


T, L = Unlock.TEACHING, Unlock.LISTING


@pytest.mark.parametrize(
    ("stages", "may_teach_on", "may_be_listed_on"),
    [
        # Nothing is said: the whole pathway opens the way into the directory, and nothing to teaching.
        ([completed(1), completed(2)], None, on(2)),
        ([completed(1), completed(None)], None, None),
        ([], None, None),
        ([completed(1), completed(3, T), completed(None)], on(3), None),
        # With all before it: a stage that was completed late counts from then on.
        ([completed(9), completed(3, T), completed(None)], on(9), None),
        ([completed(None), completed(3, T)], None, None),
        ([completed(1), completed(2, T), completed(None, L)], on(2), None),
        ([completed(1), completed(2, T), completed(5, L)], on(2), on(5)),
        # What comes after it holds nothing up.
        ([completed(1), completed(2, L), completed(None)], None, on(2)),
        # Two say so: the later of them.
        ([completed(1, T), completed(None, T)], None, None),
        ([completed(1, T), completed(2, T)], on(2), on(2)),
    ],
)
def test_a_stage_opens_the_way_with_all_before_it(
    stages: list[StageFacts], may_teach_on: dt.date | None, may_be_listed_on: dt.date | None
) -> None:
    assert (unlocked_on(stages, T), unlocked_on(stages, L)) == (may_teach_on, may_be_listed_on)
    result = work_out(stages, [])
    assert (result.may_teach_on, result.may_be_listed_on) == (may_teach_on, may_be_listed_on)


def test_what_is_next_is_the_first_thing_open_in_the_first_stage_that_is_not_completed() -> None:
    done = stage(facts(CONFIRMATION), completed=True)
    second = stage(facts(CONFIRMATION, "1"), facts(HOURS, required=False), facts(RETREATS), facts(CYCLES))
    result = work_out([done, second, stage(facts(CONFIRMATION))], [])

    assert (result.current, result.next_requirement, result.completed_on) == (1, 2, None)


def test_nothing_is_next_in_a_stage_that_is_ready_nor_after_the_last() -> None:
    ready = work_out([stage(facts(CONFIRMATION, "1"))], [])
    over = work_out([stage(facts(CONFIRMATION), completed=True)], [])

    assert (ready.current, ready.next_requirement) == (0, None)
    assert (over.current, over.next_requirement, over.completed_on) == (None, None, DAY)
