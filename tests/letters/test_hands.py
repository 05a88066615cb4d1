"""Letters that are due: a completed stage without a valid letter, until there is one."""

import pytest

from imp_wagtail.letters import actions
from imp_wagtail.letters.hands import letter_hands, letters_due
from imp_wagtail.participants.actions import set_status
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from tests.factories import EnrolmentFactory, StageFactory, UserFactory, registrar

from .conftest import COMPLETED_ON, ISSUED_ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def due() -> list[Enrolment]:
    return list(letters_due(Enrolment.objects.order_by("pk")))


def completed(enrolment: Enrolment, stage: Stage, **fields: bool | None) -> None:
    StageCompletion.objects.create(enrolment=enrolment, stage=stage, completed_on=COMPLETED_ON, **fields)


@pytest.fixture
def ana(stage: Stage) -> Enrolment:
    return EnrolmentFactory(pathway=stage.pathway)


def test_a_letter_is_due_from_completion_until_it_is_issued(stage: Stage, ana: Enrolment) -> None:
    EnrolmentFactory(pathway=stage.pathway)
    assert due() == []

    completed(ana, stage)
    assert due() == [ana]

    actions.issue(ana, stage, on=ISSUED_ON, by=None)
    assert due() == []


def test_each_stage_has_its_own(stage: Stage, ana: Enrolment) -> None:
    second = StageFactory(pathway=stage.pathway)
    for own in (stage, second):
        completed(ana, own)
    actions.issue(ana, stage, on=ISSUED_ON, by=None)

    # And somebody else's letter for the second stage is not this person's.
    bo = EnrolmentFactory(pathway=stage.pathway)
    completed(bo, second)
    actions.issue(bo, second, on=ISSUED_ON, by=None)
    assert due() == [ana]


def test_several_letters_due_are_one_enrolment(stage: Stage, ana: Enrolment) -> None:
    for own in (stage, StageFactory(pathway=stage.pathway), StageFactory(pathway=stage.pathway)):
        completed(ana, own)

    assert due() == [ana]


def test_a_reopened_stage_has_none(stage: Stage, ana: Enrolment) -> None:
    completed(ana, stage, stands=None)

    assert due() == []


def test_a_withdrawn_letter_is_due_again_and_a_replaced_one_is_not(stage: Stage, ana: Enrolment) -> None:
    completed(ana, stage)
    letter = actions.replace(actions.issue(ana, stage, on=ISSUED_ON, by=None), reason="A mistake.", by=None)
    assert due() == []

    actions.withdraw(letter, reason="A mistake.", by=None)
    assert due() == [ana]


@pytest.mark.parametrize(("status", "is_due"), [("paused", True), ("withdrawn", False)])
def test_nobody_waits_for_the_letter_of_who_has_withdrawn(
    stage: Stage, ana: Enrolment, status: str, is_due: bool
) -> None:
    completed(ana, stage)
    set_status(ana, status, why="At their wish.", by=None)

    assert (due() == [ana]) is is_due


def test_only_who_may_see_or_issue_letters_is_told() -> None:
    assert [hand.key for hand in letter_hands(registrar())] == ["letters-due"]
    assert letter_hands(UserFactory()) == []
