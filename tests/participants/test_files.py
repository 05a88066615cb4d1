"""Documents of evidence: kept privately, given out to those who may, gone when the evidence is."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from imp_wagtail.core.conf import settings as imp_settings
from imp_wagtail.participants import actions, log
from imp_wagtail.participants.models import Evidence
from tests.factories import EnrolmentFactory, registrar
from tests.participants.support import asked, imp, retreat

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 signed by the teacher"


def with_document(name: str = "Signed Confirmation.PDF") -> Evidence:
    return retreat(EnrolmentFactory(pathway=imp()), file=ContentFile(CONTENT, name=name))


def private_files() -> list[Path]:
    return [path for path in Path(imp_settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_a_document_lies_in_the_private_folder_under_a_name_that_says_nothing() -> None:
    evidence = with_document()
    [path] = private_files()

    assert path.read_bytes() == CONTENT
    assert (path.parent.name, path.suffix) == ("evidence", ".pdf")
    assert "Signed" not in evidence.file.name
    assert path.stat().st_mode & 0o077 == 0


def test_a_document_has_no_public_address() -> None:
    with pytest.raises(ValueError, match="not accessible via a URL"):
        _address = with_document().file.url


def test_a_document_goes_with_its_evidence_but_only_once_that_is_certain(
    django_capture_on_commit_callbacks: Any,
) -> None:
    evidence = with_document()
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_evidence(evidence, why="Another person’s.", by=None)
        assert len(private_files()) == 1

    assert private_files() == []


def test_a_record_that_fails_leaves_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(log, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        with_document()

    assert private_files() == []
    assert not Evidence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_fails_later_keeps_evidence_and_document() -> None:
    evidence = with_document()
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.remove_evidence(evidence, why="Another person’s.", by=None)
        raise RuntimeError

    assert evidence.enrolment.evidence.get().file.read() == CONTENT


def test_a_document_is_given_out_as_a_download_and_kept_nowhere(client: Client) -> None:
    evidence = with_document()
    client.force_login(registrar())
    response = client.get(reverse("imp_participants:evidence_file", args=[evidence.pk]))

    assert b"".join(response.streaming_content) == CONTENT
    assert response.headers["Content-Disposition"] == f'attachment; filename="evidence-{evidence.pk}.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_document_without_an_ending_is_given_out_without_one(client: Client) -> None:
    evidence = with_document("scan")
    client.force_login(registrar())
    response = client.get(reverse("imp_participants:evidence_file", args=[evidence.pk]))

    assert response.headers["Content-Disposition"] == f'attachment; filename="evidence-{evidence.pk}"'


def test_evidence_without_a_document_or_whose_document_is_lost_is_not_found(client: Client) -> None:
    without, lost = retreat(EnrolmentFactory(pathway=imp())), with_document()
    lost.file.storage.delete(lost.file.name)
    client.force_login(registrar())

    for key in (without.pk, lost.pk, 0):
        assert client.get(reverse("imp_participants:evidence_file", args=[key])).status_code == 404


def upload(client: Client, name: str, content: bytes) -> Any:
    enrolment = EnrolmentFactory(pathway=imp())
    address = reverse("imp_participants:record_evidence", args=[enrolment.pk, asked(enrolment.pathway, "practice").pk])
    client.force_login(registrar())
    return client.post(address, {"date": "2024-05-01", "file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("name", ["signed.pdf", "SIGNED.PDF", "photo.jpeg", "a.b.png"])
def test_documents_that_staff_can_open_are_kept(client: Client, name: str) -> None:
    assert upload(client, name, CONTENT).status_code == 302
    assert Evidence.objects.get().file.read() == CONTENT


@pytest.mark.parametrize("name", ["page.html", "script.svg", "program.exe", "pdf", "archive.pdf.zip"])
def test_other_files_are_refused_beside_their_field(client: Client, name: str) -> None:
    response = upload(client, name, CONTENT)

    assert list(response.context["form"].errors) == ["file"]
    assert (Evidence.objects.count(), private_files()) == (0, [])


def test_a_file_that_is_too_large_is_refused_with_its_size(client: Client, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "EVIDENCE_MAX_MB": 1}

    assert upload(client, "fits.pdf", b"x" * 1024 * 1024).status_code == 302
    response = upload(client, "large.pdf", b"x" * (1024 * 1024 + 1))
    assert response.context["form"].errors == {"file": ["This file has 1.0\xa0MB; at most 1 MB are kept."]}
    assert len(private_files()) == 1
