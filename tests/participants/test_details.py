"""Details of one person that several people change: what each saves, and one address for one person."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Participant
from tests.factories import ParticipantFactory
from tests.participants.support import logged, refused
from tests.processes import at_work, connected, told_at_once

pytestmark = pytest.mark.django_db


class TestSavingSomeDetails:
    """What a short form shows is saved; what others changed meanwhile in the rest stays."""

    def test_leaves_the_others_as_they_are_now(self, registrar_user: Any) -> None:
        ana = ParticipantFactory(name="Ana", town="Utrecht", notes="")
        stale = Participant.objects.get(pk=ana.pk)
        ana.town = "Leiden"
        actions.save_participant(ana, by=None)
        stale.notes = "Rings on Mondays."
        with logged("imp.participant.change", registrar_user, what="private notes"):
            actions.save_participant(stale, fields=["notes"], by=registrar_user)

        ana.refresh_from_db()
        assert (ana.town, ana.notes) == ("Leiden", "Rings on Mondays.")

    def test_leaves_out_what_was_changed_without_being_named(self) -> None:
        ana = ParticipantFactory(name="Ana", town="Utrecht")
        ana.name, ana.town = "Bo", "Leiden"
        actions.save_participant(ana, fields=["town"], by=None)

        ana.refresh_from_db()
        assert (ana.name, ana.town) == ("Ana", "Leiden")

    def test_is_not_held_up_by_an_address_that_has_gone_to_somebody_else(self) -> None:
        ana = ParticipantFactory(email="shared@example.org")
        stale = Participant.objects.get(pk=ana.pk)
        ana.email = "ana@example.org"
        actions.save_participant(ana, by=None)
        ParticipantFactory(email="shared@example.org")
        stale.notes = "Rings on Mondays."
        actions.save_participant(stale, fields=["notes"], by=None)

        ana.refresh_from_db()
        assert (ana.email, ana.notes) == ("ana@example.org", "Rings on Mondays.")

    def test_is_refused_where_the_record_has_gone_meanwhile(self) -> None:
        ana = ParticipantFactory()
        Participant.objects.get(pk=ana.pk).delete()
        with refused(saying="no longer there"):
            actions.save_participant(ana, by=None)

    def test_of_a_new_person_saves_all_of_them(self) -> None:
        actions.save_participant(Participant(name="Ana", town="Utrecht"), fields=["name"], by=None)

        assert Participant.objects.get().town == "Utrecht"


def add_somebody(name: str, email: str) -> list[str]:
    """What each of two processes does; returns the fields that were refused."""
    try:
        actions.save_participant(Participant(name=name, email=email), by=None)
    except ValidationError as error:
        return list(error.error_dict)
    return []


def test_of_two_who_take_one_address_at_the_same_time_one_is_refused(shared_database: dict[str, Any]) -> None:
    rounds = []
    for number in range(2):
        with at_work("tests.participants.test_details.add_somebody", shared_database) as workers:
            tasks = [
                {"name": "Ana", "email": f"ana{number}@example.org"},
                {"name": "Anna", "email": f"ANA{number}@Example.org"},
            ]
            rounds.append(sorted(told_at_once(workers, tasks)))
    with connected(shared_database):
        keys = list(Participant.objects.values_list("email_key", flat=True))

    assert rounds == [[[], ["email"]]] * 2
    assert sorted(keys) == ["ana0@example.org", "ana1@example.org"]


def test_the_database_refuses_an_address_that_came_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look for others and the writing; the message is the form's own."""
    ParticipantFactory(name="Ana", email="ana@example.org")
    monkeypatch.setattr(Participant, "full_clean", lambda self, **kwargs: None)
    with refused("email", saying="Another participant has this e-mail address."):
        actions.save_participant(Participant(name="Anna", email="ANA@example.org"), by=None)
