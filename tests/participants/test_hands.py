"""What needs a hand: each kind with somebody who does, and with those who nearly do."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from wagtail import hooks

from imp_wagtail.participants import actions
from imp_wagtail.participants.hands import HANDS_HOOK, Hand, hands_for
from imp_wagtail.participants.models import Enrolment, StageProgress
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory, ParticipantFactory, editor, facilitator, registrar
from tests.participants.support import complete, imp, stage, store_state

pytestmark = pytest.mark.django_db


def somebody(name: str, pathway: Pathway, *, status: str = "active", **fields: Any) -> Enrolment:
    """An enrolment of a person of that name, with stored fields as a test wants them."""
    enrolment = EnrolmentFactory(participant=ParticipantFactory(name=name), pathway=pathway)
    Enrolment.objects.filter(pk=enrolment.pk).update(status=status, **fields)
    enrolment.refresh_from_db()
    return enrolment


def store(enrolment: Enrolment, key: str, **fields: Any) -> None:
    """Stored progress of one stage as a test wants it."""
    StageProgress.objects.filter(enrolment=enrolment, stage__key=key).update(**fields)
    if "state" in fields:
        store_state(key, fields["state"], enrolment)


def needing(key: str) -> list[str]:
    """The names of those who need this hand, each as often as an enrolment of theirs does."""
    [hand] = [hand for hand in hands_for(registrar()) if hand.key == key]
    found = hand.enrolments(Enrolment.objects.all())
    return sorted(found.values_list("participant__name", flat=True))


def days(count: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=count)


class TestReady:
    def test_is_whose_current_stage_waits_to_be_confirmed(self, pathway: Pathway) -> None:
        store(somebody("Ana", pathway), "preparation", state="ready")
        store(somebody("Begun", pathway), "preparation", state="in_progress")
        # A later stage that is ready waits for the earlier ones.
        store(somebody("Later", pathway), "engagement", state="ready")

        assert needing("ready") == ["Ana"]

    @pytest.mark.parametrize("status", ["paused", "withdrawn"])
    def test_is_nobody_who_is_not_active(self, pathway: Pathway, status: str) -> None:
        store(somebody("Ana", pathway, status=status), "preparation", state="ready")

        assert needing("ready") == []

    def test_is_not_who_was_ready_on_another_pathway(self, pathway: Pathway) -> None:
        other = imp()
        ana = somebody("Ana", pathway)
        elsewhere = EnrolmentFactory(participant=ana.participant, pathway=other)
        complete(elsewhere, "preparation")

        assert needing("ready") == []


class TestWindows:
    @pytest.fixture(autouse=True)
    def people(self, pathway: Pathway) -> None:
        """Windows on both sides of each border. Sixty days before its end, a window is closing."""
        windows = {
            "Not yet": (days(1), days(400)),
            "Open": (days(0), days(61)),
            "Closing": (days(-9), days(60)),
            "Last day": (days(-9), days(0)),
            "Overdue": (days(-9), days(-1)),
        }
        for name, (opens_on, closes_on) in windows.items():
            store(somebody(name, pathway), "completion", opens_on=opens_on, closes_on=closes_on)
            for state in ("ready", "completed"):
                done = somebody(f"{name} and {state}", pathway)
                store(done, "completion", opens_on=opens_on, closes_on=closes_on, state=state)
            for status in ("paused", "withdrawn"):
                away = somebody(f"{name} and {status}", pathway, status=status)
                store(away, "completion", opens_on=opens_on, closes_on=closes_on)
        somebody("No window", pathway)

    def test_closing_soon(self) -> None:
        assert needing("closing") == ["Closing", "Last day"]

    def test_overdue(self) -> None:
        assert needing("overdue") == ["Overdue"]

    def test_how_soon_is_a_setting(self, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "WINDOW_CLOSING_DAYS": 10}

        assert needing("closing") == ["Last day"]

    def test_two_stages_of_one_enrolment_are_one_hand(self, pathway: Pathway) -> None:
        ana = somebody("Ana", pathway)
        for key in ("engagement", "completion"):
            store(ana, key, opens_on=days(-9), closes_on=days(-1))

        assert needing("overdue") == ["Ana", "Overdue"]


def test_outstanding_is_who_has_taken_the_training_and_still_owes_something(pathway: Pathway) -> None:
    trained = days(-30)
    somebody("Ana", pathway, outstanding=2, trained_on=trained)
    somebody("Owes nothing", pathway, outstanding=0, trained_on=trained)
    somebody("Not trained", pathway, outstanding=0)
    somebody("Paused", pathway, outstanding=1, trained_on=trained, status="paused")
    somebody("Withdrawn", pathway, outstanding=1, trained_on=trained, status="withdrawn")

    assert needing("outstanding") == ["Ana"]


def test_they_come_in_one_order_from_all_rooms() -> None:
    assert [hand.key for hand in hands_for(registrar())] == [
        "ready",
        "letters-due",
        "closing",
        "overdue",
        "outstanding",
        "listings",
    ]


def test_nobody_is_shown_one_that_they_may_not_see() -> None:
    assert (hands_for(editor()), hands_for(facilitator())) == ([], [])


def test_a_site_adds_its_own(pathway: Pathway) -> None:
    def others(user: Any) -> list[Hand]:
        return [Hand("abroad", "Lives abroad", lambda found: found.filter(participant__country="FR"), order=15)]

    EnrolmentFactory(participant=ParticipantFactory(name="Ana", country="FR"), pathway=pathway)
    EnrolmentFactory(participant=ParticipantFactory(name="Bo", country="NL"), pathway=pathway)
    with hooks.register_temporarily(HANDS_HOOK, others):
        assert [hand.key for hand in hands_for(registrar())][:2] == ["ready", "abroad"]
        assert needing("abroad") == ["Ana"]


def test_a_stage_that_an_action_made_ready_needs_a_hand_until_it_is_completed(pathway: Pathway) -> None:
    ana = EnrolmentFactory(participant=ParticipantFactory(name="Ana"), pathway=pathway)
    preparation = stage(pathway, "preparation")
    for requirement in preparation.requirements.filter(is_required=True):
        actions.decide(ana, requirement, outcome="met", reason="Seen.", by=None)
    assert needing("ready") == ["Ana"]

    actions.complete_stage(ana, preparation, on=days(0), by=None)
    assert needing("ready") == []
