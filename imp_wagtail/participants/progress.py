"""How far somebody has come: pure functions from facts to progress. Nothing here reads the database.

The rules come from each pathway's own requirements; this module only knows how each kind is counted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from imp_wagtail.pathways.rules import Kind, Rule, Unit

NOT_STARTED, IN_PROGRESS, READY, COMPLETED = "not_started", "in_progress", "ready", "completed"


@dataclass(frozen=True)
class AttendedSession:
    """One session that somebody attended: its cohort's kind, and its length in hours where it is known."""

    cohort_kind: str
    hours: Decimal | None = None


@dataclass(frozen=True)
class RequirementFacts:
    """What is on record for one requirement: amounts of evidence, and whether staff decided in its favour."""

    rule: Rule
    is_required: bool = True
    evidence: tuple[Decimal, ...] = ()
    decided: bool = False


@dataclass(frozen=True)
class StageFacts:
    """One stage, in its place in the pathway. ``completed_on`` is set where somebody confirmed it."""

    requirements: tuple[RequirementFacts, ...] = ()
    completed_on: dt.date | None = None


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


def amount_done(
    facts: RequirementFacts, sessions: Iterable[AttendedSession], earlier: Sequence[StageFacts]
) -> Decimal:
    """How much of a requirement is done, in the measure of its rule."""
    rule = facts.rule
    if rule.kind == Kind.EARLIER_STAGES:
        return Decimal(sum(stage.completed_on is not None for stage in earlier))
    if rule.kind == Kind.SESSIONS:
        attended = sum(session_counts(rule, session) for session in sessions)
        return Decimal(attended) + sum(facts.evidence, Decimal(0))
    if rule.kind == Kind.COUNT and rule.is_bounded:
        return Decimal(len(facts.evidence))  # each amount is the size of one, already checked against the bounds
    if rule.kind == Kind.CONFIRMATION:
        return Decimal(min(1, len(facts.evidence)))
    return sum(facts.evidence, Decimal(0))


def amount_needed(rule: Rule, earlier: Sequence[StageFacts]) -> Decimal:
    """How much a requirement asks for, in the same measure."""
    if rule.kind == Kind.EARLIER_STAGES:
        return Decimal(len(earlier))
    return Decimal(1) if rule.kind == Kind.CONFIRMATION else rule.amount


def requirement_progress(
    facts: RequirementFacts, sessions: Iterable[AttendedSession], earlier: Sequence[StageFacts]
) -> RequirementProgress:
    """Progress in one requirement; a decision in its favour meets it whatever is on record."""
    done, needed = amount_done(facts, sessions, earlier), amount_needed(facts.rule, earlier)
    return RequirementProgress(done=done, needed=needed, is_met=facts.decided or done >= needed)


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


def work_out(stages: Sequence[StageFacts], sessions: Sequence[AttendedSession]) -> list[StageResult]:
    """The progress in each stage of a pathway, in the pathway's order.

    ``sessions`` are all that the person attended on this pathway, in whichever cohort.
    """
    return [_stage_result(facts, sessions, stages[:place]) for place, facts in enumerate(stages)]


def _stage_result(
    facts: StageFacts, sessions: Sequence[AttendedSession], earlier: Sequence[StageFacts]
) -> StageResult:
    progress = tuple(requirement_progress(item, sessions, earlier) for item in facts.requirements)
    counted = [item.is_met for asked, item in zip(facts.requirements, progress, strict=True) if asked.is_required]
    met, required = sum(counted), len(counted)
    return StageResult(
        state=stage_state(facts, progress, met=met, required=required),
        met=met,
        required=required,
        requirements=progress,
        completed_on=facts.completed_on,
    )


def pathway_completed_on(stages: Sequence[StageFacts]) -> dt.date | None:
    """The day on which the last stage was completed; ``None`` while one is open, or where there is none."""
    days = [stage.completed_on for stage in stages]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
