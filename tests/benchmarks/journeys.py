"""What is on record for one enrolment, from its first day until today: rows that are yet to be saved."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from imp_wagtail.participants.models import (
    Attendance,
    Decision,
    Enrolment,
    Evidence,
    Extension,
    Session,
    StageCompletion,
)
from imp_wagtail.pathways.models import Requirement, Stage
from imp_wagtail.pathways.rules import Kind

from .groups import Way

DETAILS = ["Silent retreat, Gaia House", "With a teacher of the programme", "Online", "At a clinic", "Near the sea"]


@dataclass
class Journey:
    """Walks one enrolment ``reach`` stages far: 2.5 is two stages completed, and half of the third."""

    enrolment: Enrolment
    way: Way
    sessions: list[Session]
    reach: float
    trained: dt.date | None
    today: dt.date
    random: Random
    by: Any
    evidence: list[Evidence] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    completions: list[StageCompletion] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    #: What somebody came to the training without: no stage is completed until it is there.
    missing: Requirement | None = field(init=False)
    #: How far in time the journey has come.
    day: dt.date = field(init=False)

    def __post_init__(self) -> None:
        self.missing = self._missing()
        self.day = (self.trained or self.today) - dt.timedelta(days=40)

    def walk(self) -> "Journey":
        for place, stage in enumerate(self.way.stages):
            share = min(1.0, self.reach - place)
            if share <= 0:
                break
            self._walk_stage(place, stage, share)
        self._fill_up()
        return self

    @property
    def length(self) -> int:
        return len(self.evidence) + len(self.attendance)

    def _missing(self) -> Requirement | None:
        first = self.way.requirements[self.way.stages[0].pk]
        may_be_open = [asked for asked in first if asked.open_at_training and asked.is_required]
        return self.random.choice(may_be_open) if may_be_open and self.random.random() < 0.08 else None

    def _walk_stage(self, place: int, stage: Stage, share: float) -> None:
        asked = self.way.requirements[stage.pk]
        for requirement in asked[: max(1, round(share * len(asked)))]:
            if requirement is not self.missing:
                self._meet(requirement, share)
        if share >= 1 and self.missing is None and (self.reach >= place + 1.1 or self.random.random() < 0.8):
            day = min(self.today, self.day + dt.timedelta(days=self.random.randint(1, 20)))
            self.completions.append(
                StageCompletion(enrolment=self.enrolment, stage=stage, completed_on=day, completed_by=self.by)
            )
        elif stage.closes_after_months and self.random.random() < 0.1:
            until = self.today + dt.timedelta(days=self.random.randint(-60, 120))
            self._extend(stage, until)

    def _meet(self, asked: Requirement, share: float) -> None:
        if asked.kind == Kind.SESSIONS:
            self._attend(asked, share)
        elif asked.kind == Kind.CONFIRMATION and self.random.random() < 0.1:
            self._decide(asked)
        elif asked.kind == Kind.CONFIRMATION:
            self._record(asked, Decimal(1))
        elif asked.kind == Kind.HOURS:
            for _part in range(max(1, round(float(asked.amount) * share / 3))):
                self._record(asked, Decimal(3))
        elif asked.kind == Kind.COUNT:
            for _piece in range(max(1, round(float(asked.amount) * share))):
                self._record(asked, asked.each_min or Decimal(1))

    def _attend(self, asked: Requirement, share: float) -> None:
        own = [row for row in self.sessions if row.cohort.kind == asked.cohort_kind and row.date <= self.today]
        count = round(float(asked.amount) * share)
        for session in own[:count] if share < 1 else own:
            self.attendance.append(Attendance(session=session, enrolment=self.enrolment, marked_by=self.by))
            self.day = max(self.day, session.date)

    def _record(self, asked: Requirement, amount: Decimal) -> None:
        # Each on a day and with words of its own: the same evidence is never on record twice.
        day = self.day - dt.timedelta(days=self.random.randint(1, 30) + 31 * (len(self.evidence) % 24))
        self.evidence.append(
            Evidence(
                enrolment=self.enrolment,
                requirement=asked,
                date=day,
                amount=amount,
                detail=f"{self.random.choice(DETAILS)} ({len(self.evidence) + 1})",
                recorded_by=self.by,
            )
        )

    def _decide(self, asked: Requirement) -> None:
        outcome = self.random.choices(Decision.Outcome.values, [5, 3, 1, 1])[0]
        stands = True if self.random.random() < 0.9 else None
        self.decisions.append(
            Decision(
                enrolment=self.enrolment,
                requirement=asked,
                outcome=outcome,
                reason="Looked at together; the papers were seen.",
                decided_on=self.day,
                decided_by=self.by,
                stands=stands,
            )
        )

    def _extend(self, stage: Stage, until: dt.date) -> None:
        self.extensions.append(
            Extension(
                enrolment=self.enrolment,
                stage=stage,
                until=until,
                reason="A long illness.",
                granted_on=min(self.today, self.day),
                granted_by=self.by,
            )
        )

    def _fill_up(self) -> None:
        """More than was asked for, as people who practise have: about thirty rows for whoever has trained."""
        wanted = self.random.randint(26, 40) if self.trained else self.random.randint(10, 20)
        reached = self.way.stages[: int(self.reach) + 1]
        open_ended = [
            asked
            for stage in reached
            for asked in self.way.requirements[stage.pk]
            if asked.kind in (Kind.COUNT, Kind.HOURS) and asked is not self.missing
        ]
        while self.evidence and open_ended and self.length < wanted:
            asked = self.random.choice(open_ended)
            self._record(asked, asked.each_min or Decimal(1))


def reach_of(way: Way, trained: dt.date | None, today: dt.date, random: Random) -> float:
    """How many stages somebody has walked, going by how long ago the training was; one in twenty has yet to begin."""
    before = way.training_place
    if trained is None:
        return 0.0 if random.random() < 0.2 else random.uniform(0.2, before)
    months = (today - trained).days / 30.4
    after = len(way.stages) - before - 1
    if months < 6:
        return before + 1 + random.uniform(0.0, 0.15)
    if months < 13:
        return before + 1 + random.uniform(0.2, 1.2)
    return min(len(way.stages), before + 1 + random.uniform(0.4, after + 2.5))
