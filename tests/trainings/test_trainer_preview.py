"""The preview of a trainer: as the pages of trainings show them."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from imp_wagtail.trainings.models import Trainer
from tests.factories import TrainerFactory, editor

pytestmark = pytest.mark.django_db

URLS = "wagtailsnippets_imp_trainings_trainer"


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser in which an editor is logged in."""
    client.force_login(editor())
    return client


def shown(client: Client, address: str, **sent: str) -> BeautifulSoup:
    assert client.post(address, sent).json()["is_valid"]
    return BeautifulSoup(client.get(address).text, "html.parser").find(class_="imp-person")


def test_shows_what_the_form_holds(staff: Client) -> None:
    trainer = TrainerFactory(name="Zoë Müller", biography="Teaches.")

    person = shown(
        staff, reverse(f"{URLS}:preview_on_edit", args=[trainer.pk]), name="Zoë <b>", biography="Sits.\n\nAnd walks."
    )

    assert person.h3.text == "Zoë <b>"
    assert [paragraph.text for paragraph in person.find_all("p")] == ["Sits.", "And walks."]
    assert Trainer.objects.get().name == "Zoë Müller"


def test_there_is_one_of_somebody_new(staff: Client) -> None:
    assert shown(staff, reverse(f"{URLS}:preview_on_add"), name="P. Otter", biography="").h3.text == "P. Otter"
