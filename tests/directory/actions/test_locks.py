"""Locks are taken in one order, teachers before the edition, so that no two writes wait for each other for good."""

import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Teacher
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from tests.factories import TeacherFactory
from tests.processes import at_work, connected, told_at_once

#: Seconds for which somebody dawdles between the lock of an entry and what the public is shown of it.
DAWDLING = 0.02


def work(keys: list[int], erases: bool) -> list[str]:
    """In a process of its own: erase these people, or change their entries; returns what went wrong."""
    wrong = []
    for key in keys:
        try:
            (erase_one if erases else change_one)(key)
        except OperationalError as error:
            wrong.append(str(error))
    return wrong


def erase_one(key: int) -> None:
    erase(Participant.objects.get(teacher=key), why="Asked for it.", by=None)


def change_one(key: int) -> None:
    with transaction.atomic():
        teacher = Teacher.objects.select_for_update().filter(pk=key).first()
        time.sleep(DAWDLING)
        if teacher:
            actions.update_teacher(teacher, name="Another", by=None)


@pytest.mark.django_db
def test_an_entry_that_is_gone_meanwhile_is_refused_and_no_error() -> None:
    teacher = TeacherFactory()
    Teacher.objects.filter(pk=teacher.pk).delete()
    acts = (
        lambda: actions.suspend(teacher, why="Asked.", by=None),
        lambda: actions.update_teacher(teacher, about="New.", by=None),
        lambda: actions.record_consent(teacher, on=timezone.localdate(), by=None),
    )
    for act in acts:
        with pytest.raises(ValidationError, match="no longer there"):
            act()


@pytest.mark.django_db(transaction=True)
def test_an_entry_may_be_changed_while_its_person_is_erased(shared_database: dict[str, Any]) -> None:
    with at_work("tests.directory.actions.test_locks.work", shared_database) as workers:
        with connected(shared_database):
            Locale.objects.get_or_create(language_code="en")
            keys = [TeacherFactory(speaks=["en"], teaches_online=True, agrees_to=["sharing"]).pk for _ in range(15)]
        wrong = told_at_once(workers, [{"keys": keys, "erases": erases} for erases in (True, False)])

    assert wrong == [[], []]
