"""What may be done to participants: each verb does what it says once, logs it once, and refuses what cannot be."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry

from imp_wagtail.core import jobs
from imp_wagtail.participants import actions
from imp_wagtail.participants.actions import rules
from imp_wagtail.participants.models import Decision, Enrolment, Participant, StageProgress
from imp_wagtail.participants.signals import progress_stored, stage_completed, stage_reopening
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind
from tests.factories import (
    EnrolmentFactory,
    ParticipantFactory,
    PathwayFactory,
    RequirementFactory,
    SessionFactory,
    StageFactory,
)
from tests.participants.support import (
    PAST,
    asked,
    complete,
    imp,
    logged,
    on_record,
    refused,
    retreat,
    stage,
    state,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db

D = Decimal


def today() -> dt.date:
    return timezone.localdate()


def tomorrow() -> dt.date:
    return today() + dt.timedelta(days=1)


class TestSavingAParticipant:
    def test_adds_one_and_says_so(self, registrar_user: Any) -> None:
        with logged("imp.participant.add", registrar_user, what="Ana Núñez"):
            actions.save_participant(Participant(name="Ana Núñez"), by=registrar_user)

        assert Participant.objects.get().name == "Ana Núñez"

    def test_logs_one_entry_for_all_that_changed(self, registrar_user: Any) -> None:
        ana = ParticipantFactory(name="Ana", town="", country="NL")
        ana.name, ana.town, ana.country = "Ana Núñez", "Utrecht", "ES"
        changes = {
            "what": "name, town, country",
            "before": "Ana; –; Netherlands",
            "after": "Ana Núñez; Utrecht; Spain",
        }
        with logged("imp.participant.change", registrar_user, **changes):
            actions.save_participant(ana, by=registrar_user)

    def test_keeps_private_notes_out_of_the_log(self, registrar_user: Any) -> None:
        ana = ParticipantFactory()
        ana.notes = "Ill this spring."
        with logged("imp.participant.change", registrar_user, what="private notes"):
            actions.save_participant(ana, by=registrar_user)

    def test_twice_is_once(self, registrar_user: Any) -> None:
        ana = actions.save_participant(ParticipantFactory(), by=registrar_user)
        entries = ModelLogEntry.objects.count()
        actions.save_participant(ana, by=registrar_user)

        assert ModelLogEntry.objects.count() == entries

    @pytest.mark.parametrize("address", ["ana@example.org", "ANA@Example.ORG", "  ana@example.org "])
    def test_refuses_the_address_of_somebody_else(self, registrar_user: Any, address: str) -> None:
        ParticipantFactory(email="Ana@example.org")
        with refused("email"):
            actions.save_participant(Participant(name="Another", email=address), by=registrar_user)

    def test_accepts_any_number_of_people_without_an_address(self, registrar_user: Any) -> None:
        for name in ("One", "Two"):
            actions.save_participant(Participant(name=name), by=registrar_user)

        assert Participant.objects.count() == 2

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", ""), ("name", "x" * 161), ("email", "no address"), ("country", "ZZ"), ("language", "zz")],
    )
    def test_refuses_bad_details_beside_their_field(self, registrar_user: Any, field: str, value: str) -> None:
        ana = ParticipantFactory()
        setattr(ana, field, value)
        with refused(field):
            actions.save_participant(ana, by=registrar_user)

    def test_tidies_the_spaces_of_a_name(self, registrar_user: Any) -> None:
        actions.save_participant(Participant(name="  Ana   Núñez "), by=registrar_user)

        assert Participant.objects.get().name == "Ana Núñez"


class TestEnrolling:
    def test_stores_progress_at_the_first_stage(self, registrar_user: Any, pathway: Pathway) -> None:
        ana = ParticipantFactory()
        with logged("imp.enrolment.add", registrar_user, what="IMP", after="1 May 2024"):
            enrolment = actions.enrol(ana, pathway, on=PAST, by=registrar_user)

        assert str(enrolment.current_stage) == "Preparation"
        assert list(enrolment.progress.values_list("state", flat=True)) == ["not_started"] * 3
        assert stored_progress_is_worked_out_progress()

    def test_is_today_unless_said_otherwise(self, registrar_user: Any, pathway: Pathway) -> None:
        assert actions.enrol(ParticipantFactory(), pathway, by=registrar_user).enrolled_on == today()

    def test_twice_is_once(self, registrar_user: Any, pathway: Pathway) -> None:
        ana = ParticipantFactory()
        first = actions.enrol(ana, pathway, on=PAST, by=registrar_user)
        with unchanged():
            assert actions.enrol(ana, pathway, by=registrar_user) == first

    def test_is_on_the_source_of_a_translated_pathway(self, registrar_user: Any, pathway: Pathway) -> None:
        copy = pathway.copy_for_translation(Locale.objects.get_or_create(language_code="fr")[0])
        copy.save()

        assert actions.enrol(ParticipantFactory(), copy, by=registrar_user).pathway == pathway

    def test_refuses_the_future(self, registrar_user: Any, pathway: Pathway) -> None:
        ana = ParticipantFactory()
        with refused("enrolled_on"):
            actions.enrol(ana, pathway, on=tomorrow(), by=registrar_user)

    def test_on_a_pathway_without_stages_is_never_complete(self, registrar_user: Any) -> None:
        enrolment = actions.enrol(ParticipantFactory(), PathwayFactory(), by=registrar_user)

        assert (enrolment.current_stage, enrolment.completed_on, enrolment.is_complete) == (None, None, False)


class TestChangingStatus:
    @pytest.mark.parametrize("status", ["paused", "withdrawn"])
    def test_keeps_everything_on_record(self, registrar_user: Any, enrolment: Enrolment, status: str) -> None:
        retreat(enrolment)
        entry = {"what": "IMP", "before": "active", "after": status, "why": "At their wish."}
        with logged("imp.enrolment.status", registrar_user, **entry):
            actions.set_status(enrolment, status, why="At their wish.", by=registrar_user)

        assert enrolment.evidence.count() == 1
        assert state(enrolment, "preparation") == "in_progress"

    def test_twice_is_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        actions.set_status(enrolment, "paused", why="At their wish.", by=registrar_user)
        with unchanged():
            actions.set_status(enrolment, "paused", why="Again.", by=registrar_user)

    @pytest.mark.parametrize("why", ["", "  \n"])
    def test_wants_a_reason(self, registrar_user: Any, enrolment: Enrolment, why: str) -> None:
        with refused("why"):
            actions.set_status(enrolment, "paused", why=why, by=registrar_user)

    def test_tells_the_other_rooms(self, registrar_user: Any, enrolment: Enrolment) -> None:
        heard: list[str] = []

        def listen(sender: Any, enrolment: Enrolment, **kwargs: Any) -> None:
            heard.append(enrolment.status)

        progress_stored.connect(listen)
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=registrar_user)
        progress_stored.disconnect(listen)

        assert heard == ["withdrawn"]


class TestRecordingEvidence:
    def test_counts_towards_its_requirement(self, registrar_user: Any, enrolment: Enrolment) -> None:
        entry = {"what": "Two retreats", "after": "1 May 2024 · 6 days · Ammerdown"}
        with logged("imp.evidence.record", registrar_user, **entry):
            evidence = retreat(enrolment, detail="Ammerdown", note="Seen", by=registrar_user)

        assert (evidence.recorded_by, evidence.note) == (registrar_user, "Seen")
        assert state(enrolment, "preparation") == "in_progress"
        assert stored_progress_is_worked_out_progress()

    def test_is_one_unless_said_otherwise(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "practice")
        evidence = actions.record_evidence(enrolment, requirement, date=PAST, by=registrar_user)

        assert evidence.amount == 1

    def test_makes_a_stage_ready_with_the_last_that_was_missing(self, enrolment: Enrolment) -> None:
        actions.record_evidence(enrolment, asked(enrolment.pathway, "practice"), date=PAST, by=None)
        retreat(enrolment, detail="One")
        assert state(enrolment, "preparation") == "in_progress"
        retreat(enrolment, detail="Two")

        assert state(enrolment, "preparation") == "ready"

    @pytest.mark.parametrize("days", ["5", "6.5", "7"])
    def test_accepts_both_bounds_and_what_lies_between(self, enrolment: Enrolment, days: str) -> None:
        assert retreat(enrolment, days=days).amount == D(days)

    @pytest.mark.parametrize("days", ["4.99", "7.01", "0", "-6"])
    def test_refuses_what_lies_out_of_bounds_at_either_end(self, enrolment: Enrolment, days: str) -> None:
        with refused("amount"):
            retreat(enrolment, days=days)

    def test_says_which_bounds(self, enrolment: Enrolment) -> None:
        with refused("amount", saying="“Two retreats” counts 5–7 days each."):
            retreat(enrolment, days="4")

    @pytest.mark.parametrize("key", ["hours", "supervision", "cycles", "practice"])
    def test_refuses_nothing_as_an_amount(self, enrolment: Enrolment, key: str) -> None:
        with refused("amount"):
            actions.record_evidence(enrolment, asked(enrolment.pathway, key), date=PAST, amount=D(0), by=None)

    def test_refuses_the_future_and_accepts_today(self, enrolment: Enrolment) -> None:
        with refused("date"):
            retreat(enrolment, date=tomorrow())

        assert retreat(enrolment, date=today()).date == today()

    def test_refuses_the_requirement_of_another_pathway(self, enrolment: Enrolment) -> None:
        other = RequirementFactory()
        with refused("requirement"):
            actions.record_evidence(enrolment, other, date=PAST, by=None)

    def test_refuses_what_follows_from_earlier_stages(self, enrolment: Enrolment) -> None:
        with refused("requirement"):
            actions.record_evidence(enrolment, asked(enrolment.pathway, "earlier"), date=PAST, by=None)

    def test_refuses_the_same_twice_unless_told_apart(self, enrolment: Enrolment) -> None:
        retreat(enrolment, detail="One")
        with refused("date"):
            retreat(enrolment, detail="One")
        retreat(enrolment, detail="Two")

        assert enrolment.evidence.count() == 2

    def test_is_refused_for_the_withdrawn_and_kept_for_the_paused(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        actions.set_status(enrolment, "paused", why="At their wish.", by=registrar_user)
        retreat(enrolment, detail="While paused")
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=registrar_user)
        with refused(saying="withdrawn"):
            retreat(enrolment, detail="After that")

    def test_looks_at_the_status_as_it_is_now(self, registrar_user: Any, enrolment: Enrolment) -> None:
        seen_before = Enrolment.objects.get(pk=enrolment.pk)
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=registrar_user)
        with refused(saying="withdrawn"):
            retreat(seen_before)

    def test_adds_hours_up(self, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")
        hours = asked(enrolment.pathway, "hours")
        actions.record_evidence(enrolment, hours, date=PAST, amount=D("12.5"), by=None)
        actions.record_evidence(enrolment, hours, date=PAST, amount=D("7.5"), by=None)

        assert StageProgress.objects.get(enrolment=enrolment, stage__key="engagement").met == 2


class TestRemovingEvidence:
    def test_takes_its_progress_back_and_logs_what_it_said(self, registrar_user: Any, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment, detail="Ammerdown")
        before = "1 May 2024 · 6 days · Ammerdown"
        entry = {"what": "Two retreats", "before": before, "after": "–", "why": "Another person’s."}
        with logged("imp.evidence.remove", registrar_user, **entry):
            actions.remove_evidence(evidence, why="Another person’s.", by=registrar_user)

        assert state(enrolment, "preparation") == "not_started"
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        actions.remove_evidence(evidence, why="A mistake.", by=registrar_user)
        with unchanged():
            actions.remove_evidence(evidence, why="A mistake.", by=registrar_user)

    def test_wants_a_reason(self, registrar_user: Any, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        with refused("why"):
            actions.remove_evidence(evidence, why=" ", by=registrar_user)

    def test_is_refused_while_a_completed_stage_rests_on_it(self, registrar_user: Any, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        complete(enrolment, "preparation")
        with refused(saying="Reopen the stage first"):
            actions.remove_evidence(evidence, why="A mistake.", by=registrar_user)

        actions.reopen_stage(enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user)
        actions.remove_evidence(evidence, why="A mistake.", by=registrar_user)
        assert not enrolment.evidence.filter(pk=evidence.pk).exists()

    def test_nor_is_a_decision_revoked_under_a_completed_stage(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        complete(enrolment, "preparation")
        decision = enrolment.decisions.filter(stands=True).first() or enrolment.decisions.create(
            requirement=asked(enrolment.pathway, "retreats"), outcome="met", reason="Seen.", decided_on=PAST
        )
        with refused(saying="Reopen the stage first"):
            actions.revoke_decision(decision, why="A mistake.", by=registrar_user)


class TestDeciding:
    @pytest.mark.parametrize("outcome", ["met", "equivalent", "waived"])
    def test_meets_the_requirement_and_says_who_when_and_why(
        self, registrar_user: Any, enrolment: Enrolment, outcome: str
    ) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        with logged(
            "imp.decision.record", registrar_user, what="Two retreats", after=outcome, why="Years of practice."
        ):
            decision = actions.decide(
                enrolment, requirement, outcome=outcome, reason="Years of practice.", on=PAST, by=registrar_user
            )

        assert (decision.decided_by, decision.decided_on, decision.stands) == (registrar_user, PAST, True)
        assert StageProgress.objects.get(enrolment=enrolment, stage__key="preparation").met == 1
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        first = actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=registrar_user)
        with unchanged():
            assert actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=registrar_user) == first

    def test_refuses_a_second_decision_while_one_stands(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        actions.decide(enrolment, requirement, outcome="waived", reason="Seen.", by=registrar_user)
        with refused("outcome", saying="waived"):
            actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=registrar_user)

    def test_accepts_another_decision_after_the_first_was_revoked(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        for outcome in ("waived", "met", "equivalent"):
            decision = actions.decide(enrolment, requirement, outcome=outcome, reason="Seen.", by=registrar_user)
            actions.revoke_decision(decision, why="Reconsidered.", by=registrar_user)

        assert list(enrolment.decisions.values_list("stands", flat=True)) == [None] * 3

    @pytest.mark.parametrize("reason", ["", " \t"])
    def test_wants_a_reason(self, registrar_user: Any, enrolment: Enrolment, reason: str) -> None:
        with refused("reason"):
            actions.decide(
                enrolment, asked(enrolment.pathway, "retreats"), outcome="met", reason=reason, by=registrar_user
            )

    def test_refuses_the_future(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        with refused("decided_on"):
            actions.decide(enrolment, requirement, outcome="met", reason="Seen.", on=tomorrow(), by=registrar_user)

    def test_refuses_the_requirement_of_another_pathway(self, registrar_user: Any, enrolment: Enrolment) -> None:
        other = RequirementFactory()
        with refused("requirement"):
            actions.decide(enrolment, other, outcome="met", reason="Seen.", by=registrar_user)

    def test_refuses_the_withdrawn(self, registrar_user: Any, enrolment: Enrolment) -> None:
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=registrar_user)
        with refused(saying="withdrawn"):
            actions.decide(
                enrolment, asked(enrolment.pathway, "retreats"), outcome="met", reason="Seen.", by=registrar_user
            )


class TestRefusing:
    def refuse(self, enrolment: Enrolment, key: str, by: Any = None) -> Decision:
        return actions.decide(enrolment, asked(enrolment.pathway, key), outcome="refused", reason="Unread.", by=by)

    def test_leaves_a_requirement_open_whatever_is_on_record(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "practice")
        actions.record_evidence(enrolment, requirement, date=PAST, by=None)
        with logged("imp.decision.record", registrar_user, what="Own practice", after="refused", why="Unread."):
            decision = self.refuse(enrolment, "practice", by=registrar_user)

        assert not decision.is_favourable
        assert StageProgress.objects.get(enrolment=enrolment, stage__key="preparation").met == 0
        assert stored_progress_is_worked_out_progress()

    def test_and_evidence_after_it_changes_nothing_until_it_is_revoked(self, enrolment: Enrolment) -> None:
        refusal = self.refuse(enrolment, "practice")
        actions.record_evidence(enrolment, asked(enrolment.pathway, "practice"), date=PAST, by=None)
        met = StageProgress.objects.filter(enrolment=enrolment, stage__key="preparation").values_list("met", flat=True)
        assert list(met) == [0]
        actions.revoke_decision(refusal, why="Read since.", by=None)

        assert list(met.all()) == [1]

    def test_is_refused_beside_a_decision_that_stands_and_the_other_way_round(self, enrolment: Enrolment) -> None:
        self.refuse(enrolment, "practice")
        with refused("outcome", saying="refused"):
            actions.decide(
                enrolment, asked(enrolment.pathway, "practice"), outcome="met", reason="Seen after all.", by=None
            )
        actions.decide(enrolment, asked(enrolment.pathway, "retreats"), outcome="met", reason="Seen.", by=None)
        with refused("outcome", saying="met"):
            self.refuse(enrolment, "retreats")

    def test_takes_nothing_from_under_a_completed_stage(self, enrolment: Enrolment) -> None:
        for _place in range(2):
            retreat(enrolment, detail=str(_place))
        actions.record_evidence(enrolment, asked(enrolment.pathway, "practice"), date=PAST, by=None)
        actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), on=PAST, by=None)
        with refused(saying="Reopen the stage first"):
            self.refuse(enrolment, "practice")

    def test_keeps_a_stage_from_being_completed_and_names_what_is_open(self, enrolment: Enrolment) -> None:
        ready(enrolment)
        [decision] = enrolment.decisions.filter(requirement__key="practice")
        actions.revoke_decision(decision, why="Reconsidered.", by=None)
        self.refuse(enrolment, "practice")
        with refused(saying="Still open: Own practice."):
            actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=None)

    def test_of_what_is_recommended_holds_nothing_up(self, enrolment: Enrolment) -> None:
        ready(enrolment)
        self.refuse(enrolment, "reading")

        assert state(enrolment, "preparation") == "ready"


class TestRevokingADecision:
    def test_keeps_it_and_it_no_longer_counts(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        decision = actions.decide(enrolment, requirement, outcome="waived", reason="Seen.", by=registrar_user)
        entry = {"what": "Two retreats", "before": "waived", "after": "–", "why": "Reconsidered."}
        with logged("imp.decision.revoke", registrar_user, **entry):
            actions.revoke_decision(decision, why="Reconsidered.", by=registrar_user)

        assert enrolment.decisions.get().stands is None
        assert state(enrolment, "preparation") == "not_started"
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        decision = actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=registrar_user)
        actions.revoke_decision(decision, why="Reconsidered.", by=registrar_user)
        with unchanged():
            actions.revoke_decision(decision, why="Reconsidered.", by=registrar_user)

    def test_wants_a_reason(self, registrar_user: Any, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        decision = actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=registrar_user)
        with refused("why"):
            actions.revoke_decision(decision, why="", by=registrar_user)


def ready(enrolment: Enrolment) -> None:
    """Make the first stage ready."""
    for key in ("retreats", "practice"):
        actions.decide(enrolment, asked(enrolment.pathway, key), outcome="met", reason="Seen.", by=None)


class TestCompletingAStage:
    def test_moves_on_to_the_next_and_tells_the_other_rooms(self, registrar_user: Any, enrolment: Enrolment) -> None:
        ready(enrolment)
        heard: list[Any] = []

        def listen(sender: Any, stage: Any, completion: Any, by: Any, **kwargs: Any) -> None:
            heard.append((str(stage), completion.completed_on, by))

        stage_completed.connect(listen)
        with logged("imp.stage.complete", registrar_user, what="Preparation", after="1 May 2024"):
            actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), on=PAST, by=registrar_user)
        stage_completed.disconnect(listen)

        enrolment.refresh_from_db()
        assert heard == [("Preparation", PAST, registrar_user)]
        assert str(enrolment.current_stage) == "Engagement"
        assert state(enrolment, "preparation") == "completed"
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        ready(enrolment)
        own = stage(enrolment.pathway, "preparation")
        first = actions.complete_stage(enrolment, own, on=PAST, by=registrar_user)
        with unchanged():
            assert actions.complete_stage(enrolment, own, by=registrar_user) == first

    def test_is_refused_while_requirements_are_open_and_names_them(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        retreat(enrolment)
        with refused(saying="Still open: Two retreats; Own practice."):
            actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=registrar_user)

    def test_does_not_wait_for_what_is_recommended(self, registrar_user: Any, enrolment: Enrolment) -> None:
        ready(enrolment)

        assert actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=registrar_user).stands

    def test_refuses_a_stage_before_the_ones_it_waits_for(self, registrar_user: Any, enrolment: Enrolment) -> None:
        for key in ("days", "hours"):
            actions.decide(enrolment, asked(enrolment.pathway, key), outcome="met", reason="Seen.", by=registrar_user)
        with refused(saying="Still open: Preparation is completed."):
            actions.complete_stage(enrolment, stage(enrolment.pathway, "engagement"), by=registrar_user)

    def test_refuses_the_stage_of_another_pathway(self, registrar_user: Any, enrolment: Enrolment) -> None:
        other = StageFactory()
        with refused(saying="not a stage of this pathway"):
            actions.complete_stage(enrolment, other, by=registrar_user)

    def test_refuses_the_future(self, registrar_user: Any, enrolment: Enrolment) -> None:
        ready(enrolment)
        with refused("completed_on"):
            actions.complete_stage(
                enrolment, stage(enrolment.pathway, "preparation"), on=tomorrow(), by=registrar_user
            )

    @pytest.mark.parametrize("status", ["paused", "withdrawn"])
    def test_refuses_whoever_is_not_active(self, registrar_user: Any, enrolment: Enrolment, status: str) -> None:
        ready(enrolment)
        actions.set_status(enrolment, status, why="At their wish.", by=registrar_user)
        with refused(saying=status):
            actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=registrar_user)

    def test_of_the_last_stage_completes_the_pathway_on_its_latest_day(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        complete(enrolment, "preparation", "engagement", "completion")
        enrolment.refresh_from_db()

        assert (enrolment.current_stage, enrolment.completed_on) == (None, PAST)
        assert list(Enrolment.objects.completed()) == [enrolment]
        assert enrolment.is_complete

    def test_is_whole_or_not_at_all(self, registrar_user: Any, enrolment: Enrolment) -> None:
        def fail(**kwargs: Any) -> None:
            raise ValidationError("No letter today.")

        ready(enrolment)
        stage_completed.connect(fail)
        try:
            with refused(saying="No letter today."):
                actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=registrar_user)
        finally:
            stage_completed.disconnect(fail)

        assert state(enrolment, "preparation") == "ready"


class TestReopeningAStage:
    def test_keeps_the_completion_and_it_no_longer_counts(self, registrar_user: Any, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")
        own = stage(enrolment.pathway, "preparation")
        entry = {"what": "Preparation", "before": "1 May 2024", "after": "–", "why": "A mistake."}
        with logged("imp.stage.reopen", registrar_user, **entry):
            actions.reopen_stage(enrolment, own, why="A mistake.", by=registrar_user)

        enrolment.refresh_from_db()
        assert enrolment.current_stage == own
        assert enrolment.completions.get().stands is None
        assert state(enrolment, "preparation") == "ready"
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")
        own = stage(enrolment.pathway, "preparation")
        actions.reopen_stage(enrolment, own, why="A mistake.", by=registrar_user)
        with unchanged():
            actions.reopen_stage(enrolment, own, why="A mistake.", by=registrar_user)

    def test_may_be_completed_again(self, registrar_user: Any, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")
        own = stage(enrolment.pathway, "preparation")
        actions.reopen_stage(enrolment, own, why="A mistake.", by=registrar_user)
        actions.complete_stage(enrolment, own, on=today(), by=registrar_user)

        assert [each.stands for each in enrolment.completions.order_by("pk")] == [None, True]

    def test_is_refused_while_a_later_completion_rests_on_it(self, registrar_user: Any, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation", "engagement")
        with refused(saying="“Engagement” rests on this stage."):
            actions.reopen_stage(
                enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user
            )

        actions.reopen_stage(enrolment, stage(enrolment.pathway, "engagement"), why="A mistake.", by=registrar_user)
        actions.reopen_stage(enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user)
        assert enrolment.completions.filter(stands=True).count() == 0

    def test_also_where_two_stages_have_the_same_place(self, registrar_user: Any, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation", "engagement")
        enrolment.pathway.stages.update(sort_order=0)
        with refused(saying="“Engagement” rests on this stage."):
            actions.reopen_stage(
                enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user
            )

    def test_holds_nothing_up_where_a_later_stage_does_not_wait(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        complete(enrolment, "preparation", "engagement")
        asked(enrolment.pathway, "earlier").delete()
        actions.reopen_stage(enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user)

        assert state(enrolment, "preparation") == "ready"

    def test_holds_nothing_up_where_the_later_stage_was_let_through(
        self, registrar_user: Any, enrolment: Enrolment
    ) -> None:
        earlier = asked(enrolment.pathway, "earlier")
        actions.decide(enrolment, earlier, outcome="waived", reason="Trained elsewhere.", by=registrar_user)
        complete(enrolment, "engagement")
        complete(enrolment, "preparation")
        actions.reopen_stage(enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user)

        assert (state(enrolment, "preparation"), state(enrolment, "engagement")) == ("ready", "completed")

    def test_may_be_refused_by_another_room(self, registrar_user: Any, enrolment: Enrolment) -> None:
        def refuse(**kwargs: Any) -> None:
            raise ValidationError("A letter says otherwise.")

        complete(enrolment, "preparation")
        stage_reopening.connect(refuse)
        try:
            with refused(saying="A letter says otherwise."):
                actions.reopen_stage(
                    enrolment, stage(enrolment.pathway, "preparation"), why="A mistake.", by=registrar_user
                )
        finally:
            stage_reopening.disconnect(refuse)

    def test_wants_a_reason(self, registrar_user: Any, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")
        with refused("why"):
            actions.reopen_stage(enrolment, stage(enrolment.pathway, "preparation"), why="", by=registrar_user)


class TestStoredProgress:
    def test_of_few_follows_the_rules_at_once(self, registrar_user: Any, enrolment: Enrolment) -> None:
        asked(enrolment.pathway, "retreats").delete()

        assert actions.recompute_pathway(enrolment.pathway, by=registrar_user) is None
        assert stored_progress_is_worked_out_progress()

    def test_of_many_follows_as_work_that_somebody_can_watch(
        self, registrar_user: Any, pathway: Pathway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "AT_ONCE", 4)
        monkeypatch.setattr(rules.RecomputeWork, "batch", 2)
        people = [EnrolmentFactory(pathway=pathway) for _number in range(5)]
        EnrolmentFactory(pathway=imp())
        for enrolment in people[:3]:
            actions.record_evidence(enrolment, asked(pathway, "practice"), date=PAST, by=None)
        asked(pathway, "retreats").delete()
        job = actions.recompute_pathway(pathway, by=registrar_user)

        assert (job.items, job.created_by) == ([enrolment.pk for enrolment in people], registrar_user)
        assert [state(enrolment, "preparation") for enrolment in people[2:4]] == ["in_progress", "not_started"]
        people[4].participant.delete()  # gone by the time it is their turn
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.position, job.changed, job.left_out) == ("finished", 5, 4, 0)
        assert state(people[2], "preparation") == "ready"
        assert stored_progress_is_worked_out_progress()

    def test_of_many_follows_at_once_where_nobody_could_watch(
        self, pathway: Pathway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A pack that is loaded, or a script."""
        monkeypatch.setattr(rules, "AT_ONCE", 1)
        monkeypatch.setattr(rules.RecomputeWork, "batch", 2)
        for _number in range(3):
            EnrolmentFactory(pathway=pathway)
        asked(pathway, "retreats").delete()

        assert actions.recompute_pathway(pathway) is None
        assert stored_progress_is_worked_out_progress()

    def test_follows_the_rules_when_they_change(self, enrolment: Enrolment) -> None:
        retreat(enrolment)
        requirement = asked(enrolment.pathway, "retreats")
        requirement.amount = 1
        requirement.save()
        bystander = EnrolmentFactory(pathway=imp())

        actions.recompute_pathway(enrolment.pathway)

        assert StageProgress.objects.get(enrolment=enrolment, stage__key="preparation").met == 1
        assert bystander.progress.count() == 3
        assert stored_progress_is_worked_out_progress()

    def test_recomputed_again_leaves_every_row_alone(self, enrolment: Enrolment) -> None:
        retreat(enrolment)
        with unchanged():
            actions.recompute(enrolment)

    def test_of_two_pathways_is_kept_apart(self, enrolment: Enrolment) -> None:
        second = EnrolmentFactory(participant=enrolment.participant, pathway=imp())
        retreat(enrolment)

        assert state(enrolment, "preparation") == "in_progress"
        assert state(second, "preparation") == "not_started"

    def test_forgets_a_stage_that_was_removed(self, enrolment: Enrolment) -> None:
        stage(enrolment.pathway, "completion").delete()
        actions.recompute_pathway(enrolment.pathway)

        assert enrolment.progress.count() == 2


class TestToday:
    """Today is the day on the wall where the site is: Amsterdam, an hour or two ahead of UTC."""

    @staticmethod
    def at(monkeypatch: pytest.MonkeyPatch, *moment: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime(*moment, tzinfo=dt.UTC))

    def test_begins_at_midnight_of_the_sites_zone(self, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at(monkeypatch, 2026, 6, 30, 21, 59)
        with refused("date"):
            retreat(enrolment, date=dt.date(2026, 7, 1))
        self.at(monkeypatch, 2026, 6, 30, 22, 0)

        assert retreat(enrolment, date=dt.date(2026, 7, 1)).date == dt.date(2026, 7, 1)

    def test_is_what_an_enrolment_starts_on(self, pathway: Pathway, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at(monkeypatch, 2025, 12, 31, 23, 30)

        assert actions.enrol(ParticipantFactory(), pathway, by=None).enrolled_on == dt.date(2026, 1, 1)

    def test_may_be_a_leap_day(self, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
        leap_day = dt.date(2028, 2, 29)
        self.at(monkeypatch, 2028, 2, 28, 12)
        with refused("date"):
            retreat(enrolment, date=leap_day)
        self.at(monkeypatch, 2028, 2, 29, 12)
        retreat(enrolment, date=leap_day)
        ready(enrolment)

        completion = actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=None)
        assert completion.completed_on == leap_day


def test_a_session_is_no_evidence_of_anybodys_until_it_is_attended(enrolment: Enrolment) -> None:
    SessionFactory(cohort__pathway=enrolment.pathway, cohort__kind=CohortKind.TRAINING)
    with unchanged():
        actions.recompute(enrolment)


def test_what_is_on_record_is_compared_row_by_row() -> None:
    before = on_record()
    ParticipantFactory()

    assert on_record() != before
