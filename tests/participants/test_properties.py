"""Whatever is done, in whatever order: what is stored is what follows from what is on record."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.duplicates.merging import merge
from imp_wagtail.participants.models import (
    Cohort,
    Decision,
    Enrolment,
    Evidence,
    Extension,
    Membership,
    Participant,
    Session,
    StageCompletion,
    StageProgress,
)
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import CohortKind, Unlock
from tests.factories import CohortFactory, ParticipantFactory, PathwayFactory, RequirementFactory, StageFactory
from tests.participants import oracle
from tests.participants.support import imp, stored_progress_is_worked_out_progress

#: Enough to find each of the mistakes this was tried with, and not so much that anybody waits for it.
MANY = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)

FIRST_DAY = dt.date(2024, 1, 1)
which = st.integers(min_value=0, max_value=11)
days = st.sampled_from(
    [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 8, 31), dt.date(2025, 2, 28), dt.date(2025, 12, 31)]
)
amounts = st.sampled_from([Decimal(text) for text in ("6", "1", "2", "20", "1.5", "0")])
hours = st.sampled_from([Decimal("1.5"), Decimal(1), None])


def pick(rows: models.QuerySet, number: int) -> Any:
    """One of the rows; ends this step where there is none."""
    found = list(rows.order_by("pk"))
    if not found:
        raise ValidationError("There is none.")
    return found[number % len(found)]


@contextmanager
def allowed() -> Iterator[None]:
    """What is refused is no step; that it has changed nothing is looked at afterwards, like everything."""
    with suppress(ValidationError):
        yield


class Desk(RuleBasedStateMachine):
    """Two registrars and a bad day: people, groups and rules change in any order, and refusals change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        main = imp()
        main.stages.filter(key="engagement").update(unlocks=Unlock.TEACHING)
        main.stages.filter(key="completion").update(opens_after_months=6, closes_after_months=12)
        small = PathwayFactory()
        RequirementFactory(stage=StageFactory(pathway=small), training_days=True)
        RequirementFactory(stage=StageFactory(pathway=small), cycles=True)
        people = [actions.enrol(ParticipantFactory(), main, on=FIRST_DAY, by=None) for _number in range(2)]
        actions.enrol(ParticipantFactory(), small, on=FIRST_DAY, by=None)
        for kind in (CohortKind.TRAINING, CohortKind.SUPERVISION):
            cohort = CohortFactory(pathway=main, kind=kind)
            cohort_actions.join_all(cohort, people, by=None)
            first, second, _third = cohort_actions.add_sessions(
                cohort, first=dt.date(2024, 2, 28), count=3, every_days=1, hours=Decimal("1.5"), by=None
            )
            cohort_actions.mark_attendance(first, present=people, by=None)
            cohort_actions.mark_attendance(second, present=people[:1], by=None)

    @rule(who=which, what=which, on=days, amount=amounts, fits=st.booleans())
    def record(self, who: int, what: int, on: dt.date, amount: Decimal, fits: bool) -> None:
        with allowed():
            enrolment = pick(Enrolment.objects, who)
            requirement = asked(enrolment, what)
            size = requirement.each_min or amount if fits else amount
            actions.record_evidence(enrolment, requirement, date=on, amount=size, by=None)

    @rule(one=which, on=days, amount=amounts)
    def correct(self, one: int, on: dt.date, amount: Decimal) -> None:
        with allowed():
            actions.change_evidence(pick(Evidence.objects, one), date=on, amount=amount, by=None)

    @rule(one=which)
    def remove(self, one: int) -> None:
        with allowed():
            actions.remove_evidence(pick(Evidence.objects, one), why="A mistake.", by=None)

    @rule(who=which, what=which, outcome=st.sampled_from(Decision.Outcome.values), on=days)
    def decide(self, who: int, what: int, outcome: str, on: dt.date) -> None:
        with allowed():
            enrolment = pick(Enrolment.objects, who)
            actions.decide(enrolment, asked(enrolment, what), outcome=outcome, reason="Seen.", on=on, by=None)

    @rule(who=which, outcome=st.sampled_from(Decision.Outcome.values), on=days)
    def decide_about_the_training(self, who: int, outcome: str, on: dt.date) -> None:
        """On which more rests than on anything else."""
        with allowed():
            enrolment = pick(Enrolment.objects, who)
            days_asked = Requirement.objects.filter(stage__pathway=enrolment.pathway, cohort_kind="training")
            actions.decide(enrolment, pick(days_asked, 0), outcome=outcome, reason="Seen.", on=on, by=None)

    @rule(one=which)
    def revoke(self, one: int) -> None:
        with allowed():
            actions.revoke_decision(pick(Decision.objects.filter(stands=True), one), why="A mistake.", by=None)

    @rule(who=which, what=which, on=days)
    def complete(self, who: int, what: int, on: dt.date) -> None:
        with allowed():
            enrolment = pick(Enrolment.objects, who)
            actions.complete_stage(enrolment, pick(enrolment.pathway.stages, what), on=on, by=None)

    @rule(who=which, count=st.integers(min_value=1, max_value=3), on=days)
    def complete_the_first(self, who: int, count: int, on: dt.date) -> None:
        """What single steps would seldom come to: somebody far on the way."""
        with allowed():
            enrolment = pick(Enrolment.objects, who)
            for stage in enrolment.pathway.stages.order_by("sort_order")[:count]:
                for requirement in stage.requirements.exclude(kind="earlier_stages"):
                    with allowed():
                        actions.decide(enrolment, requirement, outcome="met", reason="Seen.", on=on, by=None)
                actions.complete_stage(enrolment, stage, on=on, by=None)

    @rule(one=which)
    def reopen(self, one: int) -> None:
        with allowed():
            completion = pick(StageCompletion.objects.filter(stands=True), one)
            actions.reopen_stage(completion.enrolment, completion.stage, why="A mistake.", by=None)

    @rule(one=which, until=days)
    def extend(self, one: int, until: dt.date) -> None:
        with allowed():
            row = pick(StageProgress.objects.filter(closes_on__isnull=False), one)
            actions.extend_window(row.enrolment, row.stage, until=until, reason="Ill.", by=None)

    @rule(one=which)
    def end_extension(self, one: int) -> None:
        with allowed():
            actions.end_extension(pick(Extension.objects.filter(stands=True), one), why="A mistake.", by=None)

    @rule(one=which, other=which, status=st.sampled_from(Enrolment.Status.values))
    def arrange(self, one: int, other: int, status: str) -> None:
        """What by itself changes nobody's progress, and decides what may be done next."""
        with allowed():
            actions.enrol(pick(Participant.objects, one), pick(Pathway.objects, other), on=FIRST_DAY, by=None)
        with allowed():
            actions.set_status(pick(Enrolment.objects, one), status, why="At their wish.", by=None)
        with allowed():
            cohort_actions.leave_cohort(pick(Membership.objects, other), by=None)
        with allowed():
            cohort_actions.join_cohort(pick(Cohort.objects, one), pick(Enrolment.objects, other), by=None)

    @rule(one=which, present=st.booleans())
    def tick_everybody(self, one: int, present: bool) -> None:
        with allowed():
            session = pick(Session.objects, one)
            everybody = [membership.enrolment for membership in session.cohort.memberships.all()]
            marks = {"present": everybody} if present else {"absent": everybody}
            cohort_actions.mark_attendance(session, **marks, by=None)

    @rule(one=which, who=which, present=st.booleans())
    def tick(self, one: int, who: int, present: bool) -> None:
        with allowed():
            marks = {"present" if present else "absent": [pick(Enrolment.objects, who)]}
            cohort_actions.mark_attendance(pick(Session.objects, one), **marks, by=None)

    @rule(one=which, on=days, length=hours)
    def edit_session(self, one: int, on: dt.date, length: Decimal | None) -> None:
        with allowed():
            session = pick(Session.objects.exclude(attendance=None).distinct(), one)
            session.date, session.hours = on, length
            cohort_actions.save_session(session, by=None)

    @rule(one=which)
    def remove_session(self, one: int) -> None:
        with allowed():
            cohort_actions.remove_session(pick(Session.objects, one), why="Entered twice.", by=None)

    @rule(group=which, kind=st.sampled_from(CohortKind.values))
    def change_cohort(self, group: int, kind: str) -> None:
        with allowed():
            cohort = pick(Cohort.objects, group)
            cohort.kind = kind
            cohort_actions.save_cohort(cohort, facilitators=[], by=None)

    @rule(what=which, amount=amounts.filter(bool), is_required=st.booleans())
    def change_requirement(self, what: int, amount: Decimal, is_required: bool) -> None:
        requirement = pick(Requirement.objects, what)
        requirement.amount, requirement.is_required = amount, is_required
        requirement.save()
        actions.recompute_pathway(requirement.stage.pathway)

    @rule(what=which, months=st.sampled_from([None, 1, 6]), unlocks=st.sampled_from(["", *Unlock.values]))
    def change_stage(self, what: int, months: int | None, unlocks: str) -> None:
        stage = pick(Stage.objects, what)
        stage.opens_after_months = months
        stage.closes_after_months = None if months is None else months * 2
        stage.unlocks = unlocks
        stage.save()
        actions.recompute_pathway(stage.pathway)

    @rule(what=which, is_required=st.booleans())
    def add_requirement(self, what: int, is_required: bool) -> None:
        stage = pick(Stage.objects, what)
        RequirementFactory(stage=stage, is_required=is_required, cycles=True)
        actions.recompute_pathway(stage.pathway)

    @rule(one=which, other=which)
    def merge(self, one: int, other: int) -> None:
        with allowed():
            merge(pick(Participant.objects, one), pick(Participant.objects, other), by=None)

    @invariant()
    def stored_is_what_follows_from_the_record(self) -> None:
        assert stored_progress_is_worked_out_progress()

    @invariant()
    def and_what_somebody_else_would_work_out(self) -> None:
        for enrolment in oracle.everybody():
            assert oracle.stored(enrolment) == oracle.expected(enrolment)


def asked(enrolment: Enrolment, number: int) -> Requirement:
    return pick(Requirement.objects.filter(stage__pathway=enrolment.pathway), number)


@pytest.mark.django_db
def test_whatever_is_done_what_is_stored_follows_from_what_is_on_record() -> None:
    run_state_machine_as_test(Desk, settings=MANY)
