"""Listings to confirm: who may be listed, and was not asked yet."""

import datetime as dt

import pytest

from imp_wagtail.directory.actions import end_consent
from imp_wagtail.directory.hands import directory_hands, listings_to_confirm
from imp_wagtail.participants.models import Enrolment, Participant
from tests.factories import EnrolmentFactory, ParticipantFactory, TeacherFactory, UserFactory, registrar

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 2, 1)


def somebody(name: str, **fields: object) -> Participant:
    """A participant with an enrolment that opens the way into the directory, unless said otherwise."""
    person = ParticipantFactory(name=name)
    enrolment = EnrolmentFactory(participant=person)
    Enrolment.objects.filter(pk=enrolment.pk).update(**{"may_be_listed_on": DAY, **fields})
    return person


def to_confirm() -> list[str]:
    return sorted(listings_to_confirm(Enrolment.objects.all()).values_list("participant__name", flat=True))


def test_who_may_be_listed_and_has_no_entry_is_to_be_asked() -> None:
    somebody("Ana")
    somebody("Not yet", may_be_listed_on=None)
    somebody("Withdrawn", status="withdrawn")
    somebody("Paused", status="paused")

    assert to_confirm() == ["Ana", "Paused"]


def test_an_entry_without_consent_is_to_be_confirmed_until_there_is_some() -> None:
    TeacherFactory(participant=somebody("Ana"), consent=False, standing=False)
    TeacherFactory(participant=somebody("Listed"), standing=False)

    assert to_confirm() == ["Ana"]


def test_who_ended_their_consent_was_asked() -> None:
    teacher = TeacherFactory(participant=somebody("Ana"), standing=False)
    assert to_confirm() == []

    end_consent(teacher, why="At their wish.", by=None)
    assert to_confirm() == []


def test_two_pathways_are_two_enrolments_and_somebody_elses_entry_is_nobodys() -> None:
    ana = somebody("Ana")
    EnrolmentFactory(participant=ana)
    TeacherFactory(participant=ParticipantFactory(name="Other"))

    assert to_confirm() == ["Ana"]


def test_only_who_may_see_entries_is_told() -> None:
    assert [hand.key for hand in directory_hands(registrar())] == ["listings"]
    assert directory_hands(UserFactory()) == []
