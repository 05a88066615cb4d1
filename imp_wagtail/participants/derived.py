"""What follows from the facts of an enrolment, as it is stored: compared with what is there, and written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .facts import EnrolmentFacts
from .models import Enrolment, StageProgress

#: The stored fields of an enrolment that follow from its facts.
OF_ENROLMENT = (
    "current_stage_id",
    "current_state",
    "next_requirement_id",
    "completed_on",
    "trained_on",
    "outstanding",
    "may_teach_on",
    "may_be_listed_on",
)
#: The same of its progress in each stage.
OF_STAGE = ("state", "met", "required", "completed_on", "opens_on", "closes_on")


@dataclass(frozen=True)
class Derived:
    """All that is stored for one enrolment, as plain data: two that are equal say the same."""

    enrolment: dict[str, Any]
    #: By the stage's key.
    stages: dict[int, dict[str, Any]]

    @property
    def completed_on(self) -> Any:
        return self.enrolment["completed_on"]

    @property
    def may_be_listed_on(self) -> Any:
        return self.enrolment["may_be_listed_on"]


def derive(facts: EnrolmentFacts) -> Derived:
    """What follows from the facts."""
    result = facts.result
    stage = None if result.current is None else facts.rules[result.current]
    requirement = None
    if stage and result.next_requirement is not None:
        requirement = stage.requirements[result.next_requirement]
    return Derived(
        enrolment={
            "current_stage_id": stage.stage.pk if stage else None,
            "current_state": "" if result.current is None else result.stages[result.current].state,
            "next_requirement_id": requirement.pk if requirement else None,
            "completed_on": result.completed_on,
            "trained_on": result.trained_on,
            "outstanding": result.outstanding,
            "may_teach_on": result.may_teach_on,
            "may_be_listed_on": result.may_be_listed_on,
        },
        stages={
            rules.stage.pk: {name: getattr(own, name) for name in OF_STAGE}
            for rules, own in zip(facts.rules, result.stages, strict=True)
        },
    )


def stored_rows(enrolments: Iterable[Enrolment]) -> dict[int, dict[int, StageProgress]]:
    """The stored progress of these enrolments, by enrolment and stage, in one query."""
    found: dict[int, dict[int, StageProgress]] = defaultdict(dict)
    for row in StageProgress.objects.filter(enrolment__in=[enrolment.pk for enrolment in enrolments]):
        found[row.enrolment_id][row.stage_id] = row
    return found


def stored(enrolment: Enrolment, rows: dict[int, StageProgress]) -> Derived:
    """What is stored for an enrolment, in the shape of what is derived."""
    return Derived(
        enrolment={name: getattr(enrolment, name) for name in OF_ENROLMENT},
        stages={key: {name: getattr(row, name) for name in OF_STAGE} for key, row in rows.items()},
    )


@dataclass(frozen=True)
class Difference:
    """One enrolment of which something else is stored than follows from its facts."""

    enrolment: Enrolment
    before: Derived
    after: Derived

    @property
    def changes_standing(self) -> bool:
        """Whether it touches what the directory rests on: the way into it, and the completed pathway."""
        then, now = ((derived.may_be_listed_on, derived.completed_on) for derived in (self.before, self.after))
        return then != now


def differences(many: Sequence[EnrolmentFacts]) -> list[Difference]:
    """Those of whom something else is stored than follows from these facts, in one query."""
    rows = stored_rows(facts.enrolment for facts in many)
    pairs = [
        Difference(facts.enrolment, stored(facts.enrolment, rows[facts.enrolment.pk]), derive(facts)) for facts in many
    ]
    return [pair for pair in pairs if pair.before != pair.after]


def store(many: Sequence[EnrolmentFacts]) -> list[Difference]:
    """Write what follows from these facts, and only what differs; returns that. A few queries for any number."""
    changed = differences(many)
    if not changed:
        return []
    rows = stored_rows(difference.enrolment for difference in changed)
    _store_enrolments(changed)
    _store_stages(changed, rows)
    return changed


def _store_enrolments(changed: list[Difference]) -> None:
    moved = [difference for difference in changed if difference.before.enrolment != difference.after.enrolment]
    for difference in moved:
        for name, value in difference.after.enrolment.items():
            setattr(difference.enrolment, name, value)
    Enrolment.objects.bulk_update([difference.enrolment for difference in moved], OF_ENROLMENT_FIELDS, batch_size=500)


def _store_stages(changed: list[Difference], rows: dict[int, dict[int, StageProgress]]) -> None:
    new, altered, gone = [], [], []
    for difference in changed:
        own = rows[difference.enrolment.pk]
        gone += [row.pk for stage, row in own.items() if stage not in difference.after.stages]
        for stage, values in difference.after.stages.items():
            if stage not in own:
                new.append(StageProgress(enrolment=difference.enrolment, stage_id=stage, **values))
            elif difference.before.stages[stage] != values:
                altered.append(_with(own[stage], values))
    if gone:
        StageProgress.objects.filter(pk__in=gone).delete()
    StageProgress.objects.bulk_update(altered, OF_STAGE, batch_size=500)
    StageProgress.objects.bulk_create(new, batch_size=1000)


def _with(row: StageProgress, values: dict[str, Any]) -> StageProgress:
    for name, value in values.items():
        setattr(row, name, value)
    return row


#: As Django's bulk update names them.
OF_ENROLMENT_FIELDS = tuple(name.removesuffix("_id") for name in OF_ENROLMENT)
