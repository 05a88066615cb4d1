"""The preview of the message with letters: as it would come to somebody, by either way; nothing is sent or kept."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from imp_wagtail.letters.models import LetterMessage, Sending
from tests.factories import LetterMessageFactory, PathwayFactory, StageFactory, registrar

pytestmark = pytest.mark.django_db

URLS = "wagtailsnippets_imp_letters_lettermessage"


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser in which a registrar is logged in."""
    client.force_login(registrar())
    return client


def previewed(client: Client, address: str, mode: str, **sent: Any) -> BeautifulSoup:
    assert client.post(address, sent).json() == {"is_valid": True, "is_available": True}
    return BeautifulSoup(client.get(address, {"mode": mode}).text, "html.parser")


def test_a_new_one_can_be_seen_before_it_is_saved(staff: Client) -> None:
    stage = StageFactory(pathway=PathwayFactory(title="IMP", programme="Interpersonal"), title="Engagement")
    text = "Dear {name},\n\n{stage} of {programme}, {number}:\n{link}\n\n{issuer} <b>"

    soup = previewed(staff, reverse(f"{URLS}:preview_on_add"), "link", subject="About {stage}", body=text)

    assert soup.h1.text == f"About {stage}"
    assert "Dear Maria Lindqvist," in soup.text
    assert "Engagement of Interpersonal, " in soup.text
    assert "/letters/0.specimen/" in soup.text
    assert "<b>" in soup.text
    assert not LetterMessage.objects.exists()
    assert not Sending.objects.exists()
    assert mail.outbox == []


def test_of_an_attached_letter_no_link_is_told(staff: Client) -> None:
    message = LetterMessageFactory(subject="Old", body="{link}")
    address = reverse(f"{URLS}:preview_on_edit", args=[message.pk])

    soup = previewed(staff, address, "attachment", subject="New", body="Here it is:\n{link}\n\nUntil soon")

    assert soup.h1.text == "New"
    assert "specimen" not in soup.text
    assert "The letter is attached to this message, as a PDF." in soup.text
    assert "Until soon" in soup.text
    assert LetterMessage.objects.get().subject == "Old"


def test_it_speaks_the_language_of_the_message_and_names_the_pathway_in_it(staff: Client) -> None:
    french = Locale.objects.get_or_create(language_code="fr")[0]
    pathway = PathwayFactory(title="IMP")
    StageFactory(pathway=pathway)
    translation = pathway.copy_for_translation(french)
    translation.title = "Parcours"
    translation.save()
    message = LetterMessageFactory(pathway=pathway, locale=french)
    address = reverse(f"{URLS}:preview_on_edit", args=[message.pk])

    soup = previewed(staff, address, "link", pathway=pathway.pk, subject="{pathway}", body="{link}")

    assert soup.h1.text == "Parcours"
    assert soup.article["lang"] == "fr"


def test_what_could_not_be_sent_is_not_shown(staff: Client) -> None:
    address = reverse(f"{URLS}:preview_on_add")

    assert staff.post(address, {"subject": "{nonsense}", "body": "{link}"}).json()["is_valid"] is False


def test_who_may_not_write_messages_sees_none(client: Client) -> None:
    assert client.get(reverse(f"{URLS}:preview_on_add")).status_code == 302
