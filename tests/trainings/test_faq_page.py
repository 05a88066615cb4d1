"""A page of questions that are kept once: what stands on it, in which language, in what order."""

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page, Site

from imp_wagtail.trainings.models import FAQPage, Question
from tests.factories import FAQPageFactory, PathwayFactory, QuestionFactory, TrainingPageFactory, section_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def french() -> Locale:
    return Locale.objects.create(language_code="fr")


def html_of(client: Client, address: str = "/faq/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def numbers_and_words(page: FAQPage) -> list[tuple[int, str]]:
    return [(item.number, item.question) for section in page.numbered_sections() for item in section.questions]


def translated(question: Question, locale: Locale, words: str, **values: Any) -> Question:
    copy = question.copy_for_translation(locale)
    copy.question, copy.live = words, True
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def cleaned(sections: list[dict[str, Any]]) -> Any:
    block = FAQPage._meta.get_field("sections").stream_block
    return block.clean(block.to_python(sections))


class TestShown:
    def test_numbers_run_through_the_sections_in_the_editor_s_order(self) -> None:
        one, two, three = (QuestionFactory(question=words) for words in ("One?", "Two?", "Three?"))
        page = FAQPageFactory(sections=[section_of("A", three, one), section_of("B", two)])

        assert numbers_and_words(page) == [(1, "Three?"), (2, "One?"), (3, "Two?")]
        assert [section.title for section in page.numbered_sections()] == ["A", "B"]

    def test_what_is_changed_once_changes_on_every_page(self, client: Client) -> None:
        question = QuestionFactory(question="How long?")
        FAQPageFactory(questions=[question])
        FAQPageFactory(slug="other", questions=[question])
        question.question = "How many days?"
        question.save_revision().publish()

        for address in ("/faq/", "/other/"):
            assert "How many days?" in html_of(client, address)
            assert "How long?" not in html_of(client, address)

    def test_a_draft_is_not_shown_and_leaves_no_gap_in_the_numbers(self, client: Client) -> None:
        waiting = QuestionFactory(question="Not yet?", live=False)
        shown = [QuestionFactory(question=words) for words in ("One?", "Two?")]
        page = FAQPageFactory(questions=[shown[0], waiting, shown[1]])

        assert numbers_and_words(page) == [(1, "One?"), (2, "Two?")]
        assert "Not yet?" not in html_of(client)

    def test_a_changed_draft_shows_as_it_is_published(self, client: Client) -> None:
        question = QuestionFactory(question="How long?")
        FAQPageFactory(questions=[question])
        question.question = "Secret so far?"
        question.save_revision()

        assert "How long?" in html_of(client)
        assert "Secret so far?" not in html_of(client)

    def test_one_that_is_unpublished_disappears_and_comes_back(self, client: Client) -> None:
        question = QuestionFactory(question="How long?")
        FAQPageFactory(questions=[question])

        question.unpublish()
        assert "How long?" not in html_of(client)
        question.save_revision().publish()
        assert "How long?" in html_of(client)

    def test_a_section_of_which_nothing_is_published_is_left_out(self, client: Client) -> None:
        FAQPageFactory(
            sections=[section_of("Empty", QuestionFactory(live=False)), section_of("Full", QuestionFactory())]
        )

        assert re.findall(r'<h2 id="section-\d+">(.*?)</h2>', html_of(client)) == ["Full"]

    def test_one_that_was_deleted_behind_the_page_s_back_is_left_out(self, client: Client) -> None:
        gone, kept = QuestionFactory(question="Gone?"), QuestionFactory(question="Kept?")
        page = FAQPageFactory(questions=[gone, kept])
        gone.delete()

        assert numbers_and_words(FAQPage.objects.get(pk=page.pk)) == [(1, "Kept?")]
        assert "Kept?" in html_of(client)

    def test_one_that_an_old_page_shows_twice_is_two_records(self) -> None:
        block = FAQPage._meta.get_field("sections").stream_block.child_blocks["section"]
        question = QuestionFactory(question="One?")

        one, other, gone, none = block.child_blocks["questions"].child_block.bulk_to_python(
            [question.pk, question.pk, question.pk + 1, None]
        )
        assert (one, other, gone, none) == (question, question, None, None)
        one.question = "Another?"
        assert other.question == "One?"

    def test_a_page_without_any_question_is_a_page(self, client: Client) -> None:
        FAQPageFactory()

        assert "<details" not in html_of(client)

    def test_signs_that_somebody_has_pasted_leave_each_answer_under_its_question(self, client: Client) -> None:
        signs = "".join(map(chr, range(1, 32)))
        answers = [f"<p>{words}{signs}.</p>" for words in ("One", "Two", "Three")]
        FAQPageFactory(questions=[QuestionFactory(says=answer) for answer in answers])
        answers = re.findall(r'<div class="imp-answer[^>]*>(.*?)</details>', html_of(client), re.DOTALL)

        assert [re.findall("One|Two|Three", answer) for answer in answers] == [["One"], ["Two"], ["Three"]]

    def test_what_somebody_types_is_no_markup(self, client: Client) -> None:
        FAQPageFactory(questions=[QuestionFactory(question="<script>alert(1)</script> & so?")])
        html = html_of(client)

        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so?" in html
        assert "<script>alert" not in html


class TestLanguages:
    def test_a_translated_page_shows_each_in_its_language_where_it_is_there(
        self, client: Client, french: Locale
    ) -> None:
        long, where = QuestionFactory(question="How long?"), QuestionFactory(question="Where?")
        source = FAQPageFactory(questions=[long, where])
        translated(long, french, "Combien de temps ?")
        page = source.copy_for_translation(french, copy_parents=True)

        assert numbers_and_words(page) == [(1, "Combien de temps ?"), (2, "Where?")]
        assert numbers_and_words(source) == [(1, "How long?"), (2, "Where?")]

    def test_a_translation_that_is_not_published_gives_way_to_the_source(self, french: Locale) -> None:
        long = QuestionFactory(question="How long?")
        page = FAQPageFactory(questions=[long]).copy_for_translation(french, copy_parents=True)
        translated(long, french, "Combien de temps ?", live=False)

        assert numbers_and_words(page) == [(1, "How long?")]

    def test_a_translation_is_shown_though_its_source_is_not_published(self, french: Locale) -> None:
        long = QuestionFactory(question="How long?")
        page = FAQPageFactory(questions=[long]).copy_for_translation(french, copy_parents=True)
        translated(long, french, "Combien de temps ?")
        Question.objects.filter(pk=long.pk).update(live=False)

        assert numbers_and_words(FAQPage.objects.get(pk=page.pk)) == [(1, "Combien de temps ?")]

    def test_questions_of_two_languages_never_have_one_address_on_a_page(self, french: Locale) -> None:
        english = QuestionFactory(question="Left?", anchor="same")
        own = QuestionFactory(question="Seul ?", anchor="same", locale=french)
        page = FAQPageFactory(questions=[english, own]).copy_for_translation(french, copy_parents=True)

        assert [item.anchor for item in page.numbered_sections()[0].questions] == ["same", "same-2"]


class TestSpeed:
    @staticmethod
    def queries(client: Client) -> int:
        client.get("/faq/")
        with CaptureQueriesContext(
            connection,
        ) as found:
            html_of(client)
        return len(found)

    def fill(self, count: int, french: Locale, *answer: dict[str, Any]) -> None:
        answers = {"answer": json.dumps(answer)} if answer else {}
        questions = QuestionFactory.create_batch(count, **answers)
        FAQPage.objects.all().delete()
        other = [QuestionFactory(locale=french) for _ in range(count)]
        FAQPageFactory(
            has_search=True,
            sections=[section_of(f"S{place}", *pair) for place, pair in enumerate(zip(questions, other, strict=True))],
        )

    def test_a_page_of_thirty_takes_as_many_queries_as_a_page_of_one(self, client: Client, french: Locale) -> None:
        self.fill(1, french)
        one = self.queries(client)
        self.fill(30, french)

        assert self.queries(client) == one

    def test_nor_do_answers_that_read_facts(self, client: Client, french: Locale) -> None:
        training = TrainingPageFactory(pathway=PathwayFactory())
        fact = {"type": "next_training", "value": {"pathway": training.pathway_id, "sentence": "It is held at"}}
        self.fill(1, french, fact)
        one = self.queries(client)
        self.fill(12, french, fact)

        assert html_of(client).partition("<body")[2].count("It is held at") == 12
        assert self.queries(client) == one

    def test_a_link_takes_no_more_than_the_query_by_which_wagtail_asks_for_the_language(
        self, client: Client, french: Locale
    ) -> None:
        training = TrainingPageFactory()
        text = {"type": "paragraph", "value": f'<p>See <a linktype="page" id="{training.pk}">the training</a>.</p>'}
        self.fill(1, french, text)
        one = self.queries(client)
        self.fill(12, french, text)

        assert html_of(client).count(f'<a href="{training.url}">the training</a>') == 12
        assert self.queries(client) - one <= 11

    def test_answers_that_lead_to_other_questions_of_the_page_take_no_query_more(
        self, client: Client, french: Locale
    ) -> None:
        first, second = QuestionFactory(question="First?"), QuestionFactory(question="Second?")
        FAQPageFactory(slug="earlier", questions=[second])
        page = FAQPageFactory(slug="both", questions=[first, second])
        client.get("/both/")
        with CaptureQueriesContext(connection) as before:
            client.get("/both/")
        way = f'<a linktype="imp-fact" source="question" of="{second.pk}" tell="link">the second</a>'
        first.answer = json.dumps([{"type": "paragraph", "value": f"<p>See {way}.</p>"}])
        first.save()

        with CaptureQueriesContext(connection) as after:
            html = html_of(client, "/both/")
        assert f'<a href="{page.get_url()}#second">the second</a>' in html
        assert len(after) == len(before)

    def test_searching_takes_no_query_more(self, client: Client, french: Locale) -> None:
        self.fill(30, french)
        plain = self.queries(client)
        with CaptureQueriesContext(connection) as found:
            html_of(client, "/faq/?q=question")

        assert len(found) == plain


class TestForm:
    def test_a_question_that_stands_on_the_page_already_is_refused_at_its_second_place(self) -> None:
        one, two = QuestionFactory(), QuestionFactory()

        with pytest.raises(ValidationError) as caught:
            cleaned([section_of("A", one, two), section_of("B", two)])

        assert caught.value.as_json_data() == {
            "blockErrors": {
                1: {
                    "blockErrors": {
                        "questions": {"blockErrors": {0: {"messages": ["This question stands on the page already."]}}}
                    }
                }
            }
        }

    def test_so_is_its_translation(self, french: Locale) -> None:
        one = QuestionFactory()

        with pytest.raises(ValidationError):
            cleaned([section_of("A", one, translated(one, french, "Un ?"))])

    def test_different_ones_are_accepted(self) -> None:
        one, two = QuestionFactory(), QuestionFactory()

        assert len(cleaned([section_of("A", one), section_of("B", two)])) == 2

    def test_a_section_without_a_question_is_refused(self) -> None:
        with pytest.raises(ValidationError):
            cleaned([section_of("A")])

    def test_nothing_can_be_put_below_a_page_of_questions(self) -> None:
        assert FAQPage.allowed_subpage_models() == []
        assert FAQPage.can_create_at(Page.objects.get(pk=Site.objects.get().root_page.pk))


class TestForMachines:
    @staticmethod
    def nodes(html: str) -> dict[str, dict[str, Any]]:
        (document,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
        return {node["@type"]: node for node in json.loads(document)["@graph"]}

    def test_questions_and_answers_are_said_in_plain_text(self, client: Client) -> None:
        answer = "<p>Nine <b>days</b> &amp; an evening.</p><ul><li>One</li><li>Two</li></ul>"
        FAQPageFactory(questions=[QuestionFactory(question="How long?", anchor="how-long", says=answer)])

        page = self.nodes(html_of(client))["FAQPage"]

        assert page["@id"] == "http://localhost/faq/"
        assert page["mainEntity"] == [
            {
                "@type": "Question",
                "@id": "http://localhost/faq/#how-long",
                "name": "How long?",
                "acceptedAnswer": {"@type": "Answer", "text": "Nine days & an evening. One Two"},
            }
        ]

    def test_the_way_to_the_page_is_said(self, client: Client) -> None:
        FAQPageFactory(questions=[QuestionFactory()])

        steps = self.nodes(html_of(client))["BreadcrumbList"]["itemListElement"]

        assert [step["name"] for step in steps][-1] == "Questions"

    def test_address_title_and_description_are_said_to_messengers(self, client: Client) -> None:
        FAQPageFactory(questions=[QuestionFactory()], introduction="<p>What people <b>ask</b>.</p>")
        html = html_of(client)

        assert '<link rel="canonical" href="http://localhost/faq/">' in html
        assert '<meta name="description" content="What people ask.">' in html
        assert '<meta property="og:title" content="Questions">' in html

    def test_a_page_without_questions_claims_none(self, client: Client) -> None:
        FAQPageFactory()

        assert list(self.nodes(html_of(client))) == ["BreadcrumbList"]
