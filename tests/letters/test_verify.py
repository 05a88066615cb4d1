"""Checking a letter, as an institution does that holds one in its hands."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.core.dates import long_date
from imp_wagtail.directory.actions import end_consent
from imp_wagtail.letters import actions, codes
from imp_wagtail.letters.codes import new_code
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants.duplicates.merging import merge
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import TeacherFactory

from .conftest import completed, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def address(code: str) -> str:
    return f"/verify/{code}/"


def words_of(html: str) -> str:
    """A page's text in one line, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body")[2]).split())


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


def test_a_replaced_letter_says_when_and_leads_on_to_the_newer_one(client: Client, stage: Stage) -> None:
    old = issued(stage, "Ana Nunes")
    old.enrolment.participant.name = "Ana Núñez"
    old.enrolment.participant.save()
    new = actions.replace(old, reason="A misspelt name", on=dt.date(2025, 7, 2), by=None)

    response = client.get(address(old.code))

    assert (response.status_code, response.context_data["result"]) == (200, "replaced")
    assert response.context_data["successor"].issued_on == dt.date(2025, 7, 2)
    page = response.content.decode()
    assert long_date(timezone.localdate()) in page
    assert "See the newer letter of 2 July 2025" in page
    assert "A misspelt name" not in page
    assert "Ana Nunes" in page
    newer = client.get(re.search(r'imp-button" href="([^"]+)"', page)[1])
    assert (newer.context_data["result"], newer.context_data["letter"]) == ("genuine", new)
    assert "Ana Núñez" in newer.content.decode()


def test_a_chain_of_replacements_leads_on_step_by_step(client: Client, stage: Stage) -> None:
    first = issued(stage)
    second = actions.replace(first, reason="One", by=None)
    third = actions.replace(second, reason="Two", by=None)
    actions.withdraw(third, reason="Three", by=None)

    results = [client.get(address(letter.code)).context_data["result"] for letter in (first, second, third)]

    assert results == ["replaced", "replaced", "withdrawn"]
    assert address(third.printed_code) in client.get(address(second.code)).content.decode()


def test_every_printed_line_is_shown_so_that_one_can_compare(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    said = {
        "heading": "Letter of completion",
        "hours": "72.5",
        "training": {"title": "Training in England", "place": "Ammerdown", "dates": "21–30 October 2024"},
        "stage_position": 2,
        "stage_count": 4,
        "place": "Amsterdam",
        "letterhead": ["1 Example Street"],
        "signatories": [{"name": "Ada Example", "role": "Director"}, {"name": "Bo Example", "role": ""}],
        "body": "<p>Has <strong>completed</strong> it.</p><ul><li>All of it.</li></ul>",
        "footer": "Registered nowhere.",
    }
    Letter.objects.update(snapshot={**letter.snapshot, **said})

    words = words_of(client.get(address(letter.code)).content.decode())

    for line in (
        "Name Ana Núñez",
        "Heading Letter of completion",
        "Stage 2 of 4 Engagement",
        f"Pathway {stage.pathway.title}",
        "Training Training in England Ammerdown 21–30 October 2024",
        "Hours attended 72.5",
        "Completed on 1 March 2025",
        "Issued by Test Collaborative 1 Example Street",
        "Date of issue 1 June 2025",
        "Place of issue Amsterdam",
        "Signed by Ada Example, Director Bo Example",
        f"Register number {letter.number}",
        f"Verification code {letter.printed_code}",
        "Wording Has completed it. All of it.",
        "Footer Registered nowhere.",
    ):
        assert line in words


def test_a_letter_of_the_first_schema_shows_what_it_had(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    old = {"schema": 1, "name": letter.name, "stage": "Engagement", "paragraphs": ["One & <b>two</b>.", "Three."]}
    Letter.objects.update(snapshot=old)

    response = client.get(address(letter.code))

    assert response.status_code == 200
    assert "<p>One &amp; &lt;b&gt;two&lt;/b&gt;.</p><p>Three.</p>" in response.content.decode()
    assert "Signed by" not in response.content.decode()


def test_what_is_printed_keeps_its_own_language_and_direction(client: Client, stage: Stage) -> None:
    letter = issued(stage, "محمد")
    Letter.objects.update(snapshot={**letter.snapshot, "language": "ar", "direction": "rtl"})

    page = client.get(address(letter.code)).content.decode()

    assert '<dd class="imp-verify-name" lang="ar" dir="auto">محمد</dd>' in page
    assert 'lang="ar" dir="rtl"' in page


def test_the_page_says_what_a_letter_does_not_mean(client: Client, stage: Stage) -> None:
    for page in (client.get("/verify/"), client.get(address(issued(stage).code)), client.get(address(new_code()))):
        for said in ("A stage is not the pathway.", "Attending is not qualifying.", "A letter is not a licence."):
            assert said in page.content.decode()


# What is so today, apart from the letter


@pytest.mark.parametrize("state", ["genuine", "withdrawn"])
def test_the_directory_s_answer_stands_apart_from_the_letter_s(client: Client, stage: Stage, state: str) -> None:
    letter = issued(stage)
    if state == "withdrawn":
        actions.withdraw(letter, reason="By mistake", by=None)
    participant = letter.enrolment.participant

    def answer() -> str:
        page = client.get(address(letter.code))
        assert page.context_data["result"] == state
        return re.search(r"Currently listed as a teacher (yes|no)", words_of(page.content.decode()))[1]

    assert answer() == "no"
    TeacherFactory(participant=participant)
    assert answer() == "yes"
    end_consent(participant.teacher, why="Wishes so", by=None)
    assert answer() == "no"


def test_somebody_else_s_entry_lists_nobody(client: Client, stage: Stage) -> None:
    TeacherFactory()
    letter = issued(stage)

    assert [one.holds for one in client.get(address(letter.code)).context_data["standings"]] == [False]


def test_nobody_is_listed_after_an_erasure(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    TeacherFactory(participant=letter.enrolment.participant)
    erase(letter.enrolment.participant, why="Asked for it.", by=None)

    response = client.get(address(letter.code))

    assert response.context_data["result"] == "genuine"
    assert [one.holds for one in response.context_data["standings"]] == [False]


def test_a_letter_of_a_record_that_went_into_another_answers_for_that(client: Client, stage: Stage) -> None:
    keep, other = completed(stage, "Ana Núñez"), completed(stage, "Ana Nunez")
    letter = actions.issue(other, stage, by=None)
    TeacherFactory(participant=keep.participant)
    merge(keep.participant, other.participant, by=None)

    assert [one.holds for one in client.get(address(letter.code)).context_data["standings"]] == [True]


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
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Accept" in headers["Vary"]
        assert "Set-Cookie" not in headers


def test_the_answer_takes_two_queries_at_most(client: Client, stage: Stage) -> None:
    old = issued(stage)
    new = actions.replace(old, reason="A misspelt name", by=None)

    for code, most in ((old.code, 2), (new.code, 2), (new_code(), 1), ("nonsense", 1)):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(code))
        assert (code, len(queries)) == (code, most)


def test_malformed_and_unknown_are_the_same_page_by_the_same_way(client: Client, stage: Stage) -> None:
    issued(stage)
    unknown = new_code()

    def answer(code: str) -> tuple[str, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(code)).content.decode()
        return page.replace(code, "TYPED"), [query["sql"].partition("WHERE")[0] for query in queries]

    expected = answer(unknown)
    for malformed in ("nonsense", "0123-4567-89ABX", unknown[:-1], "X" * codes.LONGEST):
        assert answer(malformed) == expected


@pytest.mark.parametrize("code", ["%E2%80%AE4321", "%EF%BB%BF", "%F0%9F%98%80" * 20, "%ED%A0%80", "a%0Ab", "%7B%7B"])
def test_no_code_breaks_the_page(client: Client, code: str) -> None:
    for answer in (client.get(address(code)), client.head(address(code)), client.get(f"/verify/?code={code}")):
        assert answer.status_code in (200, 404)


def test_a_code_with_marks_that_turn_the_writing_is_still_that_code(client: Client, stage: Stage) -> None:
    letter = issued(stage)

    assert client.get(f"/verify/%E2%80%8E{letter.printed_code}%E2%80%AC/").context_data["letter"] == letter


def test_asking_for_the_head_alone_is_answered_alike_without_a_body(client: Client, stage: Stage) -> None:
    for code in (issued(stage).code, new_code()):
        whole, head = client.get(address(code)), client.head(address(code))
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["Cache-Control"] == whole.headers["Cache-Control"]


def test_nothing_can_be_posted_to_a_code(client: Client) -> None:
    assert client.post(address(new_code())).status_code == 405


# Trying many


def test_whoever_tries_many_has_to_wait_and_is_told_how_long(client: Client, stage: Stage, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "VERIFY_LIMIT": (3, 3600)}
    code = issued(stage).code
    assert [client.get(address(one)).status_code for one in (code, new_code(), "x")] == [200, 404, 404]

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address(code))

    assert (response.status_code, len(queries)) == (429, 0)
    assert 1 <= int(response.headers["Retry-After"]) <= 3600
    assert "Please wait a moment" in response.content.decode()
    assert "Ana" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(address(code), REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/verify/").status_code == 200


# The form


def test_the_page_of_the_form_is_found_by_no_search_engine_and_lets_its_form_be_sent(client: Client) -> None:
    headers = client.get("/verify/").headers

    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_form_has_one_field_and_no_error(client: Client) -> None:
    response = client.get("/verify/")

    assert response.status_code == 200
    assert list(response.context_data["form"].fields) == ["code"]
    assert response.context_data["form"].errors == {}
    assert b'name="code"' in response.content


@pytest.mark.parametrize(
    "typed",
    [
        "0123456789ABY",
        " o123 4567 89aby ",
        "https://example.org/verify/0123-4567-89ABY/",
        "https://example.org/en/verify/OI23-4567-89ABY",
    ],
)
def test_a_typed_or_scanned_code_leads_to_its_own_address(client: Client, typed: str) -> None:
    response = client.get("/verify/", {"code": typed})

    assert (response.status_code, response.url) == (302, "/verify/0123-4567-89ABY/")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type the code that is printed on the letter."),
        ("0123-4567-89AB", "A code has 13 characters, this has 12. Compare the code with the letter."),
        ("U123-4567-89ABY", "No code has “U” in it: look whether it is a V on the letter."),
        ("0123-4567-89ABX", "This code has a typing error: at least one character is not as on the letter."),
        ("<script>", "No code has “&lt;” in it. Compare the code with the letter."),
        ("0" * 2000, "Ensure this value has at most 1000 characters (it has 2000)."),
    ],
)
def test_a_malformed_code_is_refused_beside_the_field(client: Client, typed: str, why: str) -> None:
    response = client.get("/verify/", {"code": typed})

    assert response.status_code == 200
    assert why in response.content.decode()
    assert b"<script>" not in response.content
