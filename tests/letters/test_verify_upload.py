"""Checking a letter by its file: the genuine one leads to its answer, an edited one is found out, none is kept."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter
from imp_wagtail.pathways.models import Stage

from .conftest import issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

CHANGED = "This file is not one that we issued"


def send(client: Client, content: bytes, name: str = "letter.pdf", **headers: Any) -> HttpResponse:
    return client.post("/verify/", {"file": SimpleUploadedFile(name, content)}, **headers)


def bytes_of(letter: Letter) -> bytes:
    with letter.file.open() as file:
        return file.read()


def test_the_genuine_file_leads_to_the_answer_for_its_code(client: Client, stage: Stage) -> None:
    letter = issued(stage)

    response = send(client, bytes_of(letter), name="renamed by somebody.bin")

    assert (response.status_code, response.url) == (302, f"/verify/{letter.printed_code}/")


def test_a_withdrawn_or_replaced_letter_s_file_leads_to_its_answer_too(client: Client, stage: Stage) -> None:
    old, gone = issued(stage, "Ana"), issued(stage, "Bart")
    actions.replace(old, reason="Misspelt", by=None)
    actions.withdraw(gone, reason="By mistake", by=None)

    for letter in (old, gone):
        assert send(client, bytes_of(letter)).url == f"/verify/{letter.printed_code}/"


@pytest.mark.parametrize("edit", [lambda content: content + b"\n", lambda content: content.replace(b"Ana", b"Bob")])
def test_an_edited_file_is_found_out(client: Client, stage: Stage, edit: Any) -> None:
    content = edit(bytes_of(issued(stage)))

    response = send(client, content)

    assert response.status_code == 404
    assert f"<h1>{CHANGED}</h1>" in re.sub(r">\s+|\s+<", lambda space: space[0].strip(), response.content.decode())
    assert "Check the code printed on it" in response.content.decode()
    assert b'name="code"' in response.content


def test_one_query_compares_a_file_with_the_register(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    actions.replace(letter, reason="Misspelt", by=None)

    for content, most in ((bytes_of(letter), 2), (b"%PDF-something else", 1)):
        with CaptureQueriesContext(connection) as queries:
            send(client, content)
        assert len(queries) == most


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This file is empty. Choose the PDF of a letter."),
        (b"%PDF", "This file is not a PDF. Choose the PDF of a letter."),
        (b"\x89PNG\r\n", "This file is not a PDF. Choose the PDF of a letter."),
        (b"%PDF-1.7" + b" " * 1024 * 1024, "This file has more than 1 MB; no letter is that large."),
    ],
    ids=["empty", "short", "picture", "large"],
)
def test_a_file_that_cannot_be_a_letter_is_refused_beside_the_field(
    client: Client, settings: Any, content: bytes, why: str
) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "VERIFY_MAX_MB": 1}

    with CaptureQueriesContext(connection) as queries:
        response = send(client, content)

    assert (response.status_code, len(queries)) == (400, 0)
    assert response.context_data["file_form"].errors == {"file": [why]}
    assert 'aria-describedby="id_file_helptext id_file_error"' in response.content.decode()


@pytest.mark.parametrize("sent", [{}, {"code": "0123-4567-89ABY"}, {"file": "not a file"}])
def test_without_a_file_one_is_asked_for(client: Client, sent: dict[str, str]) -> None:
    response = client.post("/verify/", sent)

    assert response.status_code == 400
    assert response.context_data["file_form"].errors == {"file": ["Choose the PDF of a letter."]}


def test_a_body_that_is_no_form_is_asked_for_a_file_too(client: Client) -> None:
    response = client.post("/verify/", b"%PDF-1.7", content_type="application/pdf")

    assert response.status_code == 400


def test_a_file_without_end_is_not_read_to_its_end(client: Client, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "VERIFY_MAX_MB": 1}
    body = SimpleUploadedFile("endless.pdf", b"%PDF-1.7" + b"x" * 30 * 1024 * 1024)

    with body.open() as endless:
        response = client.post("/verify/", {"file": endless})
        request = response.wsgi_request

    assert response.status_code in (200, 400)
    assert CHANGED not in response.content.decode()
    assert len(request.META["wsgi.input"].read()) > 15 * 1024 * 1024


def test_a_large_file_is_written_nowhere_while_it_is_compared(
    client: Client, stage: Stage, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *args, **kwargs: written.append(args))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    before = set(tmp_path.rglob("*"))

    response = send(client, b"%PDF-1.7" + b"x" * 4 * 1024 * 1024)

    assert CHANGED in response.content.decode()
    assert (written, set(tmp_path.rglob("*"))) == ([], before)


def test_a_file_is_taken_from_the_site_s_own_form_only(stage: Stage) -> None:
    letter, strict = issued(stage), Client(enforce_csrf_checks=True)
    content = bytes_of(letter)
    assert send(strict, content).status_code == 403

    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get("/verify/").content.decode())[1]
    response = strict.post(
        "/verify/", {"file": SimpleUploadedFile("letter.pdf", content), "csrfmiddlewaretoken": token}
    )

    assert response.status_code == 302


def test_sending_many_files_has_to_wait_like_trying_many_codes(client: Client, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "VERIFY_LIMIT": (2, 3600)}

    assert [send(client, b"%PDF-1.7").status_code for _each in range(3)] == [404, 404, 429]
    assert client.get("/verify/0123-4567-89ABY/").status_code == 429


def test_the_answer_is_kept_by_no_cache(client: Client) -> None:
    headers = send(client, b"%PDF-1.7").headers

    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]
