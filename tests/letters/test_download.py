"""The letter's file: the same bytes for ever, for those who may have it, and never anything else."""

import hashlib
import logging
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterTemplate
from imp_wagtail.pathways.models import Stage
from tests.factories import UserFactory, editor, facilitator, registrar

from .conftest import issued

pytestmark = pytest.mark.django_db


def address(letter: Letter) -> str:
    return reverse("imp_letters_admin:download", args=[letter.pk])


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_letter_is_downloaded_byte_for_byte_as_it_was_issued(staff: Client, stage: Stage) -> None:
    letter = issued(stage)  # a real PDF
    first = content(staff.get(address(letter)))
    LetterTemplate.objects.update(body="Something else.")
    letter.enrolment.participant.name = "Somebody else"
    letter.enrolment.participant.save()
    actions.withdraw(letter, reason="Issued by mistake", by=None)

    assert first.startswith(b"%PDF-")
    assert hashlib.sha256(first).hexdigest() == letter.sha256
    assert content(staff.get(address(letter))) == first


@pytest.mark.usefixtures("quick_pdf")
def test_a_download_is_a_file_with_the_letter_s_number_and_kept_by_no_cache(staff: Client, stage: Stage) -> None:
    headers = staff.get(address(issued(stage))).headers

    assert headers["Content-Disposition"] == 'attachment; filename="letter-2025-0001.pdf"'
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.usefixtures("quick_pdf")
def test_only_those_who_may_see_letters_get_one(client: Client, stage: Stage) -> None:
    letter = issued(stage)

    assert client.get(address(letter)).status_code == 302
    for user, status in [(editor(), 302), (facilitator(), 302), (UserFactory(), 302), (registrar(), 200)]:
        client.force_login(user)
        assert client.get(address(letter)).status_code == status, user


@pytest.mark.usefixtures("quick_pdf")
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.unlink(), "The stored file is missing."),
        (lambda path: path.write_bytes(path.read_bytes() + b" "), "The stored file has been altered"),
    ],
)
def test_a_missing_or_altered_file_is_reported_and_not_given_out(
    staff: Client, stage: Stage, caplog: pytest.LogCaptureFixture, spoil: Any, why: str
) -> None:
    letter = issued(stage)
    path = Path(letter.file.path)
    path.chmod(0o600)
    spoil(path)

    with caplog.at_level(logging.ERROR, "imp_wagtail.letters"):
        response = staff.get(address(letter))

    assert response.status_code == 409
    assert why in response.content.decode()
    assert b"%PDF" not in response.content
    assert "2025-0001" in caplog.text


@pytest.mark.usefixtures("quick_pdf")
def test_a_stored_letter_has_no_public_address_and_is_for_the_site_s_own_account_only(
    client: Client, stage: Stage
) -> None:
    letter = issued(stage)

    assert Path(letter.file.path).stat().st_mode & 0o077 == 0
    assert client.get(f"/media/{letter.file.name}").status_code == 404


def test_there_is_no_file_of_a_letter_that_there_is_not(staff: Client) -> None:
    assert staff.get(reverse("imp_letters_admin:download", args=[1])).status_code == 404
