"""Letters when two records of one person become one."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter
from imp_wagtail.letters.moving import move_letters
from imp_wagtail.participants.duplicates.merging import merge
from imp_wagtail.participants.signals import participants_merging
from imp_wagtail.pathways.models import Stage
from tests.factories import StageFactory
from tests.letters.conftest import COMPLETED_ON, ISSUED_ON, completed, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def stored(letter: Letter) -> dict[str, Any]:
    """All that is on record of a letter, but whose it is."""
    row = Letter.objects.filter(pk=letter.pk).values().get()
    del row["enrolment_id"]
    return row


def test_a_letter_follows_its_enrolment_and_does_not_change(stage: Stage) -> None:
    letter = issued(stage, "Anna Nunez")
    before = stored(letter)
    kept = completed(stage, "Ana Núñez")
    merge(kept.participant, letter.enrolment.participant, by=None)

    letter.refresh_from_db()
    assert letter.enrolment == kept
    assert stored(letter) == before


def test_a_letter_on_another_pathway_stays_with_its_enrolment(stage: Stage) -> None:
    letter, kept = issued(stage, "Anna Nunez"), completed(StageFactory(), "Ana Núñez")
    merge(kept.participant, letter.enrolment.participant, by=None)

    letter.refresh_from_db()
    assert letter.enrolment.participant == kept.participant


def test_letters_that_no_longer_stand_come_along_beside_the_valid_one(stage: Stage) -> None:
    old, valid = issued(stage, "Anna Nunez"), issued(stage, "Ana Núñez")
    actions.withdraw(old, reason="A mistake.", by=None)
    merge(valid.enrolment.participant, old.enrolment.participant, by=None)

    states = dict(Letter.objects.filter(enrolment=valid.enrolment).values_list("pk", "state"))
    assert states == {old.pk: "withdrawn", valid.pk: "valid"}


def test_two_valid_letters_for_one_stage_keep_two_records_apart(stage: Stage) -> None:
    one, another = issued(stage, "Ana Núñez"), issued(stage, "Anna Nunez")
    with pytest.raises(ValidationError) as refusal:
        merge(one.enrolment.participant, another.enrolment.participant, by=None)

    assert refusal.value.messages == [
        f"Letters {one.number} and {another.number} are both valid for “Engagement”. "
        "Withdraw one of them, then merge the records."
    ]
    assert Letter.objects.get(pk=another.pk).enrolment == another.enrolment

    actions.withdraw(another, reason="The other one stands.", by=None)
    merge(one.enrolment.participant, another.enrolment.participant, by=None)
    assert set(Letter.objects.values_list("enrolment", flat=True)) == {one.enrolment_id}


def test_a_letter_may_still_be_issued_withdrawn_and_replaced_afterwards(stage: Stage) -> None:
    letter = issued(stage, "Anna Nunez")
    kept = completed(stage, "Ana Núñez")
    merge(kept.participant, letter.enrolment.participant, by=None)

    letter.refresh_from_db()
    successor = actions.replace(letter, reason="The name.", on=ISSUED_ON, by=None)
    assert (successor.enrolment, successor.name) == (kept, "Ana Núñez")
    assert successor.snapshot["completed_on"] == COMPLETED_ON.isoformat()


def test_a_record_with_letters_that_nobody_moves_is_not_deleted(stage: Stage) -> None:
    letter, kept = issued(stage, "Anna Nunez"), completed(stage, "Ana Núñez")
    participants_merging.disconnect(move_letters, dispatch_uid="imp_letters.move_letters")
    try:
        with pytest.raises(ValidationError, match=r"cannot be moved \(letters\)"):
            merge(kept.participant, letter.enrolment.participant, by=None)
    finally:
        participants_merging.connect(move_letters, dispatch_uid="imp_letters.move_letters")


def test_the_comparison_names_the_letters_of_both(staff: Client, stage: Stage) -> None:
    one, another = issued(stage, "Ana Núñez"), issued(stage, "Anna Nunez")
    actions.withdraw(another, reason="A mistake.", by=None)
    people = [letter.enrolment.participant_id for letter in (one, another)]
    lines = staff.get(reverse("imp_participants:merge", args=people)).context["lines"]

    [row] = [row for row, _field in lines if row.label == "Letters"]
    assert (row.keep, row.other) == (f"{one.number} (Engagement, valid)", f"{another.number} (Engagement, withdrawn)")
