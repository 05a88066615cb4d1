"""The link to renew for all of one state at once: each once, and nobody who was asked lately."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.directory import actions
from imp_wagtail.directory.models import DirectoryMail, Teacher
from imp_wagtail.directory.renewing.actions import ask_to_renew
from tests.browsing import sent_by_browser
from tests.factories import UserFactory, registrar

from .support import listed

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


def where() -> str:
    return reverse("imp_teachers:ask_many")


def ending(**values: Any) -> Teacher:
    return listed(TODAY + dt.timedelta(days=10), **values)


def started(staff: Client, status: str = "ending") -> Job:
    staff.post(where(), {**sent_by_browser(staff.get(where())), "status": status})
    return Job.objects.get()


def asked() -> list[int]:
    return sorted(DirectoryMail.objects.filter(asked_by__isnull=False).values_list("teacher", flat=True))


def test_it_is_found_from_the_list_and_says_how_many_there_are(staff: Client) -> None:
    ending()
    listed(TODAY - dt.timedelta(days=1))
    text = staff.get(where()).text

    assert where() in staff.get(reverse("imp_teachers:index")).text
    assert [f"{name}: 1" in text for name in ("Ending soon", "Run out", "Unchanged for a year")] == [True, True, False]


def test_each_of_them_is_asked_once(staff: Client, django_capture_on_commit_callbacks: Any) -> None:
    teachers = [ending(), ending()]
    listed(TODAY + dt.timedelta(days=300))
    with django_capture_on_commit_callbacks(execute=True):
        job = started(staff)
    job = jobs.run(job.pk)

    assert (job.state, job.changed, asked()) == ("finished", 2, [teacher.pk for teacher in teachers])
    assert {message.to[0] for message in mail.outbox} == {teacher.participant.email for teacher in teachers}


def test_left_alone_is_who_was_asked_lately_is_suspended_has_left_or_has_no_address(staff: Client) -> None:
    lately, _none = ending(), ending(participant__email="")
    ask_to_renew(lately, by=None)
    actions.suspend(listed(TODAY - dt.timedelta(days=1)), why="Asked.", by=None)
    actions.end_consent(listed(TODAY - dt.timedelta(days=1)), why="Asked.", by=None)
    response = staff.get(where())

    assert [label for _key, label in response.context["form"].fields["status"].choices] == [
        "Ending soon: 0",
        "Run out: 0",
        "Consent to an earlier text: 0",
        "Unchanged for a year: 0",
    ]
    refused = staff.post(where(), {**sent_by_browser(response), "status": "ending"})
    assert refused.context["form"].errors == {"status": ["There is nobody to ask."]}
    assert not Job.objects.exists()


def test_who_renewed_or_was_asked_meanwhile_is_asked_no_more(staff: Client) -> None:
    renewed, asked_already, left = ending(), ending(), ending()
    job = started(staff)
    actions.renew(renewed, by=None)
    ask_to_renew(asked_already, by=None)

    assert jobs.run(job.pk).changed == 1
    assert asked() == [left.pk]


def test_a_double_click_starts_one_job(staff: Client) -> None:
    ending()
    sent = {**sent_by_browser(staff.get(where())), "status": "ending"}
    for _time in range(2):
        staff.post(where(), sent)

    assert Job.objects.count() == 1


def test_whoever_may_no_longer_do_it_asks_nobody(staff: Client) -> None:
    ending()
    job = started(staff)
    Job.objects.update(created_by=UserFactory())

    assert jobs.run(job.pk).left_out == 1
    assert asked() == []
