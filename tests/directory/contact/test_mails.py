"""The e-mails about an enquiry: nothing in them can be forged, each goes once it can, and nobody's is lost."""

import datetime as dt
import io
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imp_wagtail.core.delivering import deliver_due
from imp_wagtail.directory import actions as directory
from imp_wagtail.directory.contact import actions
from imp_wagtail.directory.contact.messages import copy_for_sender, to_teacher, unclickable
from imp_wagtail.directory.delivering import MAILS, deliver_mail
from imp_wagtail.directory.models import DirectoryMail, DirectoryPage, Enquiry, Teacher
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from tests.factories import LetterTemplateFactory, StageFactory, TeacherFactory
from tests.letters.conftest import issued
from tests.letters.mail_server import HANGS_UP_AFTER_MESSAGE, REFUSES_ADDRESS, mail_server
from tests.letters.mails import BROKEN, CRASHING, Crash, asked_for

from .support import SECRET, SENDER, TEXT, delivered, enquired, mail_of, write

pytestmark = pytest.mark.django_db

MINUTE, TEN_MINUTES, HOUR = dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1)
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"

HEADERS = {"Subject", "From", "To", "Reply-To", "Date", "Message-ID", "MIME-Version", "Content-Type"} | {
    *("Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language")
}
#: What forges headers and lines where nobody is careful, in the middle of anything else.
HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["\r\nBcc: all@example.org\r\n", "\nTo: a@b.c", "\r", "\n\n", "\u2028", "\x85", "\x0b", "%(x)s", "{}"]
        ),
    ),
    max_size=6,
).map("".join)

enquiry_of_anybody = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def as_received(message: Any) -> EmailMessage:
    """As a mail program reads what the server was given."""
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


def kept(name: str, text: str) -> Enquiry:
    """An enquiry of somebody whom no form has stopped; in the memory only."""
    teacher = Teacher(name="Anneke de Wildt", participant=Participant(email=SECRET))
    return Enquiry(pk=1, teacher=teacher, sender_name=name, sender_email=SENDER, text=text)


# Forging


@enquiry_of_anybody
@given(name=HOSTILE, text=HOSTILE)
def test_nobody_can_write_headers_or_lines_of_the_message_itself(name: str, text: str) -> None:
    for compose in (lambda enquiry: to_teacher(enquiry, SENDER, "en"), lambda enquiry: copy_for_sender(enquiry, "en")):
        message = compose(kept(name, text))
        received = as_received(
            MAILS.mail_of(
                DirectoryMail(
                    kind="copy", to=SECRET, reply_to=SENDER, language="en", subject=message.subject, text=message.text
                )
            )
        )
        own = compose(kept("", "")).text.splitlines()

        assert set(received.keys()) <= HEADERS
        assert (received["To"], received["Reply-To"]) == (SECRET, SENDER)
        written = [line for line in message.text.splitlines() if line and not line.startswith(">")]
        assert len(written) == len([line for line in own if line and not line.startswith(">")])


@enquiry_of_anybody
@given(name=HOSTILE, text=HOSTILE)
def test_whatever_is_typed_is_passed_on_whole_or_refused(teacher: Teacher, name: str, text: str) -> None:
    mail.outbox.clear()
    Enquiry.objects.all().delete()
    try:
        enquired(teacher, name=name, text=text)
    except ValidationError as error:
        assert set(error.error_dict) <= {"name", "text"}
        return
    message, copy = map(as_received, delivered())

    assert set(message.keys()) <= HEADERS
    assert (message["To"], message["Reply-To"], copy["To"], copy["Reply-To"]) == (SECRET, SENDER, SENDER, None)
    words = "".join(text.split())
    assert [sign for sign in words if sign.isalnum() and sign not in message.get_content()] == []


@pytest.mark.parametrize(
    "email", ["sam@example.org\nBcc: a@b.example", '"\x01"@example.org', "a@b.example,c@d.example"]
)
def test_an_address_with_more_in_it_is_refused_by_the_action_too(teacher: Teacher, email: str) -> None:
    with pytest.raises(ValidationError) as refused:
        enquired(teacher, email)

    assert set(refused.value.error_dict) == {"email"}
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See https://spam.example/win?x=1.", "See https[:]//spam[.]example/win?x=1."),
        ("www.spam.example", "www[.]spam[.]example"),
        ("me@spam.example, mailto:me@spam.example", "me[@]spam[.]example, mailto[:]me[@]spam[.]example"),
        ("spam。example", "spam[。]example"),
        ("At 10:30, for 10.50. Yes: it is so.", "At 10:30, for 10.50. Yes: it is so."),
    ],
)
def test_no_address_in_a_copy_can_be_clicked_and_all_can_be_read(written: str, shown: str) -> None:
    assert unclickable(written) == shown


def test_the_copy_has_no_link_but_the_site_s_own(teacher: Teacher) -> None:
    enquired(teacher, name="Buy.now", text="Look at https://spam.example and mailto:a@spam.example today")
    to_teacher, copy = delivered()

    assert "https://spam.example" in to_teacher.body
    assert "spam.example" not in copy.body
    assert "Buy.now" not in copy.body
    assert "Buy" not in copy.subject


def test_the_mail_says_what_keeps_automatic_replies_away(teacher: Teacher) -> None:
    """They would tell the sender the teacher's address."""
    enquired(teacher)

    for message in delivered():
        headers = as_received(message)
        assert (headers["Auto-Submitted"], headers["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


# What goes, and when


def test_writing_hands_it_to_the_mail_server_without_further_ado(
    client: Client, page: DirectoryPage, teacher: Teacher, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        write(client, page, teacher)

    assert [message.to for message in mail.outbox] == [[SECRET], [SENDER]]


def test_a_server_that_fails_is_tried_again_and_then_the_sender_is_told(teacher: Teacher, settings: Any) -> None:
    settings.EMAIL_BACKEND = BROKEN
    enquiry = enquired(teacher)
    waits = []
    for _attempt in range(4):
        deliver_due()
        sent = mail_of(enquiry)
        waits.append((sent.state, sent.try_at and round((sent.try_at - timezone.now()).total_seconds() / 60)))
        DirectoryMail.objects.exclude(try_at=None).update(try_at=timezone.now())
    settings.EMAIL_BACKEND = LOCMEM

    assert waits == [("waiting", 1), ("waiting", 10), ("waiting", 60), ("failed", None)]
    [told] = delivered()
    assert told.to == [SENDER]
    assert told.subject == "Your message to Anneke de Wildt was not delivered"
    assert "Is there a place" not in told.body


def test_it_arrives_once_the_server_is_back(teacher: Teacher, settings: Any) -> None:
    settings.EMAIL_BACKEND = BROKEN
    enquiry = enquired(teacher)
    deliver_due()
    settings.EMAIL_BACKEND = LOCMEM
    DirectoryMail.objects.exclude(try_at=None).update(try_at=timezone.now())

    assert [message.to for message in delivered()] == [[SECRET], [SENDER]]
    assert mail_of(enquiry).state == "sent"


def test_an_address_that_does_not_exist_is_not_tried_again(teacher: Teacher, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_server() as server:
        settings.EMAIL_PORT, server.manners = server.port, REFUSES_ADDRESS
        enquiry = enquired(teacher)
        deliver_due()

    assert (mail_of(enquiry).state, mail_of(enquiry).attempts) == ("failed", 1)


def test_where_the_connection_breaks_it_is_sent_again_and_mail_programs_show_it_once(
    teacher: Teacher, settings: Any
) -> None:
    """Better two than none: what nobody knows of would be lost for ever."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    enquiry = enquired(teacher)
    with mail_server() as server:
        settings.EMAIL_PORT, server.manners = server.port, HANGS_UP_AFTER_MESSAGE
        deliver_due()
        assert mail_of(enquiry).state == "waiting"
        server.manners = {}
        DirectoryMail.objects.filter(kind="enquiry").update(try_at=timezone.now())
        deliver_due()

    first, second, *_copy = server.taken
    assert mail_of(enquiry).state == "sent"
    assert first["Message-ID"] == second["Message-ID"]


def test_one_that_a_process_died_over_goes_after_ten_minutes(teacher: Teacher, settings: Any) -> None:
    settings.EMAIL_BACKEND = CRASHING
    enquiry = enquired(teacher)
    with pytest.raises(Crash):
        deliver_due()
    settings.EMAIL_BACKEND = LOCMEM

    assert (mail_of(enquiry).state, deliver_due()) == ("under_way", [])
    DirectoryMail.objects.filter(kind="enquiry").update(try_at=timezone.now())
    assert [message.to for message in delivered()] == [[SECRET], [SENDER]]


def test_one_that_kills_every_process_is_given_up(teacher: Teacher, settings: Any) -> None:
    settings.EMAIL_BACKEND = CRASHING
    enquiry = enquired(teacher)
    for _time in range(4):
        with pytest.raises(Crash):
            deliver_due()
        DirectoryMail.objects.filter(kind="enquiry").update(try_at=timezone.now())

    assert deliver_due() == []
    assert mail_of(enquiry).is_lost


@pytest.mark.usefixtures("quick_pdf")
def test_one_command_delivers_letters_and_enquiries_alike(teacher: Teacher) -> None:
    stage = StageFactory()
    LetterTemplateFactory(pathway=stage.pathway)
    asked_for(issued(stage, email="ana@example.org"))
    enquired(teacher)
    said = io.StringIO()
    call_command("imp_send_mails", stdout=said)

    assert said.getvalue() == "2 sent, 0 to be tried again, 0 failed. 0 perhaps sent.\n"
    assert {message.to[0] for message in mail.outbox} == {"ana@example.org", SECRET}


# What ended in between


def assert_not_sent(enquiry: Enquiry, why: str) -> None:
    deliver_mail.call(mail_of(enquiry).pk)
    assert (mail_of(enquiry).state, mail_of(enquiry).error) == ("failed", why)
    assert [message for message in mail.outbox if message.to == [SECRET]] == []


def test_whose_listing_ended_meanwhile_is_not_written_to_and_the_sender_is_told(teacher: Teacher) -> None:
    enquiry = enquired(teacher)
    directory.suspend(teacher, why="A complaint.", by=None)

    assert_not_sent(enquiry, "Anneke de Wildt is not in the directory any more.")
    [told] = delivered()
    assert told.subject == "Your message to Anneke de Wildt was not delivered"


def test_what_was_reported_or_blocked_meanwhile_is_not_sent_and_nobody_is_told(teacher: Teacher) -> None:
    reported, blocked = enquired(teacher), enquired(teacher, "spam@example.org")
    actions.report(reported, by=None)
    actions.block_sender(blocked, why="Advertising.", by=None)

    assert_not_sent(reported, "The enquiry was reported.")
    assert_not_sent(blocked, "The sender is blocked.")
    assert delivered() == []


def test_it_goes_to_the_address_that_is_on_record_by_then(teacher: Teacher) -> None:
    enquired(teacher)
    Participant.objects.filter(pk=teacher.participant_id).update(email="new@private.example")

    assert delivered()[0].to == ["new@private.example"]


def test_who_has_no_address_any_more_is_not_written_to(teacher: Teacher) -> None:
    enquiry = enquired(teacher)
    Participant.objects.filter(pk=teacher.participant_id).update(email="")

    assert_not_sent(enquiry, "There is no e-mail address on record.")


def test_to_erase_somebody_takes_what_was_written_to_them_and_the_task_does_nothing(teacher: Teacher) -> None:
    waiting = mail_of(enquired(teacher)).pk
    other = enquired(TeacherFactory())
    erase(teacher.participant, why="Asked for it.", by=None)
    deliver_mail.call(waiting)

    assert list(Enquiry.objects.all()) == [other]
    assert set(DirectoryMail.objects.values_list("enquiry", flat=True)) == {other.pk}
    assert mail.outbox == []


def test_text_keeps_its_lines_and_loses_what_controls(teacher: Teacher) -> None:
    enquiry = enquired(teacher, text="  Dear\x07 Anneke,\r\n\r\n\tHow are\u00a0you?\x00\u2028Sam  ")

    assert enquiry.text == "Dear  Anneke,\n\n How are\u00a0you?\nSam"
    assert TEXT in enquired(teacher, text=TEXT).text
