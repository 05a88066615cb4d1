"""The personal link to a letter: what it opens, for how long, and what it keeps to itself."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.letters.sending.link_views import PersonalLinkView
from imp_wagtail.letters.sending.personal_links import personal_link
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage

from .conftest import issued
from .mails import asked_for, delivered, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

NAME = "Ana Núñez"


@pytest.fixture
def letter(stage: Stage) -> Letter:
    return issued(stage, NAME)


@pytest.fixture
def sending(letter: Letter) -> Sending:
    return delivered(letter, "link")


def address(sending: Sending) -> str:
    return personal_link(sending).removeprefix("http://testserver")


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def tells_nothing(page: str, letter: Letter) -> bool:
    """Whether nothing of the letter is on a page: no name, stage, number or code, and no button."""
    secrets = (NAME, letter.snapshot["stage"], letter.number, letter.printed_code, letter.code)
    return not any(secret in page for secret in secrets) and "<button" not in page


def test_it_is_the_address_in_the_message(sending: Sending) -> None:
    assert f"\n{personal_link(sending)}\n" in mail.outbox[0].body


def test_the_page_says_whose_letter_it_is_and_has_a_button(client: Client, sending: Sending) -> None:
    response = client.get(address(sending))

    assert response.status_code == 200
    assert NAME in response.text
    assert "Engagement" in response.text
    assert "Download the PDF" in response.text


def test_the_button_gives_the_file_as_it_was_issued(client: Client, sending: Sending, letter: Letter) -> None:
    response = client.post(address(sending))

    assert content(response) == letter.file.read()
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="letter-2025-0001.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_button_works_without_cookies_and_from_a_page_that_names_no_origin(sending: Sending) -> None:
    visitor = Client(enforce_csrf_checks=True)

    assert visitor.post(address(sending), secure=True, headers={"origin": "null"}).status_code == 200
    assert not visitor.cookies


def test_it_opens_again_and_remembers_when_it_was_first_fetched(client: Client, sending: Sending) -> None:
    client.post(address(sending))
    first = fresh(sending).fetched_at
    client.post(address(sending))

    assert first
    assert fresh(sending).fetched_at == first


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_whoever_only_looks_has_not_fetched_it(client: Client, sending: Sending, method: str) -> None:
    response = getattr(client, method)(address(sending))

    assert response.status_code == 200
    assert fresh(sending).fetched_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_kept_by_nobody_on_the_way(client: Client, sending: Sending, method: str) -> None:
    headers = getattr(client, method)(address(sending)).headers

    assert headers["X-Robots-Tag"] == "noindex, noarchive"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in headers["Cache-Control"]


def test_the_page_is_in_the_language_of_the_message(client: Client, sending: Sending) -> None:
    Sending.objects.update(language="ar")

    assert 'lang="ar" dir="rtl"' in client.get(address(sending)).text


def test_it_takes_one_query_and_for_what_nobody_signed_none(client: Client, sending: Sending) -> None:
    client.get(address(sending))
    with CaptureQueriesContext(connection) as captured:
        client.get(address(sending))
    assert len([query for query in captured if "imp_letters" in query["sql"]]) == 1

    with CaptureQueriesContext(connection) as captured:
        client.get("/letters/1.forged/")
    assert [query for query in captured if "imp_letters" in query["sql"]] == []


# What no longer opens


@pytest.mark.parametrize("method", ["get", "post"])
def test_when_its_time_is_over_it_says_so_and_nothing_else(
    client: Client, sending: Sending, letter: Letter, method: str
) -> None:
    Sending.objects.update(expires_at=timezone.now())
    response = getattr(client, method)(address(sending))

    assert response.status_code == 410
    assert "Its time is over" in response.text
    assert tells_nothing(response.text, letter)
    assert fresh(sending).fetched_at is None


def test_it_opens_to_the_last_moment(client: Client, sending: Sending) -> None:
    Sending.objects.update(expires_at=timezone.now() + dt.timedelta(seconds=30))

    assert client.get(address(sending)).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("end", "words"), [("withdraw", "behind it was withdrawn"), ("replace", "was replaced by a newer one")]
)
def test_of_a_letter_that_ended_it_says_so_and_nothing_else(
    client: Client, sending: Sending, letter: Letter, end: str, words: str, method: str
) -> None:
    getattr(actions, end)(letter, reason="A secret reason", by=None)
    response = getattr(client, method)(address(sending))

    assert response.status_code == 410
    assert words in response.text
    assert "secret reason" not in response.text
    assert tells_nothing(response.text, letter)


@pytest.mark.parametrize("method", ["get", "post"])
def test_of_somebody_who_was_erased_it_leads_to_nothing(
    client: Client, sending: Sending, letter: Letter, method: str
) -> None:
    there = address(sending)
    erase(letter.enrolment.participant, why="Asked for it.", by=None)
    response = getattr(client, method)(there)

    assert response.status_code == 404
    assert "No letter is behind it." in response.text
    assert tells_nothing(response.text, letter)


def test_a_file_that_was_altered_is_not_given_out(client: Client, sending: Sending, letter: Letter) -> None:
    letter.file.storage.delete(letter.file.name)
    response = client.post(address(sending))

    assert response.status_code == 503
    assert "Something is wrong with the stored file" in response.text
    assert fresh(sending).fetched_at is None


# What was never a link


FORGERIES: dict[str, Callable[[str, str], str]] = {
    "of another": lambda key, signature: f"{int(key) + 1}.{signature}",
    "cut off": lambda key, signature: f"{key}.{signature[:-3]}",
    "changed": lambda key, signature: f"{key}.{signature.swapcase()}",
    "without a signature": lambda key, signature: f"{key}.",
    "for something else": lambda key, signature: signing.Signer(salt="other", sep=".").sign(key),
    "with more": lambda key, signature: f"{key}.{signature}%00",
    "of no number": lambda key, signature: f"{'9' * 40}.{signature}",
    "in another script": lambda key, signature: f"{key}.ключ",
}


@pytest.mark.parametrize("how", FORGERIES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_makes_one(client: Client, sending: Sending, letter: Letter, how: str, method: str) -> None:
    token = FORGERIES[how](*address(sending).split("/")[2].split("."))
    response = getattr(client, method)(f"/letters/{token}/")

    assert response.status_code == 404
    assert "This link no longer opens" in response.text
    assert tells_nothing(response.text, letter)


def test_a_signed_number_that_no_sending_has_leads_to_nothing(client: Client) -> None:
    token = signing.Signer(salt="imp_letters.personal_link", sep=".").sign("9" * 40)

    assert client.get(f"/letters/{token}/").status_code == 404


def test_what_was_sent_as_an_attachment_has_no_link(client: Client, letter: Letter) -> None:
    assert client.get(address(delivered(letter))).status_code == 404


def test_what_was_not_handed_over_yet_does_not_open(client: Client, letter: Letter) -> None:
    assert client.get(address(asked_for(letter, "link"))).status_code == 404


def test_what_perhaps_arrived_opens(client: Client, sending: Sending) -> None:
    Sending.objects.update(state="under_way")

    assert client.get(address(sending)).status_code == 200


def test_other_pages_of_the_site_below_letters_are_left_to_it() -> None:
    for path in ("/letters/", "/letters/archive/", "/letters/2025/"):
        assert getattr(resolve(path).func, "view_class", None) is not PersonalLinkView
    assert resolve("/letters/1.x/").func.view_class is PersonalLinkView
