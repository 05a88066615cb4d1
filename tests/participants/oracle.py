"""A second way to work out where somebody stands, from the stored rows alone, for comparing with the package's own.

Written apart from it and as plainly as can be: nothing here is taken from ``progress``, ``facts`` or ``ledger``, so
that the rules and what is stored by them cannot be wrong together.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Requirement, Stage


def everybody() -> list[Enrolment]:
    """Everyone with everything that is kept about them."""
    everything = ["evidence", "decisions", "completions", "extensions", "attendance__session__cohort", "progress"]
    return list(Enrolment.objects.prefetch_related("pathway__stages__requirements", *everything).order_by("pk"))


def stored(enrolment: Enrolment) -> dict[str, Any]:
    """What the database says, in the shape of ``expected``."""
    return {
        "current": enrolment.current_stage_id,
        "next": enrolment.next_requirement_id,
        "completed_on": enrolment.completed_on,
        "trained_on": enrolment.trained_on,
        "outstanding": enrolment.outstanding,
        "may_teach_on": enrolment.may_teach_on,
        "may_be_listed_on": enrolment.may_be_listed_on,
        "stages": {
            own.stage_id: (own.state, own.met, own.required, own.completed_on, own.opens_on, own.closes_on)
            for own in enrolment.progress.all()
        },
    }


def expected(enrolment: Enrolment) -> dict[str, Any]:
    """What it ought to say."""
    return Papers(enrolment).standing()


class Papers:
    """All that is kept about one enrolment, spread out on a table."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.stages = sorted(enrolment.pathway.stages.all(), key=place)
        self.requirements: dict[int, list[Requirement]] = {
            stage.pk: sorted(stage.requirements.all(), key=place) for stage in self.stages
        }
        self.evidence = list(enrolment.evidence.all())
        self.decisions = {row.requirement_id: row for row in enrolment.decisions.all() if row.stands}
        self.completions = {row.stage_id: row.completed_on for row in enrolment.completions.all() if row.stands}
        self.extensions = {row.stage_id: row.until for row in enrolment.extensions.all() if row.stands}
        self.attendance = list(enrolment.attendance.all())

    def standing(self) -> dict[str, Any]:
        done = [self.completions.get(stage.pk) for stage in self.stages]
        trained = self.trained_on()
        current = next((stage for stage in self.stages if stage.pk not in self.completions), None)
        open_now = self.open_in(current) if current else []
        return {
            "current": current.pk if current else None,
            "next": open_now[0].pk if open_now else None,
            "completed_on": last(done),
            "trained_on": trained,
            "outstanding": self.outstanding() if trained else 0,
            "may_teach_on": self.unlocked(done, "teaching"),
            "may_be_listed_on": self.unlocked(done, "listing"),
            "stages": {stage.pk: self.of_stage(stage, trained) for stage in self.stages},
        }

    def of_stage(self, stage: Stage, trained: dt.date | None) -> tuple[Any, ...]:
        """State, met, required, completed on, opens on, closes on."""
        required, still_open = self.required_of(stage), self.open_in(stage)
        if stage.pk in self.completions:
            state = "completed"
        elif not still_open:
            state = "ready"
        else:
            state = "in_progress" if any(map(self.has_begun, self.requirements[stage.pk])) else "not_started"
        met = len(required) - len(still_open)
        return (state, met, len(required), self.completions.get(stage.pk), *self.window(stage, trained))

    def required_of(self, stage: Stage) -> list[Requirement]:
        return [own for own in self.requirements[stage.pk] if own.is_required]

    def open_in(self, stage: Stage) -> list[Requirement]:
        return [own for own in self.required_of(stage) if not self.is_met(own)]

    def is_met(self, asked: Requirement) -> bool:
        if asked.pk in self.decisions:
            return self.decisions[asked.pk].outcome in ("met", "equivalent", "waived")
        if asked.kind == "earlier_stages":
            before = self.stages[: [stage.pk for stage in self.stages].index(asked.stage_id)]
            return all(stage.pk in self.completions for stage in before)
        if asked.kind == "confirmation":
            return bool(self.amounts(asked))
        return sum(amount for _day, amount in self.amounts(asked)) >= asked.amount

    def has_begun(self, asked: Requirement) -> bool:
        if asked.kind == "earlier_stages":
            return False
        decided = asked.pk in self.decisions and self.decisions[asked.pk].outcome != "refused"
        return bool(self.amounts(asked)) or decided

    def amounts(self, asked: Requirement) -> list[tuple[dt.date, Decimal]]:
        """Everything that counts towards a requirement, with its day."""
        one_by_one = asked.kind == "count" and (asked.each_min or asked.each_max)
        counted = [
            (row.date, Decimal(1) if one_by_one else row.amount)
            for row in self.evidence
            if row.requirement_id == asked.pk
        ]
        return counted + [(day, Decimal(1)) for day in self.sessions(asked)]

    def sessions(self, asked: Requirement) -> list[dt.date]:
        """The days of the sessions that count towards a requirement."""
        attended = [row.session for row in self.attendance if asked.kind == "sessions"]
        return [
            session.date
            for session in attended
            if session.cohort.kind == asked.cohort_kind and not is_too_short(session.hours, asked)
        ]

    def window(self, stage: Stage, trained: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
        if trained is None or stage.opens_after_months is None or stage.closes_after_months is None:
            return None, None
        closes = [months_later(trained, stage.closes_after_months), self.extensions.get(stage.pk)]
        return months_later(trained, stage.opens_after_months), last([day for day in closes if day])

    def unlocked(self, done: list[dt.date | None], what: str) -> dt.date | None:
        places = [number for number, stage in enumerate(self.stages) if stage.unlocks == what]
        if places:
            return last(done[: places[-1] + 1])
        return last(done) if what == "listing" else None

    def training_place(self) -> int | None:
        stages = enumerate(self.stages)
        places = [number for number, stage in stages if any(map(is_training, self.required_of(stage)))]
        return places[0] if places else None

    def trained_on(self) -> dt.date | None:
        number = self.training_place()
        if number is None:
            return None
        stage = self.stages[number]
        days = [self.day_met(own) for own in self.required_of(stage) if is_training(own)]
        return self.completions.get(stage.pk) if None in days else max(days)

    def day_met(self, asked: Requirement) -> dt.date | None:
        """The first day at whose end there was enough."""
        decision, counted = self.decisions.get(asked.pk), self.amounts(asked)
        if decision and decision.outcome == "refused":
            return None
        if decision:  # made of what there was by then
            counted = [(day, amount) for day, amount in counted if day <= decision.decided_on]
        for today in sorted({day for day, _amount in counted}):
            if sum(amount for day, amount in counted if day <= today) >= asked.amount:
                return today
        if decision is None:
            return None
        return max((day for day, _amount in counted), default=decision.decided_on)

    def outstanding(self) -> int:
        """What is required of the stages before the training, not completed, and still open."""
        before = [stage for stage in self.stages[: self.training_place()] if stage.pk not in self.completions]
        return sum(own.kind != "earlier_stages" for stage in before for own in self.open_in(stage))


def place(row: Stage | Requirement) -> tuple[int, int]:
    return (row.sort_order, row.pk)


def last(days: list[dt.date | None]) -> dt.date | None:
    """The last of these days; none where one is missing, or there is no day at all."""
    return None if not days or None in days else max(days)


def is_training(asked: Requirement) -> bool:
    return asked.kind == "sessions" and asked.cohort_kind == "training"


def is_too_short(hours: Decimal | None, asked: Requirement) -> bool:
    return asked.unit == "hours" and asked.each_min is not None and hours is not None and hours < asked.each_min


def months_later(day: dt.date, months: int) -> dt.date:
    year, month = day.year, day.month
    for _month in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(day.day, 0, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
