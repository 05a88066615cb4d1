"""Misuse of the form: one sender, many addresses, many places; and nobody else is kept from writing by it."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from imp_wagtail.directory.contact import actions
from imp_wagtail.directory.contact.rules import TooManyError
from imp_wagtail.directory.models import DirectoryPage, Enquiry, Teacher
from tests.factories import TeacherFactory

from .support import SECRET, SENDER, delivered, enquired, link_in, mail_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(settings: Any) -> Any:
    """Sets the package's settings."""

    def change(**values: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, **values}

    return change


def earlier(hours: float, **which: Any) -> None:
    """It was all written so many hours ago."""
    Enquiry.objects.filter(**which).update(asked_at=timezone.now() - dt.timedelta(hours=hours))


def to_teacher() -> list[Any]:
    return [message for message in delivered() if message.to == [SECRET]]


# One sender


def test_one_place_writes_so_often_whatever_names_it_gives(client: Client, page: DirectoryPage) -> None:
    answers = [write(client, page, TeacherFactory(), email=f"sam{number}@example.org") for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Try again in" in answers[-1].text
    assert answers[-1].context["form"]["email"].value() == "sam5@example.org"
    assert Enquiry.objects.count() == 5


def test_another_place_is_not_kept_from_writing_by_it(client: Client, page: DirectoryPage, teacher: Teacher) -> None:
    for _time in range(9):
        write(client, page, teacher, where="203.0.113.7", email=f"{uuid4().hex}@example.org")

    assert write(client, page, teacher, where="198.51.100.1").status_code == 302


def test_what_was_mistyped_counts_for_nothing(client: Client, page: DirectoryPage, teacher: Teacher) -> None:
    for _time in range(9):
        write(client, page, teacher, text="")

    assert write(client, page, teacher).status_code == 302


def test_one_address_is_used_so_often_from_wherever_and_however_it_is_written(db: None) -> None:
    for email in (SENDER, SENDER.upper(), "Sam@Example.org", SENDER, SENDER):
        enquired(TeacherFactory(), email)

    with pytest.raises(TooManyError, match="Try again in 60 minutes"):
        enquired(TeacherFactory(), SENDER)
    earlier(1.01)
    enquired(TeacherFactory(), SENDER)


def test_one_sender_writes_so_often_to_one_teacher(teacher: Teacher) -> None:
    for _time in range(2):
        enquired(teacher)

    with pytest.raises(TooManyError, match="You have written to Anneke de Wildt already"):
        enquired(teacher)
    enquired(TeacherFactory())
    earlier(24.1)
    enquired(teacher)


def test_one_place_writes_so_often_to_one_teacher_whatever_names_it_gives(teacher: Teacher) -> None:
    for number in range(2):
        enquired(teacher, f"sam{number}@example.org", sender_key="the same place")

    with pytest.raises(TooManyError):
        enquired(teacher, "sam9@example.org", sender_key="the same place")
    enquired(teacher, "sam9@example.org", sender_key="elsewhere")


def test_where_nothing_says_who_asks_nobody_is_counted_together(teacher: Teacher) -> None:
    for number in range(4):
        enquired(teacher, f"sam{number}@example.org", sender_key="")

    assert Enquiry.objects.count() == 4


def test_a_site_may_do_without_limits(limits: Any, teacher: Teacher) -> None:
    limits(ENQUIRY_LIMIT=None, ENQUIRY_LIMIT_PER_TEACHER=None)

    assert len([enquired(teacher) for _time in range(8)]) == 8


# Many senders


def flood(teacher: Teacher, count: int) -> list[Enquiry]:
    """Each from another place, with another address."""
    return [enquired(teacher, f"{uuid4().hex}@spam.example") for _time in range(count)]


def test_what_is_more_than_a_day_takes_waits_for_its_turn_and_its_sender_is_asked(
    limits: Any, teacher: Teacher
) -> None:
    limits(ENQUIRIES_A_DAY=4)
    flood(teacher, 4)
    late = enquired(teacher)
    messages = delivered()
    asked = messages[-1] if messages[-1].to == [SENDER] else next(each for each in messages if each.to == [SENDER])

    assert len([each for each in messages if each.to == [SECRET]]) == 4
    assert mail_of(late).state == "waiting"
    assert timezone.localtime(mail_of(late).try_at).date() == timezone.localdate() + dt.timedelta(days=1)
    assert asked.subject == "Please confirm your message to Anneke de Wildt"
    assert "Is there a place" not in asked.body


def test_a_flood_reaches_a_teacher_no_more_than_so_often_and_others_not_at_all(limits: Any, teacher: Teacher) -> None:
    limits(ENQUIRIES_A_DAY=4)
    flood(teacher, 30)
    other = TeacherFactory(participant__email="other@example.net")
    enquired(other)
    went = delivered()

    assert len([each for each in went if each.to == [SECRET]]) == 4
    assert len([each for each in went if each.to == ["other@example.net"]]) == 1


def test_whoever_confirms_gets_through_at_once_however_great_the_flood(
    client: Client, limits: Any, teacher: Teacher
) -> None:
    limits(ENQUIRIES_A_DAY=4)
    flood(teacher, 30)
    delivered()
    real = enquired(teacher)
    [asked] = delivered()
    client.post(link_in(asked, "confirm"))
    reached, copy = delivered()

    assert (reached.to, reached.reply_to) == ([SECRET], [SENDER])
    assert mail_of(real).state == "sent"
    assert copy.to == [SENDER]
    assert copy.subject == "Copy of your message to Anneke de Wildt"
    assert "> Is there a place left in your course?" in copy.body


def test_a_day_keeps_half_its_room_for_what_is_written_on_it(limits: Any, teacher: Teacher) -> None:
    limits(ENQUIRIES_A_DAY=4, ENQUIRY_KEEP_DAYS=4)
    enquiries = flood(teacher, 12)
    days = [mail_of(each).try_at for each in enquiries]
    today = timezone.localdate()

    assert [moment and (timezone.localtime(moment).date() - today).days for moment in days] == [
        *[0, 0, 0, 0],
        *[1, 1, 2, 2, 3, 3],
        # These go only once they are confirmed: before another day has room, they are deleted.
        *[None, None],
    ]


def test_on_the_next_day_what_waited_goes_and_new_ones_do_too(
    limits: Any, teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits(ENQUIRIES_A_DAY=4)
    flood(teacher, 30)
    delivered()
    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert len(to_teacher()) == 2
    flood(teacher, 2)
    assert len(to_teacher()) == 2
    assert mail_of(enquired(teacher)).try_at > tomorrow


def test_a_site_may_let_every_sender_confirm_first(client: Client, limits: Any, teacher: Teacher) -> None:
    limits(ENQUIRIES_A_DAY=0)
    enquiry = enquired(teacher)
    [asked] = delivered()

    assert mail_of(enquiry).try_at is None
    client.post(link_in(asked, "confirm"))
    assert [message.to for message in delivered()] == [[SECRET], [SENDER]]


# The copy, to an address that is perhaps another's


def test_nobody_gets_more_copies_of_what_others_wrote_than_so_many(db: None) -> None:
    for number in range(5):
        enquired(TeacherFactory(), "victim@example.org", sender_key=f"place {number}")
    for number in range(20):
        with pytest.raises(TooManyError):
            enquired(TeacherFactory(), "Victim@example.org", sender_key=f"another place {number}")

    assert len([message for message in delivered() if message.to == ["victim@example.org"]]) == 5


def test_of_an_enquiry_that_never_went_nobody_gets_a_copy(teacher: Teacher, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.letters.mails.BrokenBackend"
    enquired(teacher)
    delivered()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert delivered() == []


# Blocked senders


def test_a_blocked_sender_is_thanked_like_others_and_reaches_nobody(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    actions.block_sender(enquired(teacher), why="Advertising.", by=None)
    mail.outbox.clear()
    other = TeacherFactory()
    response = write(client, page, other, email=SENDER.upper(), where="198.51.100.1")

    assert (response.status_code, response.url) == (302, f"/teachers/{other.slug}/contact/sent/")
    assert client.get(response.url).status_code == 200
    assert delivered() == []
    assert list(other.enquiries.values_list("is_blocked", "text")) == [(True, "")]


def test_a_blocked_sender_meets_the_same_limits_as_others(teacher: Teacher) -> None:
    actions.block_sender(enquired(teacher), why="Advertising.", by=None)
    enquired(teacher)

    with pytest.raises(TooManyError, match="You have written to Anneke de Wildt already"):
        enquired(teacher)
