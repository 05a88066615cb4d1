"""The record page: everything about one person, the forms behind its buttons, and the history."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Decision, Enrolment, Participant
from imp_wagtail.participants.record import record_of
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    ParticipantFactory,
    PathwayFactory,
    RequirementFactory,
    SessionFactory,
    StageFactory,
    registrar,
)
from tests.participants.screens import errors, queries_of
from tests.participants.support import PAST, asked, complete, imp, on_record, retreat, stage, state, unchanged

pytestmark = pytest.mark.django_db

TODAY = "2024-05-01"


@pytest.fixture
def enrolment() -> Enrolment:
    return EnrolmentFactory(pathway=imp(), participant__name="Ana Núñez")


def address(name: str, *args: Any) -> str:
    return reverse(f"imp_participants:{name}", args=args)


def record(client: Client, participant: Participant) -> str:
    response = client.get(address("record", participant.pk))
    assert response.status_code == 200
    return response.text


class TestThePage:
    def test_shows_who_the_person_is(self, staff: Client) -> None:
        ana = ParticipantFactory(
            name="Ana Núñez",
            printed_name="Dr. Ana Núñez",
            email="ana@example.org",
            town="Utrecht",
            country="NL",
            language="es",
            notes="Prefers to be\ncalled in the evening.",
        )
        text = record(staff, ana)

        for words in ("Dr. Ana Núñez", "mailto:ana@example.org", "Utrecht, Netherlands", "Spanish", "in the evening"):
            assert words in text

    def test_shows_every_requirement_with_its_rule_and_how_far_it_is(
        self, staff: Client, enrolment: Enrolment
    ) -> None:
        retreat(enrolment, detail="Ammerdown", note="Seen by post", by=registrar())
        actions.decide(
            enrolment, asked(enrolment.pathway, "practice"), outcome="equivalent", reason="A nun.", by=registrar()
        )
        text = record(staff, enrolment.participant)

        for words in (
            "at least 2, 5–7 days each",
            "1 of 2",
            "6 days",
            "Ammerdown",
            "Seen by post",
            "Equivalent",
            "A nun.",
        ):
            assert words in text

    def test_says_what_comes_next(self, staff: Client, enrolment: Enrolment) -> None:
        def next_step() -> str:
            return record_of(enrolment.participant)[0].next_step

        assert next_step() == "Preparation: Two retreats"
        for key in ("retreats", "practice"):
            actions.decide(enrolment, asked(enrolment.pathway, key), outcome="met", reason="Seen.", by=None)
        assert next_step() == "“Preparation” is ready to be completed."
        complete_rest(enrolment)
        assert next_step() == "Every stage is completed."
        actions.set_status(enrolment, "paused", why="At their wish.", by=None)
        assert next_step() == "This enrolment is paused."
        assert next_step() in record(staff, enrolment.participant)

    def test_offers_what_may_be_done_now_and_only_that(self, staff: Client, enrolment: Enrolment) -> None:
        key, own = enrolment.pk, stage(enrolment.pathway, "preparation")
        complete_it, reopen_it = address("complete_stage", key, own.pk), address("reopen_stage", key, own.pk)
        assert complete_it not in record(staff, enrolment.participant)
        for name in ("retreats", "practice"):
            actions.decide(enrolment, asked(enrolment.pathway, name), outcome="met", reason="Seen.", by=None)
        assert complete_it in record(staff, enrolment.participant)
        actions.complete_stage(enrolment, own, by=None)
        text = record(staff, enrolment.participant)

        assert (complete_it in text, reopen_it in text) == (False, True)
        assert address("record_evidence", key, asked(enrolment.pathway, "reading").pk) not in text
        assert address("record_evidence", key, asked(enrolment.pathway, "earlier").pk) not in text
        assert address("record_evidence", key, asked(enrolment.pathway, "hours").pk) in text

    def test_offers_nothing_but_to_resume_for_the_withdrawn(self, staff: Client, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=None)
        text = record(staff, enrolment.participant)

        assert address("set_status", enrolment.pk, "active") in text
        for gone in (
            address("set_status", enrolment.pk, "withdrawn"),
            address("record_evidence", enrolment.pk, asked(enrolment.pathway, "retreats").pk),
            address("remove_evidence", evidence.pk),
        ):
            assert gone not in text

    def test_of_somebody_on_no_pathway_leads_to_enrolling(self, staff: Client) -> None:
        ana = ParticipantFactory()
        text = record(staff, ana)

        assert "Not on a pathway yet." in text
        assert address("enrol", ana.pk) in text

    def test_says_nothing_of_nothing(self, enrolment: Enrolment) -> None:
        first = RequirementFactory(stage=stage(enrolment.pathway, "preparation"), earlier_stages=True)
        lines = record_of(enrolment.participant)[0].stages[0].requirements

        assert {line.requirement.key: line.amount for line in lines} == {
            "retreats": "0 of 2",
            "practice": "",
            "reading": "",
            first.key: "",
        }

    def test_says_no_more_done_than_was_asked(self, enrolment: Enrolment) -> None:
        for place in range(3):
            retreat(enrolment, detail=str(place))

        assert record_of(enrolment.participant)[0].stages[0].requirements[0].amount == "2 of 2"

    def test_shows_hostile_names_as_text(self, staff: Client) -> None:
        pathway = PathwayFactory(title="<script>alert(1)</script>")
        StageFactory(pathway=pathway, title="<script>alert(2)</script>")
        ana = ParticipantFactory(name="<script>alert(3)</script>", notes="<script>alert(4)</script>")
        EnrolmentFactory(participant=ana, pathway=pathway)

        for page in (record(staff, ana), staff.get(address("index")).text, staff.get(address("history", ana.pk)).text):
            assert "<script>alert" not in page

    def test_of_nobody_is_not_found(self, staff: Client) -> None:
        for name in ("record", "edit", "enrol", "history"):
            assert staff.get(address(name, 999_999)).status_code == 404

    def test_takes_as_many_queries_for_much_history_as_for_little(self, staff: Client, enrolment: Enrolment) -> None:
        by = registrar()
        cohort = CohortFactory(pathway=enrolment.pathway)
        MembershipFactory(cohort=cohort, enrolment=enrolment)

        def live(times: int, label: str) -> None:
            for place in range(times):
                retreat(enrolment, detail=f"{label} {place}", by=by)
                session = SessionFactory(cohort=cohort)
                cohort_actions.mark_attendance(session, present=[enrolment], by=by)
                decision = decide(f"{label} {place}")
                actions.revoke_decision(decision, why="Reconsidered.", by=by)
            decide("Now it stands")

        def decide(reason: str) -> Decision:
            requirement = asked(enrolment.pathway, "practice")
            return actions.decide(enrolment, requirement, outcome="met", reason=reason, by=by)

        live(1, "Little")
        little = queries_of(staff, address("record", enrolment.participant_id))
        actions.revoke_decision(enrolment.decisions.get(stands=True), why="Reconsidered.", by=by)
        live(15, "Much")

        assert queries_of(staff, address("record", enrolment.participant_id)) == little


def complete_rest(enrolment: Enrolment) -> None:
    actions.complete_stage(enrolment, stage(enrolment.pathway, "preparation"), by=None)
    complete(enrolment, "engagement", "completion")


def post(client: Client, where: str, **data: Any) -> HttpResponse:
    return client.post(where, data)


class TestForms:
    def test_adding_a_participant_leads_to_the_record(self, staff: Client) -> None:
        response = post(staff, address("add"), name="Ana Núñez", email="ana@example.org", country="ES")
        ana = Participant.objects.get()

        assert response.url == address("record", ana.pk)
        assert (ana.name, ana.country) == ("Ana Núñez", "ES")
        assert "Participant added." in staff.get(response.url).text

    @pytest.mark.parametrize(
        ("data", "field"),
        [({"name": ""}, "name"), ({"email": "nowhere"}, "email"), ({"country": "XX"}, "country")],
    )
    def test_bad_details_are_refused_beside_their_field(self, staff: Client, data: dict[str, str], field: str) -> None:
        with unchanged():
            assert errors(post(staff, address("add"), **{"name": "Ana", **data})) == [field]

    def test_the_address_of_somebody_else_is_refused_beside_its_field(
        self, staff: Client, enrolment: Enrolment
    ) -> None:
        ParticipantFactory(email="taken@example.org")
        where = address("edit", enrolment.participant_id)
        with unchanged():
            assert errors(post(staff, where, name="Ana", email="Taken@Example.org")) == ["email"]

    def test_changed_details_are_saved_and_logged(self, staff: Client) -> None:
        ana = ParticipantFactory(name="Ana", email="", country="", language="")
        response = post(staff, address("edit", ana.pk), name="Ana Núñez")
        ana.refresh_from_db()

        assert (response.url, ana.name) == (address("record", ana.pk), "Ana Núñez")
        assert "Details changed: name (Ana → Ana Núñez)" in record(staff, ana)

    def test_enrolling_offers_only_pathways_that_the_person_is_not_on(
        self, staff: Client, enrolment: Enrolment
    ) -> None:
        other = PathwayFactory()
        where = address("enrol", enrolment.participant_id)
        with unchanged():
            assert errors(post(staff, where, pathway=enrolment.pathway_id, enrolled_on=TODAY)) == ["pathway"]
            assert errors(post(staff, where, pathway=other.pk, enrolled_on="2999-01-01")) == ["enrolled_on"]
        post(staff, where, pathway=other.pk, enrolled_on=TODAY)

        assert enrolment.participant.enrolments.get(pathway=other).enrolled_on == dt.date(2024, 5, 1)

    def test_evidence_is_recorded(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("record_evidence", enrolment.pk, asked(enrolment.pathway, "retreats").pk)
        page = staff.get(where).text
        post(staff, where, date=TODAY, amount="6", detail="Ammerdown")

        assert "Two retreats – at least 2, 5–7 days each" in page
        assert enrolment.evidence.get().size == "6 days"

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"amount": "4.5"}, "amount"),
            ({"amount": "8"}, "amount"),
            ({"amount": "-6"}, "amount"),
            ({"amount": "NaN"}, "amount"),
            ({"amount": ""}, "amount"),
            ({"date": "2999-01-01"}, "date"),
            ({"date": "2023-02-29"}, "date"),
            ({"date": ""}, "date"),
            ({"detail": "x" * 241}, "detail"),
        ],
    )
    def test_bad_evidence_is_refused_beside_its_field(
        self, staff: Client, enrolment: Enrolment, data: dict[str, str], field: str
    ) -> None:
        where = address("record_evidence", enrolment.pk, asked(enrolment.pathway, "retreats").pk)
        with unchanged():
            assert errors(post(staff, where, **{"date": TODAY, "amount": "6", **data})) == [field]

    def test_the_same_evidence_twice_is_refused_beside_the_date(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("record_evidence", enrolment.pk, asked(enrolment.pathway, "retreats").pk)
        post(staff, where, date=TODAY, amount="6")
        with unchanged():
            assert errors(post(staff, where, date=TODAY, amount="6")) == ["date"]

    @pytest.mark.parametrize(
        ("key", "label"),
        [
            ("retreats", "Days"),
            ("hours", "Hours"),
            ("cycles", "How many"),
            ("days", "Sessions attended elsewhere"),
            ("practice", None),
        ],
    )
    def test_evidence_asks_for_an_amount_in_its_own_words(
        self, staff: Client, enrolment: Enrolment, key: str, label: str | None
    ) -> None:
        response = staff.get(address("record_evidence", enrolment.pk, asked(enrolment.pathway, key).pk))
        amount = response.context["form"].fields.get("amount")

        assert (amount.label if amount else None) == label

    def test_what_follows_from_earlier_stages_takes_no_evidence(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("record_evidence", enrolment.pk, asked(enrolment.pathway, "earlier").pk)
        with unchanged():
            assert errors(post(staff, where, date=TODAY, amount="1")) == ["__all__"]

    def test_a_decision_is_recorded_and_revoked(self, staff: Client, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        where = address("decide", enrolment.pk, requirement.pk)
        post(staff, where, outcome="waived", reason="Years of it.", decided_on=TODAY)
        decision = enrolment.decisions.get()
        post(staff, address("revoke_decision", decision.pk), why="Reconsidered.")
        decision.refresh_from_db()

        assert (decision.outcome, decision.reason, decision.stands) == ("waived", "Years of it.", None)

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"outcome": "perhaps"}, "outcome"),
            ({"outcome": ""}, "outcome"),
            ({"reason": " "}, "reason"),
            ({"decided_on": "2999-01-01"}, "decided_on"),
        ],
    )
    def test_a_bad_decision_is_refused_beside_its_field(
        self, staff: Client, enrolment: Enrolment, data: dict[str, str], field: str
    ) -> None:
        where = address("decide", enrolment.pk, asked(enrolment.pathway, "retreats").pk)
        good = {"outcome": "met", "reason": "Seen.", "decided_on": TODAY}
        with unchanged():
            assert errors(post(staff, where, **(good | data))) == [field]

    def test_a_second_decision_is_refused_beside_the_outcome(self, staff: Client, enrolment: Enrolment) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=None)
        where = address("decide", enrolment.pk, requirement.pk)
        with unchanged():
            assert errors(post(staff, where, outcome="waived", reason="Otherwise.", decided_on=TODAY)) == ["outcome"]

    def test_a_stage_that_is_not_ready_is_refused_with_what_is_open(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("complete_stage", enrolment.pk, stage(enrolment.pathway, "preparation").pk)
        with unchanged():
            response = post(staff, where, completed_on=TODAY)

        assert errors(response) == ["__all__"]
        assert "Still open: Two retreats; Own practice." in response.text

    def test_a_ready_stage_is_completed_and_reopened(self, staff: Client, enrolment: Enrolment) -> None:
        for key in ("retreats", "practice"):
            actions.decide(enrolment, asked(enrolment.pathway, key), outcome="met", reason="Seen.", by=None)
        own = stage(enrolment.pathway, "preparation").pk
        where = address("complete_stage", enrolment.pk, own)
        with unchanged():
            assert errors(post(staff, where, completed_on="2999-01-01")) == ["completed_on"]
        post(staff, where, completed_on=TODAY)
        assert state(enrolment, "preparation") == "completed"
        with unchanged():
            assert errors(post(staff, address("reopen_stage", enrolment.pk, own), why="")) == ["why"]
        post(staff, address("reopen_stage", enrolment.pk, own), why="A mistake.")

        assert state(enrolment, "preparation") == "ready"

    def test_status_follows_the_button_and_wants_a_reason(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("set_status", enrolment.pk, "paused")
        with unchanged():
            assert errors(post(staff, where, why="  ")) == ["why"]
        post(staff, where, why="At their wish.")
        enrolment.refresh_from_db()

        assert enrolment.status == "paused"
        assert staff.get(address("set_status", enrolment.pk, "promoted")).status_code == 404

    def test_evidence_is_removed_with_a_reason(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("remove_evidence", retreat(enrolment, detail="Ammerdown").pk)
        assert "1 May 2024 · 6 days · Ammerdown" in staff.get(where).text
        with unchanged():
            assert errors(post(staff, where, why="")) == ["why"]
        post(staff, where, why="Another person’s.")

        assert enrolment.evidence.count() == 0

    def test_records_of_another_pathway_are_not_found_under_an_enrolment(
        self, staff: Client, enrolment: Enrolment
    ) -> None:
        other = imp()
        before = on_record()
        for where in (
            address("record_evidence", enrolment.pk, asked(other, "retreats").pk),
            address("decide", enrolment.pk, asked(other, "retreats").pk),
            address("complete_stage", enrolment.pk, stage(other, "preparation").pk),
            address("reopen_stage", enrolment.pk, stage(other, "preparation").pk),
        ):
            assert staff.get(where).status_code == staff.post(where, {"why": "x"}).status_code == 404

        assert on_record() == before

    def test_a_refused_form_keeps_what_was_typed(self, staff: Client, enrolment: Enrolment) -> None:
        where = address("record_evidence", enrolment.pk, asked(enrolment.pathway, "retreats").pk)
        text = post(staff, where, date=TODAY, amount="99", detail="Ammerdown, with Jane").text

        assert 'value="99"' in text
        assert "Ammerdown, with Jane" in text


class TestHistory:
    def test_tells_who_did_what_from_what_to_what_and_why(self, staff: Client, enrolment: Enrolment) -> None:
        by = registrar()
        actions.set_status(enrolment, "paused", why="At their wish.", by=by)
        text = staff.get(address("history", enrolment.participant_id)).text

        assert "Enrolment changed: IMP (active → paused). At their wish." in text
        assert by.username in text
        assert f'href="{address("record", enrolment.participant_id)}"' in text

    def test_is_of_this_person_only(self, staff: Client, enrolment: Enrolment) -> None:
        other = EnrolmentFactory(pathway=enrolment.pathway)
        actions.set_status(other, "paused", why="A secret of somebody else.", by=None)

        for page in ("record", "history", "history_results"):
            assert "A secret of somebody else." not in staff.get(address(page, enrolment.participant_id)).text

    def test_of_a_whole_group_marked_at_once_is_in_everybodys(self, staff: Client, enrolment: Enrolment) -> None:
        cohort = CohortFactory(pathway=enrolment.pathway, title="Group")
        members = [MembershipFactory(cohort=cohort, enrolment__pathway=cohort.pathway).enrolment for _one in range(3)]
        sessions = SessionFactory.create_batch(2, cohort=cohort)
        cells = [f"{session.pk}-{member.pk}" for session in sessions for member in members]
        staff.post(reverse("imp_cohorts:cohort", args=[cohort.pk]), {"present": cells})

        for member in members:
            assert staff.get(address("history", member.participant_id)).text.count("Attendance marked: Group") == 2

    def test_on_the_record_is_the_latest_and_leads_to_the_rest(self, staff: Client, enrolment: Enrolment) -> None:
        for place in range(15):
            status = "paused" if place % 2 == 0 else "active"
            actions.set_status(enrolment, status, why=f"Reason {place:02}.", by=None)
        text = record(staff, enrolment.participant)

        assert ("Reason 14." in text, "Reason 02." in text) == (True, False)
        assert address("history", enrolment.participant_id) in text
        assert "Reason 02." in staff.get(address("history", enrolment.participant_id)).text

    def test_is_filtered_by_what_happened(self, staff: Client, enrolment: Enrolment) -> None:
        retreat(enrolment, detail="Ammerdown")
        actions.set_status(enrolment, "paused", why="At their wish.", by=None)
        query = {"action": "imp.evidence.record"}
        text = staff.get(address("history_results", enrolment.participant_id), query).text

        assert "Evidence recorded: Two retreats (1 May 2024 · 6 days · Ammerdown)" in text
        assert "At their wish." not in text

    def test_outlives_the_account_of_who_wrote_it(self, staff: Client, enrolment: Enrolment) -> None:
        by = registrar()
        actions.set_status(enrolment, "paused", why="At their wish.", by=by)
        by.delete()

        assert "At their wish." in record(staff, enrolment.participant)
        assert ModelLogEntry.objects.for_instance(enrolment.participant).count() == 1


class TestWhatComesBeforeTheTraining:
    def lines(self, enrolment: Enrolment) -> dict[str, str]:
        [record] = record_of(enrolment.participant)
        return {line.requirement.key: line.when for own in record.stages for line in own.requirements}

    def test_is_to_be_met_before_it_unless_the_rule_says_otherwise(self, enrolment: Enrolment) -> None:
        enrolment.pathway.stages.get(key="preparation").requirements.filter(key="practice").update(
            open_at_training=True
        )
        lines = self.lines(enrolment)

        assert lines["retreats"] == "to be met before the training"
        assert lines["practice"] == "may still be open when the training starts"
        assert [key for key, when in lines.items() if when] == ["retreats", "practice"]

    def test_is_not_spoken_of_once_it_is_met(self, enrolment: Enrolment) -> None:
        actions.decide(enrolment, asked(enrolment.pathway, "retreats"), outcome="met", reason="Seen.", by=None)

        assert self.lines(enrolment)["retreats"] == ""

    def test_is_outstanding_after_it(self, enrolment: Enrolment) -> None:
        days = asked(enrolment.pathway, "days")
        actions.record_evidence(enrolment, days, date=PAST, amount=Decimal(2), by=None)

        assert self.lines(enrolment)["retreats"] == ""
        assert Enrolment.objects.get(pk=enrolment.pk).outstanding == 2
