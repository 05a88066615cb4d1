"""Each bulk action says beforehand what it will do, to whom it cannot and why; and then does just that."""

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from imp_wagtail.participants import actions
from imp_wagtail.participants.bulk.acts import ACTS, OWN_ACTS
from imp_wagtail.participants.models import Cohort, Decision, Enrolment, Evidence, Membership, Participant
from imp_wagtail.pathways.models import Pathway
from tests.factories import CohortFactory, EnrolmentFactory, MembershipFactory, ParticipantFactory, registrar
from tests.participants.bulk import act_of, names, outlook_of
from tests.participants.support import asked, complete, imp, retreat, stage, unchanged

pytestmark = pytest.mark.django_db

DAY = "2024-05-01"
NOT_ON = "Not on the pathway “IMP”."
WITHDRAWN = "This enrolment is withdrawn. Resume it first."
PAUSED = "This enrolment is paused. Resume it first."


@pytest.fixture
def pathway() -> Pathway:
    return imp()


def enrolled(pathway: Pathway, name: str, **values: Any) -> Enrolment:
    return EnrolmentFactory(pathway=pathway, participant__name=name, **values)


def outsiders(pathway: Pathway) -> None:
    """People whose place is the same whatever is done: on no pathway, on another, on this one and another."""
    ParticipantFactory(name="Nowhere")
    EnrolmentFactory(pathway=imp(), participant__name="Elsewhere")
    both = enrolled(pathway, "Twice")
    EnrolmentFactory(pathway=imp(), participant=both.participant, status="withdrawn")


def outcome_of(name: str, data: dict[str, Any]) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """Who changes, who does not and who is refused why when it is really done to everybody, one by one."""
    act, by = act_of(name, data), registrar()
    changed: list[str] = []
    same: list[str] = []
    refused: dict[str, list[str]] = defaultdict(list)
    for person in Participant.objects.order_by("name"):
        try:
            with transaction.atomic():
                (changed if act.do_for(person.pk, by=by) else same).append(person.name)
        except ValidationError as error:
            refused[" ".join(error.messages)].append(person.name)
    return changed, same, dict(refused)


def foreseen(name: str, data: dict[str, Any]) -> tuple[list[str], list[str], dict[str, list[str]]]:
    with unchanged():
        outlook = outlook_of(name, data)
    refused = {reason: names(people) for reason, people in outlook.refused.items()}
    return names(outlook.will_change), names(outlook.so_already), refused


class TestEvidence:
    def form(self, pathway: Pathway, **values: Any) -> dict[str, Any]:
        return {"requirement": asked(pathway, "retreats").pk, "date": DAY, "amount": "6", "detail": "", **values}

    @pytest.fixture
    def people(self, pathway: Pathway) -> None:
        outsiders(pathway)
        enrolled(pathway, "Active")
        enrolled(pathway, "Paused", status="paused")
        enrolled(pathway, "Withdrawn", status="withdrawn")
        retreat(enrolled(pathway, "Has it"))
        for other in ({"date": dt.date(2024, 5, 2)}, {"days": "7"}, {"detail": "Elsewhere"}):
            retreat(enrolled(pathway, f"Has one of another {next(iter(other))}"), **other)
        gone = enrolled(pathway, "Has it and withdrew")
        retreat(gone)
        actions.set_status(gone, "withdrawn", why="At their wish.", by=None)

    def test_is_foreseen_as_it_happens(self, pathway: Pathway, people: None) -> None:
        before = foreseen("evidence", self.form(pathway))

        assert before == (
            ["Active", *(f"Has one of another {what}" for what in ("date", "days", "detail")), "Paused", "Twice"],
            ["Has it", "Has it and withdrew"],
            {NOT_ON: ["Elsewhere", "Nowhere"], WITHDRAWN: ["Withdrawn"]},
        )
        assert outcome_of("evidence", self.form(pathway)) == before

    def test_is_recorded_as_the_form_says_on_this_pathway_only(self, pathway: Pathway, people: None) -> None:
        outcome_of("evidence", self.form(pathway, detail="Gaia House", note="Seen."))
        [recorded] = Evidence.objects.filter(enrolment__participant__name="Twice")

        assert recorded.enrolment.pathway == pathway
        assert (str(recorded.date), recorded.amount, recorded.detail, recorded.note) == (DAY, 6, "Gaia House", "Seen.")

    def test_done_again_changes_nobody(self, pathway: Pathway, people: None) -> None:
        changed, same, refused = outcome_of("evidence", self.form(pathway))
        with unchanged():
            assert foreseen("evidence", self.form(pathway)) == ([], sorted([*changed, *same]), refused)

    def test_of_a_confirmation_needs_no_amount_and_heeds_none(self, pathway: Pathway) -> None:
        enrolled(pathway, "Active")
        for amount in ("", "7"):
            form = self.form(pathway, requirement=asked(pathway, "practice").pk, amount=amount)
            outcome_of("evidence", form)

        assert [evidence.amount for evidence in Evidence.objects.all()] == [1]

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"date": "2999-01-01"}, "date"),
            ({"date": "1066-10-14"}, "date"),
            ({"amount": "0"}, "amount"),
            ({"amount": "-1"}, "amount"),
            ({"amount": "3"}, "amount"),
            ({"amount": ""}, "amount"),
        ],
    )
    def test_that_nobody_can_have_is_the_forms_fault(self, pathway: Pathway, values: Any, field: str) -> None:
        with pytest.raises(ValidationError) as caught:
            act_of("evidence", self.form(pathway, **values))

        assert list(caught.value.error_dict) == [field]

    def test_is_not_offered_for_what_follows_from_earlier_stages(self, pathway: Pathway) -> None:
        form = ACTS["evidence"].form_class(self.form(pathway, requirement=asked(pathway, "earlier").pk))

        assert list(form.errors) == ["requirement"]


class TestDecision:
    def form(self, pathway: Pathway, outcome: str = "met") -> dict[str, Any]:
        requirement = asked(pathway, "practice").pk
        return {"requirement": requirement, "outcome": outcome, "reason": "Seen.", "decided_on": DAY}

    @pytest.fixture
    def people(self, pathway: Pathway) -> None:
        outsiders(pathway)
        practice = asked(pathway, "practice")
        enrolled(pathway, "Active")
        enrolled(pathway, "Withdrawn", status="withdrawn")
        for outcome in Decision.Outcome.values:
            actions.decide(enrolled(pathway, f"Has {outcome}"), practice, outcome=outcome, reason="Seen.", by=None)
        other = enrolled(pathway, "Has met for another reason")
        actions.decide(other, practice, outcome="met", reason="Heard.", by=None)
        revoked = actions.decide(enrolled(pathway, "Revoked"), practice, outcome="met", reason="Seen.", by=None)
        actions.revoke_decision(revoked, why="A mistake.", by=None)
        by_evidence = enrolled(pathway, "Stage completed")
        for key, amount in (("practice", 1), ("retreats", 6), ("retreats", 7)):
            actions.record_evidence(by_evidence, asked(pathway, key), date=dt.date(2024, 2, 1), amount=amount, by=None)
        actions.complete_stage(by_evidence, stage(pathway, "preparation"), by=None)

    @pytest.mark.parametrize("outcome", Decision.Outcome.values)
    def test_is_foreseen_as_it_happens(self, pathway: Pathway, people: None, outcome: str) -> None:
        before = foreseen("decide", self.form(pathway, outcome))
        changed, same, refused = before

        assert same == [f"Has {outcome}"]
        assert {"Active", "Revoked", "Twice"} <= set(changed)
        standing = "A decision stands already (met). Revoke it first."
        assert refused[standing] == (["Has met"] if outcome != "met" else []) + ["Has met for another reason"]
        assert refused[WITHDRAWN] == ["Withdrawn"]
        assert refused[NOT_ON] == ["Elsewhere", "Nowhere"]
        completed = "“Preparation” was completed on the strength of this. Reopen the stage first."
        assert refused.get(completed, []) == (["Stage completed"] if outcome == "refused" else [])
        assert outcome_of("decide", self.form(pathway, outcome)) == before

    @pytest.mark.parametrize(("field", "value"), [("decided_on", "2999-01-01"), ("decided_on", "1066-10-14")])
    def test_that_nobody_can_take_is_the_forms_fault(self, pathway: Pathway, field: str, value: str) -> None:
        with pytest.raises(ValidationError) as caught:
            act_of("decide", self.form(pathway) | {field: value})

        assert list(caught.value.error_dict) == [field]

    @pytest.mark.parametrize("missing", ["requirement", "outcome", "reason", "decided_on"])
    def test_needs_every_field(self, pathway: Pathway, missing: str) -> None:
        form = ACTS["decide"].form_class(self.form(pathway) | {missing: "  "})

        assert list(form.errors) == [missing]


class TestCompletingAStage:
    def form(self, pathway: Pathway, day: str = DAY) -> dict[str, Any]:
        return {"stage": stage(pathway, "preparation").pk, "completed_on": day}

    def ready(self, pathway: Pathway, name: str, **values: Any) -> Enrolment:
        enrolment = enrolled(pathway, name, **values)
        for key in ("retreats", "practice"):
            actions.decide(enrolment, asked(pathway, key), outcome="met", reason="Seen.", by=None)
        return enrolment

    @pytest.fixture
    def people(self, pathway: Pathway) -> None:
        outsiders(pathway)
        preparation = stage(pathway, "preparation")
        self.ready(pathway, "Ready")
        actions.complete_stage(self.ready(pathway, "Completed"), preparation, by=None)
        reopened = self.ready(pathway, "Reopened")
        actions.complete_stage(reopened, preparation, by=None)
        actions.reopen_stage(reopened, preparation, why="A mistake.", by=None)
        self.ready(pathway, "Enrolled later", enrolled_on=dt.date(2024, 5, 2))
        self.ready(pathway, "Enrolled that day", enrolled_on=dt.date(2024, 5, 1))
        for status in ("paused", "withdrawn"):
            actions.set_status(self.ready(pathway, f"Ready and {status}"), status, why="So.", by=None)
        completed = self.ready(pathway, "Completed and withdrawn")
        actions.complete_stage(completed, preparation, by=None)
        actions.set_status(completed, "withdrawn", why="So.", by=None)
        half = enrolled(pathway, "Half way")
        actions.decide(half, asked(pathway, "practice"), outcome="met", reason="Seen.", by=None)

    def test_is_foreseen_as_it_happens(self, pathway: Pathway, people: None) -> None:
        changed, same, refused = foreseen("complete", self.form(pathway))

        assert changed == ["Enrolled that day", "Ready", "Reopened"]
        assert same == ["Completed", "Completed and withdrawn"]
        not_ready = "“Preparation” is not ready to be completed. Requirements met: %d of 2."
        assert refused == {
            NOT_ON: ["Elsewhere", "Nowhere"],
            PAUSED: ["Ready and paused"],
            WITHDRAWN: ["Ready and withdrawn"],
            "The enrolment began on 2 May 2024, after this.": ["Enrolled later"],
            not_ready % 0: ["Twice"],
            not_ready % 1: ["Half way"],
        }
        really_changed, really_same, really_refused = outcome_of("complete", self.form(pathway))
        assert (really_changed, really_same) == (changed, same)
        # The verb names what is missing, for which it reads everything that is on record for one person.
        told = {reason: people for reason, people in refused.items() if "not ready" not in reason}
        told["“Preparation” is not ready to be completed. Still open: Two retreats; Own practice."] = ["Twice"]
        told["“Preparation” is not ready to be completed. Still open: Two retreats."] = ["Half way"]
        assert really_refused == told

    def test_of_a_stage_that_asks_for_nothing_and_of_one_that_rests_on_it(self, pathway: Pathway) -> None:
        done = enrolled(pathway, "Done")
        complete(done, "preparation")
        form = {"stage": stage(pathway, "engagement").pk, "completed_on": DAY}

        assert foreseen("complete", form)[2] == {
            "“Engagement” is not ready to be completed. Requirements met: 1 of 3.": ["Done"]
        }

    def test_on_a_day_to_come_is_the_forms_fault(self, pathway: Pathway) -> None:
        with pytest.raises(ValidationError) as caught:
            act_of("complete", self.form(pathway, "2999-01-01"))

        assert list(caught.value.error_dict) == ["completed_on"]


class TestAddingToACohort:
    def test_is_foreseen_as_it_happens(self, pathway: Pathway) -> None:
        cohort = CohortFactory(pathway=pathway)
        outsiders(pathway)
        enrolled(pathway, "Active")
        enrolled(pathway, "Paused", status="paused")
        enrolled(pathway, "Withdrawn", status="withdrawn")
        for status in ("active", "paused"):
            MembershipFactory(cohort=cohort, enrolment=enrolled(pathway, f"Member, {status}", status=status))
        MembershipFactory(cohort=CohortFactory(pathway=pathway), enrolment=enrolled(pathway, "Member elsewhere"))
        before = foreseen("cohort", {"cohort": cohort.pk})

        assert before == (
            ["Active", "Member elsewhere", "Twice"],
            ["Member, active", "Member, paused"],
            {NOT_ON: ["Elsewhere", "Nowhere"], PAUSED: ["Paused"], WITHDRAWN: ["Withdrawn"]},
        )
        assert outcome_of("cohort", {"cohort": cohort.pk}) == before
        assert Membership.objects.filter(cohort=cohort).count() == 2 + 3


class TestEnrolling:
    def test_is_foreseen_as_it_happens(self, pathway: Pathway) -> None:
        outsiders(pathway)
        enrolled(pathway, "Withdrawn", status="withdrawn")
        form = {"pathway": pathway.pk, "enrolled_on": DAY}
        before = foreseen("enrol", form)

        assert before == (["Elsewhere", "Nowhere"], ["Twice", "Withdrawn"], {})
        assert outcome_of("enrol", form) == before
        assert str(Enrolment.objects.get(participant__name="Nowhere").enrolled_on) == DAY

    def test_on_a_day_to_come_is_the_forms_fault(self, pathway: Pathway) -> None:
        with pytest.raises(ValidationError) as caught:
            act_of("enrol", {"pathway": pathway.pk, "enrolled_on": "2999-01-01"})

        assert list(caught.value.error_dict) == ["enrolled_on"]


def test_someone_who_is_gone_is_refused_whatever_is_done(pathway: Pathway) -> None:
    forms = every_form(pathway)
    assert set(forms) == {act.name for act in OWN_ACTS}
    for name, data in forms.items():
        with pytest.raises(ValidationError):
            act_of(name, data).do_for(999_999, by=None)


def every_form(pathway: Pathway) -> dict[str, dict[str, Any]]:
    return {
        "evidence": {"requirement": asked(pathway, "retreats").pk, "date": DAY, "amount": "6"},
        "decide": TestDecision().form(pathway, "refused"),
        "complete": TestCompletingAStage().form(pathway),
        "cohort": {"cohort": CohortFactory(pathway=pathway).pk},
        "enrol": {"pathway": imp().pk, "enrolled_on": DAY},
    }


@pytest.mark.parametrize("name", [act.name for act in OWN_ACTS])
def test_foreseeing_takes_as_many_queries_for_thirty_as_for_one(pathway: Pathway, name: str) -> None:
    form = every_form(pathway)[name]

    def add(count: int) -> None:
        for number in range(count):
            retreat(enrolled(pathway, f"Person {number}", status="paused" if number % 2 else "active"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            outlook_of(name, form)
        return len(captured)

    add(1)
    for_one = queries()
    add(29)

    assert queries() == for_one <= 6


def test_every_bulk_action_says_what_it_does_to_each_in_a_few_words(pathway: Pathway) -> None:
    forms = every_form(pathway)
    Cohort.objects.update(title="Thursday group")

    assert {name: act_of(name, data).what for name, data in forms.items()} == {
        "evidence": "Two retreats · 1 May 2024 · 6 days",
        "decide": "Own practice · refused · 1 May 2024",
        "complete": "Preparation · 1 May 2024",
        "cohort": "Thursday group",
        "enrol": "IMP · 1 May 2024",
    }
