"""To hand a letter to the mail server: retries, crashes, and nobody gets two."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_tasks import task_backends
from django_tasks.backends.dummy import DummyBackend
from wagtail.models import ModelLogEntry

from imp_wagtail.letters import actions
from imp_wagtail.letters.actions.delivering import deliver_one
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.letters.sending.in_words import state_in_words, what_became_of
from imp_wagtail.letters.sending.runs import why_left_out
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, registrar
from tests.processes import at_work, connected, told_at_once

from .conftest import completed, issued
from .mail_server import (
    FAILS_AT_GOODBYE,
    HANGS_UP_AFTER_MESSAGE,
    HANGS_UP_AFTER_SENDER,
    IS_BUSY,
    REFUSES_ADDRESS,
    REFUSES_MESSAGE,
    MailServer,
    mail_server,
)
from .mails import BROKEN, CRASHING, SILENT, Crash, asked_for, delivered, fresh, make_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

MINUTE, TEN_MINUTES, HOUR = dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1)


@pytest.fixture
def letter(stage: Stage) -> Letter:
    return issued(stage, "Ana Núñez", email="ana@example.org")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server to which the site sends."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 5
    with mail_server() as running:
        settings.EMAIL_PORT = running.port
        yield running


@pytest.fixture
def nowhere(settings: Any) -> None:
    """No mail server listens where the site looks for one."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 5


def again(sending: Sending) -> Sending:
    """The next attempt, when its time has come."""
    make_due(sending)
    actions.deliver(sending)
    return fresh(sending)


def waits(sending: Sending) -> dt.timedelta:
    """How long it waits from now on, to the minute."""
    return dt.timedelta(minutes=round((sending.try_at - timezone.now()).total_seconds() / 60))


# A real conversation


def test_a_mail_server_gets_the_letter_whole(letter: Letter, server: MailServer) -> None:
    sending = delivered(letter)

    [received] = server.taken
    assert received["To"] == "ana@example.org"
    assert received.get_body().get_content().startswith("Dear Ana Núñez,")
    [attachment] = received.iter_attachments()
    assert attachment.get_content() == letter.file.read()
    assert sending.state == "sent"


@pytest.mark.parametrize(
    ("manners", "state", "reason"),
    [
        (IS_BUSY, "waiting", "The mail server does not accept this address: 450 4.2.1 Try again later"),
        (REFUSES_MESSAGE, "waiting", "The mail server refused the message: 554 5.7.1 Looks like spam"),
        (REFUSES_ADDRESS, "failed", "The mail server does not accept this address: 550 5.1.1 No such mailbox here"),
    ],
)
def test_what_the_server_refuses_is_told_in_its_one_line(
    letter: Letter, server: MailServer, manners: dict[str, str], state: str, reason: str
) -> None:
    server.manners = manners
    sending = delivered(letter)

    assert (sending.state, sending.error, sending.sent_at) == (state, reason, None)
    assert server.taken == []


def test_an_address_that_does_not_exist_is_not_tried_again(letter: Letter, server: MailServer) -> None:
    server.manners = REFUSES_ADDRESS
    sending = delivered(letter)
    server.manners = {}

    assert sending.try_at is None
    assert again(sending).attempts == 1
    assert server.taken == []


@pytest.mark.parametrize(("manners", "arrived"), [(HANGS_UP_AFTER_MESSAGE, 1), (HANGS_UP_AFTER_SENDER, 0)])
def test_where_the_connection_breaks_in_the_middle_nobody_knows_and_nobody_gets_two(
    letter: Letter, server: MailServer, manners: dict[str, str], arrived: int
) -> None:
    server.manners = manners
    sending = delivered(letter)
    server.manners = {}

    assert (sending.state, sending.try_at) == ("under_way", None)
    assert state_in_words(sending) == "perhaps sent"
    assert "nobody knows whether it went" in sending.error
    assert again(sending).state == "under_way"
    assert actions.deliver_due() == []
    assert len(server.taken) == arrived


def test_a_server_that_fails_once_it_has_taken_the_message_has_taken_it(letter: Letter, server: MailServer) -> None:
    server.manners = FAILS_AT_GOODBYE
    sending = delivered(letter)

    assert sending.state == "sent"
    assert len(server.taken) == 1


# Retries


@pytest.mark.usefixtures("nowhere")
def test_a_server_that_cannot_be_reached_is_tried_again_later_and_later_and_then_given_up(letter: Letter) -> None:
    sending = delivered(letter)
    seen = [(sending.state, sending.attempts, waits(sending))]
    for _attempt in range(2):
        sending = again(sending)
        seen.append((sending.state, sending.attempts, waits(sending)))

    assert seen == [("waiting", 1, MINUTE), ("waiting", 2, TEN_MINUTES), ("waiting", 3, HOUR)]
    last = again(sending)
    assert (last.state, last.attempts, last.try_at) == ("failed", 4, None)
    assert last.error == "The mail server cannot be reached."
    assert again(last).attempts == 4


@pytest.mark.usefixtures("nowhere")
def test_it_arrives_once_the_server_is_back(letter: Letter, settings: Any) -> None:
    sending = delivered(letter)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    last = again(sending)
    assert (last.state, last.attempts, last.error) == ("sent", 2, "")
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("nowhere")
def test_nothing_is_tried_before_its_time(letter: Letter) -> None:
    sending = delivered(letter)

    assert actions.deliver(sending) == ""
    assert actions.deliver_due() == []
    assert fresh(sending).attempts == 1


def test_what_breaks_otherwise_is_for_the_site_s_log_only(
    letter: Letter, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = BROKEN
    sending = delivered(letter)

    assert sending.error == "It could not be handed to the mail server. The site's log says why."
    assert sending.state == "waiting"
    assert "hunter2" in caplog.text
    assert "ana@example.org" not in caplog.text.partition("Traceback")[0]


def test_a_server_that_takes_nothing_has_not_taken_it(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = SILENT

    assert delivered(letter).state == "waiting"


@pytest.mark.parametrize("manner", ["attachment", "link"])
def test_a_file_that_is_no_longer_what_was_issued_is_not_sent(letter: Letter, manner: str) -> None:
    sending = asked_for(letter, manner)
    letter.file.storage.delete(letter.file.name)
    actions.deliver(sending)

    assert (fresh(sending).state, fresh(sending).error) == ("waiting", "The stored file is missing.")
    assert mail.outbox == []


def test_a_link_sent_at_a_later_attempt_opens_as_long_as_the_message_says(letter: Letter) -> None:
    sending = asked_for(letter, "link")
    Sending.objects.update(asked_at=timezone.now() - dt.timedelta(days=9))
    actions.deliver(sending)

    assert fresh(sending).expires_at > timezone.now() + dt.timedelta(days=13)


def test_a_task_backend_that_can_wait_is_asked_for_the_next_attempt(
    letter: Letter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = BROKEN
    worker = DummyBackend("default", {})
    monkeypatch.setitem(task_backends._connections.__dict__, "default", worker)
    sending = delivered(letter)

    [result] = worker.results
    assert (result.task.run_after, result.args) == (sending.try_at, [sending.pk])


# Crashes


def test_a_process_that_died_leaves_it_perhaps_sent_and_nobody_gets_two(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = CRASHING
    sending = asked_for(letter)
    with pytest.raises(Crash):
        actions.deliver(sending)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert (fresh(sending).state, fresh(sending).attempts) == ("under_way", 1)
    assert again(sending).state == "under_way"
    deliver_one.call(sending.pk)
    assert actions.deliver_due() == []
    assert len(mail.outbox) == 1


def test_for_ten_minutes_it_is_under_way_and_perhaps_sent_only_then(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = CRASHING
    sending = asked_for(letter)
    with pytest.raises(Crash):
        actions.deliver(sending)

    marked = fresh(sending)
    assert dt.timedelta(minutes=9) < marked.try_at - timezone.now() <= dt.timedelta(minutes=10)
    assert (state_in_words(marked), what_became_of(marked)) == ("under way", "")
    assert why_left_out(letter) == "The letter waits to be sent already."
    assert (list(Letter.objects.not_sent()), list(Letter.objects.perhaps_sent())) == ([letter], [])
    assert run_command(verbosity=2).endswith(" 0 perhaps sent.\n")

    make_due(sending)
    lost = fresh(sending)
    assert state_in_words(lost) == "perhaps sent"
    assert what_became_of(lost) == "Ask whether it arrived, then send it anew if it did not."
    assert why_left_out(letter) == "The letter was perhaps sent before. Ask whether it arrived."
    assert (list(Letter.objects.not_sent()), list(Letter.objects.perhaps_sent())) == ([], [letter])
    assert run_command(verbosity=2).endswith(" 1 perhaps sent.\n")


def test_what_perhaps_went_is_sent_anew_by_staff_and_by_nobody_else(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = CRASHING
    lost = asked_for(letter)
    with pytest.raises(Crash):
        actions.deliver(lost)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    with pytest.raises(ValidationError, match="Send the letter anew"):
        actions.try_again(lost, by=None)
    anew = delivered(letter)
    assert (fresh(lost).state, anew.state) == ("under_way", "sent")
    assert anew != lost


def test_it_is_marked_for_everybody_before_anything_is_sent(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(backend: Any, messages: list[Any]) -> int:
        seen.append(Sending.objects.get().state)
        return len(messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", look)
    delivered(letter)

    assert seen == ["under_way"]


def test_within_a_transaction_nothing_is_delivered(letter: Letter) -> None:
    sending = asked_for(letter)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.deliver(sending)

    assert mail.outbox == []


def test_somebody_erased_while_it_is_under_way_leaves_nothing_behind(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = CRASHING
    with pytest.raises(Crash):
        actions.deliver(asked_for(letter))
    erase(letter.enrolment.participant, why="Asked for it.", by=None)

    assert not Sending.objects.exists()


# What ended in between


def test_a_letter_withdrawn_before_it_went_is_not_sent(letter: Letter) -> None:
    sending = asked_for(letter)
    actions.withdraw(letter, reason="A mistake", by=None)
    actions.deliver(sending)

    assert (fresh(sending).state, fresh(sending).try_at) == ("failed", None)
    assert fresh(sending).error == "Letter 2025-0001 is withdrawn, so it is not sent."
    assert mail.outbox == []


def test_a_letter_replaced_before_it_went_is_not_sent(letter: Letter) -> None:
    sending = asked_for(letter, "link")
    actions.replace(letter, reason="Misspelt", by=None)
    actions.deliver(sending)

    assert fresh(sending).state == "failed"
    assert mail.outbox == []


def test_a_task_for_somebody_who_was_erased_does_nothing(letter: Letter) -> None:
    sending = asked_for(letter)
    erase(letter.enrolment.participant, why="Asked for it.", by=None)
    deliver_one.call(sending.pk)

    assert mail.outbox == []


# Trying again


@pytest.mark.usefixtures("nowhere")
def test_staff_try_again_what_waits_and_what_failed(letter: Letter, settings: Any) -> None:
    user, sending = registrar(), delivered(letter)
    for state in ("waiting", "failed"):
        Sending.objects.update(state=state, attempts=4, error="Oh dear", try_at=None)
        ready = actions.try_again(sending, by=user)
        assert (ready.state, ready.attempts, ready.error) == ("waiting", 0, "")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    actions.deliver(ready)

    assert fresh(sending).state == "sent"
    assert sending.text == fresh(sending).text
    assert ModelLogEntry.objects.filter(action="imp.letter.send", user=user).count() == 2


def test_what_went_is_not_tried_again(letter: Letter) -> None:
    sending = delivered(letter)

    with pytest.raises(ValidationError, match="did not fail"):
        actions.try_again(sending, by=None)
    assert len(mail.outbox) == 1


def test_a_letter_that_ended_is_not_tried_again(letter: Letter, settings: Any) -> None:
    settings.EMAIL_BACKEND = BROKEN
    sending = delivered(letter)
    actions.withdraw(letter, reason="A mistake", by=None)

    with pytest.raises(ValidationError, match="is withdrawn"):
        actions.try_again(sending, by=None)


# The command


def run_command(**options: Any) -> str:
    out = io.StringIO()
    call_command("imp_send_letters", stdout=out, **options)
    return out.getvalue()


def test_the_command_delivers_what_is_due_and_says_how_much(letter: Letter, stage: Stage) -> None:
    for each in (letter, issued(stage, "Bart"), issued(stage, "Cleo")):
        asked_for(each)
    later = asked_for(issued(stage, "Dora"))
    Sending.objects.filter(pk=later.pk).update(try_at=timezone.now() + HOUR)

    assert run_command() == "3 sent, 0 to be tried again, 0 failed. 0 perhaps sent.\n"
    assert len(mail.outbox) == 3
    assert run_command() == ""
    assert run_command(verbosity=2) == "0 sent, 0 to be tried again, 0 failed. 0 perhaps sent.\n"


def test_one_that_breaks_keeps_no_other_from_going(letter: Letter, stage: Stage) -> None:
    asked_for(letter)
    letter.file.storage.delete(letter.file.name)
    asked_for(issued(stage, "Bart"))

    assert run_command().startswith("1 sent, 1 to be tried again")


# Several at once


def deliver_all(root: str, folder: str) -> list[str]:
    """What each of several processes does: deliver what is due, into a folder of files."""
    with override_settings(
        IMP_WAGTAIL={**settings.IMP_WAGTAIL, "PRIVATE_ROOT": root},
        EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        EMAIL_FILE_PATH=folder,
    ):
        return actions.deliver_due()


def test_several_processes_deliver_each_once(shared_database: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    with at_work("tests.letters.test_delivering.deliver_all", shared_database, count=3) as workers:
        with connected(shared_database):
            stage = StageFactory()
            LetterTemplateFactory(pathway=stage.pathway)
            people = [completed(stage, f"Person {number}") for number in range(30)]
            for enrolment in people:
                asked_for(actions.issue(enrolment, stage, by=None))
            mail.outbox.clear()
            Sending.objects.update(state="waiting", attempts=0, try_at=timezone.now(), sent_at=None)
        root = settings.IMP_WAGTAIL["PRIVATE_ROOT"]
        answers = told_at_once(workers, [{"root": root, "folder": str(folder)}] * 3)
    with connected(shared_database):
        states = set(Sending.objects.values_list("state", "attempts"))

    received = "".join(path.read_text() for path in folder.iterdir())
    assert states == {("sent", 1)}
    assert sorted(map(len, answers)) != [0, 0, 30]
    assert sum(map(len, answers)) == 30
    assert received.count("Auto-Submitted: auto-generated") == 30
    assert len({line for line in received.splitlines() if line.startswith("To: ")}) == 30
