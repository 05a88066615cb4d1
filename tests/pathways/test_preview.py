"""The preview of a pathway: what is in the form, as the pathway's page would show it. It saves and asks nothing."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from imp_wagtail.participants import actions
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory
from tests.participants.support import PAST
from tests.pathways.support import (
    URLS,
    as_it_is,
    changed_amount,
    pathway_data,
    requirement_data,
    stage_data,
    stored,
    translated,
)

pytestmark = pytest.mark.django_db


def previewed(client: Client, pathway: Pathway | None, stages: list[dict[str, Any]], **changes: Any) -> BeautifulSoup:
    """The preview that the editor's screen shows of what its form holds."""
    name, arguments = ("preview_on_edit", [pathway.pk]) if pathway else ("preview_on_add", [])
    address = reverse(f"{URLS}:{name}", args=arguments)
    assert client.post(address, pathway_data(pathway, stages, **changes)).json() == {
        "is_valid": True,
        "is_available": True,
    }
    return BeautifulSoup(client.get(address).text, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [heading.text for heading in soup.select(".imp-stage h2")]


def test_shows_what_the_form_holds_and_saves_nothing(staff: Client, pathway: Pathway) -> None:
    before = stored()
    first, second = pathway.stages.all()
    rows = [requirement_data(item) for item in first.requirements.all()]
    rows.append(requirement_data(title="A talk", key="talk"))

    soup = previewed(staff, pathway, [stage_data(first, rows, title="Beginning"), stage_data(second)], title="Way")

    assert soup.h1.text.strip() == soup.title.text.strip() == "Way"
    assert titles(soup) == ["Beginning", "Engagement"]
    assert [item.text for item in soup.select("#stage-preparation .imp-requirement-title")] == [
        "Two retreats",
        "Practice",
        "A talk",
    ]
    assert stored() == before
    assert Pathway.objects.get().title == "IMP"


def test_follows_the_order_in_the_form_and_leaves_out_what_is_removed(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    third = stage_data(title="Completion", key="completion")

    soup = previewed(
        staff, pathway, [stage_data(first, DELETE="1"), stage_data(second, ORDER="2"), {**third, "ORDER": "1"}]
    )

    assert titles(soup) == ["Completion", "Engagement"]


def test_there_is_one_of_a_new_pathway(staff: Client) -> None:
    rows = [requirement_data(title="Sit", key="sit")]

    soup = previewed(staff, None, [stage_data(rows=rows)])

    assert titles(soup) == ["New stage"]
    assert "Sit" in soup.text
    assert not Pathway.objects.exists()


def test_asks_nobody_to_confirm_what_would_follow_for_people(staff: Client, pathway: Pathway) -> None:
    enrolment = EnrolmentFactory(pathway=pathway)
    retreats, practice = pathway.stages.first().requirements.all()
    actions.record_evidence(enrolment, retreats, date=PAST, amount=Decimal(6), by=None)
    actions.record_evidence(enrolment, practice, date=PAST, by=None)

    soup = previewed(staff, pathway, changed_amount(pathway, "1"))
    address = reverse(f"{URLS}:edit", args=[pathway.pk])
    told = staff.post(address, pathway_data(pathway, changed_amount(pathway, "1")))

    assert titles(soup) == ["Preparation", "Engagement"]
    assert "Save once more" in told.text


def test_what_is_wrong_is_not_shown(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    wrong = [stage_data(first, opens_after_months="3"), stage_data(second)]

    answer = staff.post(reverse(f"{URLS}:preview_on_edit", args=[pathway.pk]), pathway_data(pathway, wrong))

    assert answer.json()["is_valid"] is False


def test_a_translation_has_its_own(staff: Client, pathway: Pathway) -> None:
    copy = translated(pathway)

    soup = previewed(staff, copy, as_it_is(copy), title="Parcours")

    assert soup.h1.text.strip() == "Parcours"
    assert titles(soup) == ["Preparation", "Engagement"]
