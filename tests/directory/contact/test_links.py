"""The links in e-mails: to report misuse and to confirm, without an account, and never by merely following one."""

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from imp_wagtail.directory import actions as directory
from imp_wagtail.directory.contact import actions
from imp_wagtail.directory.contact.links import Party, confirm_link, enquiry_with, report_link
from imp_wagtail.directory.models import Enquiry, Teacher

from .support import SECRET, SENDER, TEXT, delivered, enquired, link_in, mail_of

pytestmark = pytest.mark.django_db


def fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


# To report


@pytest.mark.parametrize("index", [0, 1], ids=["teacher", "sender"])
def test_to_follow_the_link_does_nothing_and_the_button_reports(client: Client, teacher: Teacher, index: int) -> None:
    enquiry = enquired(teacher)
    path = link_in(delivered()[index], "report")

    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert fresh(enquiry).reported_at is None
    assert "it is reported" in client.post(path, {"text": "Spam."}).text
    whose = ["From the teacher: Spam.", "From the owner of the sender’s address: Spam."][index]
    assert (fresh(enquiry).is_open, fresh(enquiry).report) == (True, whose)


def test_a_report_needs_no_words_no_cookie_and_no_page_before_it(teacher: Teacher) -> None:
    enquiry = enquired(teacher)
    client = Client(enforce_csrf_checks=True)

    assert client.post(link_in(delivered()[0], "report")).status_code == 200
    assert fresh(enquiry).report == "From the teacher: –"


def test_a_report_is_made_once_and_the_first_words_stand(client: Client, teacher: Teacher) -> None:
    enquiry = enquired(teacher)
    path = link_in(delivered()[0], "report")
    client.post(path, {"text": "Spam."})
    reported_at = fresh(enquiry).reported_at
    client.post(path, {"text": "No, it was fine."})

    assert (fresh(enquiry).reported_at, fresh(enquiry).report) == (reported_at, "From the teacher: Spam.")
    assert "it is reported" in client.get(path).text
    assert ModelLogEntry.objects.for_instance(teacher.participant).filter(action="imp.enquiry.report").count() == 1


def test_too_long_a_report_is_refused_with_what_was_typed(client: Client, teacher: Teacher) -> None:
    enquired(teacher)
    response = client.post(link_in(delivered()[0], "report"), {"text": "x" * 401})

    assert response.status_code == 400
    assert "x" * 401 in response.text


@pytest.mark.parametrize("party", Party)
def test_the_page_tells_nobody_what_was_written_nor_an_address(client: Client, teacher: Teacher, party: Party) -> None:
    path = report_link(enquired(teacher), party).removeprefix("http://testserver")
    text = client.get(path).text

    assert [secret for secret in (SECRET, SENDER, TEXT[:20]) if secret in text] == []


def test_the_page_is_in_the_language_of_the_e_mail(client: Client, teacher: Teacher) -> None:
    enquiry = enquired(teacher)
    delivered()
    enquiry.mails.filter(kind="enquiry").update(language="ar")

    assert 'lang="ar"' in client.get(report_link(enquiry, Party.TEACHER).removeprefix("http://testserver")).text


# Links that are none


def links_to(enquiry: Enquiry) -> list[str]:
    links = [report_link(enquiry, Party.TEACHER), report_link(enquiry, Party.SENDER), confirm_link(enquiry)]
    return [link.removeprefix("http://testserver") for link in links]


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "teacher-1", lambda token: "x", str.upper])
def test_a_link_that_was_cut_off_or_invented_leads_to_nothing(client: Client, teacher: Teacher, change: Any) -> None:
    enquiry = enquired(teacher)
    for link in links_to(enquiry):
        before, token, last = re.fullmatch(r"(.*/)([^/]+)(/\w+/)", link).groups()
        for method in (client.get, client.post):
            assert method(before + change(token) + last).status_code == 404
    assert fresh(enquiry).reported_at is None


def test_nothing_is_looked_up_for_a_link_that_nobody_signed(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert enquiry_with("teacher-1.forged") is None


def test_a_link_to_what_is_no_longer_kept_says_so(client: Client, teacher: Teacher) -> None:
    enquiry = enquired(teacher)
    links = links_to(enquiry)
    enquiry.delete()

    assert [client.get(link).status_code for link in links] == [404, 404, 404]


def test_no_cache_keeps_these_pages_and_no_other_site_learns_their_addresses(client: Client, teacher: Teacher) -> None:
    for link in links_to(enquired(teacher)):
        headers = client.get(link).headers

        assert ("no-store" in headers["Cache-Control"], headers["Referrer-Policy"]) == (True, "no-referrer")
        assert "noindex" in headers["X-Robots-Tag"]


# To confirm


@pytest.fixture
def waiting(teacher: Teacher, settings: Any) -> Enquiry:
    """An enquiry on a day that is full."""
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "ENQUIRIES_A_DAY": 0}
    return enquired(teacher)


def test_to_follow_the_link_sends_nothing_and_the_button_sends_once(client: Client, waiting: Enquiry) -> None:
    path = link_in(delivered()[0], "confirm")

    assert "Send my message" in client.get(path).text
    assert delivered() == []
    assert "is on its way" in client.post(path).text
    assert [message.to for message in delivered()] == [[SECRET], [SENDER]]
    assert "is on its way" in client.post(path).text
    assert delivered() == []


@pytest.mark.parametrize(
    "ends",
    [
        lambda enquiry: actions.report(enquiry, by=None),
        lambda enquiry: actions.block_sender(enquiry, why="Advertising.", by=None),
        lambda enquiry: directory.suspend(enquiry.teacher, why="A complaint.", by=None),
    ],
    ids=["reported", "blocked", "suspended"],
)
def test_what_goes_no_more_cannot_be_confirmed(client: Client, waiting: Enquiry, ends: Any) -> None:
    path = link_in(delivered()[0], "confirm")
    ends(waiting)

    assert "is not sent" in client.get(path).text
    assert "is not sent" in client.post(path).text
    assert delivered() == []


def test_what_waits_after_a_failure_keeps_its_time(client: Client, waiting: Enquiry) -> None:
    path = link_in(delivered()[0], "confirm")
    actions.confirm(waiting)
    waiting.mails.filter(kind="enquiry").update(attempts=2, try_at=None)

    assert "is on its way" in client.post(path).text
    assert mail_of(waiting).try_at is None
