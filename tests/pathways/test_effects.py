"""A change of rules is told before it is saved, and saved when it is sent once more."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail import hooks

from imp_wagtail.core.models import Job
from imp_wagtail.participants import actions
from imp_wagtail.participants.actions import rules as recomputing
from imp_wagtail.participants.models import Enrolment, StageProgress
from imp_wagtail.pathways.effects import RULE_EFFECTS_HOOK, ProposedStage, effects_of, fingerprint
from imp_wagtail.pathways.models import Pathway, Requirement
from tests.factories import EnrolmentFactory
from tests.participants.support import PAST, stored_progress_is_worked_out_progress
from tests.pathways.support import (
    URLS,
    as_it_is,
    changed_amount,
    edit,
    edit_knowingly,
    is_saved,
    pathway_data,
    requirement_data,
    stage_data,
    stored,
    translated,
)

pytestmark = pytest.mark.django_db

ADVICE = "Save once more if this is meant; otherwise change the rules back."


@pytest.fixture
def enrolment(pathway: Pathway) -> Enrolment:
    """Somebody with one retreat and the practice: one retreat short of being ready."""
    enrolment = EnrolmentFactory(pathway=pathway)
    retreats, practice = pathway.stages.first().requirements.all()
    actions.record_evidence(enrolment, retreats, date=PAST, amount=Decimal(6), by=None)
    actions.record_evidence(enrolment, practice, date=PAST, by=None)
    return enrolment


def said(response: Any) -> str:
    return " ".join(response.context["form"].non_field_errors())


class TestAChangeThatMatters:
    def test_is_told_and_not_yet_saved(self, staff: Client, pathway: Pathway, enrolment: Enrolment) -> None:
        EnrolmentFactory(pathway=pathway)
        before = stored(), list(StageProgress.objects.values())
        response = edit(staff, pathway, changed_amount(pathway, "1"))

        assert said(response) == (
            "These rules change where 1 person of 2 on this pathway stands. "
            f"Ready to complete a stage by them: 1. {ADVICE}"
        )
        assert "These rules change where 1 person of 2" in response.text
        assert (stored(), list(StageProgress.objects.values())) == before

    def test_comes_back_as_it_was_typed(self, staff: Client, pathway: Pathway, enrolment: Enrolment) -> None:
        response = edit(staff, pathway, changed_amount(pathway, "1"), title="Another title")
        form = response.context["form"]
        amounts = [row["amount"].value() for row in form.formsets["stages"].forms[0].formsets["requirements"].forms]

        assert (form["title"].value(), amounts) == ("Another title", ["1", "1.00"])
        told = form["told_effects"].value()
        assert told and f'name="told_effects" value="{told}"' in response.text

    def test_is_saved_when_it_is_sent_once_more(self, staff: Client, pathway: Pathway, enrolment: Enrolment) -> None:
        assert is_saved(edit_knowingly(staff, pathway, changed_amount(pathway, "1")))

        enrolment.refresh_from_db()
        assert (enrolment.progress.get(stage__key="preparation").state, enrolment.next_requirement) == ("ready", None)
        assert stored_progress_is_worked_out_progress()

    def test_is_told_again_when_other_rules_come_back(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment
    ) -> None:
        told = edit(staff, pathway, changed_amount(pathway, "1")).context["form"]["told_effects"].value()
        stages = changed_amount(pathway, "1")
        removed = [*stages, stage_data(rows=[requirement_data()])]
        response = edit(staff, pathway, removed, told_effects=told)

        assert said(response).endswith(ADVICE)
        again = response.context["form"]["told_effects"].value()
        assert again != told
        assert not Requirement.objects.filter(amount=1, key="retreats").exists()
        assert is_saved(edit(staff, pathway, removed, told_effects=again))

    @pytest.mark.parametrize("told", ["", "0123456789abcdef"])
    def test_is_not_waved_through_by_a_sign_that_means_nothing(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment, told: str
    ) -> None:
        assert not is_saved(edit(staff, pathway, changed_amount(pathway, "1"), told_effects=told))

    def test_changed_back_is_saved_without_a_word(self, staff: Client, pathway: Pathway, enrolment: Enrolment) -> None:
        edit(staff, pathway, changed_amount(pathway, "1"))

        assert is_saved(edit(staff, pathway, as_it_is(pathway)))

    def test_is_not_worked_out_while_something_is_wrong(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment
    ) -> None:
        response = edit(staff, pathway, changed_amount(pathway, "1"), title="")

        assert said(response) == ""
        assert list(response.context["form"].errors) == ["title"]

    def test_may_be_a_window_an_order_or_what_a_stage_opens(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment
    ) -> None:
        first, second = pathway.stages.all()
        for stage in (first, second):
            for requirement in stage.requirements.all():
                actions.decide(enrolment, requirement, outcome="met", reason="Seen.", by=None)
        actions.complete_stage(enrolment, first, on=PAST, by=None)
        unlocking = [stage_data(first, unlocks="teaching"), stage_data(second)]
        other_order = [stage_data(first, ORDER="2"), stage_data(second, ORDER="1")]
        for stages in (unlocking, other_order):
            told = edit(staff, pathway, stages)
            assert said(told).startswith("These rules change where 1 person of 1 on this pathway stands.")
            assert is_saved(edit_knowingly(staff, pathway, stages))
            assert stored_progress_is_worked_out_progress()
            first, second = sorted(pathway.stages.all(), key=lambda stage: stage.key, reverse=True)


class TestAChangeThatDoesNot:
    @pytest.mark.parametrize("changes", [{"title": "Another title"}, {"contact_email": "new@example.org"}])
    def test_is_saved_at_once(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment, changes: dict[str, str]
    ) -> None:
        assert is_saved(edit(staff, pathway, as_it_is(pathway), **changes))

    def test_of_words_in_its_stages_is_saved_at_once(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment
    ) -> None:
        first, second = pathway.stages.all()
        rows = [requirement_data(item, title=f"New {item.title}") for item in first.requirements.all()]

        assert is_saved(edit(staff, pathway, [stage_data(first, rows, title="Getting ready"), stage_data(second)]))

    def test_of_rules_nobody_stands_differently_by_is_saved_at_once(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment
    ) -> None:
        assert is_saved(edit(staff, pathway, changed_amount(pathway, "3")))

    def test_of_a_pathway_that_nobody_is_on_is_saved_at_once(self, staff: Client, pathway: Pathway) -> None:
        assert is_saved(edit(staff, pathway, changed_amount(pathway, "1")))

    def test_of_a_translation_is_saved_at_once(self, staff: Client, pathway: Pathway, enrolment: Enrolment) -> None:
        """People are tracked on its source; what it says of amounts is for readers."""
        copy = translated(pathway)

        assert is_saved(edit(staff, copy, changed_amount(copy, "1")))

    def test_makes_a_new_pathway_without_asking(self, staff: Client) -> None:
        assert is_saved(staff.post(reverse(f"{URLS}:add"), pathway_data(None, [stage_data()])))


class TestManyPeople:
    @pytest.fixture
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recomputing, "AT_ONCE", 2)

    def test_are_recomputed_as_work_that_can_be_followed(
        self,
        staff: Client,
        pathway: Pathway,
        enrolment: Enrolment,
        few: None,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        others = [EnrolmentFactory(pathway=pathway) for _number in range(2)]
        with django_capture_on_commit_callbacks() as callbacks:
            response = edit_knowingly(staff, pathway, changed_amount(pathway, "1"))
        job = Job.objects.get()
        page = staff.get(response.url).text

        assert "The progress of 3 people is being worked out anew." in page
        assert f'href="{reverse("imp_jobs:job", args=[job.pk])}"' in page
        assert (job.total, job.created_by.username) == (3, response.wsgi_request.user.username)
        assert enrolment.progress.get(stage__key="preparation").state == "in_progress"

        for callback in callbacks:
            callback()
        assert enrolment.progress.get(stage__key="preparation").state == "ready"
        assert stored_progress_is_worked_out_progress()
        assert "1 person stands elsewhere now." in staff.get(reverse("imp_jobs:job", args=[job.pk])).text
        assert {other.progress.get(stage__key="preparation").state for other in others} == {"not_started"}

    def test_leave_no_message_behind_that_leads_nowhere(
        self, staff: Client, pathway: Pathway, enrolment: Enrolment
    ) -> None:
        response = edit_knowingly(staff, pathway, changed_amount(pathway, "1"))

        assert "worked out anew" not in staff.get(response.url).text
        assert not Job.objects.exists()


def proposed(pathway: Pathway) -> list[ProposedStage]:
    return [ProposedStage(stage, list(stage.requirements.all())) for stage in pathway.stages.all()]


def test_the_same_rules_have_the_same_sign_and_others_another(pathway: Pathway) -> None:
    signs = [fingerprint(proposed(pathway))]
    assert fingerprint(proposed(Pathway.objects.get(pk=pathway.pk))) == signs[0]

    for change in ({"amount": Decimal(1)}, {"is_required": False}, {"each_min": Decimal(4)}):
        stages = proposed(pathway)
        for name, value in change.items():
            setattr(stages[0].requirements[0], name, value)
        signs.append(fingerprint(stages))
    for change in ({"unlocks": "teaching"}, {"closes_after_months": 12}):
        stages = proposed(pathway)
        for name, value in change.items():
            setattr(stages[0].stage, name, value)
        signs.append(fingerprint(stages))
    signs += [fingerprint(proposed(pathway)[:1]), fingerprint(proposed(pathway)[::-1])]

    assert len(set(signs)) == len(signs)


def test_every_room_that_follows_rules_may_say_what_it_means(pathway: Pathway) -> None:
    def of_another_room(asked: Pathway, stages: list[ProposedStage]) -> list[str]:
        return [f"{asked}: {len(stages)} stages."]

    with hooks.register_temporarily(RULE_EFFECTS_HOOK, of_another_room):
        assert effects_of(pathway, proposed(pathway)) == ["IMP: 2 stages."]
