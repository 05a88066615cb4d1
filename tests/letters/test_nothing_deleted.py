"""Letters are never deleted: not by themselves, not with anything that they stand on, not by anybody's screen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model, ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from imp_wagtail.core.models import Job
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterTemplate
from imp_wagtail.pathways.models import Pathway, Stage
from tests.factories import UserFactory, registrar

from .conftest import issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


@pytest.fixture
def letter(stage: Stage) -> Letter:
    """A replaced letter and its successor hang together; this is the first."""
    old = issued(stage)
    actions.replace(old, reason="Misspelt", by=registrar())
    return Letter.objects.get(pk=old.pk)


def test_neither_a_letter_nor_a_selection_of_them_can_be_deleted(letter: Letter) -> None:
    for delete in (letter.delete, Letter.objects.all().delete, Letter.objects.filter(pk=letter.pk).delete):
        with pytest.raises(ProtectedError, match="withdrawn, never deleted"):
            delete()
    assert not hasattr(Letter.objects, "delete")
    assert Letter.objects.count() == 2


STANDS_ON: dict[str, Callable[[Letter], Model]] = {
    "stage": lambda letter: letter.stage,
    "pathway": lambda letter: letter.stage.pathway,
    "enrolment": lambda letter: letter.enrolment,
    "participant": lambda letter: letter.enrolment.participant,
    "successor": lambda letter: letter.replaced_by,
}


@pytest.mark.parametrize("of", STANDS_ON)
def test_what_a_letter_stands_on_cannot_be_deleted(letter: Letter, of: str) -> None:
    with pytest.raises(ProtectedError):
        STANDS_ON[of](letter).delete()
    assert Letter.objects.count() == 2


def test_selections_of_pathways_stages_and_languages_cannot_be_deleted(letter: Letter) -> None:
    for records in (Pathway.objects.all(), Stage.objects.all(), Locale.objects.all()):
        with pytest.raises(ProtectedError):
            records.delete()
    assert Letter.objects.count() == 2


def test_whoever_issued_it_and_the_run_may_go_and_the_letter_stays(letter: Letter) -> None:
    user, run = UserFactory(), Job.objects.create(kind="imp_letters.issue", title="Run")
    Letter.objects.update(issued_by=user, run=run)

    user.delete()
    run.delete()
    LetterTemplate.objects.all().delete()

    assert [(one.issued_by, one.run) for one in Letter.objects.all()] == [(None, None)] * 2


def test_the_screen_that_deletes_pathways_leaves_one_with_letters(client: Client, letter: Letter) -> None:
    client.force_login(UserFactory(superuser=True))
    address = reverse("wagtailsnippets_imp_pathways_pathway:delete", args=[letter.stage.pathway_id])

    client.post(address)

    assert Pathway.objects.filter(pk=letter.stage.pathway_id).exists()
    assert Letter.objects.count() == 2


def test_no_permission_to_add_change_or_delete_a_letter_is_there_to_be_given(db: Any) -> None:
    codenames = Permission.objects.filter(content_type__app_label="imp_letters", content_type__model="letter")
    assert set(codenames.values_list("codename", flat=True)) == {
        "view_letter",
        "issue_letter",
        "send_letter",
        "withdraw_letter",
    }
