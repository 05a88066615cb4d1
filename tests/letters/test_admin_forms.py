"""The registrar's forms: what is wrong stands beside its field, and then nothing has changed."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.core.pdf import MissingCharacters
from imp_wagtail.letters.models import Letter, LetterYear
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Stage
from tests.factories import EnrolmentFactory, StageFactory, UserFactory, editor, facilitator

from .conftest import completed, issued
from .printing import QuickRenderer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def issue_address(enrolment: Enrolment, stage: Stage) -> str:
    return reverse("imp_letters_admin:issue", args=[enrolment.pk, stage.pk])


def address(action: str, letter: Letter) -> str:
    return reverse(f"imp_letters_admin:{action}", args=[letter.pk])


def record(enrolment: Enrolment) -> str:
    return reverse("imp_participants:record", args=[enrolment.participant_id])


# Issuing


def test_the_form_shows_what_will_be_printed_and_today_s_date(staff: Client, stage: Stage) -> None:
    enrolment = completed(stage, "Ana", printed_name="Dr Ana <Núñez>")

    response = staff.get(issue_address(enrolment, stage))

    page = response.content.decode()
    assert "Dr Ana &lt;Núñez&gt;" in page
    assert "Engagement" in page
    assert stage.pathway.title in page
    assert response.context_data["form"]["issued_on"].value() == timezone.localdate()


def test_a_letter_is_issued_and_the_form_leads_back_to_the_record(staff: Client, stage: Stage) -> None:
    enrolment = completed(stage)

    response = staff.post(issue_address(enrolment, stage), {"issued_on": "2025-06-01"}, follow=True)

    letter = Letter.objects.get()
    assert (letter.number, letter.issued_on, letter.issued_by) == (
        "2025-0001",
        dt.date(2025, 6, 1),
        response.wsgi_request.user,
    )
    assert response.redirect_chain == [(record(enrolment), 302)]
    assert "Letter 2025-0001 issued." in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2025-02-28", "The stage was completed on 1 March 2025; its letter cannot be dated before that."),
        ("2999-01-01", "This date lies in the future."),
        ("31.02.2025", "Enter a valid date."),
        ("", "This field is required."),
    ],
)
def test_a_wrong_date_is_refused_beside_the_field(staff: Client, stage: Stage, typed: str, why: str) -> None:
    response = staff.post(issue_address(completed(stage), stage), {"issued_on": typed})

    assert response.status_code == 200
    assert response.context_data["form"].errors == {"issued_on": [why]}
    assert not Letter.objects.exists()
    assert not LetterYear.objects.filter(last_number__gt=0).exists()


def test_a_form_that_is_sent_twice_issues_one_letter(staff: Client, stage: Stage) -> None:
    enrolment = completed(stage)
    form = {"issued_on": "2025-06-01"}

    first, second = (staff.post(issue_address(enrolment, stage), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 200)
    assert Letter.objects.count() == 1
    assert "was issued on 1 June 2025 (2025-0001)" in second.content.decode()


def test_a_stage_that_is_not_completed_gets_a_message_and_no_letter(staff: Client, stage: Stage) -> None:
    enrolment = EnrolmentFactory(pathway=stage.pathway)

    response = staff.post(issue_address(enrolment, stage), {"issued_on": "2025-06-01"})

    assert "“Engagement” is not completed" in response.content.decode()
    assert not Letter.objects.exists()


def test_a_letter_that_cannot_be_printed_gets_a_message_and_no_number(
    staff: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: QuickRenderer, snapshot: dict) -> bytes:
        raise MissingCharacters("王")

    monkeypatch.setattr(QuickRenderer, "render", fail)
    response = staff.post(issue_address(completed(stage), stage), {"issued_on": "2025-06-01"})

    assert "No font on this server has 王, so no letter was issued." in response.content.decode()
    assert not Letter.objects.exists()
    assert not LetterYear.objects.filter(last_number__gt=0).exists()


def test_a_stage_of_another_pathway_is_not_found(staff: Client, stage: Stage) -> None:
    enrolment = completed(stage)

    assert staff.get(issue_address(enrolment, StageFactory())).status_code == 404
    assert staff.get(reverse("imp_letters_admin:issue", args=[0, stage.pk])).status_code == 404


# Replacing and withdrawing


def test_a_letter_is_replaced(staff: Client, stage: Stage) -> None:
    letter = issued(stage)

    page = staff.get(address("replace", letter)).content.decode()
    response = staff.post(address("replace", letter), {"reason": "Misspelt", "issued_on": "2025-07-01"}, follow=True)

    assert "2025-0001" in page
    letter.refresh_from_db()
    assert (letter.state, letter.replaced_by.number, letter.reason) == ("replaced", "2025-0002", "Misspelt")
    assert response.redirect_chain == [(record(letter.enrolment), 302)]
    assert "Letter 2025-0001 replaced by 2025-0002." in response.content.decode()


def test_a_letter_is_withdrawn(staff: Client, stage: Stage) -> None:
    letter = issued(stage)

    response = staff.post(address("withdraw", letter), {"reason": "Issued by mistake"}, follow=True)

    letter.refresh_from_db()
    assert (letter.state, letter.reason) == ("withdrawn", "Issued by mistake")
    assert response.redirect_chain == [(record(letter.enrolment), 302)]
    assert "Letter 2025-0001 withdrawn." in response.content.decode()


@pytest.mark.parametrize(
    ("action", "form", "wrong"),
    [
        ("withdraw", {"reason": ""}, "reason"),
        ("withdraw", {"reason": "   "}, "reason"),
        ("withdraw", {"reason": "x" * 4001}, "reason"),
        ("replace", {"reason": "", "issued_on": "2025-06-01"}, "reason"),
        ("replace", {"reason": "Misspelt", "issued_on": "2025-02-01"}, "issued_on"),
        ("replace", {"reason": "Misspelt", "issued_on": "2999-01-01"}, "issued_on"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_letter_stays_valid(
    staff: Client, stage: Stage, action: str, form: dict[str, str], wrong: str
) -> None:
    letter = issued(stage)

    response = staff.post(address(action, letter), form)

    assert response.status_code == 200
    assert list(response.context_data["form"].errors) == [wrong]
    assert Letter.objects.get().is_valid


@pytest.mark.parametrize("action", ["replace", "withdraw"])
def test_a_letter_that_has_ended_is_left_as_it_is(staff: Client, stage: Stage, action: str) -> None:
    letter = issued(stage)
    form = {"reason": "Issued by mistake", "issued_on": "2025-07-01"}
    staff.post(address(action, letter), form)
    count = Letter.objects.count()

    response = staff.post(address(action, letter), {**form, "reason": "Once more"})

    assert response.status_code == 200
    assert "Letter 2025-0001 is" in response.content.decode()
    assert Letter.objects.count() == count
    assert not Letter.objects.filter(reason="Once more").exists()


def test_the_form_leads_back_to_where_it_was_called_from_and_never_off_the_site(staff: Client, stage: Stage) -> None:
    there, elsewhere = "/admin/training/letters/?q=ana", "https://elsewhere.example/"

    for back, leads_to in [(there, there), (elsewhere, None), ("//elsewhere.example", None)]:
        letter = issued(stage)
        response = staff.post(f"{address('withdraw', letter)}?next={back}", {"reason": "A mistake"})
        assert response.url == (leads_to or record(letter.enrolment))


# Who


@pytest.mark.parametrize("action", ["issue", "replace", "withdraw"])
def test_nobody_but_registrars_acts_on_letters(client: Client, stage: Stage, action: str) -> None:
    letter, enrolment = issued(stage), completed(stage)
    target = issue_address(enrolment, stage) if action == "issue" else address(action, letter)
    form = {"reason": "A mistake", "issued_on": "2025-07-01"}

    for user in (None, UserFactory(), editor(), facilitator()):
        if user:
            client.force_login(user)
        assert client.get(target).status_code == 302
        assert client.post(target, form).status_code == 302
    assert [found.state for found in Letter.objects.all()] == ["valid"]


@pytest.mark.parametrize(
    ("permission", "may"),
    [
        ("view_letter", {"download"}),
        ("issue_letter", {"issue"}),
        ("send_letter", {"send"}),
        ("withdraw_letter", {"replace", "withdraw"}),
    ],
)
def test_each_act_has_its_own_permission(client: Client, stage: Stage, permission: str, may: set[str]) -> None:
    letter, enrolment = issued(stage), completed(stage)
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", permission]))
    client.force_login(user)

    pages = {name: address(name, letter) for name in ("download", "send", "replace", "withdraw")}
    pages["issue"] = issue_address(enrolment, stage)
    assert {name for name, page in pages.items() if client.get(page).status_code == 200} == may
