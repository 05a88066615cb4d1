"""The form by which a teacher is written to: for people, and not for machines."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from imp_wagtail.directory import actions as directory
from imp_wagtail.directory.contact.rules import may_be_written_to
from imp_wagtail.directory.models import DirectoryMail, DirectoryPage, Enquiry, Teacher
from imp_wagtail.participants.models import Participant
from tests.factories import TeacherFactory

from .support import SECRET, SENDER, TEXT, address_of, delivered, sealed, write

pytestmark = pytest.mark.django_db


def messages_of(response: Any) -> str:
    return " ".join(response.context["form"].non_field_errors())


def test_what_is_written_reaches_the_teacher_and_a_copy_the_sender(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    response = write(client, page, teacher)
    to_teacher, copy = delivered()

    assert (response.status_code, response.url) == (302, "/teachers/anneke/contact/sent/")
    assert (to_teacher.to, to_teacher.reply_to) == ([SECRET], [SENDER])
    assert "> Is there a place left in your course?\n>\n> Sam" in to_teacher.body
    assert (copy.to, copy.reply_to) == ([SENDER], [])
    assert "> Is there a place left in your course?" in copy.body
    assert client.get(response.url).context["teacher"] == teacher


def test_no_answer_of_the_site_and_no_copy_tells_the_teacher_s_address(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    answers = [
        client.get(address_of(page, teacher)),
        write(client, page, teacher, text=""),
        write(client, page, teacher),
        client.get("/teachers/anneke/contact/sent/"),
    ]
    _to_teacher, copy = delivered()

    assert [answer.status_code for answer in answers] == [200, 400, 302, 200]
    assert [answer for answer in answers if SECRET in f"{answer.content.decode()} {answer.headers}"] == []
    assert SECRET not in str(copy.message())


def test_the_form_is_kept_by_no_cache_and_found_by_no_search_engine(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    for address in (address_of(page, teacher), f"{address_of(page, teacher)}sent/"):
        headers = client.get(address).headers

        assert "no-store" in headers["Cache-Control"]
        assert "noindex" in headers["X-Robots-Tag"]


def test_an_address_in_other_letters_leads_to_the_form(client: Client, page: DirectoryPage, teacher: Teacher) -> None:
    response = client.get("/teachers/ANNEKE/contact/")

    assert (response.status_code, response.url) == (301, "/teachers/anneke/contact/")


# Who may be written to


def without_address(teacher: Teacher) -> None:
    Participant.objects.filter(pk=teacher.participant_id).update(email="")


def without_consent(teacher: Teacher) -> None:
    directory.end_consent(teacher, why="Asked for it.", by=None)


def suspended(teacher: Teacher) -> None:
    directory.suspend(teacher, why="A complaint.", by=None)


def run_out(teacher: Teacher) -> None:
    Teacher.objects.filter(pk=teacher.pk).update(listed_until=timezone.localdate() - timezone.timedelta(days=1))


@pytest.mark.parametrize("ends", [without_address, without_consent, suspended, run_out])
def test_whoever_is_not_listed_or_has_no_address_is_not_found_at_once(
    client: Client, page: DirectoryPage, teacher: Teacher, ends: Any
) -> None:
    assert may_be_written_to(teacher)
    ends(teacher)

    assert not may_be_written_to(Teacher.objects.get(pk=teacher.pk))
    assert client.get(address_of(page, teacher)).status_code == 404
    assert client.get(f"{address_of(page, teacher)}sent/").status_code == 404
    assert write(client, page, teacher).status_code == 404
    assert not Enquiry.objects.exists()


# What is refused


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200e \t"),
        ("name", "x" * 121),
        ("name", "Win at https://spam.example"),
        ("name", "spam@spam.example"),
        ("email", ""),
        ("email", "sam"),
        ("email", "sam@example.org\nBcc: all@example.org"),
        ("email", "sam@example.org, all@example.org"),
        ("email", '"a b"@example.org'),
        ("text", ""),
        ("text", "Hello"),
        ("text", "x" * 4001),
    ],
)
def test_what_cannot_be_passed_on_is_said_beside_its_field_and_kept(
    client: Client, page: DirectoryPage, teacher: Teacher, field: str, value: str
) -> None:
    response = write(client, page, teacher, **{field: value})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"].data["text" if field != "text" else "name"]
    assert not Enquiry.objects.exists()


def test_the_end_of_a_line_counts_as_one_character_as_in_the_browser(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    assert write(client, page, teacher, text="a\r\n" * 2000).status_code == 302


def test_a_field_that_only_machines_see_is_to_stay_empty(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    response = write(client, page, teacher, website="https://spam.example")

    assert response.status_code == 400
    assert "is to stay empty" in messages_of(response)
    assert (response.context["form"]["website"].value(), response.context["form"]["text"].value()) == ("", TEXT)
    assert not Enquiry.objects.exists()


def test_faster_than_anybody_writes_is_refused_and_passes_a_little_later(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    response = write(client, page, teacher, seal=sealed(teacher, seconds=1))

    assert response.status_code == 400
    assert "faster than anybody writes" in messages_of(response)
    assert response.context["form"]["text"].value() == TEXT
    assert write(client, page, teacher, seal=sealed(teacher, seconds=4)).status_code == 302


@pytest.mark.parametrize("seal", ["too old", "another's", "forged", ""])
def test_a_form_that_is_too_old_or_not_ours_comes_back_with_the_text_and_can_be_sent(
    client: Client, page: DirectoryPage, teacher: Teacher, settings: Any, monkeypatch: pytest.MonkeyPatch, seal: str
) -> None:
    values = {
        "too old": lambda: old_seal(teacher, monkeypatch),
        "another's": lambda: sealed(TeacherFactory()),
        "forged": lambda: sealed(teacher)[:-1] + "~",
        "": lambda: "",
    }
    response = write(client, page, teacher, seal=values[seal]())

    assert response.status_code == 400
    assert "open for a long time" in messages_of(response)
    form = response.context["form"]
    assert form["text"].value() == TEXT
    assert not Enquiry.objects.exists()
    again = write(client, page, teacher, seal=form["seal"].value())
    assert "faster than anybody writes" in messages_of(again)


def old_seal(teacher: Teacher, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a form that was shown thirteen hours ago."""
    now = timezone.now().timestamp()
    with monkeypatch.context() as past:
        past.setattr("time.time", lambda: now - 13 * 3600)
        return sealed(teacher)


# A form that is sent twice


def test_a_double_click_is_one_enquiry_with_one_answer(client: Client, page: DirectoryPage, teacher: Teacher) -> None:
    seal = sealed(teacher)
    first, second = (write(client, page, teacher, seal=seal) for _click in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Enquiry.objects.count() == 1
    assert len(delivered()) == 2


def test_whoever_goes_back_and_writes_something_else_means_something_else(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    seal = sealed(teacher)
    write(client, page, teacher, seal=seal)
    write(client, page, teacher, seal=seal, text="I forgot to ask for the price.")

    assert Enquiry.objects.count() == 2


# What is kept


def test_where_somebody_wrote_from_is_kept_so_that_nobody_can_read_it(
    client: Client, page: DirectoryPage, teacher: Teacher
) -> None:
    write(client, page, teacher, where="203.0.113.7")
    write(client, page, TeacherFactory(), where="203.0.113.7")
    write(client, page, TeacherFactory(), where="198.51.100.1")
    first, second, third = Enquiry.objects.order_by("pk")

    assert first.sender_key == second.sender_key != third.sender_key
    assert len(first.sender_key) == 64
    assert "203.0.113.7" not in str(Enquiry.objects.values())


def test_the_copy_is_in_the_reader_s_language_and_the_enquiry_in_the_teacher_s(
    client: Client, page: DirectoryPage, settings: Any
) -> None:
    teacher = TeacherFactory(participant__language="fr", participant__email=SECRET)
    write(client, page, teacher)

    languages = dict(DirectoryMail.objects.values_list("kind", "language"))
    assert languages == {"enquiry": "fr", "copy": "en"}
    assert [message.extra_headers["Content-Language"] for message in delivered()] == ["fr", "en"]
