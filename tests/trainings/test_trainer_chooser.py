"""Trainers, chosen in a training's form or made on the spot; their list on a site of several languages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, ModelLogEntry

from imp_wagtail.core import roles
from imp_wagtail.trainings.models import Trainer
from tests.factories import QuestionFactory, TrainerFactory, UserFactory, editor
from tests.trainings.support import soup_of

pytestmark = pytest.mark.django_db

CHOOSER = "wagtailsnippetchoosers_imp_trainings_trainer"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(editor())
    return client


def created(client: Client, **values: Any) -> Any:
    return client.post(reverse(f"{CHOOSER}:create"), {"biography": "", **values})


def languages_in(client: Client, address: str) -> list[str]:
    rows = soup_of(client, address).select("table.listing tbody tr")
    assert len(rows) == 2
    words = [[word for word in row.stripped_strings if word in ("English", "Français")] for row in rows]
    return sorted(word for row in words for word in row)


def test_one_is_made_and_chosen(staff: Client) -> None:
    answer = created(staff, name="Ada", biography="Sits.").json()
    trainer = Trainer.objects.get()
    assert (trainer.name, trainer.biography, trainer.locale) == ("Ada", "Sits.", Locale.get_default())
    assert (answer["step"], answer["result"]["string"]) == ("chosen", "Ada")
    made = ModelLogEntry.objects.for_instance(trainer).get()
    assert (made.action, made.user_id) == ("wagtail.create", int(staff.session["_auth_user_id"]))


def test_without_a_name_it_is_refused_beside_the_field(staff: Client) -> None:
    answer = created(staff, name="").json()
    assert answer["step"] == "reshow_creation_form"
    assert "This field is required." in answer["htmlFragment"]
    assert not Trainer.objects.exists()


def test_on_a_site_of_several_languages_it_has_the_one_that_was_said(staff: Client) -> None:
    french = Locale.objects.create(language_code="fr")
    created(staff, name="Ada", locale=french.pk)
    assert Trainer.objects.get().locale == french


def test_the_dialogue_offers_it_to_those_who_may(client: Client, staff: Client) -> None:
    assert "New trainer" in staff.get(reverse(f"{CHOOSER}:choose")).json()["html"]

    client.force_login(UserFactory(role=roles.FACILITATORS))
    assert created(client, name="Ada").status_code == 302
    assert not Trainer.objects.exists()


@pytest.mark.parametrize(("model", "make"), [("trainer", TrainerFactory), ("question", QuestionFactory)])
def test_a_list_says_of_which_language_each_is(staff: Client, settings: Any, model: str, make: type) -> None:
    make()
    make(locale=Locale.objects.create(language_code="fr"))
    address = reverse(f"wagtailsnippets_imp_trainings_{model}:list")
    assert languages_in(staff, address) == ["English", "Français"]

    settings.WAGTAIL_I18N_ENABLED = False
    assert languages_in(staff, address) == []
