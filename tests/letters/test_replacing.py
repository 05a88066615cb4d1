"""Correcting a letter: what the new one will say otherwise, the way to the person's details and back, and the day."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.core.storage import private_storage
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterTemplate
from imp_wagtail.letters.register.differences import differences
from imp_wagtail.participants.models import StageCompletion
from imp_wagtail.pathways.models import Stage
from tests.factories import UserFactory, registrar

from .conftest import issued
from .test_register import REGISTER, inspect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def address(letter: Letter) -> str:
    return reverse("imp_letters_admin:replace", args=[letter.pk])


def told(letter: Letter) -> dict[str, tuple[str, str]]:
    return {str(one.label): (one.before, one.after) for one in differences(letter)}


# What will be different


def test_nothing_differs_while_the_record_is_as_it_was(staff: Client, stage: Stage) -> None:
    letter = issued(stage)

    assert differences(letter) == []
    assert "the new letter will say the same" in staff.get(address(letter)).text


def test_a_corrected_name_is_told_wherever_it_stands(staff: Client, stage: Stage) -> None:
    letter = issued(stage, "Ana Nunez")
    letter.enrolment.participant.printed_name = "Ana <Núñez>"
    letter.enrolment.participant.save()

    assert told(letter) == {
        "Name": ("Ana Nunez", "Ana <Núñez>"),
        "Wording": tuple(
            f"This is to confirm that {name} completed Engagement on 1 March 2025."
            for name in ("Ana Nunez", "Ana <Núñez>")
        ),
    }
    page = staff.get(address(letter)).text
    assert "What the new letter will say otherwise" in page
    assert "Ana &lt;Núñez&gt;" in page


def test_what_staff_changed_in_the_wording_since_is_told_too(stage: Stage) -> None:
    letter = issued(stage)
    LetterTemplate.objects.update(footer="Keep it well", paper="letter", place="")

    assert told(letter) == {
        "Footer": ("", "Keep it well"),
        "Paper": ("A4 (210 × 297 mm)", "US Letter (8½ × 11 in)"),
        "Place of issue": ("Utrecht", ""),
    }


def test_to_look_changes_nothing(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    before = list(Letter.objects.values()), private_storage().listdir("letters")

    staff.get(address(letter))

    assert (list(Letter.objects.values()), private_storage().listdir("letters")) == before


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda: LetterTemplate.objects.all().delete(), "There is no letter template"),
        (lambda: StageCompletion.objects.update(stands=None), "is not completed"),
    ],
)
def test_why_no_letter_can_be_issued_is_told_before_the_form_is_filled_in(
    staff: Client, stage: Stage, spoil: Any, why: str
) -> None:
    letter = issued(stage)
    spoil()

    assert why in staff.get(address(letter)).text


# To the details and back


def test_a_misspelt_name_is_corrected_from_the_form_and_back(staff: Client, stage: Stage) -> None:
    letter = issued(stage, "Ana Nunez", language="")
    back = f"{REGISTER}?q=ana"
    form = staff.get(address(letter), {"next": back})
    details = form.context_data["details_url"]
    assert details.replace("&", "&amp;") in form.text

    page = staff.get(details)
    data = {
        name: field.value() or ""
        for name, field in ((field.name, field) for field in page.context_data["form"].visible_fields())
    }
    saved = staff.post(details, {**data, "name": "Ana Núñez", "once": page.context_data["once_token"]})
    assert saved.url == f"{address(letter)}?next={REGISTER.replace('/', '%2F')}%3Fq%3Dana"
    assert "Ana Núñez" in staff.get(saved.url).text
    replaced = staff.post(saved.url, {"reason": "Misspelt", "issued_on": "2025-07-01"})

    assert replaced.url == back
    new = Letter.objects.valid().get()
    assert (new.name, new.number) == ("Ana Núñez", "2025-0002")


def test_details_lead_nowhere_off_the_site(staff: Client, stage: Stage) -> None:
    participant = issued(stage).enrolment.participant
    details = reverse("imp_participants:edit", args=[participant.pk])

    page = staff.get(details, {"next": "https://elsewhere.example/"})
    assert "elsewhere.example" not in page.context_data["cancel_url"]


def test_whoever_may_not_change_people_is_not_led_there(client: Client, stage: Stage) -> None:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "withdraw_letter"]))
    client.force_login(user)

    page = client.get(address(issued(stage)))
    assert page.status_code == 200
    assert "Correct the person" not in page.text


# Afterwards


def test_register_and_record_say_what_ended_when_and_what_stands_instead(staff: Client, stage: Stage) -> None:
    old = issued(stage)
    new = actions.replace(old, reason="Misspelt", by=registrar())
    record = reverse("imp_participants:record", args=[old.enrolment.participant_id])
    today = timezone.localdate()

    for page in (staff.get(REGISTER).text, staff.get(record).text):
        assert "replaced" in page
        assert str(today.year) in page
        assert f"→ {new.number}" in page
    assert f'by <a href="{inspect(new)}">{new.number}</a>' in staff.get(inspect(old)).text
    assert f'in place of <a href="{inspect(old)}">{old.number}</a>' in staff.get(inspect(new)).text


# The day


@pytest.fixture
def new_year_s_eve(monkeypatch: pytest.MonkeyPatch) -> None:
    """11:30 on 31 December in Greenwich: past midnight in Auckland, and still the 31st in Honolulu."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2025, 12, 31, 11, 30, tzinfo=dt.UTC))


@pytest.mark.usefixtures("new_year_s_eve")
@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", dt.date(2026, 1, 1)), ("Pacific/Honolulu", dt.date(2025, 12, 31))]
)
def test_the_day_is_the_one_where_the_registrar_is(stage: Stage, zone: str, day: dt.date) -> None:
    withdrawn, replaced = issued(stage), issued(stage)
    with timezone.override(zone):
        withdrawn = actions.withdraw(withdrawn, reason="A mistake", by=None)
        successor = actions.replace(replaced, reason="A mistake", by=None)

    replaced.refresh_from_db()
    assert withdrawn.ended_on == replaced.ended_on == successor.issued_on == day
    assert successor.number == f"{day.year}-{'0001' if day.year == 2026 else '0003'}"


@pytest.mark.usefixtures("new_year_s_eve")
def test_tomorrow_is_refused_where_it_still_is_tomorrow(stage: Stage) -> None:
    letter = issued(stage)

    with timezone.override("Pacific/Honolulu"), pytest.raises(ValidationError) as refused:
        actions.replace(letter, reason="A mistake", on=dt.date(2026, 1, 1), by=None)
    assert list(refused.value.error_dict) == ["issued_on"]
    with timezone.override("Pacific/Auckland"):
        assert actions.replace(letter, reason="A mistake", on=dt.date(2026, 1, 1), by=None).year == 2026
