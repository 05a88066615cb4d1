"""Who trained with whom, and when: classes of up to forty people, and the cohorts that each goes through."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from imp_wagtail.participants.models import Cohort, Enrolment, Session
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import CohortKind, Kind
from imp_wagtail.trainings.models import TrainingPage

CLASS_SIZE = 40
SUPERVISION_SIZE = 8
#: How many years of trainings there are to look back on; fewer in each year, the fewer people there are.
YEARS = 12


@dataclass
class Way:
    """A pathway with what it asks for, read once."""

    pathway: Pathway
    stages: list[Stage]
    requirements: dict[int, list[Requirement]]
    trainings: list[TrainingPage]

    @classmethod
    def of(cls, pathway: Pathway) -> "Way":
        stages = list(pathway.stages.order_by("sort_order", "pk"))
        return cls(
            pathway=pathway,
            stages=stages,
            requirements={stage.pk: list(stage.requirements.order_by("sort_order", "pk")) for stage in stages},
            trainings=list(TrainingPage.objects.filter(pathway=pathway).order_by("pk")),
        )

    @property
    def training_place(self) -> int:
        """The place of the stage in which the training is attended, from 0."""
        kinds = [{asked.cohort_kind for asked in self.requirements[stage.pk]} for stage in self.stages]
        return next(place for place, asked in enumerate(kinds) if CohortKind.TRAINING in asked)

    def sessions_asked(self, kind: str) -> int:
        """How many sessions of a kind of cohort the pathway asks for."""
        every = [asked for stage in self.stages for asked in self.requirements[stage.pk]]
        return int(sum(asked.amount for asked in every if asked.kind == Kind.SESSIONS and asked.cohort_kind == kind))


@dataclass
class Class:
    """People on one pathway who trained together on ``trained``, or who have all yet to (``None``)."""

    way: Way
    trained: dt.date | None
    enrolments: list[Enrolment] = field(default_factory=list)
    cohorts: list[Cohort] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    #: The cohorts of each enrolment, by its place in the class.
    seats: dict[int, list[Cohort]] = field(default_factory=dict)

    def found_cohorts(self, random: Random) -> None:
        """The training, the seminar and the supervision groups of this class, with all their sessions; unsaved."""
        if self.trained is None:
            return
        everybody = range(len(self.enrolments))
        day, after = self.trained, dt.timedelta(days=random.randint(190, 230))
        self._found(CohortKind.TRAINING, everybody, day, dt.timedelta(days=1))
        self._found(CohortKind.SEMINAR, everybody, day + after, dt.timedelta(days=1), more=1)
        for first in everybody[::SUPERVISION_SIZE]:
            few = everybody[first : first + SUPERVISION_SIZE]
            self._found(CohortKind.SUPERVISION, few, day + after, dt.timedelta(days=21), more=1)

    def _found(self, kind: str, places: range, begins: dt.date, step: dt.timedelta, more: int = 0) -> None:
        count = self.way.sessions_asked(kind)
        if not count:
            return
        training = self.way.trainings[begins.toordinal() % len(self.way.trainings)] if self.way.trainings else None
        cohort = Cohort(
            title=f"{CohortKind(kind).label.capitalize()} {begins:%B %Y} · {places.start // SUPERVISION_SIZE + 1}",
            kind=kind,
            pathway=self.way.pathway,
            training=training if kind == CohortKind.TRAINING else None,
        )
        self.cohorts.append(cohort)
        hours = Decimal("1.5") if kind == CohortKind.SUPERVISION else None
        self.sessions += [
            Session(cohort=cohort, date=begins + step * number, hours=hours) for number in range(count + more)
        ]
        for place in places:
            self.seats.setdefault(place, []).append(cohort)


def classes(ways: list[Way], size: int, today: dt.date, random: Random) -> Iterator[tuple[Class, int]]:
    """Classes, each with how many people it has, until there are ``size`` people: three quarters have trained."""
    left = size
    while left:
        count = min(CLASS_SIZE, left)
        way = random.choices(ways, [4, 1])[0] if len(ways) > 1 else ways[0]
        # Closer together towards today: a programme grows.
        ago = dt.timedelta(days=round(20 + 365 * YEARS * random.random() ** 1.6))
        trained = today - ago if random.random() < 0.75 else None
        yield Class(way, trained), count
        left -= count
