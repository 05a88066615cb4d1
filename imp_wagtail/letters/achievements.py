"""What letters confirm: completed stages, with the training and the hours on record. Read for many at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from imp_wagtail.participants.models import Attendance, Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.rules import CohortKind, Kind
from imp_wagtail.trainings.models import TrainingPage

#: The merge fields that only somebody who attended a training has a value for.
TRAINING_FIELDS = frozenset({"training", "training_place", "training_dates"})


@dataclass(frozen=True)
class Achievement:
    """What a letter confirms: a completed stage, with the training and the hours that are on record for it."""

    enrolment: Enrolment
    stage: Stage
    completion: StageCompletion
    training: Any  # a ``TrainingPage`` or ``None``
    hours: Decimal | None

    @property
    def unknown_fields(self) -> frozenset[str]:
        """The merge fields that have no value here."""
        return (frozenset() if self.training else TRAINING_FIELDS) | (
            frozenset() if self.hours is not None else {"hours"}
        )


class Attended(NamedTuple):
    """A session at which somebody was present."""

    enrolment: int
    date: dt.date
    pk: int
    kind: str
    training: int | None
    hours: Decimal | None


Completed = tuple[Enrolment, Stage, StageCompletion]


def achieved(enrolment: Enrolment, stage: Stage, completion: StageCompletion) -> Achievement:
    """What is on record for a completed stage."""
    return achieved_many([(enrolment, stage, completion)])[0]


def achieved_many(completed: Sequence[Completed], *, enrolments: Any = None) -> list[Achievement]:
    """The same for many, in two queries besides those for the stages' requirements.

    ``enrolments`` is all of theirs as a queryset, where they are too many for the database to be told each.
    """
    kinds = {kind for _enrolment, stage, _completion in completed for kind in kinds_attended(stage)}
    if enrolments is None:
        enrolments = [enrolment.pk for enrolment, _stage, _completion in completed]
    attended = _attended(enrolments, kinds)
    trainings = TrainingPage.objects.in_bulk({one.training for own in attended.values() for one in own} - {None})
    return [
        Achievement(
            enrolment,
            stage,
            completion,
            trainings.get(_training_of(stage, attended[enrolment.pk])),
            _hours_of(stage, attended[enrolment.pk]),
        )
        for enrolment, stage, completion in completed
    ]


def kinds_attended(stage: Stage) -> set[str]:
    """The kinds of cohorts whose sessions a stage asks for."""
    return {asked.cohort_kind for asked in stage.requirements.all() if asked.kind == Kind.SESSIONS}


def _attended(enrolments: Any, kinds: Iterable[str]) -> defaultdict[int, list[Attended]]:
    """The sessions of these kinds that each was present at, the latest first."""
    found: defaultdict[int, list[Attended]] = defaultdict(list)
    if kinds:
        rows = Attendance.objects.filter(enrolment__in=enrolments, session__cohort__kind__in=kinds)
        named = ("session__cohort__kind", "session__cohort__training", "session__hours")
        for row in rows.order_by("-session__date", "-pk").values_list("enrolment", "session__date", "pk", *named):
            found[row[0]].append(Attended(*row))
    return found


def _training_of(stage: Stage, attended: list[Attended]) -> int | None:
    """The training of the latest cohort of that kind at which the participant attended a session."""
    if not stage.takes_training:
        return None
    trainings = (one.training for one in attended if one.kind == CohortKind.TRAINING and one.training)
    return next(trainings, None)


def _hours_of(stage: Stage, attended: list[Attended]) -> Decimal | None:
    """The hours of all sessions attended that this stage asks for; ``None`` where there is none, or one without hours.

    Sessions are asked for by the kind of their cohort, so that those of another group of that kind count as well.
    """
    kinds = kinds_attended(stage)
    hours = [one.hours for one in attended if one.kind in kinds]
    return None if not hours or None in hours else sum(hours, Decimal(0))
