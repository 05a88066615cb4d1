"""Searching a page of questions: an address, no JavaScript, and nothing kept of it."""

import re

import pytest
from django.test import Client

from imp_wagtail.trainings.models import FAQPage
from tests.factories import FAQPageFactory, QuestionFactory, section_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> FAQPage:
    before = [
        QuestionFactory(question="For whom is it?", anchor="whom", says="<p>For teachers of mindfulness.</p>"),
        QuestionFactory(question="What does it cost?", anchor="cost", says="<p>Nine hundred <b>euros</b>.</p>"),
    ]
    after = [
        QuestionFactory(question="Was ist danach?", anchor="after", says="<p>Die Lehrerausbildung in Zürich.</p>"),
        QuestionFactory(question="كم يوما؟", anchor="days", says="<p>تسعة أيام.</p>"),
    ]
    return FAQPageFactory(has_search=True, sections=[section_of("Before", *before), section_of("After", *after)])


def html_of(client: Client, query: str | None = None) -> str:
    response = client.get("/faq/", {} if query is None else {"q": query})
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, query: str) -> list[str]:
    """The addresses of the questions shown."""
    return re.findall(r'imp-answer imp-prose" id="([^"]+)"', html_of(client, query))


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body")[2]).split())


@pytest.mark.parametrize(
    ("query", "anchors"),
    [
        ("cost", ["cost"]),
        ("COST?", ["cost"]),
        ("euros", ["cost"]),
        ("cost euros", ["cost"]),
        ("euros cost", ["cost"]),
        ("cost mindfulness", []),
        ("is", ["whom", "after"]),
        ("zurich", ["after"]),
        ("zu\u0308rich", ["after"]),
        ("ausbildung", ["after"]),
        ("teach", ["whom"]),
        ("أيام", ["days"]),
        ("nothing of it", []),
    ],
)
def test_it_finds_what_has_all_the_words_however_they_are_written(
    client: Client, page: FAQPage, query: str, anchors: list[str]
) -> None:
    assert found(client, query) == anchors


def test_what_was_found_keeps_its_number_its_section_and_its_address_and_is_open(
    client: Client, page: FAQPage
) -> None:
    html = html_of(client, "zürich")

    assert re.findall(r'imp-question-number">(\d+)<', html) == ["3"]
    assert re.findall(r'<ol [^>]*start="(\d+)"', html) == ["3"]
    assert re.findall(r'<h2 id="section-\d+">(.*?)</h2>', html) == ["After"]
    assert re.findall(r"<details[^>]*>", html) == ["<details open>"]
    assert '"#after"' in html


def test_it_says_how_many_were_found_and_leads_back_to_all(client: Client, page: FAQPage) -> None:
    assert "2 questions found for “ is ”" in words_of(html_of(client, "is"))
    assert "1 question found for “ cost ”" in words_of(html_of(client, "cost"))
    assert '<a class="imp-more" href="/faq/">' in html_of(client, "cost")


def test_without_a_find_it_says_what_to_do(client: Client, page: FAQPage) -> None:
    words = words_of(html_of(client, "zebra"))

    assert "No question has all of these words: “ zebra ”. Try fewer words, or other ones." in words
    assert "Show all questions" in words


@pytest.mark.parametrize("query", [None, "", "   ", "?!", "\x00"])
def test_without_a_word_every_question_is_shown_and_shut(client: Client, page: FAQPage, query: str | None) -> None:
    html = html_of(client, query)

    assert html.count("<details>") == 4
    assert "imp-found" not in html


def test_a_find_is_no_page_of_its_own_to_search_engines(client: Client, page: FAQPage) -> None:
    plain, searched = html_of(client), html_of(client, "cost")

    assert 'name="robots"' not in plain
    assert '<meta name="robots" content="noindex, noarchive">' in searched
    assert '<link rel="canonical" href="http://localhost/faq/">' in searched
    assert "FAQPage" in plain
    assert "FAQPage" not in searched


def test_what_is_typed_stands_in_the_page_as_text(client: Client, page: FAQPage) -> None:
    html = html_of(client, '"><script>alert(1)</script>')

    assert "<script>alert" not in html
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html


@pytest.mark.parametrize("query", ["a" * 100_000, "a b " * 50_000, "%' OR 1=1 --", "\u202e" * 5000, "é" * 5000])
def test_a_hostile_search_is_answered_and_shortened(client: Client, page: FAQPage, query: str) -> None:
    html = html_of(client, query)

    (value,) = re.findall(r'name="q"\s+value="([^"]*)"', html)
    assert len(value) <= 1000  # of 200 signs, each at most five in HTML


def test_of_several_searches_in_one_address_one_counts(client: Client, page: FAQPage) -> None:
    assert client.get("/faq/?q=zebra&q=cost").content.decode().count("<details open>") == 1


def test_the_field_is_named_and_is_a_landmark(client: Client, page: FAQPage) -> None:
    html = html_of(client)

    assert re.search(r'<form class="imp-question-search"[^>]*role="search"', html)
    assert '<label for="question-search">' in html
    assert 'id="question-search"' in html


def test_a_page_without_the_field_is_not_searched(client: Client, page: FAQPage) -> None:
    FAQPage.objects.update(has_search=False)
    html = html_of(client, "cost")

    assert "imp-question-search" not in html
    assert html.count("<details>") == 4


def test_a_draft_is_never_found(client: Client, page: FAQPage) -> None:
    page.sections[0].value["questions"][1].unpublish()

    assert found(client, "euros") == []
