"""How far somebody has come: pure functions from facts to progress. Nothing here reads the database.

The rules come from each pathway's own requirements; this module only knows how each kind is counted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from imp_wagtail.core.dates import months_after
from imp_wagtail.pathways.rules import CohortKind, Kind, Rule, Unit, Unlock

NOT_STARTED, IN_PROGRESS, READY, COMPLETED = "not_started", "in_progress", "ready", "completed"


@dataclass(frozen=True)
class AttendedSession:
    """One session that somebody attended: its cohort's kind, its day, and its length in hours where it is known."""

    cohort_kind: str
    date: dt.date
    hours: Decimal | None = None


@dataclass(frozen=True)
class DatedAmount:
    """One piece of evidence, in the measure of its requirement's rule."""

    date: dt.date
    amount: Decimal


@dataclass(frozen=True)
class Verdict:
    """What staff decided, and on which day. A favourable one meets a requirement, any other leaves it open."""

    is_favourable: bool
    date: dt.date


@dataclass(frozen=True)
class RequirementFacts:
    """What is on record for one requirement: evidence, and what staff decided."""

    rule: Rule
    is_required: bool = True
    evidence: tuple[DatedAmount, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True)
class StageFacts:
    """One stage, in its place in the pathway. ``completed_on`` is set where somebody confirmed it.

    The window is given in months after the training; ``extended_until`` is its last day where staff gave another.
    """

    requirements: tuple[RequirementFacts, ...] = ()
    completed_on: dt.date | None = None
    opens_after_months: int | None = None
    closes_after_months: int | None = None
    extended_until: dt.date | None = None
    unlocks: str = ""


@dataclass(frozen=True)
class RequirementProgress:
    """How much of a requirement is done, in the rule's own measure, and whether that is enough."""

    done: Decimal
    needed: Decimal
    is_met: bool


@dataclass(frozen=True)
class StageResult:
    """Where a stage stands. ``met`` and ``required`` count required requirements only."""

    state: str
    met: int
    required: int
    requirements: tuple[RequirementProgress, ...]
    completed_on: dt.date | None = None
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None


@dataclass(frozen=True)
class PathwayResult:
    """Where somebody stands on a pathway; ``current`` is the place of the first stage that is not completed.

    ``next_requirement`` is the place of the first thing still open in it; ``outstanding`` how many required things
    of the stages before the training were open when it was over, and still are.
    """

    stages: tuple[StageResult, ...]
    current: int | None
    next_requirement: int | None
    completed_on: dt.date | None
    trained_on: dt.date | None
    outstanding: int
    may_teach_on: dt.date | None
    may_be_listed_on: dt.date | None


def session_counts(rule: Rule, session: AttendedSession) -> bool:
    """Whether an attended session counts: of the right kind, and not shorter than the rule asks.

    A longer session counts too: the upper bound describes how sessions are planned.
    """
    if session.cohort_kind != rule.cohort_kind:
        return False
    too_short = (
        rule.unit == Unit.HOURS
        and rule.each_min is not None
        and session.hours is not None
        and session.hours < rule.each_min
    )
    return not too_short


def contributions(facts: RequirementFacts, sessions: Iterable[AttendedSession]) -> list[DatedAmount]:
    """What counts towards a requirement, in its measure, the earliest first."""
    counted = list(facts.evidence)
    if facts.rule.kind == Kind.COUNT and facts.rule.is_bounded:
        # Each amount is the size of one, already checked against the bounds.
        counted = [DatedAmount(item.date, Decimal(1)) for item in facts.evidence]
    if facts.rule.kind == Kind.SESSIONS:
        attended = (session for session in sessions if session_counts(facts.rule, session))
        counted += [DatedAmount(session.date, Decimal(1)) for session in attended]
    return sorted(counted, key=lambda item: item.date)


def amount_done(
    facts: RequirementFacts, sessions: Iterable[AttendedSession], earlier: Sequence[StageFacts]
) -> Decimal:
    """How much of a requirement is done, in the measure of its rule."""
    if facts.rule.kind == Kind.EARLIER_STAGES:
        return Decimal(sum(stage.completed_on is not None for stage in earlier))
    if facts.rule.kind == Kind.CONFIRMATION:
        return Decimal(min(1, len(facts.evidence)))
    return sum((item.amount for item in contributions(facts, sessions)), Decimal(0))


def amount_needed(rule: Rule, earlier: Sequence[StageFacts]) -> Decimal:
    """How much a requirement asks for, in the same measure."""
    if rule.kind == Kind.EARLIER_STAGES:
        return Decimal(len(earlier))
    return Decimal(1) if rule.kind == Kind.CONFIRMATION else rule.amount


def requirement_progress(
    facts: RequirementFacts, sessions: Iterable[AttendedSession], earlier: Sequence[StageFacts]
) -> RequirementProgress:
    """Progress in one requirement; what staff decided about it holds, whatever is on record."""
    done, needed = amount_done(facts, sessions, earlier), amount_needed(facts.rule, earlier)
    is_met = facts.verdict.is_favourable if facts.verdict else done >= needed
    return RequirementProgress(done=done, needed=needed, is_met=is_met)


def stage_state(facts: StageFacts, progress: Sequence[RequirementProgress], *, met: int, required: int) -> str:
    """Completed is confirmed by a person; everything else follows from the requirements."""
    if facts.completed_on is not None:
        return COMPLETED
    if met == required:
        return READY
    begun = any(
        (item.done > 0 or item.is_met) and asked.rule.kind != Kind.EARLIER_STAGES
        for asked, item in zip(facts.requirements, progress, strict=True)
    )
    return IN_PROGRESS if begun else NOT_STARTED


def met_on(facts: RequirementFacts, sessions: Iterable[AttendedSession]) -> dt.date | None:
    """The day on which a requirement was first met; ``None`` while it is open.

    What a favourable decision made of less than enough was met with the last of it before that decision.
    """
    counted = contributions(facts, sessions)
    if facts.verdict and not facts.verdict.is_favourable:
        return None
    if facts.verdict:
        counted = [item for item in counted if item.date <= facts.verdict.date]
    total, needed = Decimal(0), amount_needed(facts.rule, ())
    for item in counted:
        total += item.amount
        if total >= needed:
            return item.date
    if facts.verdict is None:
        return None
    return counted[-1].date if counted else facts.verdict.date


def asks_for_training(facts: RequirementFacts) -> bool:
    """Whether this is the training itself, attended in person."""
    return facts.is_required and facts.rule.kind == Kind.SESSIONS and facts.rule.cohort_kind == CohortKind.TRAINING


def training_stage(stages: Sequence[StageFacts]) -> int | None:
    """The place of the stage in which the training is taken; ``None`` where a pathway has none."""
    places = (place for place, stage in enumerate(stages) if any(map(asks_for_training, stage.requirements)))
    return next(places, None)


def trained_on(stages: Sequence[StageFacts], sessions: Sequence[AttendedSession]) -> dt.date | None:
    """The day on which the training was over: its last day, not a later refresher's. ``None`` before that."""
    place = training_stage(stages)
    if place is None:
        return None
    days = [met_on(asked, sessions) for asked in stages[place].requirements if asks_for_training(asked)]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else stages[place].completed_on


def window(facts: StageFacts, training_over: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of a stage for somebody whose training was over that day."""
    if facts.opens_after_months is None or facts.closes_after_months is None or training_over is None:
        return None, None
    closes = months_after(training_over, facts.closes_after_months)
    if facts.extended_until is not None:
        closes = max(closes, facts.extended_until)
    return months_after(training_over, facts.opens_after_months), closes


def unlocked_on(stages: Sequence[StageFacts], what: str) -> dt.date | None:
    """Since when what has been completed opens the way to teaching or being listed; ``None`` while it does not.

    The stage that says so must be completed, with all before it. Where none speaks of being listed, the whole
    pathway is asked for; where none speaks of teaching, nothing is said about it.
    """
    places = [place for place, stage in enumerate(stages, start=1) if stage.unlocks == what]
    if not places and what != Unlock.LISTING:
        return None
    return pathway_completed_on(stages[: places[-1]] if places else stages)


def work_out(stages: Sequence[StageFacts], sessions: Sequence[AttendedSession]) -> PathwayResult:
    """Where somebody stands in each stage of a pathway, in the pathway's order, and what follows from it.

    ``sessions`` are all that the person attended on this pathway, in whichever cohort.
    """
    training_over = trained_on(stages, sessions)
    results = [_stage_result(facts, sessions, stages[:place], training_over) for place, facts in enumerate(stages)]
    current = next((place for place, result in enumerate(results) if result.state != COMPLETED), None)
    return PathwayResult(
        stages=tuple(results),
        current=current,
        next_requirement=None if current is None else first_open(stages[current], results[current]),
        completed_on=pathway_completed_on(stages),
        trained_on=training_over,
        outstanding=_outstanding(stages, results) if training_over else 0,
        may_teach_on=unlocked_on(stages, Unlock.TEACHING),
        may_be_listed_on=unlocked_on(stages, Unlock.LISTING),
    )


def first_open(facts: StageFacts, result: StageResult) -> int | None:
    """The place of the first required thing of a stage that is not met; ``None`` where all are."""
    return next(iter(_open_places(facts, result)), None)


def _open_places(facts: StageFacts, result: StageResult) -> list[int]:
    pairs = zip(facts.requirements, result.requirements, strict=True)
    return [place for place, (asked, item) in enumerate(pairs) if asked.is_required and not item.is_met]


def _outstanding(stages: Sequence[StageFacts], results: Sequence[StageResult]) -> int:
    """What is required before the training and still open; a completed stage owes nothing any more."""
    pairs = zip(stages[: training_stage(stages)], results, strict=False)
    return sum(
        stages[place].requirements[item].rule.kind != Kind.EARLIER_STAGES
        for place, (facts, result) in enumerate(pairs)
        if result.state != COMPLETED
        for item in _open_places(facts, result)
    )


def _stage_result(
    facts: StageFacts,
    sessions: Sequence[AttendedSession],
    earlier: Sequence[StageFacts],
    training_over: dt.date | None,
) -> StageResult:
    progress = tuple(requirement_progress(item, sessions, earlier) for item in facts.requirements)
    counted = [item.is_met for asked, item in zip(facts.requirements, progress, strict=True) if asked.is_required]
    met, required = sum(counted), len(counted)
    opens_on, closes_on = window(facts, training_over)
    return StageResult(
        state=stage_state(facts, progress, met=met, required=required),
        met=met,
        required=required,
        requirements=progress,
        completed_on=facts.completed_on,
        opens_on=opens_on,
        closes_on=closes_on,
    )


def pathway_completed_on(stages: Sequence[StageFacts]) -> dt.date | None:
    """The day on which the last of these stages was completed; ``None`` while one is open, or where there is none."""
    days = [stage.completed_on for stage in stages]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
