"""A participant's record as the page shows it: each stage as a checklist, and what comes next."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import date_range
from imp_wagtail.pathways.models import Requirement, Stage
from imp_wagtail.pathways.rules import Kind, plain_number, size_in_words

from . import ledger
from .facts import EnrolmentFacts, StageRules, attended_session, facts_of_many
from .ledger import Line
from .models import Decision, Enrolment, Participant, StageProgress
from .progress import COMPLETED, READY, RequirementProgress, StageResult, session_counts, training_stage
from .windows import WindowState, window_in_words, window_state


@dataclass(frozen=True)
class RecordEvidence:
    """One piece of evidence, with its size in words."""

    line: Line
    requirement: Requirement

    @property
    def size(self) -> str:
        return size_in_words(self.requirement.rule, self.line.amount or Decimal(0))


@dataclass(frozen=True)
class RecordDecision:
    """What staff decided about a requirement."""

    line: Line

    @property
    def label(self) -> str:
        return str(Decision.Outcome(self.line.sort).label)

    @property
    def is_refusal(self) -> bool:
        return self.line.sort == Decision.Outcome.REFUSED


@dataclass(frozen=True)
class RecordRequirement:
    """One line of a checklist. ``attended`` are the sessions that count towards it."""

    requirement: Requirement
    progress: RequirementProgress
    evidence: list[RecordEvidence]
    attended: list[Line]
    decision: RecordDecision | None
    #: Whether the training is still to come, and this stands before it.
    is_before_training: bool = False

    @property
    def takes_evidence(self) -> bool:
        return self.requirement.kind != Kind.EARLIER_STAGES

    @property
    def when(self) -> str:
        """By when an open prerequisite is to be met, as its rule says; empty for all else."""
        if self.progress.is_met or not (self.is_before_training and self.requirement.is_required):
            return ""
        if self.requirement.open_at_training:
            return _("may still be open when the training starts")
        return _("to be met before the training")

    @property
    def amount(self) -> str:
        """How far: "1 of 2"; empty for a single thing, and for nothing at all."""
        if self.progress.needed <= Decimal(1):
            return ""
        done = min(self.progress.done, self.progress.needed)
        return _("%(done)s of %(needed)s") % {
            "done": plain_number(done),
            "needed": plain_number(self.progress.needed),
        }


@dataclass(frozen=True)
class RecordStage:
    """One stage of a record."""

    stage: Stage
    number: int
    result: StageResult
    completion: Line | None
    extension: Line | None
    requirements: list[RecordRequirement]

    @property
    def state_label(self) -> str:
        return str(StageProgress.State(self.result.state).label)

    @property
    def can_be_completed(self) -> bool:
        return self.result.state == READY

    @property
    def is_completed(self) -> bool:
        return self.result.state == COMPLETED

    @property
    def window_state(self) -> WindowState | None:
        """Where today lies in the window; ``None`` where there is none, or nothing left to do."""
        result, today, soon_days = self.result, timezone.localdate(), settings.WINDOW_CLOSING_DAYS
        return window_state(result.state, result.opens_on, result.closes_on, today=today, soon_days=soon_days)

    @property
    def window(self) -> str:
        return window_in_words(self.window_state, self.result.opens_on, self.result.closes_on)


@dataclass(frozen=True)
class RecordCohort:
    """A group that somebody is in, or was at sessions of."""

    pk: int
    title: str
    #: Sessions attended, and held until today; the second is unknown of groups that were left.
    attended: int
    held: int | None
    first: dt.date | None
    last: dt.date | None

    @property
    def dates(self) -> str:
        """From the first to the last session attended; empty before the first."""
        return date_range(self.first, self.last) if self.first else ""


@dataclass(frozen=True)
class RecordEnrolment:
    """One pathway of a record."""

    enrolment: Enrolment
    stages: list[RecordStage]
    cohorts: list[RecordCohort]
    facts: EnrolmentFacts

    @property
    def next_step(self) -> str:
        """The next step in words."""
        if self.enrolment.status != Enrolment.Status.ACTIVE:
            return self.enrolment.status_in_words
        result = self.facts.result
        if result.current is None:
            return _("Every stage is completed.")
        rules = self.facts.rules[result.current]
        if result.next_requirement is None:
            return _("“%(stage)s” is ready to be completed.") % {"stage": rules.stage}
        missing = rules.requirements[result.next_requirement]
        return _("%(stage)s: %(requirement)s") % {"stage": rules.stage, "requirement": missing}


def participant_and_record(pk: int) -> tuple[Participant, list[RecordEnrolment]]:
    """Somebody with everything to show about their pathways, in three queries whatever there is.

    Raises ``Participant.DoesNotExist``.
    """
    own = Enrolment.objects.filter(participant=pk).select_related("participant", "pathway")
    own = own.order_by("pk")
    enrolments = list(own)
    # Whoever is on no pathway is found by a query more; there is nothing else to read then.
    participant = enrolments[0].participant if enrolments else Participant.objects.get(pk=pk)
    participant._prefetched_objects_cache = {"enrolments": own}  # read already: nobody needs to ask again
    return participant, [_record_enrolment(facts) for facts in facts_of_many(enrolments, ledger.EVERYTHING)]


def record_of(participant: Participant) -> list[RecordEnrolment]:
    """The record of somebody who is at hand already."""
    return participant_and_record(participant.pk)[1]


def _record_enrolment(facts: EnrolmentFacts) -> RecordEnrolment:
    pairs = zip(facts.rules, facts.result.stages, strict=True)
    stages = [_record_stage(facts, rules, number, result) for number, (rules, result) in enumerate(pairs, start=1)]
    return RecordEnrolment(enrolment=facts.enrolment, stages=stages, cohorts=_record_cohorts(facts), facts=facts)


def _record_stage(facts: EnrolmentFacts, rules: StageRules, number: int, result: StageResult) -> RecordStage:
    pairs = zip(rules.requirements, result.requirements, strict=True)
    training = training_stage(facts.stage_facts())
    is_before = facts.result.trained_on is None and training is not None and number <= training
    return RecordStage(
        stage=rules.stage,
        number=number,
        result=result,
        completion=facts.completions.get(rules.stage.pk),
        extension=facts.extensions.get(rules.stage.pk),
        requirements=[_record_requirement(facts, *pair, is_before_training=is_before) for pair in pairs],
    )


def _record_requirement(
    facts: EnrolmentFacts, requirement: Requirement, progress: RequirementProgress, *, is_before_training: bool
) -> RecordRequirement:
    rule, decision = requirement.rule, facts.decisions.get(requirement.pk)
    attended = [line for line in facts.attendance if session_counts(rule, attended_session(line))]
    return RecordRequirement(
        requirement=requirement,
        progress=progress,
        evidence=[RecordEvidence(line, requirement) for line in facts.evidence.get(requirement.pk, ())],
        attended=attended if rule.kind == Kind.SESSIONS else [],
        decision=RecordDecision(decision) if decision else None,
        is_before_training=is_before_training,
    )


def _record_cohorts(facts: EnrolmentFacts) -> list[RecordCohort]:
    """The groups somebody is in, and after them those that were left."""
    held = {line.about: int(line.amount or 0) for line in facts.memberships}
    titles = {line.about: line.title for line in [*facts.memberships, *facts.attendance]}
    return [_record_cohort(facts, key, title, held.get(key)) for key, title in titles.items()]


def _record_cohort(facts: EnrolmentFacts, key: int, title: str, held: int | None) -> RecordCohort:
    days = [line.date for line in facts.attendance if line.about == key and line.date]
    return RecordCohort(
        pk=key,
        title=title,
        attended=len(days),
        held=held,
        first=min(days, default=None),
        last=max(days, default=None),
    )
