"""Trainers found by parts of their names: where one is chosen for a training, and in their own list.

With transactions that end: MariaDB's index of words knows nothing of what is not committed.
"""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from imp_wagtail.trainings.models import Trainer
from tests.factories import TrainerFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "wagtailsnippets_imp_trainings_trainer:list_results"
CHOOSER = "wagtailsnippetchoosers_imp_trainings_trainer"


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser in which somebody is logged in; there are three trainers, one of them French."""
    client.force_login(UserFactory(superuser=True))
    TrainerFactory(name="Zoë Müller")
    TrainerFactory(name="Ada Hartmann", biography="Trained with Zoë Müller.")
    TrainerFactory(name="Muriel Hartmann", locale=Locale.objects.create(language_code="fr"))
    return client


def found(client: Client, name: str, **query: Any) -> list[str]:
    """The names of those who are listed, in that order."""
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    names = set(Trainer.objects.values_list("name", flat=True))
    return [word for word in BeautifulSoup(response.text, "html.parser").stripped_strings if word in names]


def test_the_dialogue_has_a_field_for_it(staff: Client) -> None:
    form = BeautifulSoup(staff.get(reverse(f"{CHOOSER}:choose")).json()["html"], "html.parser")
    assert form.find("input", {"name": "q"})


@pytest.mark.parametrize("place", [f"{CHOOSER}:choose_results", LIST])
def test_it_shows_whoever_has_these_words_in_the_name(staff: Client, place: str) -> None:
    both = ["Ada Hartmann", "Muriel Hartmann"]
    assert found(staff, place, q="müll") == ["Zoë Müller"]
    assert found(staff, place, q="MÜLLER ZOË") == ["Zoë Müller"]
    assert sorted(found(staff, place, q="hart")) == both
    assert found(staff, place, q="hart", locale="fr") == ["Muriel Hartmann"]
    assert found(staff, place, q="trained") == []
    assert found(staff, place, q="(*") == []


def test_somebody_made_while_choosing_is_found(staff: Client) -> None:
    staff.post(reverse(f"{CHOOSER}:create"), {"name": "P. Otter", "locale": Locale.get_default().pk})
    assert found(staff, f"{CHOOSER}:choose_results", q="ott") == ["P. Otter"]


def test_what_the_list_found_is_sorted_by_name(staff: Client) -> None:
    both = ["Ada Hartmann", "Muriel Hartmann"]
    assert found(staff, LIST, q="hart", ordering="name") == both
    assert found(staff, LIST, q="hart", ordering="-name") == both[::-1]
