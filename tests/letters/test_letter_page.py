"""A letter's page in the register: what it says, its file, its e-mails, its history."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterTemplate, Sending
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import UserFactory, registrar, signed_by

from .conftest import completed, issued
from .test_register import inspect, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

DAY = dt.date(2025, 7, 1)


def bart(stage: Stage) -> Enrolment:
    return completed(stage, "Bart de Vries", email="holder@example.org")


def history_on(client: Client, letter: Letter) -> list[str]:
    return [entry.message for entry in client.get(inspect(letter)).context_data["history"]]


# What it says


def test_the_page_says_all_that_the_letter_says(staff: Client, stage: Stage) -> None:
    LetterTemplate.objects.update(
        letterhead="Main Street 1",
        body="<p>Confirms that <b>{name}</b> completed {stage}.</p><ul><li>In person</li></ul>",
        signatories=[signed_by("A. Signatory", "For the collaborative"), signed_by("B. Second")],
        footer="Keep it well",
        paper="letter",
    )
    page = staff.get(inspect(issued(stage))).text

    for shown in (
        "Main Street 1",
        "<p>Confirms that <b>Ana Núñez</b> completed Engagement.</p><ul><li>In person</li></ul>",
        "A. Signatory, For the collaborative",
        "B. Second",
        "Keep it well",
        "US Letter",
        "English",
        "1 March 2025",
    ):
        assert shown in page


def test_it_says_what_was_printed_and_not_what_is_so_today(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    LetterTemplate.objects.update(footer="Something else")
    Stage.objects.update(title="Renamed")
    letter.enrolment.participant.name = "Somebody Else"
    letter.enrolment.participant.save()

    page = staff.get(inspect(letter)).text
    assert "Ana Núñez" in page
    for today in ("Something else", "Renamed", "Somebody Else"):
        assert today not in page


def test_a_letter_of_the_first_schema_is_shown_too(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    del letter.snapshot["body"], letter.snapshot["paper"]
    letter.snapshot |= {"schema": 1, "paragraphs": ["To whom it may <concern>"], "signatories": []}
    letter.save()

    assert "To whom it may &lt;concern&gt;" in staff.get(inspect(letter)).text


def test_what_somebody_put_into_a_stored_wording_by_hand_does_not_run(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    letter.snapshot["body"] = '<p onclick="alert(1)">Ana<script>alert(2)</script><img src=x onerror=alert(3)></p>'
    letter.save()

    page = staff.get(inspect(letter)).text
    assert "<p>Ana</p>" in page
    assert "alert(" not in page


# File


def test_the_file_is_compared_when_the_page_is_opened(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    path = Path(letter.file.path)
    path.chmod(0o600)

    page = staff.get(inspect(letter))
    assert "as it was issued; compared just now" in page.text
    assert page.context_data["stored"].size == path.stat().st_size

    path.write_bytes(path.read_bytes() + b" ")
    page = staff.get(inspect(letter)).text
    assert "The stored file has been altered since the letter was issued." in page
    assert "as it was issued; compared just now" not in page

    path.unlink()
    assert "The stored file is missing." in staff.get(inspect(letter)).text


# E-mails


def test_every_e_mail_is_told_with_what_became_of_it(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    asker = UserFactory(username="rosa")
    sent(letter, on=DAY, to="ana@example.org", asked_by=asker)
    sent(letter, on=DAY, to="other@example.org", manner=Sending.Manner.LINK, state=Sending.State.UNDER_WAY)
    sent(letter, on=DAY, to="third@example.org", state=Sending.State.FAILED, error="No such user")

    page = staff.get(inspect(letter)).text
    for shown in (
        "ana@example.org",
        "as an attachment",
        "rosa",
        "other@example.org",
        "as a personal link",
        "perhaps sent",
        "third@example.org",
        "No such user",
        "1 July 2025",
    ):
        assert shown in page


def test_trying_again_is_for_those_who_may_send(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    failed = sent(letter, on=DAY, state=Sending.State.FAILED)
    again = reverse("imp_letters_admin:try_again", args=[failed.pk])
    reader = UserFactory()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_letter"]))

    for user, may in ((registrar(), True), (reader, False)):
        client.force_login(user)
        assert (again in client.get(inspect(letter)).text) is may


def test_where_a_letter_went_is_for_those_who_see_participants_or_send(client: Client, stage: Stage) -> None:
    letter = issued(stage, email="ana@example.org")
    actions.send(letter, manner=Sending.Manner.ATTACHMENT, by=None)

    for codename, may in (("view_participant", True), ("send_letter", True), ("withdraw_letter", False)):
        reader = UserFactory()
        reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_letter", codename]))
        client.force_login(reader)
        page = client.get(inspect(letter)).text
        export = b"".join(client.get(reverse("training_letters_modeladmin_index"), {"export": "csv"}))
        assert ("ana@example.org" in page, b"Sent to" in export) == (may, may), codename
        assert "as an attachment" in page


# History


def test_the_history_tells_what_happened_to_this_letter_and_to_no_other(staff: Client, stage: Stage) -> None:
    user = registrar()
    other = issued(stage)
    old = actions.issue(bart(stage), stage, on=DAY, by=user)
    new = actions.replace(old, reason="Misspelt", by=user)
    actions.send(new, manner=Sending.Manner.ATTACHMENT, by=user)
    actions.withdraw(new, reason="Not completed after all", by=user)

    assert history_on(staff, old) == [
        "Letter issued: Engagement (2025-0002)",
        f"Letter replaced: Engagement (2025-0002 → {new.number}). Misspelt",
    ]
    assert history_on(staff, new) == [
        f"Letter replaced: Engagement (2025-0002 → {new.number}). Misspelt",
        f"Letter sent by e-mail: Engagement ({new.number} to holder@example.org, as an attachment)",
        f"Letter withdrawn: Engagement ({new.number} → –). Not completed after all",
    ]
    assert history_on(staff, other) == ["Letter issued: Engagement (2025-0001)"]


def test_a_number_within_a_longer_one_is_another_letter(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    ModelLogEntry.objects.filter(action="imp.letter.issue").update(data={"what": "Engagement", "after": "2025-00010"})

    assert history_on(staff, letter) == []


def test_after_an_erasure_the_history_stays_with_the_letters_and_names_nobody(staff: Client, stage: Stage) -> None:
    user = UserFactory(username="rosa")
    old = actions.issue(bart(stage), stage, on=DAY, by=user)
    new = actions.replace(old, reason="Bart was Bert", by=user)
    actions.send(new, manner=Sending.Manner.ATTACHMENT, by=user)
    before = ModelLogEntry.objects.filter(action__startswith="imp.letter.").count()
    erase(old.enrolment.participant, why="Asked for it.", by=user)
    actions.withdraw(new, reason="Not completed after all", by=user)

    assert history_on(staff, old) == [
        "Letter issued: Engagement (2025-0001)",
        f"Letter replaced: Engagement (2025-0001 → {new.number})",
    ]
    assert history_on(staff, new) == [
        f"Letter replaced: Engagement (2025-0001 → {new.number})",
        f"Letter sent by e-mail: Engagement ({new.number})",
        f"Letter withdrawn: Engagement ({new.number} → –). Not completed after all",
    ]
    kept = ModelLogEntry.objects.filter(action__startswith="imp.letter.")
    assert kept.count() == before + 1
    for entry in kept:
        for name in ("Bart", "Vries", "Bert", "holder@example.org"):
            assert name not in f"{entry.label} {entry.data}"
    assert "rosa" in staff.get(inspect(old)).text


def test_the_page_takes_as_many_queries_for_much_history_as_for_none(staff: Client, stage: Stage) -> None:
    letter, user = issued(stage, email="ana@example.org"), registrar()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(inspect(letter)).status_code == 200
        return len(captured)

    sent(letter, on=DAY, asked_by=user)
    staff.get(inspect(letter))
    one = queries()
    for _each in range(9):
        sent(letter, on=DAY, asked_by=UserFactory())
        actions.send(letter, manner=Sending.Manner.LINK, by=UserFactory())

    assert queries() == one
