"""Letters of somebody who was erased: they stay, are checked and withdrawn, and lead to no record."""

import csv
import io
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter
from imp_wagtail.letters.signals import letter_withdrawn
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, editor, facilitator, registrar

from .conftest import completed, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

NAME = "Ana Núñez"


@pytest.fixture
def letter(stage: Stage) -> Letter:
    """A valid letter whose person was erased."""
    return erased(issued(stage, NAME))


def erased(letter: Letter) -> Letter:
    erase(letter.enrolment.participant, why="Asked for it.", by=None)
    return Letter.objects.get(pk=letter.pk)


def address(action: str, letter: Letter) -> str:
    return reverse(f"imp_letters_admin:{action}", args=[letter.pk])


def inspect(letter: Letter) -> str:
    return f"/admin/training/letters/inspect/{letter.pk}/"


def test_anybody_can_check_it_as_before(client: Client, letter: Letter) -> None:
    page = client.get(reverse("imp_letters:verify_code", args=[letter.printed_code]))

    assert page.status_code == 200
    assert "This letter is genuine" in page.text
    assert NAME in page.text


def test_the_register_has_it_and_finds_it(staff: Client, letter: Letter) -> None:
    for query in ({}, {"q": "Ana"}, {"q": letter.code}, {"year": "2025"}, {"pathway": letter.stage.pathway.key}):
        response = staff.get("/admin/training/letters/", query)
        assert (query, list(response.context_data["object_list"])) == (query, [letter])


def test_the_filter_by_pathway_leaves_those_of_others_out(staff: Client, letter: Letter) -> None:
    other = StageFactory()
    LetterTemplateFactory(pathway=other.pathway)
    another = erased(issued(other, "Bart"))

    response = staff.get("/admin/training/letters/", {"pathway": other.pathway.key})
    assert list(response.context_data["object_list"]) == [another]


def test_the_register_s_export_has_it(staff: Client, letter: Letter) -> None:
    response = staff.get("/admin/training/letters/", {"export": "csv"})
    [row] = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))

    assert (row["Name as printed"], row["State"]) == (NAME, "valid")


def test_the_register_takes_as_many_queries_with_erased_people_as_with_others(staff: Client, stage: Stage) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get("/admin/training/letters/").status_code == 200
        return len(captured)

    letters = [issued(stage) for _each in range(3)]
    staff.get("/admin/training/letters/")
    before = queries()
    for letter in letters:
        erased(letter)

    assert queries() == before


def test_its_page_leads_to_no_record_and_says_why(staff: Client, letter: Letter) -> None:
    page = staff.get(inspect(letter)).text

    assert NAME in page
    assert "erased; only the letter is kept" in page
    assert "/training/participants/1" not in page
    assert address("download", letter) in page
    assert address("withdraw", letter) in page
    assert address("replace", letter) not in page


def test_the_page_of_somebody_on_record_leads_there_and_says_nothing_of_erasing(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    page = staff.get(inspect(letter)).text

    assert reverse("imp_participants:record", args=[letter.enrolment.participant_id]) in page
    assert "erased" not in page
    assert address("replace", letter) in page


def test_it_is_downloaded_as_it_was_issued(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    content = letter.file.read()
    response = staff.get(address("download", erased(letter)))

    assert b"".join(response.streaming_content) == content


def test_a_file_that_was_altered_is_refused_with_a_way_back_to_the_register(staff: Client, letter: Letter) -> None:
    letter.file.storage.delete(letter.file.name)
    response = staff.get(address("download", letter))

    assert response.status_code == 409
    assert "or replace the letter" not in response.text
    assert f'href="{inspect(letter)}"' in response.text


# Withdrawing


def test_it_is_withdrawn_and_the_log_has_its_number_and_no_name(letter: Letter) -> None:
    user, sent = registrar(), []
    letter_withdrawn.connect(lambda letter, **kwargs: sent.append(letter), weak=False, dispatch_uid="test")
    try:
        withdrawn = actions.withdraw(letter, reason="Issued by mistake.", by=user)
    finally:
        letter_withdrawn.disconnect(dispatch_uid="test")

    assert (withdrawn.state, withdrawn.reason, sent) == ("withdrawn", "Issued by mistake.", [withdrawn])
    _issued, entry = ModelLogEntry.objects.for_instance(letter).order_by("pk")
    assert (entry.action, entry.user, entry.label) == ("imp.letter.withdraw", user, letter.number)
    assert NAME not in str(entry.data)


def test_the_form_withdraws_it_and_leads_to_the_register(staff: Client, letter: Letter) -> None:
    page = staff.get(address("withdraw", letter))
    assert inspect(letter) in page.text
    response = staff.post(address("withdraw", letter), {"reason": "A mistake"}, follow=True)

    assert response.redirect_chain == [(inspect(letter), 302)]
    assert "Letter 2025-0001 withdrawn." in response.text
    assert not Letter.objects.valid().exists()


def test_a_letter_read_before_its_person_was_erased_is_withdrawn_all_the_same(stage: Stage) -> None:
    before = issued(stage)
    erased(before)

    assert actions.withdraw(before, reason="A mistake", by=None).state == "withdrawn"


# Replacing


def test_it_is_not_replaced_and_nothing_changes(letter: Letter) -> None:
    before = list(Letter.objects.values())
    with pytest.raises(ValidationError, match="no record from which another letter could be issued"):
        actions.replace(letter, reason="Misspelt", by=None)

    assert list(Letter.objects.values()) == before


def test_the_form_to_replace_it_says_why_not(staff: Client, letter: Letter) -> None:
    for response in (
        staff.get(address("replace", letter)),
        staff.post(address("replace", letter), {"reason": "Misspelt", "issued_on": "2025-07-01"}),
    ):
        assert response.status_code == 200
        assert "This one can only be withdrawn." in response.text
        assert "Name on the new letter" not in response.text
    assert Letter.objects.count() == 1


# Others


def test_the_letters_of_others_are_as_they_were(staff: Client, stage: Stage) -> None:
    other = issued(stage, "Bart")
    erased(issued(stage, NAME))
    record = staff.get(reverse("imp_participants:record", args=[other.enrolment.participant_id])).text

    assert other.number in record
    assert NAME not in record
    assert actions.replace(other, reason="Misspelt", by=None).enrolment == other.enrolment


def test_a_namesake_who_comes_later_has_none_of_them(staff: Client, letter: Letter) -> None:
    again = completed(letter.stage, NAME)
    new = actions.issue(again, letter.stage, by=None)

    assert Participant.objects.get() == again.participant
    assert list(again.letters.all()) == [new]
    assert new.pk != letter.pk


def test_several_valid_letters_of_erased_people_stand_side_by_side(stage: Stage) -> None:
    letters = [erased(issued(stage, name)) for name in ("Ana", "Bart")]

    assert list(Letter.objects.valid().order_by("pk")) == letters


@pytest.mark.parametrize("who", [editor, facilitator])
def test_its_forms_and_its_file_ask_for_the_same_rights(client: Client, letter: Letter, who: Callable) -> None:
    client.force_login(who())

    for action in ("replace", "withdraw", "download"):
        assert (action, client.get(address(action, letter)).status_code) == (action, 302)
        assert (action, client.post(address(action, letter), {"reason": "x"}).status_code) in [
            (action, 302),
            (action, 405),
        ]
    assert Letter.objects.valid().exists()
