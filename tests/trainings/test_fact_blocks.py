"""The blocks that show a training or a question chosen by an editor: read from its own record each time."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale, Page, PageViewRestriction, ReferenceIndex, Site

from imp_wagtail.trainings.blocks import AnswerBlock, BodyBlock
from imp_wagtail.trainings.models import ContentPage, Question, TrainingPage
from imp_wagtail.trainings.rules import Status
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    FAQPageFactory,
    PathwayFactory,
    RequirementFactory,
    TeacherFactory,
    TrainingPageFactory,
    editor,
)

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>'


def page_of(*blocks: tuple[str, dict[str, Any]]) -> Page:
    """A published page with these blocks in its body."""
    body = json.dumps([{"type": kind, "value": value} for kind, value in blocks])
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ContentPage(title="Welcome", slug="welcome", body=body))


def shown(kind: str, **value: Any) -> str:
    """A block of a body as HTML."""
    block = BodyBlock().child_blocks[kind]
    return block.render(block.to_python(value))


def question(words: str = "May I come?", *answer: tuple[str, Any], **values: Any) -> Question:
    """A published question."""
    stream = json.dumps([{"type": kind, "value": value} for kind, value in answer or [("paragraph", "<p>Yes.</p>")]])
    return Question.objects.create(**{"question": words, "answer": stream, "locale": Locale.get_default(), **values})


def queries_of(client: Client, page: Page) -> int:
    client.get(page.url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page.url).status_code == 200
    return len(captured)


@pytest.fixture
def french() -> Locale:
    return Locale.objects.create(language_code="fr")


def translated(page: TrainingPage, locale: Locale, title: str) -> TrainingPage:
    copy = page.copy_for_translation(locale, copy_parents=True, alias=False)
    copy.title = title
    copy.save_revision().publish()
    return copy


class TestAChosenTraining:
    def test_is_shown_with_its_link_its_dates_and_its_place(self, client: Client) -> None:
        training = TrainingPageFactory(title="Spring retreat")
        html = client.get(page_of(("training", {"page": training.pk})).url).text

        assert f'<a href="{training.url}">Spring retreat</a>' in html
        assert "21–30 October 2099" in html
        assert "Ammerdown, United Kingdom" in html

    def test_has_the_dates_that_its_page_has_now(self, client: Client) -> None:
        training = TrainingPageFactory()
        page = page_of(("training", {"page": training.pk}))
        client.get(page.url)
        training.starts, training.ends = dt.date(2099, 11, 2), dt.date(2099, 11, 5)
        training.save_revision().publish()

        assert "2–5 November 2099" in client.get(page.url).text

    def test_says_that_it_is_cancelled(self) -> None:
        training = TrainingPageFactory(status=Status.CANCELLED)

        assert '<p class="imp-card-state">Cancelled</p>' in shown("training", page=training.pk)

    def test_says_from_when_it_was_moved(self) -> None:
        training = TrainingPageFactory(previous_starts=dt.date(2099, 9, 1), previous_ends=dt.date(2099, 9, 10))

        assert "it was announced for 1–10\xa0September\xa02099" in shown("training", page=training.pk)

    def test_is_not_shown_while_it_is_a_draft_or_not_for_everybody(self) -> None:
        draft, closed = TrainingPageFactory(title="Draft", live=False), TrainingPageFactory(title="Closed")
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)

        assert shown("training", page=draft.pk).strip() == ""
        assert shown("training", page=closed.pk).strip() == ""

    def test_that_was_deleted_leaves_nothing_behind(self, client: Client) -> None:
        training = TrainingPageFactory()
        page = page_of(("training", {"page": training.pk}), ("heading", "Still here"))
        training.delete()
        html = client.get(page.url).text

        assert "imp-card" not in html
        assert "Still here" in html

    def test_is_in_the_language_of_the_reader(self, french: Locale) -> None:
        training = TrainingPageFactory(title="Spring retreat")
        translated(training, french, "Retraite de printemps")

        with override("fr"):
            html = shown("training", page=training.pk)
        assert "Retraite de printemps" in html
        assert "octobre" in html
        assert "Spring retreat" in shown("training", page=training.pk)

    def test_with_a_hostile_title_is_harmless(self) -> None:
        html = shown("training", page=TrainingPageFactory(title=HOSTILE, slug="hostile").pk)

        assert HOSTILE not in html
        assert "&lt;script&gt;" in html

    def test_is_found_as_used_where_it_is_shown(self) -> None:
        training = TrainingPageFactory()
        page = page_of(("training", {"page": training.pk}))

        assert [used.object_id for used in ReferenceIndex.get_references_to(training)] == [str(page.pk)]

    def test_takes_as_many_queries_for_six_as_for_one(self, client: Client) -> None:
        one, more = page_of(("training", {"page": TrainingPageFactory().pk})), TrainingPageFactory.create_batch(5)
        first = queries_of(client, one)
        body = [{"type": "training", "value": {"page": training.pk}} for training in more]
        one.body = json.dumps([*one.body.get_prep_value(), *body])
        one.save_revision().publish()

        assert client.get(one.url).text.count("imp-next-training-when") == 6
        assert queries_of(client, one) == first


class TestTheNextTraining:
    def test_is_looked_up_once_for_a_page_however_often_it_is_told(self, client: Client) -> None:
        TrainingPageFactory()
        page = page_of(("next_training", {}))
        first = queries_of(client, page)
        page.body = json.dumps([{"type": "next_training", "value": {}}] * 5)
        page.save_revision().publish()

        assert client.get(page.url).text.count("imp-next-training-when") == 5
        assert queries_of(client, page) == first

    def test_of_a_pathway_is_another_one_than_of_all(self) -> None:
        pathway = PathwayFactory()
        TrainingPageFactory(title="Sooner", starts=dt.date(2098, 1, 1), ends=dt.date(2098, 1, 2))
        TrainingPageFactory(title="Of the pathway", pathway=pathway)

        assert "Sooner" in shown("next_training")
        assert "Of the pathway" in shown("next_training", pathway=pathway.pk)


class TestAChosenQuestion:
    def test_is_shown_with_its_answer_and_leads_to_its_place_on_a_page(self, client: Client) -> None:
        chosen = question("May I come?", ("paragraph", "<p>Yes, in October.</p>"))
        section = {"type": "section", "value": {"title": "Before", "questions": [chosen.pk]}}
        faq = FAQPageFactory(sections=[section])
        html = client.get(page_of(("question", {"question": chosen.pk})).url).text

        assert f'<a href="{faq.url}#may-i-come">May I come?</a>' in html
        assert "Yes, in October." in html

    def test_that_stands_on_no_page_has_no_link(self) -> None:
        html = shown("question", question=question().pk)

        assert "May I come?" in html
        assert "<a" not in html

    def test_is_not_shown_while_it_is_a_draft(self) -> None:
        assert shown("question", question=question(live=False).pk).strip() == ""

    def test_is_in_the_language_of_the_reader(self, french: Locale) -> None:
        chosen = question()
        question("Puis-je venir ?", translation_key=chosen.translation_key, locale=french)

        with override("fr"):
            assert "Puis-je venir ?" in shown("question", question=chosen.pk)
        assert "May I come?" in shown("question", question=chosen.pk)

    def test_with_hostile_words_is_harmless(self) -> None:
        assert HOSTILE not in shown("question", question=question(HOSTILE).pk)

    def test_takes_as_many_queries_for_five_as_for_one(self, client: Client) -> None:
        page = page_of(("question", {"question": question().pk}))
        first = queries_of(client, page)
        more = [question(f"Question {number}?") for number in range(4)]
        blocks = [{"type": "question", "value": {"question": one.pk}} for one in more]
        page.body = json.dumps([*page.body.get_prep_value(), *blocks])
        page.save_revision().publish()

        assert client.get(page.url).text.count("imp-asked-answer") == 5
        assert queries_of(client, page) == first


class TestAQuestionWithinAnother:
    def within(self, words: str, *inner: Question) -> Question:
        return question(words, *[("question", {"question": one.pk}) for one in inner])

    def answer_of(self, chosen: Question, *shown_in_it: Question) -> None:
        stream = AnswerBlock()
        rows = [{"type": "question", "value": {"question": one.pk}} for one in shown_in_it]
        chosen.answer = stream.to_python(rows)

    def test_is_shown_with_its_own_answer(self) -> None:
        html = shown("question", question=self.within("Outer?", question("Inner?")).pk)

        assert "Outer?" in html
        assert "Inner?" in html

    def test_is_refused_when_it_is_the_same(self) -> None:
        chosen = question()
        self.answer_of(chosen, chosen)

        with pytest.raises(ValidationError, match="within itself"):
            chosen.full_clean()

    def test_is_refused_when_it_comes_back_by_way_of_others(self) -> None:
        first = question("First?")
        third = self.within("Third?", self.within("Second?", first))
        self.answer_of(first, third)

        with pytest.raises(ValidationError) as refused:
            first.full_clean()
        assert refused.value.message_dict == {
            "answer": ["“Third?” would show this question within itself. Take it out of the answer."]
        }

    def test_is_refused_when_a_draft_of_the_other_comes_back(self) -> None:
        first, second = question("First?"), question("Second?")
        self.answer_of(second, first)
        second.save_revision()
        self.answer_of(first, second)

        with pytest.raises(ValidationError, match="within itself"):
            first.full_clean()

    def test_may_be_shown_twice(self) -> None:
        inner = question("Inner?")
        self.within("Outer?", inner, self.within("Between?", inner)).full_clean()

    def test_never_ends_up_in_a_circle_even_if_one_is_stored(self) -> None:
        first = question("First?")
        second = self.within("Second?", first)
        self.answer_of(first, second)
        first.save()

        assert shown("question", question=first.pk).count("imp-asked-answer") == 2


class TestThePickerOfBlocks:
    """What the preview in the editor's picker shows."""

    def preview(self, client: Client, kind: str) -> str:
        block = ContentPage.body.field.stream_block.child_blocks[kind]
        assert str(block.meta.group) == "Facts"
        assert block.get_description()
        client.force_login(editor())
        response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        assert response.status_code == 200
        return response.text

    def test_shows_each_fact_as_readers_would_see_it(self, client: Client) -> None:
        TrainingPageFactory(title="Spring retreat")
        requirement = RequirementFactory(title="Two retreats")
        question("May I come?")
        DirectoryPageFactory()
        CourseFactory(title="A course", teacher=TeacherFactory(name="Ada", agrees_to=["indexing"]))

        assert "Spring retreat" in self.preview(client, "next_training")
        assert "Spring retreat" in self.preview(client, "training")
        assert "May I come?" in self.preview(client, "question")
        assert requirement.stage.title in self.preview(client, "pathway_stages")
        assert "Two retreats" in self.preview(client, "stage_requirements")
        assert "Ada" in self.preview(client, "teachers")
        assert "A course" in self.preview(client, "courses")

    @pytest.mark.parametrize(
        "kind",
        ["next_training", "training", "question", "pathway_stages", "stage_requirements", "teachers", "courses"],
    )
    def test_shows_nothing_on_a_site_without_any(self, client: Client, kind: str) -> None:
        assert "imp-card" not in self.preview(client, kind)
