"""One invented person's way along a pathway, walked through the same actions as the registrar's screens."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from imp_wagtail.letters import actions as letters
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import Kind

from .cohorts import DemoCohorts
from .tables import Person

#: Evidence is spread over the time before somebody enrols, and enrolment comes this long before the training.
BEFORE_TRAINING = dt.timedelta(days=150)
BETWEEN_EVIDENCE = dt.timedelta(days=97)
#: What the evidence says of itself.
WHERE = {
    Kind.CONFIRMATION: "Confirmed in conversation",
    Kind.COUNT: "Near {town}",
    Kind.HOURS: "At a clinic in {town}",
}


class Journey:
    """Walks one person as far as their line says. ``day`` moves along, and never beyond today."""

    def __init__(self, person: Person, cohorts: DemoCohorts, by: Any) -> None:
        self.person, self.cohorts, self.by = person, cohorts, by
        self.today = timezone.localdate()
        training = cohorts.by_key.get(person.training)
        first = training.sessions.order_by("date").first().date if training else self.today
        self.day = first - BEFORE_TRAINING

    def walk(self) -> Participant:
        """Add the person, enrol them, meet requirements, complete stages, issue letters."""
        participant = actions.save_participant(
            Participant(
                name=self.person.name,
                printed_name=self.person.printed_name,
                email=self.person.email,
                town=self.person.town,
                country=self.person.country,
                language=self.person.language,
            ),
            by=self.by,
        )
        pathway = Pathway.objects.in_source_language().get(key=self.person.pathway)
        self.enrolment = actions.enrol(participant, pathway, on=self.day, by=self.by)
        for place, stage in enumerate(pathway.stages.order_by("sort_order", "pk")):
            self._walk_stage(stage, share=min(1.0, self.person.stages_done - place))
        self._end()
        return participant

    def _walk_stage(self, stage: Stage, share: float) -> None:
        if share <= 0:
            return
        requirements = list(stage.requirements.order_by("sort_order", "pk"))
        if share < 1 and len(requirements) > 1:
            requirements = requirements[: max(1, round(share * len(requirements)))]
        for requirement in requirements:
            if requirement.key not in self.person.open:
                self._meet(requirement, share)
        if share >= 1 and not any(requirement.key in self.person.open for requirement in requirements):
            self._complete(stage)

    def _complete(self, stage: Stage) -> None:
        self.day = min(self.day + dt.timedelta(days=6), self.today)
        actions.complete_stage(self.enrolment, stage, on=self.day, by=self.by)
        # Somebody on the way still waits for the letter of the stage just completed.
        is_last_done = not self.enrolment_is_complete and int(self.person.stages_done) == self._place(stage)
        if not is_last_done:
            letters.issue(self.enrolment, stage, on=self.day, by=self.by)

    @property
    def enrolment_is_complete(self) -> bool:
        return Enrolment.objects.get(pk=self.enrolment.pk).is_complete

    def _place(self, stage: Stage) -> int:
        return list(stage.pathway.stages.order_by("sort_order", "pk")).index(stage) + 1

    def _meet(self, requirement: Requirement, share: float) -> None:
        if requirement.kind == Kind.SESSIONS:
            self._attend(requirement, share)
        elif requirement.kind == Kind.COUNT and requirement.rule.is_bounded:
            for place in range(int(requirement.amount)):
                self._record(requirement, amount=requirement.each_min, place=place)
        elif requirement.kind in (Kind.COUNT, Kind.HOURS):
            self._record(requirement, amount=requirement.amount)
        elif requirement.kind == Kind.CONFIRMATION:
            self._record(requirement, amount=Decimal(1))

    def _record(self, requirement: Requirement, *, amount: Decimal, place: int = 0) -> None:
        actions.record_evidence(
            self.enrolment,
            requirement,
            date=self.day - BETWEEN_EVIDENCE * (place + 1),
            amount=amount,
            detail=WHERE[requirement.kind].format(town=self.person.town),
            by=self.by,
        )

    def _attend(self, requirement: Requirement, share: float) -> None:
        cohort = self.cohorts.join(self.enrolment, self.person.training, requirement.cohort_kind, self.by)
        sessions = list(cohort.sessions.filter(date__lte=self.today)) if cohort else []
        wanted = sessions[: int(requirement.amount * Decimal(str(share)))]
        for session in wanted:
            cohort_actions.mark_attendance(session, present=[self.enrolment], by=self.by)
            self.day = max(self.day, session.date)

    def _extend(self) -> None:
        """Give more time for the stage whose window has closed or is about to."""
        row = self.enrolment.progress.filter(closes_on__isnull=False).select_related("stage").first()
        if row and self.person.extended_days is not None:
            actions.extend_window(
                self.enrolment,
                row.stage,
                until=self.today + dt.timedelta(days=self.person.extended_days),
                reason="Parental leave." if self.person.extended_days > 100 else "Was ill in spring.",
                by=self.by,
            )

    def _end(self) -> None:
        self._extend()
        if self.person.status:
            why = "At their own wish, for the time being." if self.person.status == "paused" else "At their own wish."
            actions.set_status(self.enrolment, self.person.status, why=why, by=self.by)
