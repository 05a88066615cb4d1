"""What is forgotten of enquiries, and when."""

import datetime as dt

import pytest
from django.utils import timezone

from imp_wagtail.directory.contact import actions
from imp_wagtail.directory.contact.pruning import prune_enquiries
from imp_wagtail.directory.contact.rules import is_blocked
from imp_wagtail.directory.models import DirectoryMail, Enquiry, Teacher
from imp_wagtail.participants.personal.erasing import erase
from tests.factories import ParticipantFactory, TeacherFactory

from .support import delivered, enquired

pytestmark = pytest.mark.django_db


def written(days_ago: int, email: str = "sam@example.org") -> Enquiry:
    enquiry = enquired(TeacherFactory(), email)
    delivered()
    enquiry.asked_at = timezone.now() - dt.timedelta(days=days_ago)
    enquiry.save()
    return enquiry


def test_enquiries_go_with_their_e_mails_when_their_time_is_over() -> None:
    written(91)
    kept = written(89)

    assert prune_enquiries() == 1
    assert list(Enquiry.objects.all()) == [kept]
    assert set(DirectoryMail.objects.values_list("enquiry", flat=True)) == {kept.pk}
    assert prune_enquiries() == 0


def test_what_was_reported_stays_until_it_is_settled() -> None:
    enquiry = actions.report(written(91), text="Spam.", by=None)

    assert prune_enquiries() == 0
    actions.settle(enquiry, why="Talked to them.", by=None)
    assert prune_enquiries() == 1


def test_of_a_blocked_sender_the_address_alone_is_kept() -> None:
    for days in (120, 110, 100):
        last = written(days, "spam@example.org")
    actions.block_sender(last, why="Advertising.", by=None)

    assert prune_enquiries() == 2
    [kept] = Enquiry.objects.all()
    assert (kept.sender_email, kept.sender_name, kept.text, kept.sender_key, kept.report) == (
        *("spam@example.org", "", "", "", ""),
    )
    assert not DirectoryMail.objects.exists()
    assert is_blocked("Spam@example.org")
    assert prune_enquiries() == 0


def test_e_mails_that_belong_to_no_enquiry_are_left_alone(teacher: Teacher) -> None:
    teacher.mails.create(kind="reminder", to="a@b.example", language="en", subject="Renew", text="…")
    DirectoryMail.objects.update(asked_at=timezone.now() - dt.timedelta(days=400))
    prune_enquiries()

    assert DirectoryMail.objects.count() == 1


def test_who_is_erased_has_written_to_nobody() -> None:
    person = ParticipantFactory(email="Quinn@example.org")
    for email in ("quinn@example.org", "other@example.org"):
        enquired(TeacherFactory(), email)
    erase(person, why="Asked for it.", by=None)

    assert list(Enquiry.objects.values_list("sender_email", flat=True)) == ["other@example.org"]
    assert set(DirectoryMail.objects.values_list("enquiry__sender_email", flat=True)) == {"other@example.org"}


def test_who_has_no_address_takes_nobody_s_enquiries_along() -> None:
    enquired(TeacherFactory())
    erase(ParticipantFactory(email=""), why="Asked for it.", by=None)

    assert Enquiry.objects.count() == 1
