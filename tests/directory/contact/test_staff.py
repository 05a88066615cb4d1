"""Enquiries in the admin: who wrote to whom, and what only where somebody reported it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from imp_wagtail.directory.contact import actions
from imp_wagtail.directory.contact.rules import is_blocked
from imp_wagtail.directory.contact.viewset import reported_enquiries
from imp_wagtail.directory.models import DirectoryMail, Enquiry, Teacher
from imp_wagtail.participants.personal.data import personal_data
from tests.browsing import sent_by_browser
from tests.factories import TeacherFactory, UserFactory, editor, registrar

from .support import SENDER, delivered, enquired, mail_of

pytestmark = pytest.mark.django_db

INDEX = "imp_enquiries:index"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


def page_of(enquiry: Enquiry, name: str = "enquiry") -> str:
    return reverse(f"imp_enquiries:{name}", args=[enquiry.pk])


def viewer() -> Any:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_enquiry"]))
    return user


def test_what_nobody_reported_is_read_by_nobody(staff: Client, teacher: Teacher) -> None:
    enquiry = enquired(teacher, text="Between the two of us only.")
    delivered()
    texts = [staff.get(address).text for address in (reverse(INDEX), page_of(enquiry))]

    assert [SENDER in text and "Anneke de Wildt" in text for text in texts] == [True, True]
    assert [text for text in texts if "Between the two" in text] == []


def test_what_was_reported_can_be_read_with_the_report(staff: Client, teacher: Teacher) -> None:
    enquiry = enquired(teacher, text="<b>Buy</b> this now.")
    actions.report(enquiry, text="It is advertising.", by=None)
    text = staff.get(page_of(enquiry)).text

    assert "&lt;b&gt;Buy&lt;/b&gt; this now." in text
    assert "From the teacher: It is advertising." in text
    assert "Buy" not in staff.get(reverse(INDEX)).text


def test_the_list_has_what_was_reported_first_and_then_the_latest(staff: Client, teacher: Teacher) -> None:
    first, second, third = (enquired(teacher, f"{name}@example.org") for name in ("a", "b", "c"))
    actions.report(first, by=None)
    settled = actions.report(enquired(teacher, "d@example.org"), by=None)
    actions.settle(settled, why="Nothing in it.", by=None)

    assert list(staff.get(reverse(INDEX)).context["object_list"]) == [first, settled, third, second]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=reported", "a"),
        ("state=settled", "b"),
        ("state=blocked", "c"),
        ("q=C@Example", "c"),
        ("q=wildt", "abcd"),
    ],
)
def test_the_list_is_filtered_and_searched(staff: Client, teacher: Teacher, query: str, found: str) -> None:
    a, b, c, _d = (enquired(teacher, f"{name}@example.org", name=f"N {name}") for name in "abcd")
    actions.report(a, by=None)
    actions.settle(actions.report(b, by=None), why="Nothing in it.", by=None)
    actions.block_sender(c, why="Advertising.", by=None)
    enquiries = staff.get(f"{reverse(INDEX)}?{query}").context["object_list"]

    assert sorted(enquiry.sender_email[0] for enquiry in enquiries) == list(found)


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(staff: Client) -> None:
    counts = []
    for number in (1, 4):
        for _each in range(number):
            enquired(TeacherFactory(), f"{number}-{_each}@example.org")
        staff.get(reverse(INDEX))
        with CaptureQueriesContext(connection) as captured:
            staff.get(reverse(INDEX))
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("ending", ["?export=csv", "?export=xlsx", "results/"])
def test_the_list_is_given_out_without_what_was_written(staff: Client, teacher: Teacher, ending: str) -> None:
    enquired(teacher, text="Between the two of us only.")
    response = staff.get(reverse(INDEX) + ending)

    assert response.status_code == 200
    assert b"Between" not in (b"".join(response.streaming_content) if response.streaming else response.content)


def test_settling_says_what_was_decided_in_the_teacher_s_history_and_not_who_wrote(
    staff: Client, teacher: Teacher
) -> None:
    enquiry = actions.report(enquired(teacher), text="Spam.", by=None)
    staff.post(page_of(enquiry, "settle"), {"why": "Talked to both."})

    assert not Enquiry.objects.reported().exists()
    [entry] = ModelLogEntry.objects.for_instance(teacher.participant).filter(action="imp.enquiry.settle")
    assert entry.data["why"] == "Talked to both."
    assert SENDER not in str(list(ModelLogEntry.objects.values()))


def test_only_what_was_reported_is_settled(teacher: Teacher) -> None:
    with pytest.raises(ValidationError, match="Nobody has reported"):
        actions.settle(enquired(teacher), why="Nothing in it.", by=None)


def test_blocking_stops_all_that_the_address_has_written_and_ends_again(staff: Client, teacher: Teacher) -> None:
    first, second = enquired(teacher), enquired(TeacherFactory())
    staff.post(page_of(first, "block"), {"why": "Advertising."})

    assert delivered() == []
    assert mail_of(second).error == "The sender is blocked."
    assert "End the block" in staff.get(page_of(second)).text
    staff.post(page_of(second, "unblock"), {"why": "A mistake."})
    enquired(TeacherFactory())
    assert len(delivered()) == 2
    actions_of = ModelLogEntry.objects.filter(action__startswith="imp.enquiry").order_by("pk")
    assert list(actions_of.values_list("action", flat=True)) == ["imp.enquiry.block", "imp.enquiry.unblock"]


class TestErasingASender:
    def test_it_is_said_first_what_goes(self, staff: Client, teacher: Teacher) -> None:
        actions.report(enquired(teacher), text="Spam.", by=None)
        delivered()
        enquiry = enquired(TeacherFactory(), SENDER.upper())
        text = " ".join(staff.get(page_of(enquiry, "erase_sender")).text.split())

        assert page_of(enquiry, "erase_sender") in staff.get(page_of(enquiry)).text
        assert f"{SENDER} wrote 2 enquiries. All of it goes, with its e-mails, from the entries of 2 teachers." in text
        assert "1 enquiry was not delivered yet" in text
        assert "1 enquiry was reported" in text
        assert "The sender is blocked." not in text

    def test_all_goes_but_what_others_wrote_and_nothing_is_sent_any_more(
        self, staff: Client, teacher: Teacher
    ) -> None:
        others = enquired(teacher, "other@example.org")
        first, _second = enquired(teacher), enquired(TeacherFactory())
        response = staff.post(page_of(first, "erase_sender"), {"why": "Asked for it."}, follow=True)

        assert "2 enquiries were erased." in response.text
        assert list(Enquiry.objects.all()) == [others]
        assert {message.to[0] for message in delivered()} == {teacher.participant.email, "other@example.org"}
        assert not DirectoryMail.objects.exclude(enquiry=others).exists()

    def test_each_teachers_history_says_how_many_and_not_whose(self, staff: Client, teacher: Teacher) -> None:
        for _each in range(2):
            enquiry = enquired(teacher)
        another = enquired(TeacherFactory()).teacher
        staff.post(page_of(enquiry, "erase_sender"), {"why": "Asked for it."})

        def said(of: Teacher) -> list[tuple[str, dict[str, str]]]:
            entries = ModelLogEntry.objects.for_instance(of.participant)
            return [(entry.action, entry.data) for entry in entries]

        assert said(teacher) == [("imp.enquiry.erase", {"what": "2 enquiries", "why": "Asked for it."})]
        assert said(another) == [("imp.enquiry.erase", {"what": "1 enquiry", "why": "Asked for it."})]
        assert SENDER not in str(list(ModelLogEntry.objects.values()))

    @pytest.mark.parametrize("why", [" ", f"Mail from {SENDER}", "Sam Sender asked"])
    def test_the_reason_is_given_without_naming_them(self, staff: Client, teacher: Teacher, why: str) -> None:
        enquiry = enquired(teacher)
        response = staff.post(page_of(enquiry, "erase_sender"), {"why": why})

        assert list(response.context["form"].errors) == ["why"]
        assert list(Enquiry.objects.all()) == [enquiry]

    def test_twice_is_once(self, staff: Client, teacher: Teacher) -> None:
        address = page_of(enquired(teacher), "erase_sender")
        sent = sent_by_browser(staff.get(address)) | {"why": "Asked for it."}
        for _time in range(2):
            assert staff.post(address, sent).url == reverse(INDEX)

        assert ModelLogEntry.objects.filter(action="imp.enquiry.erase").count() == 1

    def test_of_a_blocked_one_the_address_alone_is_kept_and_the_block_with_it(
        self, staff: Client, teacher: Teacher
    ) -> None:
        enquired(TeacherFactory())
        enquiry = actions.block_sender(enquired(teacher), why="Advertising.", by=None)
        assert "The sender is blocked." in staff.get(page_of(enquiry, "erase_sender")).text
        for _time in range(2):
            actions.erase_sender(enquiry, why="Asked for it.", by=None)

        [kept] = Enquiry.objects.all()
        assert (kept.sender_name, kept.text, kept.sender_key, kept.mails.count()) == ("", "", "", 0)
        assert is_blocked(SENDER)
        assert ModelLogEntry.objects.filter(action="imp.enquiry.erase").count() == 2


@pytest.mark.parametrize("name", ["settle", "block", "unblock", "erase_sender"])
def test_each_asks_for_a_reason(staff: Client, teacher: Teacher, name: str) -> None:
    enquiry = actions.report(enquired(teacher), by=None)
    response = staff.post(page_of(enquiry, name), {"why": " "})

    assert "why" in response.context["form"].errors
    assert not ModelLogEntry.objects.filter(action=f"imp.enquiry.{name}").exists()


def test_whoever_may_only_look_has_no_buttons(client: Client, teacher: Teacher) -> None:
    enquiry = actions.report(enquired(teacher), by=None)
    client.force_login(viewer())
    response = client.get(page_of(enquiry))

    assert response.status_code == 200
    assert [name for name in ("settle", "block", "erase_sender") if page_of(enquiry, name) in response.text] == []


def test_the_desk_counts_what_was_reported(staff: Client, teacher: Teacher) -> None:
    user = registrar()
    actions.report(enquired(teacher), by=None)
    actions.settle(actions.report(enquired(TeacherFactory()), by=None), why="Nothing in it.", by=None)
    [(_order, figure)] = reported_enquiries(user)

    assert (figure.label, figure.count) == ("Misuse reported", 1)
    assert len(staff.get(figure.url).context["object_list"]) == 1
    assert reported_enquiries(editor()) == []


def test_the_export_of_a_person_has_what_was_written_to_them_and_no_copies(teacher: Teacher) -> None:
    enquired(teacher)
    delivered()
    told = {section.key: section.entries for section in personal_data(teacher.participant)}

    assert [len(told["enquiries"]), len(told["directory_mails"])] == [1, 1]
    assert {fact.key for fact in told["enquiries"][0].facts} >= {"sender_name", "sender_email", "text", "asked_at"}
    assert {fact.key for fact in told["enquiries"][0].facts}.isdisjoint({"sender_key", "token"})
