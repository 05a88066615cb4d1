"""The directory on a participant's record, and in the menu."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from imp_wagtail.directory.models import Teacher
from imp_wagtail.participants.models import Participant
from tests.factories import (
    DirectoryPageFactory,
    EnrolmentFactory,
    ParticipantFactory,
    TeacherFactory,
    UserFactory,
    registrar,
)

pytestmark = pytest.mark.django_db


def record(client: Client, participant: Participant) -> str:
    response = client.get(reverse("imp_participants:record", args=[participant.pk]))
    assert response.status_code == 200
    return response.text


def address(name: str, pk: int) -> str:
    return f'href="{reverse(f"imp_teachers:{name}", args=[pk])}"'


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


def test_somebody_under_way_can_be_listed_later_or_by_decision(staff: Client) -> None:
    participant = EnrolmentFactory().participant
    text = record(staff, participant)

    assert "Can be listed once a pathway is completed." in text
    assert "List by decision of staff" in text
    assert address("list", participant.pk) in text


def test_somebody_who_completed_a_pathway_can_be_listed(staff: Client) -> None:
    participant = ParticipantFactory()
    EnrolmentFactory(participant=participant)
    participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    text = record(staff, participant)

    assert "A pathway is completed; not in the directory yet." in text
    assert address("list", participant.pk) in text


def test_a_listed_teacher_s_record_leads_to_the_public_page_and_to_the_forms(staff: Client) -> None:
    page = DirectoryPageFactory()
    teacher = TeacherFactory()
    text = record(staff, teacher.participant)

    for name in ("public", "edit", "end_consent"):
        assert address(name, teacher.pk) in text
    assert address("record_consent", teacher.pk) not in text
    assert staff.get(reverse("imp_teachers:public", args=[teacher.pk])).url == page.teacher_url(teacher)


def test_without_a_public_page_the_way_leads_back_with_a_word(staff: Client) -> None:
    teacher = TeacherFactory(name="Anna")
    response = staff.get(reverse("imp_teachers:public", args=[teacher.pk]), follow=True)

    assert "Anna is on no public page now." in response.text
    assert response.redirect_chain[-1][0] == reverse("imp_participants:record", args=[teacher.participant_id])


def test_a_record_says_why_somebody_is_not_listed(staff: Client) -> None:
    page = DirectoryPageFactory()
    teacher = TeacherFactory(consent__ended_on=dt.date(2025, 6, 1))
    text = record(staff, teacher.participant)

    assert "Consent ended on 1 June 2025." in text
    assert address("record_consent", teacher.pk) in text
    assert address("end_consent", teacher.pk) not in text
    assert address("public", teacher.pk) not in text
    assert page.teacher_url(teacher) not in text


def test_without_permission_for_the_directory_a_record_says_nothing_of_it(client: Client) -> None:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_participant"]))
    client.force_login(user)
    text = record(client, TeacherFactory().participant)

    assert "Teacher directory" not in text


def test_who_may_only_look_finds_no_buttons(client: Client) -> None:
    user = UserFactory()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_participant", "view_teacher"])
    )
    client.force_login(user)
    teacher = TeacherFactory()
    text = record(client, teacher.participant)

    assert "Teacher directory" in text
    assert address("edit", teacher.pk) not in text
    assert address("end_consent", teacher.pk) not in text
    assert "List by decision of staff" not in record(client, EnrolmentFactory().participant)


def test_the_history_of_the_record_says_what_happened_to_the_entry(staff: Client) -> None:
    teacher = TeacherFactory(name="Anna")
    ended = {"purpose": "profile", "on": "2025-06-01", "why": "Asked for it."}
    staff.post(reverse("imp_teachers:end_consent", args=[teacher.pk]), ended)

    assert "Consent ended: Anna: Public profile (1 January 2025 → 1 June 2025). Asked for it." in record(
        staff, Teacher.objects.get().participant
    )
