"""The facts that progress follows from: the ledger of an enrolment beside the rules of its pathway."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import Kind

from . import ledger
from .ledger import Line
from .models import Decision, Enrolment
from .progress import (
    AttendedSession,
    DatedAmount,
    PathwayResult,
    RequirementFacts,
    StageFacts,
    Verdict,
    work_out,
)


@dataclass(frozen=True)
class StageRules:
    """One stage of a pathway with what it asks for, in order."""

    stage: Stage
    requirements: Sequence[Requirement]


@dataclass(frozen=True)
class EnrolmentFacts:
    """Everything on record for one enrolment, in the pathway's order. Of decisions and the like, those that stand."""

    enrolment: Enrolment
    rules: Sequence[StageRules]
    #: By the requirement's key.
    evidence: dict[int, list[Line]] = field(default_factory=dict)
    decisions: dict[int, Line] = field(default_factory=dict)
    #: By the stage's key.
    completions: dict[int, Line] = field(default_factory=dict)
    extensions: dict[int, Line] = field(default_factory=dict)
    attendance: list[Line] = field(default_factory=list)
    memberships: list[Line] = field(default_factory=list)

    @property
    def stages(self) -> list[Stage]:
        return [rules.stage for rules in self.rules]

    def requirements_of(self, stage: Stage) -> Sequence[Requirement]:
        """What a stage of this pathway asks for."""
        return next(rules.requirements for rules in self.rules if rules.stage.pk == stage.pk)

    def is_met_by_decision(self, requirement: Requirement) -> bool:
        """Whether a decision stands that takes a requirement as met."""
        decision = self.decisions.get(requirement.pk)
        return decision is not None and decision.sort != Decision.Outcome.REFUSED

    def rests_on_earlier(self, stage: Stage) -> bool:
        """Whether a stage asks for those before it, and nobody decided that this person does without."""
        return any(
            asked.kind == Kind.EARLIER_STAGES and asked.is_required and not self.is_met_by_decision(asked)
            for asked in self.requirements_of(stage)
        )

    def stage_facts(self) -> list[StageFacts]:
        """The same as plain data for the rules."""
        return [self._one_stage(rules) for rules in self.rules]

    def _one_stage(self, rules: StageRules) -> StageFacts:
        stage = rules.stage
        completion, extension = self.completions.get(stage.pk), self.extensions.get(stage.pk)
        return StageFacts(
            requirements=tuple(self._one_requirement(item) for item in rules.requirements),
            completed_on=completion.date if completion else None,
            opens_after_months=stage.opens_after_months,
            closes_after_months=stage.closes_after_months,
            extended_until=extension.date if extension else None,
            unlocks=stage.unlocks,
        )

    def _one_requirement(self, requirement: Requirement) -> RequirementFacts:
        decision = self.decisions.get(requirement.pk)
        return RequirementFacts(
            rule=requirement.rule,
            is_required=requirement.is_required,
            evidence=tuple(DatedAmount(line.date, line.amount) for line in self.evidence.get(requirement.pk, ())),
            verdict=Verdict(self.is_met_by_decision(requirement), decision.date) if decision else None,
        )

    def sessions(self) -> list[AttendedSession]:
        return [attended_session(line) for line in self.attendance]

    @cached_property
    def result(self) -> PathwayResult:
        """Where the enrolment stands, worked out from these facts."""
        return work_out(self.stage_facts(), self.sessions())


def attended_session(line: Line) -> AttendedSession:
    """A line of attendance as plain data for the rules."""
    return AttendedSession(cohort_kind=line.sort, date=line.date, hours=line.amount)


def facts_of(enrolment: Enrolment) -> EnrolmentFacts:
    """Read everything on record for an enrolment."""
    return facts_of_many([enrolment])[0]


def facts_of_many(enrolments: Iterable[Enrolment], kinds: Collection[str] = ledger.FACTS) -> list[EnrolmentFacts]:
    """Read everything on record for these enrolments, in two queries, and in their order."""
    enrolments = list(enrolments)
    rules = rules_of({enrolment.pathway_id for enrolment in enrolments})
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in ledger.lines_of([enrolment.pk for enrolment in enrolments], kinds):
        lines[line.enrolment].append(line)
    return [facts_from(enrolment, rules[enrolment.pathway_id], lines[enrolment.pk]) for enrolment in enrolments]


def facts_from(enrolment: Enrolment, rules: Sequence[StageRules], lines: Iterable[Line]) -> EnrolmentFacts:
    """The facts that these lines of one enrolment are, beside these rules."""
    by_kind: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line)
    evidence: dict[int, list[Line]] = defaultdict(list)
    for line in by_kind[ledger.EVIDENCE]:
        evidence[line.about].append(line)
    return EnrolmentFacts(
        enrolment=enrolment,
        rules=rules,
        evidence=evidence,
        decisions={line.about: line for line in by_kind[ledger.DECISION]},
        completions={line.about: line for line in by_kind[ledger.COMPLETION]},
        extensions={line.about: line for line in by_kind[ledger.EXTENSION]},
        attendance=by_kind[ledger.ATTENDANCE],
        memberships=by_kind[ledger.MEMBERSHIP],
    )


#: The columns that one row of rules holds: a requirement's, or none, behind its stage's.
_STAGE = [field.attname for field in Stage._meta.concrete_fields]
_REQUIREMENT = [field.attname for field in Requirement._meta.concrete_fields]


def rules_of(pathways: Iterable[int]) -> dict[int, list[StageRules]]:
    """The stages and requirements of these pathways, by the pathway's key, in one query."""
    found: dict[int, dict[int, StageRules]] = {pathway: {} for pathway in pathways}
    columns = [f"requirements__{name}" for name in _REQUIREMENT]
    order = ["sort_order", "pk", "requirements__sort_order", "requirements__pk"]
    rows = Stage.objects.filter(pathway__in=found).order_by(*order).values_list(*_STAGE, *columns)
    for row in rows if found else ():
        stage = Stage.from_db(None, _STAGE, row[: len(_STAGE)])
        rules = found[stage.pathway_id].setdefault(stage.pk, StageRules(stage, []))
        requirement = Requirement.from_db(None, _REQUIREMENT, row[len(_STAGE) :])
        if requirement.pk is not None:
            requirement.stage = rules.stage
            rules.requirements.append(requirement)
    return {pathway: list(stages.values()) for pathway, stages in found.items()}


def rules_of_pathway(pathway: Pathway) -> list[StageRules]:
    return rules_of([pathway.pk])[pathway.pk]
