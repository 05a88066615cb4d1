"""From the database to the facts that progress follows from, and back into what is stored."""

from collections import defaultdict
from dataclasses import dataclass

from imp_wagtail.pathways.models import Requirement, Stage

from .models import Attendance, Decision, Enrolment, Evidence, StageCompletion, StageProgress
from .progress import (
    AttendedSession,
    RequirementFacts,
    StageFacts,
    StageResult,
    pathway_completed_on,
    work_out,
)


@dataclass(frozen=True)
class EnrolmentFacts:
    """Everything on record for one enrolment, read in six queries, in the pathway's order."""

    enrolment: Enrolment
    stages: list[Stage]
    requirements: dict[int, list[Requirement]]
    evidence: dict[int, list[Evidence]]
    decisions: dict[int, Decision]
    completions: dict[int, StageCompletion]
    attendance: list[Attendance]

    def stage_facts(self) -> list[StageFacts]:
        """The same as plain data for the rules."""
        return [self._one_stage(stage) for stage in self.stages]

    def _one_stage(self, stage: Stage) -> StageFacts:
        completion = self.completions.get(stage.pk)
        return StageFacts(
            requirements=tuple(self._one_requirement(item) for item in self.requirements[stage.pk]),
            completed_on=completion.completed_on if completion else None,
        )

    def _one_requirement(self, requirement: Requirement) -> RequirementFacts:
        return RequirementFacts(
            rule=requirement.rule,
            is_required=requirement.is_required,
            evidence=tuple(item.amount for item in self.evidence[requirement.pk]),
            decided=requirement.pk in self.decisions,
        )

    def sessions(self) -> list[AttendedSession]:
        return [AttendedSession(row.session.cohort.kind, row.session.hours) for row in self.attendance]

    def results(self) -> list[StageResult]:
        """Progress in each stage, worked out from these facts."""
        return work_out(self.stage_facts(), self.sessions())


def facts_of(enrolment: Enrolment) -> EnrolmentFacts:
    """Read everything on record for an enrolment."""
    stages = list(Stage.objects.filter(pathway=enrolment.pathway_id).order_by("sort_order", "pk"))
    requirements = defaultdict(list)
    for requirement in Requirement.objects.filter(stage__in=stages).order_by("sort_order", "pk"):
        requirements[requirement.stage_id].append(requirement)
    evidence = defaultdict(list)
    for item in enrolment.evidence.select_related("requirement").order_by("date", "pk"):
        evidence[item.requirement_id].append(item)
    decisions = enrolment.decisions.filter(stands=True).select_related("decided_by")
    completions = enrolment.completions.filter(stands=True).select_related("completed_by")
    attendance = enrolment.attendance.select_related("session__cohort").order_by("session__date", "pk")
    return EnrolmentFacts(
        enrolment=enrolment,
        stages=stages,
        requirements=requirements,
        evidence=evidence,
        decisions={decision.requirement_id: decision for decision in decisions},
        completions={completion.stage_id: completion for completion in completions},
        attendance=list(attendance),
    )


def store_progress(facts: EnrolmentFacts) -> list[StageResult]:
    """Write what follows from the facts: each stage's progress, the current stage, the pathway's completion."""
    results = facts.results()
    enrolment = facts.enrolment
    rows = [
        StageProgress(
            enrolment=enrolment,
            stage=stage,
            state=result.state,
            met=result.met,
            required=result.required,
            completed_on=result.completed_on,
        )
        for stage, result in zip(facts.stages, results, strict=True)
    ]
    StageProgress.objects.filter(enrolment=enrolment).exclude(stage__in=facts.stages).delete()
    _upsert(rows)
    open_stages = [
        stage for stage, row in zip(facts.stages, rows, strict=True) if row.state != StageProgress.State.COMPLETED
    ]
    enrolment.current_stage = open_stages[0] if open_stages else None
    enrolment.completed_on = pathway_completed_on(facts.stage_facts())
    enrolment.save(update_fields=["current_stage", "completed_on"])
    return results


def _upsert(rows: list[StageProgress]) -> None:
    """Change what differs, add what is missing, leave the rest alone."""
    stored = (
        {row.stage_id: row for row in StageProgress.objects.filter(enrolment_id=rows[0].enrolment_id)} if rows else {}
    )
    fields = ["state", "met", "required", "completed_on"]
    changed = []
    for row in rows:
        old = stored.get(row.stage_id)
        if old and any(getattr(old, field) != getattr(row, field) for field in fields):
            row.pk = old.pk
            changed.append(row)
    StageProgress.objects.bulk_update(changed, fields)
    StageProgress.objects.bulk_create([row for row in rows if row.stage_id not in stored])
