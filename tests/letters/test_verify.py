"""Checking a letter, as an institution does that holds one in its hands."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.core.dates import long_date
from imp_wagtail.letters import actions
from imp_wagtail.letters.codes import new_code
from imp_wagtail.letters.models import Letter
from imp_wagtail.pathways.models import Stage

from .conftest import issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def address(code: str) -> str:
    return f"/verify/{code}/"


def test_a_genuine_letter_says_what_is_on_the_paper(client: Client, stage: Stage) -> None:
    letter = issued(stage)

    response = client.get(address(letter.printed_code))

    assert response.status_code == 200
    assert response.context_data["result"] == "genuine"
    page = response.content.decode()
    for said in ("Ana Núñez", "Engagement", stage.pathway.title, "1 June 2025", "Test Collaborative"):
        assert said in page


def test_a_withdrawn_letter_says_when_and_never_why(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason="A complaint about plagiarism", by=None)

    response = client.get(address(letter.code))

    assert (response.status_code, response.context_data["result"]) == (200, "withdrawn")
    page = response.content.decode()
    assert long_date(timezone.localdate()) in page
    assert "plagiarism" not in page
    assert "This letter is genuine" not in page


def test_a_replaced_letter_says_when_and_leads_nobody_to_the_newer_one(client: Client, stage: Stage) -> None:
    old = issued(stage, "Ana Nunes")
    old.enrolment.participant.name = "Ana Núñez"
    old.enrolment.participant.save()
    new = actions.replace(old, reason="A misspelt name", on=dt.date(2025, 7, 2), by=None)

    response = client.get(address(old.code))

    assert (response.status_code, response.context_data["result"]) == (200, "replaced")
    assert response.context_data["successor"].issued_on == dt.date(2025, 7, 2)
    page = response.content.decode()
    assert long_date(timezone.localdate()) in page
    for secret in (new.code, new.printed_code, new.number, "Ana Núñez", "A misspelt name"):
        assert secret not in page
    assert client.get(address(new.code)).context_data["result"] == "genuine"


def test_a_code_that_no_letter_has_is_unknown(client: Client, stage: Stage) -> None:
    issued(stage)

    response = client.get(address(new_code()))

    assert (response.status_code, response.context_data["result"]) == (404, "unknown")
    assert response.context_data["letter"] is None


@pytest.mark.parametrize(
    "code", ["nonsense", "U" * 13, "0123-4567-89ABX", "%00", "'%20OR%201=1", "%3Cscript%3E", "0" * 3000, "é", "-"]
)
def test_a_malformed_code_is_answered_like_an_unknown_one(client: Client, code: str) -> None:
    malformed, unknown = client.get(address(code)), client.get(address(new_code()))

    assert malformed.status_code == unknown.status_code == 404
    assert malformed.context_data["result"] == unknown.context_data["result"] == "unknown"
    assert malformed.headers.keys() == unknown.headers.keys()
    assert b"<script>" not in malformed.content


def test_a_mistyped_code_of_a_letter_is_unknown(client: Client, stage: Stage) -> None:
    code = issued(stage).code
    mistyped = code[:5] + ("7" if code[5] != "7" else "8") + code[6:]

    assert client.get(address(mistyped)).context_data["result"] == "unknown"


def test_a_code_is_found_however_it_is_written(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    Letter.objects.update(code="0123456789ABY")

    for typed in ("0123456789aby", "OI23-4567-89ABY", "0123 4567 89aby", "o1234567-89aby"):
        response = client.get(address(typed))
        assert (response.context_data["result"], response.context_data["letter"]) == ("genuine", letter)


def test_a_name_is_shown_as_text(client: Client, stage: Stage) -> None:
    letter = issued(stage, "<script>alert('Ana')</script>")

    page = client.get(address(letter.code)).content

    assert b"<script>alert(" not in page
    assert b"&lt;script&gt;alert(" in page


def test_the_answer_is_kept_by_no_cache_and_found_by_no_search_engine(client: Client, stage: Stage) -> None:
    for code in (issued(stage).code, new_code()):
        headers = client.get(address(code)).headers
        assert "noindex" in headers["X-Robots-Tag"]
        assert {"no-store", "private"} <= set(headers["Cache-Control"].split(", "))
        assert headers["Referrer-Policy"] == "same-origin"


def test_the_answer_takes_one_query_whatever_it_is(client: Client, stage: Stage) -> None:
    old = issued(stage)
    new = actions.replace(old, reason="A misspelt name", by=None)

    for code in (old.code, new.code, new_code(), "nonsense"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(code))
        assert len(queries) == 1, code


def test_nothing_can_be_posted(client: Client) -> None:
    assert client.post("/verify/", {"code": "x"}).status_code == 405
    assert client.post(address(new_code())).status_code == 405


# The form


def test_the_form_has_one_field_and_no_error(client: Client) -> None:
    response = client.get("/verify/")

    assert response.status_code == 200
    assert list(response.context_data["form"].fields) == ["code"]
    assert response.context_data["form"].errors == {}
    assert b'name="code"' in response.content


@pytest.mark.parametrize("typed", ["0123456789ABY", " o123 4567 89aby "])
def test_a_typed_code_leads_to_its_own_address(client: Client, typed: str) -> None:
    response = client.get("/verify/", {"code": typed})

    assert (response.status_code, response.url) == (302, "/verify/0123-4567-89ABY/")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type the code that is printed on the letter."),
        ("0123-4567-89AB", "A code has 13 characters, this has 12. Compare the code with the letter."),
        ("U123-4567-89ABY", "No code has “U” in it. Compare the code with the letter."),
        ("0123-4567-89ABX", "This code has a typing error: at least one character is not as in the letter."),
        ("<script>", "No code has “&lt;” in it. Compare the code with the letter."),
        ("0" * 2000, "Ensure this value has at most 1000 characters (it has 2000)."),
    ],
)
def test_a_malformed_code_is_refused_beside_the_field(client: Client, typed: str, why: str) -> None:
    response = client.get("/verify/", {"code": typed})

    assert response.status_code == 200
    assert why in response.content.decode()
    assert b"<script>" not in response.content
