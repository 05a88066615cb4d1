"""Everything that was planned, written in a few statements. Call it inside the transaction of the import.

What it leaves behind is what the actions would have left: records, stored progress, the entries of the log, and the
signal that progress was stored. ``stage_completed`` is not sent: what is imported happened long ago.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.translation import in_own_language
from imp_wagtail.pathways.models import Requirement, Stage

from .. import log
from ..actions import recompute_many
from ..actions.evidence import as_logged
from ..actions.recomputing import standing_told_once, tell_standing
from ..derived import Derived, derive
from ..facts import StageRules
from ..ledger import Line
from ..models import Decision, Enrolment, Evidence, Participant, StageCompletion, StageProgress
from ..signals import progress_stored
from .planning import FILLED_IN
from .plans import Plan, Standing

#: Rows of one statement.
AT_ONCE = 1000
#: Fields of a participant that follow from others.
KEYS = ("folded", "name_key")


def write(plans: Iterable[Plan], rules: Sequence[StageRules], *, filename: str, by: Any) -> None:
    """Write these plans. None of them has a remark that blocks, and whoever is known is locked."""
    plans = [plan for plan in plans if plan.changes_anything]
    _save_participants(plans)
    derived = _save_enrolments([plan for plan in plans if plan.is_enrolled_anew])
    histories = _Histories(rules, _source(filename), by)
    histories.save(plans)
    with standing_told_once():
        _save_progress(plans, derived)
    log.record_many(chain.from_iterable(histories.entries(plan) for plan in plans), by=by)


@in_own_language()
def _source(filename: str) -> str:
    """Why there is an entry in somebody's history."""
    return _("Imported from “%(file)s”.") % {"file": filename}


def _save_participants(plans: Sequence[Plan]) -> None:
    new = [plan.participant for plan in plans if plan.standing != Standing.KNOWN]
    Participant.objects.bulk_create(new, batch_size=AT_ONCE)
    changed = [plan.participant for plan in plans if plan.filled_in]
    for participant in changed:
        participant.updated_at = timezone.now()
        for name in KEYS:
            Participant._meta.get_field(name).pre_save(participant, add=False)
    Participant.objects.bulk_update(changed, [*FILLED_IN, *KEYS, "updated_at"], batch_size=AT_ONCE // 4)


def _save_enrolments(plans: Sequence[Plan]) -> list[Derived]:
    """New enrolments, with what follows from their facts; returns that."""
    derived = [derive(plan.facts) for plan in plans]
    for plan, follows in zip(plans, derived, strict=True):
        for name, value in follows.enrolment.items():
            setattr(plan.enrolment, name, value)
    Enrolment.objects.bulk_create([plan.enrolment for plan in plans], batch_size=AT_ONCE)
    return derived


def _save_progress(plans: Sequence[Plan], derived: Sequence[Derived]) -> None:
    """New enrolments get theirs at once; for those that stood already it is worked out from what is stored."""
    new = [plan.enrolment for plan in plans if plan.is_enrolled_anew]
    rows = [
        StageProgress(enrolment=enrolment, stage_id=stage, **values)
        for enrolment, follows in zip(new, derived, strict=True)
        for stage, values in follows.stages.items()
    ]
    StageProgress.objects.bulk_create(rows, batch_size=AT_ONCE)
    for enrolment in new:
        progress_stored.send(Enrolment, enrolment=enrolment)
    if people := [enrolment.participant_id for enrolment in new if enrolment.may_be_listed or enrolment.completed_on]:
        tell_standing(people)
    standing = [plan.enrolment for plan in plans if not plan.is_enrolled_anew]
    for start in range(0, len(standing), AT_ONCE):
        recompute_many(standing[start : start + AT_ONCE])


@dataclass(frozen=True)
class _Histories:
    """Evidence, decisions and completed stages: their rows, and what the log says of each."""

    rules: Sequence[StageRules]
    why: str
    by: Any

    @cached_property
    def requirements(self) -> dict[int, Requirement]:
        return {asked.pk: asked for own in self.rules for asked in own.requirements}

    @cached_property
    def stages(self) -> dict[int, Stage]:
        return {own.stage.pk: own.stage for own in self.rules}

    def save(self, plans: Sequence[Plan]) -> None:
        evidence = [self._evidence(plan, line) for plan in plans for line in plan.evidence]
        Evidence.objects.bulk_create(evidence, batch_size=AT_ONCE)
        decisions = [self._decision(plan, line) for plan in plans for line in plan.decisions]
        Decision.objects.bulk_create(decisions, batch_size=AT_ONCE)
        completions = [self._completion(plan, line) for plan in plans for line in plan.completions]
        StageCompletion.objects.bulk_create(completions, batch_size=AT_ONCE)

    def _evidence(self, plan: Plan, line: Line) -> Evidence:
        return Evidence(
            enrolment=plan.enrolment,
            requirement=self.requirements[line.about],
            date=line.date,
            amount=line.amount,
            detail=line.title,
            recorded_by=self.by,
        )

    def _decision(self, plan: Plan, line: Line) -> Decision:
        return Decision(
            enrolment=plan.enrolment,
            requirement=self.requirements[line.about],
            outcome=line.sort,
            reason=line.text,
            decided_on=line.date,
            decided_by=self.by,
        )

    def _completion(self, plan: Plan, line: Line) -> StageCompletion:
        return StageCompletion(
            enrolment=plan.enrolment,
            stage=self.stages[line.about],
            completed_on=line.date,
            completed_by=self.by,
        )

    def entries(self, plan: Plan) -> Iterator[log.Entry]:
        """What the log says about one person, in the order in which it would have been typed."""
        person, enrolment = plan.participant, plan.enrolment
        if plan.standing != Standing.KNOWN:
            yield log.Entry(person, "imp.participant.add", what=person.name, why=self.why)
        elif plan.filled_in:
            yield self._filled_in(plan)
        if plan.is_enrolled_anew:
            day = enrolment.enrolled_on
            yield log.Entry(person, "imp.enrolment.add", what=enrolment.pathway, after=day, why=self.why)
        for line in plan.evidence:
            what, after = self.requirements[line.about], as_logged(self._evidence(plan, line))
            yield log.Entry(person, "imp.evidence.record", what=what, after=after, why=self.why)
        for line in plan.decisions:
            what, after = self.requirements[line.about], Decision.Outcome(line.sort).label
            yield log.Entry(person, "imp.decision.record", what=what, after=after, why=line.text)
        for line in plan.completions:
            what, after = self.stages[line.about], line.date
            yield log.Entry(person, "imp.stage.complete", what=what, after=after, why=self.why)

    def _filled_in(self, plan: Plan) -> log.Entry:
        """Details that the record did not have; private notes stay out of the log, which more people read."""
        changes = log.changes_between(Participant(), plan.participant, plan.filled_in, untold=["notes"])
        return log.Entry(plan.participant, "imp.participant.change", **log.in_one_line(changes), why=self.why)
