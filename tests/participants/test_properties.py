"""Whatever is done, in whatever order: what is stored is what follows from what is on record."""

import datetime as dt
import os
from contextlib import suppress
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
)
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import CohortKind, Unlock
from tests.factories import CohortFactory, ParticipantFactory, PathwayFactory, RequirementFactory, StageFactory
from tests.participants import oracle
from tests.participants.support import imp, stored_progress_is_worked_out_progress

#: Enough to find each of the mistakes this was tried with, and not so much that anybody waits for it.
MANY = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)

which = st.integers(min_value=0, max_value=11)
days = st.sampled_from(
    [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 8, 31), dt.date(2025, 2, 28), dt.date(2025, 12, 31)]
)
amounts = st.sampled_from([Decimal(text) for text in ("0", "1", "1.5", "2", "5", "6", "7", "8", "20")])
reasons = st.sampled_from(["Seen.", "Long ago.", ""])


def pick(rows: models.QuerySet, number: int) -> Any:
    """One of the rows, if there is one."""
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


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
        for kind in (CohortKind.TRAINING, CohortKind.SUPERVISION):
            cohort = CohortFactory(pathway=main, kind=kind)
            cohort_actions.add_sessions(
                cohort, first=dt.date(2024, 2, 28), count=3, every_days=1, hours=Decimal("1.5"), by=None
            )
        for _number in range(3):
            actions.enrol(ParticipantFactory(), main, on=dt.date(2024, 1, 1), by=None)

    @rule(person=which, pathway=which, on=days)
    def enrol(self, person: int, pathway: int, on: dt.date) -> None:
        with suppress(ValidationError):
            actions.enrol(pick(Participant.objects, person), pick(Pathway.objects, pathway), on=on, by=None)

    @rule(who=which, what=which, on=days, amount=amounts)
    def record(self, who: int, what: int, on: dt.date, amount: Decimal) -> None:
        enrolment = pick(Enrolment.objects, who)
        with suppress(ValidationError):
            actions.record_evidence(enrolment, self.asked(enrolment, what), date=on, amount=amount, by=None)

    @rule(one=which, on=days, amount=amounts)
    def correct(self, one: int, on: dt.date, amount: Decimal) -> None:
        if evidence := pick(Evidence.objects, one):
            with suppress(ValidationError):
                actions.change_evidence(evidence, date=on, amount=amount, by=None)

    @rule(one=which, why=reasons)
    def remove(self, one: int, why: str) -> None:
        if evidence := pick(Evidence.objects, one):
            with suppress(ValidationError):
                actions.remove_evidence(evidence, why=why, by=None)

    @rule(who=which, what=which, outcome=st.sampled_from(Decision.Outcome.values), on=days, why=reasons)
    def decide(self, who: int, what: int, outcome: str, on: dt.date, why: str) -> None:
        enrolment = pick(Enrolment.objects, who)
        with suppress(ValidationError):
            actions.decide(enrolment, self.asked(enrolment, what), outcome=outcome, reason=why, on=on, by=None)

    @rule(one=which, why=reasons)
    def revoke(self, one: int, why: str) -> None:
        if decision := pick(Decision.objects, one):
            with suppress(ValidationError):
                actions.revoke_decision(decision, why=why, by=None)

    @rule(who=which, what=which, on=days)
    def complete(self, who: int, what: int, on: dt.date) -> None:
        enrolment = pick(Enrolment.objects, who)
        with suppress(ValidationError):
            actions.complete_stage(enrolment, self.stage(enrolment, what), on=on, by=None)

    @rule(who=which, count=st.integers(min_value=1, max_value=3), on=days)
    def complete_the_first(self, who: int, count: int, on: dt.date) -> None:
        """What single steps would seldom come to: somebody far on the way."""
        enrolment = pick(Enrolment.objects, who)
        for stage in enrolment.pathway.stages.order_by("sort_order")[:count]:
            for requirement in stage.requirements.exclude(kind="earlier_stages"):
                with suppress(ValidationError):
                    actions.decide(enrolment, requirement, outcome="met", reason="Seen.", on=on, by=None)
            with suppress(ValidationError):
                actions.complete_stage(enrolment, stage, on=on, by=None)

    @rule(who=which, what=which, why=reasons)
    def reopen(self, who: int, what: int, why: str) -> None:
        enrolment = pick(Enrolment.objects, who)
        with suppress(ValidationError):
            actions.reopen_stage(enrolment, self.stage(enrolment, what), why=why, by=None)

    @rule(who=which, what=which, until=days, why=reasons)
    def extend(self, who: int, what: int, until: dt.date, why: str) -> None:
        enrolment = pick(Enrolment.objects, who)
        with suppress(ValidationError):
            actions.extend_window(enrolment, self.stage(enrolment, what), until=until, reason=why, by=None)

    @rule(one=which, why=reasons)
    def end_extension(self, one: int, why: str) -> None:
        if extension := pick(Extension.objects, one):
            with suppress(ValidationError):
                actions.end_extension(extension, why=why, by=None)

    @rule(who=which, status=st.sampled_from(Enrolment.Status.values))
    def set_status(self, who: int, status: str) -> None:
        with suppress(ValidationError):
            actions.set_status(pick(Enrolment.objects, who), status, why="At their wish.", by=None)

    @rule(group=which, who=which)
    def join(self, group: int, who: int) -> None:
        with suppress(ValidationError):
            cohort_actions.join_cohort(pick(Cohort.objects, group), pick(Enrolment.objects, who), by=None)

    @rule(one=which)
    def leave(self, one: int) -> None:
        if membership := pick(Membership.objects, one):
            cohort_actions.leave_cohort(membership, by=None)

    @rule(group=which, present=st.booleans())
    def tick_everybody(self, group: int, present: bool) -> None:
        cohort = pick(Cohort.objects, group)
        everybody = [membership.enrolment for membership in cohort.memberships.all()]
        for session in cohort.sessions.all():
            with suppress(ValidationError):
                marks = {"present": everybody} if present else {"absent": everybody}
                cohort_actions.mark_attendance(session, **marks, by=None)

    @rule(one=which, who=which, present=st.booleans())
    def tick(self, one: int, who: int, present: bool) -> None:
        session, marked = pick(Session.objects, one), [pick(Enrolment.objects, who)]
        if session:
            with suppress(ValidationError):
                marks = {"present": marked} if present else {"absent": marked}
                cohort_actions.mark_attendance(session, **marks, by=None)

    @rule(one=which, on=days, hours=st.sampled_from([None, Decimal(1), Decimal("1.5"), Decimal(3)]))
    def edit_session(self, one: int, on: dt.date, hours: Decimal | None) -> None:
        if session := pick(Session.objects, one):
            session.date, session.hours = on, hours
            with suppress(ValidationError):
                cohort_actions.save_session(session, by=None)

    @rule(one=which)
    def remove_session(self, one: int) -> None:
        if session := pick(Session.objects, one):
            cohort_actions.remove_session(session, why="Entered twice.", by=None)

    @rule(group=which, kind=st.sampled_from(CohortKind.values))
    def change_cohort(self, group: int, kind: str) -> None:
        cohort = pick(Cohort.objects, group)
        cohort.kind = kind
        with suppress(ValidationError):
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
        with suppress(ValidationError):
            merge(pick(Participant.objects, one), pick(Participant.objects, other), by=None)

    def asked(self, enrolment: Enrolment, number: int) -> Requirement:
        return pick(Requirement.objects.filter(stage__pathway=enrolment.pathway), number)

    def stage(self, enrolment: Enrolment, number: int) -> Stage:
        return pick(enrolment.pathway.stages, number)

    @invariant()
    def stored_is_what_follows_from_the_record(self) -> None:
        assert stored_progress_is_worked_out_progress()

    @invariant()
    def and_what_somebody_else_would_work_out(self) -> None:
        for enrolment in Enrolment.objects.select_related("pathway"):
            assert oracle.stored(enrolment) == oracle.expected(enrolment)


@pytest.mark.django_db
def test_whatever_is_done_what_is_stored_follows_from_what_is_on_record() -> None:
    run_state_machine_as_test(Desk, settings=MANY)
