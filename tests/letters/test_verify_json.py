"""Checking a letter as a machine does, and that the reference says what it gets."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from imp_wagtail.letters import actions
from imp_wagtail.letters.codes import new_code
from imp_wagtail.letters.models import Letter
from imp_wagtail.pathways.models import Stage
from tests.factories import TeacherFactory

from .conftest import completed, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "checking-letters.md"
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", REFERENCE.read_text(), re.DOTALL)]
JSON = {"accept": "application/json"}


def example(result: str) -> dict[str, Any]:
    """What the reference shows for a result."""
    [found] = [one for one in EXAMPLES if one["result"] == result]
    return found


@pytest.fixture
def machine(settings: Any) -> Client:
    """A program that asks for JSON, at the host of the reference's examples."""
    settings.ALLOWED_HOSTS = ["www.example.org"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(headers={**JSON, "host": "www.example.org", "x-forwarded-proto": "https"})


@pytest.fixture
def letter(stage: Stage) -> Letter:
    """The letter of the reference's examples: numbers and words as they are there."""
    shown = example("genuine")["letter"]
    letter = issued(stage, shown["name"])
    said = {
        name: shown[name] or "" for name in ("heading", "programme", "pathway", "hours", "issuer", "place", "footer")
    }
    Letter.objects.update(
        year=2027,
        running_number=12,
        code=shown["code"].replace("-", ""),
        issued_on=shown["issued_on"],
        snapshot={
            **letter.snapshot,
            **said,
            "stage": shown["stage"]["title"],
            "stage_position": shown["stage"]["position"],
            "stage_count": shown["stage"]["count"],
            "training": shown["training"],
            "completed_on": shown["completed_on"],
            "letterhead": shown["letterhead"],
            "signatories": [{"name": "Ada Example", "role": "Programme director", "signature": None}],
            "body": "".join(f"<p>{line}</p>" for line in shown["wording"]),
        },
    )
    return Letter.objects.get()


def address(letter: Letter) -> str:
    return f"/verify/{letter.printed_code}/"


# As the reference says


def test_a_genuine_letter_is_answered_as_in_the_reference(machine: Client, letter: Letter) -> None:
    TeacherFactory(participant=letter.enrolment.participant)

    response = machine.get(address(letter))

    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert response.json() == example("genuine")


def test_a_replaced_letter_is_answered_as_in_the_reference(machine: Client, letter: Letter) -> None:
    shown = example("replaced")
    successor = actions.issue(completed(letter.stage), letter.stage, on=dt.date(2025, 7, 2), by=None)
    code = re.search(r"/verify/([^/]+)/", shown["replaced_by"]["address"])[1].replace("-", "")
    Letter.objects.filter(pk=successor.pk).update(code=code, issued_on=shown["replaced_by"]["issued_on"])
    Letter.objects.filter(pk=letter.pk).update(
        state="replaced", stands=None, ended_on=shown["ended_on"], replaced_by=successor, reason="Misspelt"
    )

    answer = machine.get(address(letter)).json()

    assert answer["letter"] == example("genuine")["letter"]
    assert {name: value for name, value in answer.items() if name != "letter"} == {
        name: value for name, value in shown.items() if name != "letter"
    }


def test_a_withdrawn_letter_has_its_day_and_never_its_reason(machine: Client, letter: Letter) -> None:
    actions.withdraw(letter, reason="Plagiarism", by=None)

    response = machine.get(address(letter))

    ended_on = Letter.objects.get().ended_on.isoformat()
    assert (response.status_code, response.json()["result"], response.json()["ended_on"]) == (
        200,
        "withdrawn",
        ended_on,
    )
    assert "Plagiarism" not in response.text


@pytest.mark.parametrize("code", ["nonsense", "0123-4567-89ABX", "%E2%80%AE", "0" * 3000, new_code()], ids=range(5))
def test_no_letter_is_answered_as_in_the_reference_whatever_was_typed(machine: Client, code: str) -> None:
    response = machine.get(f"/verify/{code}/")

    assert (response.status_code, response.json()) == (404, example("unknown"))


def test_too_many_tries_are_answered_as_in_the_reference(
    machine: Client, letter: Letter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 60.0 * 30_000_000 + 23)
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "VERIFY_LIMIT": (1, 60)}
    machine.get(address(letter))

    response = machine.get(address(letter))

    assert (response.status_code, response.json()) == (429, example("limited"))
    assert response.headers["Retry-After"] == "37"


def test_a_file_that_is_no_pdf_is_answered_as_in_the_reference(machine: Client) -> None:
    response = machine.post("/verify/", {"file": SimpleUploadedFile("scan.png", b"\x89PNG")})

    assert (response.status_code, response.json()) == (400, example("refused"))


def test_the_reference_tells_every_name_of_the_answer() -> None:
    text = REFERENCE.read_text()
    genuine = example("genuine")

    for name in [*genuine, *genuine["letter"], *genuine["standing"], "message"]:
        assert f"| `{name}` |" in text, name


# Files


def test_a_genuine_file_is_answered_at_once(machine: Client, letter: Letter) -> None:
    with letter.file.open() as file:
        response = machine.post("/verify/", {"file": SimpleUploadedFile("letter.pdf", file.read())})

    assert (response.status_code, response.json()) == (200, machine.get(address(letter)).json())


def test_an_edited_file_is_told_from_an_unknown_code_by_its_message(machine: Client) -> None:
    response = machine.post("/verify/", {"file": SimpleUploadedFile("letter.pdf", b"%PDF-edited")})

    assert (response.status_code, response.json()["result"]) == (404, "unknown")
    assert "may have been changed" in response.json()["message"]


def test_a_machine_needs_no_token_unless_it_brings_cookies(settings: Any) -> None:
    strict = Client(enforce_csrf_checks=True, headers=JSON)
    sent = {"file": SimpleUploadedFile("letter.pdf", b"%PDF-edited")}
    assert strict.post("/verify/", sent).status_code == 404

    strict.cookies["sessionid"] = "of somebody"
    assert strict.post("/verify/", {"file": SimpleUploadedFile("letter.pdf", b"%PDF-edited")}).status_code == 403


# Which of the two


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("application/*", True),
        ("text/html;q=0.5, application/json", True),
        ("application/json;q=0.9, text/html;q=0.8, */*;q=0.1", True),
        ("application/json, text/plain, */*", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/html, application/json;q=0.9", False),
        ("application/json;q=0, */*", False),
        ("*/*", False),
        ("", False),
        ("image/png", False),
        (";;q=x,,/", False),
    ],
)
def test_who_prefers_json_gets_it_and_everybody_else_a_page(client: Client, accept: str, is_json: bool) -> None:
    response = client.get("/verify/0123-4567-89ABY/", headers={"accept": accept})

    assert response.status_code == 404
    assert response.headers["Content-Type"].partition(";")[0] == ("application/json" if is_json else "text/html")
    assert "Accept" in response.headers["Vary"]


def test_a_typed_code_leads_machines_to_its_address_too(machine: Client) -> None:
    assert machine.get("/verify/?code=0123456789aby").url == "/verify/0123-4567-89ABY/"
    assert machine.get("/verify/?code=x").json() == example("unknown")


def test_the_answer_takes_as_many_queries_as_the_page_s(machine: Client, letter: Letter) -> None:
    for code, most in ((letter.code, 2), (new_code(), 1)):
        with CaptureQueriesContext(connection) as queries:
            machine.get(f"/verify/{code}/")
        assert len(queries) == most


def test_no_other_site_s_scripts_may_read_the_answer_and_no_cache_keeps_it(machine: Client, letter: Letter) -> None:
    headers = machine.get(address(letter), headers={**JSON, "origin": "https://elsewhere.example"}).headers

    assert "Access-Control-Allow-Origin" not in headers
    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]


def test_what_an_old_or_sparse_letter_does_not_say_is_null(machine: Client, letter: Letter) -> None:
    Letter.objects.update(snapshot={"schema": 1, "name": letter.name, "paragraphs": ["One & two."]})

    answer = machine.get(address(letter)).json()["letter"]

    assert answer.keys() == example("genuine")["letter"].keys()
    assert (answer["training"], answer["hours"], answer["signatories"]) == (None, None, [])
    assert answer["wording"] == ["One & two."]
