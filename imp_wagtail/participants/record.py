"""A participant's record as the page shows it: each stage as a checklist, and what comes next."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from imp_wagtail.pathways.models import Requirement, Stage
from imp_wagtail.pathways.rules import Kind, plain_number

from .facts import EnrolmentFacts, facts_of
from .models import Decision, Enrolment, Evidence, Participant, StageCompletion, StageProgress
from .progress import COMPLETED, READY, RequirementProgress, StageResult


@dataclass(frozen=True)
class RecordRequirement:
    """One line of a checklist."""

    requirement: Requirement
    progress: RequirementProgress
    evidence: list[Evidence]
    decision: Decision | None

    @property
    def takes_evidence(self) -> bool:
        return self.requirement.kind != Kind.EARLIER_STAGES

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
    completion: StageCompletion | None
    requirements: list[RecordRequirement]

    @property
    def state_label(self) -> str:
        return str(StageProgress.State(self.result.state).label)

    @property
    def can_be_completed(self) -> bool:
        return self.result.state == READY


@dataclass(frozen=True)
class RecordEnrolment:
    """One pathway of a record."""

    enrolment: Enrolment
    stages: list[RecordStage]

    @property
    def next_step(self) -> str:
        """The next step in words."""
        if self.enrolment.status != Enrolment.Status.ACTIVE:
            return _("This enrolment is %(status)s.") % {"status": self.enrolment.get_status_display()}
        open_stages = [stage for stage in self.stages if stage.result.state != COMPLETED]
        if not open_stages:
            return _("Every stage is completed.")
        return next_step_in(open_stages[0])


def next_step_in(stage: RecordStage) -> str:
    """What is next in the first stage that is not completed."""
    if stage.can_be_completed:
        return _("“%(stage)s” is ready to be completed.") % {"stage": stage.stage}
    missing = [item for item in stage.requirements if item.requirement.is_required and not item.progress.is_met]
    return _("%(stage)s: %(requirement)s") % {"stage": stage.stage, "requirement": missing[0].requirement}


def record_of(participant: Participant) -> list[RecordEnrolment]:
    """Everything to show about a participant's pathways, in seven queries each."""
    enrolments = participant.enrolments.select_related("pathway", "participant").order_by("pk")
    return [_record_enrolment(facts_of(enrolment)) for enrolment in enrolments]


def _record_enrolment(facts: EnrolmentFacts) -> RecordEnrolment:
    pairs = zip(facts.stages, facts.results(), strict=True)
    stages = [_record_stage(facts, stage, number, result) for number, (stage, result) in enumerate(pairs, start=1)]
    return RecordEnrolment(enrolment=facts.enrolment, stages=stages)


def _record_stage(facts: EnrolmentFacts, stage: Stage, number: int, result: StageResult) -> RecordStage:
    requirements = [
        RecordRequirement(
            requirement=requirement,
            progress=progress,
            evidence=facts.evidence[requirement.pk],
            decision=facts.decisions.get(requirement.pk),
        )
        for requirement, progress in zip(facts.requirements[stage.pk], result.requirements, strict=True)
    ]
    return RecordStage(
        stage=stage,
        number=number,
        result=result,
        completion=facts.completions.get(stage.pk),
        requirements=requirements,
    )
