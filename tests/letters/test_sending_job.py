"""The letters of a run sent together: each once, by whoever is at it, whatever breaks in between."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.letters.sending.works import SendingWork
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, UserFactory, registrar
from tests.processes import at_work, connected, told_at_once

from .conftest import completed, issued
from .mails import BROKEN, delivered, fresh, message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

COUNT = 5


@pytest.fixture
def run(stage: Stage) -> Job:
    """A run in which letters were issued, and one letter that was not."""
    run = Job.objects.create(kind="imp_letters.send", title="Issue letters", state=Job.State.FINISHED)
    letters = [issued(stage, f"Person {number}") for number in range(COUNT)]
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(run=run)
    issued(stage, "Somebody else")
    return run


def letters_of(run: Job) -> list[Letter]:
    return list(Letter.objects.filter(run=run).order_by("pk"))


def address(run: Job) -> str:
    return reverse("imp_letters_admin:send_run", args=[run.pk])


def begun(letters: list[Letter], *, manner: str = "attachment", by: Any = None) -> Job:
    return jobs.start(
        SendingWork.kind,
        title="Send",
        items=[letter.pk for letter in letters],
        params={"manner": manner},
        token=uuid4().hex,
        by=by or registrar(),
    )


def filled_in(staff: Client, run: Job, manner: str = "attachment") -> dict[str, str]:
    """What a browser sends after the page was shown."""
    context = staff.get(address(run)).context_data
    return {"manner": manner, "letters": context["form"]["letters"].value(), "once": context["once_token"]}


# The page


def test_it_shows_who_will_be_sent_to_and_who_is_left_out_and_why(staff: Client, run: Job) -> None:
    no_address, withdrawn, sent, erased, due = letters_of(run)
    Participant.objects.filter(enrolments=no_address.enrolment_id).update(email="")
    actions.withdraw(withdrawn, reason="A mistake", by=None)
    delivered(sent)
    erase(erased.enrolment.participant, why="Asked for it.", by=None)

    outlook = staff.get(address(run)).context_data["outlook"]

    assert outlook.sent == [due]
    assert outlook.left_out == {
        "There is no e-mail address on record.": [no_address],
        "The letter was replaced or withdrawn.": [withdrawn],
        "The letter was sent before.": [sent],
        "The person was erased, so the letter is sent to nobody.": [erased],
    }


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("waiting", "The letter waits to be sent already."),
        ("under_way", "The letter was perhaps sent before. Ask whether it arrived."),
        ("sent", "The letter was sent before."),
        ("failed", ""),
    ],
)
def test_whoever_was_sent_it_is_left_out_and_whoever_was_not_after_all_is_not(
    staff: Client, run: Job, state: str, reason: str
) -> None:
    first = letters_of(run)[0]
    delivered(first)
    Sending.objects.update(state=state)

    outlook = staff.get(address(run)).context_data["outlook"]

    assert list(outlook.left_out) == ([reason] if reason else [])
    assert (first in outlook.sent) == (not reason)


def test_with_nobody_to_send_to_there_is_nothing_to_press(staff: Client, run: Job) -> None:
    Participant.objects.update(email="")
    page = staff.get(address(run))

    assert "No letter will be sent" in page.text
    assert 'name="manner"' not in page.text


def test_whoever_may_send_but_not_see_letters_reads_no_name_of_a_run(client: Client, run: Job) -> None:
    sender = UserFactory()
    sender.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "send_letter"]))
    client.force_login(sender)

    # Wagtail leads whoever lacks a right back to the admin's home.
    assert client.get(reverse("imp_letters_admin:send_run", args=[run.pk])).status_code == 302


def test_a_run_without_letters_is_not_found(staff: Client) -> None:
    empty = Job.objects.create(kind="imp_letters.send", title="Nothing")

    assert staff.get(address(empty)).status_code == 404


def test_wording_that_cannot_be_filled_in_is_told_before_anything_begins(staff: Client, run: Job) -> None:
    message("{nickname}")
    page = staff.get(address(run))

    assert "Mend it under Messages with letters." in page.text
    assert 'name="manner"' not in page.text


def test_the_page_takes_as_many_queries_for_many_as_for_few(staff: Client, run: Job, stage: Stage) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address(run)).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for letter in [issued(stage, f"More {number}") for number in range(8)]:
        Letter.objects.filter(pk=letter.pk).update(run=run)
    delivered(letter)

    assert queries() == few


# From the page to the letters


def test_all_are_sent_once_and_the_page_says_so(
    staff: Client, run: Job, django_capture_on_commit_callbacks: Any
) -> None:
    sent = filled_in(staff, run, "link")
    with django_capture_on_commit_callbacks(execute=True):
        response = staff.post(address(run), sent)
    job = Job.objects.get(kind=SendingWork.kind, pk__gt=run.pk)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run(job.pk)

    assert response.url == reverse("imp_jobs:job", args=[job.pk])
    assert sorted(each.to[0] for each in mail.outbox) == sorted(
        letter.enrolment.participant.email for letter in letters_of(run)
    )
    assert (job.title, fresh_job(job).changed) == (f"Send {COUNT} letters", COUNT)
    assert f"{COUNT} sent" in staff.get(response.url).text
    assert set(Sending.objects.values_list("manner", "job")) == {("link", job.pk)}


def fresh_job(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_double_click_begins_it_once(staff: Client, run: Job) -> None:
    sent = filled_in(staff, run)
    first, second = staff.post(address(run), sent), staff.post(address(run), sent)

    assert Job.objects.exclude(pk=run.pk).count() == 1
    assert first.url == second.url == reverse("imp_jobs:job", args=[Job.objects.exclude(pk=run.pk).get().pk])


def test_the_letters_that_were_shown_are_sent_and_no_others(staff: Client, run: Job, stage: Stage) -> None:
    sent = filled_in(staff, run)
    shown = [letter.pk for letter in letters_of(run)]
    Letter.objects.filter(pk=issued(stage, "Late").pk).update(run=run)
    staff.post(address(run), sent)

    assert Job.objects.exclude(pk=run.pk).get().items == shown


def test_what_was_sealed_for_one_run_does_nothing_for_another(staff: Client, run: Job, stage: Stage) -> None:
    other = Job.objects.create(kind="imp_letters.send", title="Another")
    Letter.objects.filter(pk=issued(stage).pk).update(run=other)
    staff.post(address(run), filled_in(staff, other))

    assert Job.objects.exclude(pk__in=[run.pk, other.pk]).get().items == []


@pytest.mark.parametrize("letters", ["", "forged", "[1,2]"])
def test_letters_that_the_page_did_not_show_begin_nothing(staff: Client, run: Job, letters: str) -> None:
    response = staff.post(address(run), {"manner": "attachment", "letters": letters})

    assert response.status_code == 200
    assert list(Job.objects.all()) == [run]


# The work


def test_what_changed_since_is_left_out_and_told(run: Job) -> None:
    first, second, third, *others = letters_of(run)
    job = begun(letters_of(run))
    actions.withdraw(first, reason="A mistake", by=None)
    Participant.objects.filter(enrolments=second.enrolment_id).update(email="")
    delivered(third)
    jobs.run(job.pk)

    assert fresh_job(job).refusals == [
        ["2025-0001 · Person 0", "The letter was replaced or withdrawn."],
        ["2025-0002 · Person 1", "There is no e-mail address on record."],
        ["2025-0003 · Person 2", "The letter was sent before."],
    ]
    assert set(Sending.objects.filter(job=job).values_list("letter", flat=True)) == {each.pk for each in others}


def test_running_it_again_or_another_like_it_sends_nothing_more(
    run: Job, django_capture_on_commit_callbacks: Any
) -> None:
    for _time in range(2):
        job = begun(letters_of(run))
        for _again in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                jobs.run(job.pk)

    assert len(mail.outbox) == COUNT
    assert fresh_job(job).left_out == COUNT


def test_two_who_send_the_same_letters_at_once_send_each_once(run: Job) -> None:
    """The other's run comes in just before the letter's holder is locked, for which it would have to wait."""
    letter, *_others = letters_of(run)
    other, own = begun([letter]), begun([letter])
    others_turn = iter([True])

    def let_the_other_go_first(execute: Callable, sql: str, *rest: Any) -> Any:
        if "FROM imp_participants_enrolment WHERE" in sql.replace('"', "").replace("`", "") and next(others_turn, 0):
            actions.send(letter, manner="attachment", by=None, job=other)
        return execute(sql, *rest)

    with connection.execute_wrapper(let_the_other_go_first):
        jobs.run(own.pk)

    assert not Sending.objects.filter(job=own).exists()
    assert [reason for _name, reason in fresh_job(own).refusals] == ["The letter waits to be sent already."]


def test_one_that_breaks_keeps_no_other_from_going(run: Job, settings: Any, staff: Client) -> None:
    by = registrar()
    job = begun(letters_of(run), by=by)
    jobs.run(job.pk)
    first, *others = Sending.objects.filter(job=job).order_by("pk")
    settings.EMAIL_BACKEND = BROKEN
    actions.deliver(first)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for each in others:
        actions.deliver(each)

    staff.force_login(by)
    assert fresh(first).state == "waiting"
    assert f"{COUNT - 1} sent, 1 waiting" in staff.get(reverse("imp_jobs:job", args=[job.pk])).text


def test_whoever_may_no_longer_send_sends_nothing(run: Job) -> None:
    by = registrar()
    job = begun(letters_of(run), by=by)
    by.groups.clear()
    jobs.run(job.pk)

    assert fresh_job(job).left_out == COUNT
    assert not Sending.objects.exists()


def test_only_whoever_may_send_sees_how_far_it_is(client: Client, run: Job) -> None:
    by = registrar()
    job = begun(letters_of(run), by=by)
    client.force_login(by)
    assert client.get(reverse("imp_jobs:job", args=[job.pk])).status_code == 200

    by.groups.clear()
    client.force_login(UserFactory._meta.model.objects.get(pk=by.pk))
    assert client.get(reverse("imp_jobs:job", args=[job.pk])).status_code != 200


def test_cancelled_it_sends_no_more(run: Job) -> None:
    job = begun(letters_of(run))
    jobs.run(job.pk, seconds=0)
    jobs.cancel(job)
    jobs.run(job.pk)

    assert Sending.objects.count() == 1


def test_of_somebody_who_is_erased_a_job_keeps_no_name(run: Job) -> None:
    first, *_others = letters_of(run)
    Participant.objects.filter(enrolments=first.enrolment_id).update(email="", name="Quinn Zyxwather")
    job = begun(letters_of(run))
    jobs.run(job.pk)
    assert "Zyxwather" in str(fresh_job(job).refusals)

    erase(Participant.objects.get(name="Quinn Zyxwather"), why="Asked for it.", by=None)
    assert fresh_job(job).refusals == []
    assert jobs.work_of(job).name_of(first.pk) == first.number


def test_two_processes_ask_for_each_once(shared_database: dict[str, Any]) -> None:
    with at_work("tests.participants.running_jobs.run_to_the_end", shared_database) as workers:
        with connected(shared_database):
            stage = StageFactory()
            LetterTemplateFactory(pathway=stage.pathway)
            letters = [actions.issue(completed(stage, f"Person {n}"), stage, by=None) for n in range(20)]
            # Not through ``start``, which takes the first steps at once where tasks run in process.
            job = Job.objects.create(
                kind=SendingWork.kind,
                items=[letter.pk for letter in letters],
                total=len(letters),
                params={"manner": "attachment"},
                created_by=registrar(),
            )
        told_at_once(workers, [{"job": job.pk}] * 2)
    with connected(shared_database), transaction.atomic():
        asked = list(Sending.objects.filter(job=job).values_list("letter", "attempts"))

    assert sorted(asked) == [(letter.pk, 1) for letter in letters]
