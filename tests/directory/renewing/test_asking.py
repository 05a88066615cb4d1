"""The button with which staff send a teacher the link."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import DirectoryMail
from imp_wagtail.directory.renewing.actions import ask_to_renew
from tests.directory.support import log_of
from tests.factories import registrar
from tests.participants.screens import with_permissions

from .support import listed, occasions

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


def test_it_stands_on_the_entry_and_sends_the_link(staff: Client, django_capture_on_commit_callbacks: object) -> None:
    teacher = listed(participant__email="ana@example.org")
    address = reverse("imp_teachers:ask_to_renew", args=[teacher.pk])
    assert address in staff.get(reverse("imp_teachers:edit", args=[teacher.pk])).text
    assert "ana@example.org" in staff.get(address).text

    with django_capture_on_commit_callbacks(execute=True):
        response = staff.post(address, {"once": "one"})
    assert response.url == reverse("imp_teachers:edit", args=[teacher.pk])
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert "/directory/renew/" in mail.outbox[0].body
    assert log_of(teacher.participant)[-1][0] == "imp.teacher.ask_to_renew"
    assert "Asked last on" in staff.get(address).text


def test_a_double_click_sends_one(staff: Client) -> None:
    teacher = listed()
    for _time in range(2):
        staff.post(reverse("imp_teachers:ask_to_renew", args=[teacher.pk]), {"once": "one"})

    assert occasions(teacher) == [None]


def test_it_may_be_sent_again_and_to_somebody_who_left() -> None:
    teacher = listed()
    actions.end_consent(teacher, why="Asked.", by=registrar())
    for _time in range(2):
        reminder = ask_to_renew(teacher, by=registrar())

    assert "is not shown at present" in reminder.text
    assert DirectoryMail.objects.count() == 2


def test_without_an_e_mail_address_there_is_no_button_and_the_verb_says_why(staff: Client) -> None:
    teacher = listed(participant__email="")
    address = reverse("imp_teachers:ask_to_renew", args=[teacher.pk])

    assert address not in staff.get(reverse("imp_teachers:edit", args=[teacher.pk])).text
    assert "has no e-mail address on record" in staff.post(address, {"once": "one"}).text
    with pytest.raises(ValidationError):
        ask_to_renew(teacher, by=None)
    assert DirectoryMail.objects.count() == 0


def test_the_address_is_shown_to_whoever_may_see_the_record_it_stands_on(client: Client) -> None:
    address = reverse("imp_teachers:ask_to_renew", args=[listed(participant__email="ana@example.org").pk])
    shown = []
    for rights in (["change_teacher"], ["change_teacher", "view_participant"]):
        client.force_login(with_permissions(*rights))
        shown.append("ana@example.org" in client.get(address).text)

    assert shown == [False, True]
