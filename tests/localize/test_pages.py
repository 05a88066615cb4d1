"""Pages and what stands on them, translated by segments: words are, facts are not."""

import datetime as dt
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail_localize.models import Translation

from imp_wagtail.trainings.models import ContentPage, FAQPage, Question, TrainingPage
from tests.factories import (
    FAQPageFactory,
    PathwayFactory,
    PathwayPageFactory,
    QuestionFactory,
    RequirementFactory,
    TrainerFactory,
    TrainingIndexPageFactory,
    TrainingPageFactory,
    UserFactory,
)
from tests.localize.translating import french, in_french, paths_of, sent, strings_of, synced, translate

pytestmark = pytest.mark.django_db

NEW = {"starts": dt.date(2098, 5, 12), "ends": dt.date(2098, 5, 21)}


@pytest.fixture
def training() -> TrainingPage:
    page = TrainingPageFactory(
        title="A week of silence",
        slug="week",
        summary="Seven days.",
        pathway=PathwayFactory(),
        body=json.dumps(
            [{"type": "heading", "value": "Mornings"}, {"type": "next_training", "value": {"sentence": ""}}]
        ),
    )
    page.prices.add(page.prices.model(label="Single room", amount=900, currency="EUR"))
    page.training_trainers.add(page.training_trainers.model(trainer=TrainerFactory(name="Ann", biography="Sits.")))
    page.save_revision().publish()
    return TrainingPage.objects.get(pk=page.pk)


def again(page: TrainingPage) -> TrainingPage:
    return TrainingPage.objects.get(pk=page.pk)


def moved(page: TrainingPage) -> TrainingPage:
    for name, value in NEW.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def shown(client: Client, page: Page) -> BeautifulSoup:
    """The page as somebody sees it who reads French."""
    response = client.get(page.url, headers={"accept-language": "fr"})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


class TestTrainings:
    def test_translators_are_given_its_words_and_no_fact(self, training: TrainingPage) -> None:
        assert paths_of(sent(training)) == {"title", "slug", "venue", "summary", "body"}

    def test_it_is_translated_below_its_index(self, training: TrainingPage) -> None:
        copy = in_french(training)
        assert (copy.title, copy.summary, copy.venue) == (
            "[fr] A week of silence",
            "[fr] Seven days.",
            "[fr] Ammerdown",
        )
        assert [block.value for block in copy.body if block.block_type == "heading"] == ["[fr] Mornings"]
        assert (copy.starts, copy.country, copy.pathway) == (training.starts, "GB", training.pathway)
        assert copy.live
        assert copy.get_parent().alias_of_id == training.get_parent().pk

    def test_an_index_is_translated_too(self, training: TrainingPage) -> None:
        in_french(training)
        assert in_french(training.get_parent().specific).title == "[fr] Trainings"

    def test_a_moved_one_is_moved_without_being_sent_again(self, training: TrainingPage) -> None:
        copy = in_french(training)
        moved(training)
        assert again(copy).starts == NEW["starts"]
        assert again(copy).title == "[fr] A week of silence"

    def test_words_that_are_saved_later_bring_no_old_fact_back(self, training: TrainingPage) -> None:
        source = sent(training)
        copy = translate(source)
        moved(training)
        translate(source, "[mieux] {}".format, publish=False)
        assert (again(copy).starts, again(copy).get_latest_revision_as_object().starts) == (NEW["starts"],) * 2
        translate(source, "[encore] {}".format)
        assert (again(copy).title, again(copy).starts) == ("[encore] A week of silence", NEW["starts"])
        translate(synced(again(training)))
        assert again(copy).starts == NEW["starts"]

    def test_a_price_keeps_what_it_is_called_there(self, training: TrainingPage) -> None:
        source = sent(training)
        copy = again(translate(source))
        (row,) = copy.prices.all()
        row.label = "Chambre simple"
        copy.prices.set([row])
        copy.save_revision().publish()
        translate(source)
        assert [(price.label, price.amount) for price in again(copy).prices.all()] == [("Chambre simple", 900)]

    def test_trainers_are_shown_in_french(self, client: Client, training: TrainingPage) -> None:
        in_french(training.training_trainers.get().trainer)
        copy = in_french(training)
        assert copy.training_trainers.get().trainer == training.training_trainers.get().trainer
        assert "[fr] Sits." in shown(client, copy).get_text()

    def test_its_form_opens(self, client: Client, training: TrainingPage) -> None:
        copy = in_french(training)
        client.force_login(UserFactory(superuser=True))
        address = reverse("wagtailadmin_pages:edit", args=[copy.pk])
        assert client.get(address).status_code == 200
        Translation.objects.update(enabled=False)
        response = client.get(address)
        assert response.context["form"].owner == training


class TestQuestions:
    def test_a_page_shows_its_questions_in_french_once_each(self, client: Client) -> None:
        first, second = QuestionFactory(question="Why?", anchor="why"), QuestionFactory(question="When?")
        page = FAQPageFactory(questions=[first, second], introduction="<p>All you ask.</p>")
        source = sent(page)
        for question in (first, second):
            assert in_french(question).live
        copy = translate(source)
        numbered = shown(client, copy)
        assert [
            heading.get_text(" ", strip=True) for heading in numbered.select(".imp-question h3, .imp-question summary")
        ]
        words = numbered.get_text(" ")
        assert words.count("[fr] Why?") == words.count("[fr] When?") == 1
        assert "[fr] Yes." in words
        assert FAQPage.objects.count() == 2

    def test_its_address_is_no_word_and_stays_each_language_s_own(self) -> None:
        question = QuestionFactory(question="Why?", anchor="why")
        source = sent(question)
        assert paths_of(source) == {"question", "answer"}
        copy = translate(source)
        assert copy.anchor == "why"
        Question.objects.filter(pk=copy.pk).update(anchor="pourquoi")
        assert translate(synced(question)).anchor == "pourquoi"

    def test_a_schedule_of_the_source_is_nobody_elses(self) -> None:
        question = QuestionFactory(question="Why?")
        copy = in_french(question)
        question.expire_at = dt.datetime(2097, 1, 1, tzinfo=dt.UTC)
        question.save()
        translate(synced(question))
        copy.refresh_from_db()
        assert copy.expire_at is None


class TestFacts:
    @pytest.fixture
    def page(self, training: TrainingPage) -> ContentPage:
        """With every block of facts, and facts within sentences."""
        stage = RequirementFactory(title="Two retreats", stage__pathway=training.pathway, stage__key="start").stage
        PathwayPageFactory(pathway=training.pathway)
        question = QuestionFactory(question="Why?", says="<p>Because.</p>")
        told = '<embed embedtype="imp-fact" source="next-training" of="" tell="dates"/>'
        link = '<a linktype="imp-fact" source="next-training" of="" tell="link">the page</a>'
        blocks = [
            ("paragraph", f"<p>It begins {told} in <b>England</b>, see {link}.</p>"),
            ("next_training", {"pathway": training.pathway.pk, "sentence": "The next one:"}),
            ("training", {"page": training.pk}),
            ("question", {"question": question.pk}),
            ("pathway_stages", {"pathway": training.pathway.pk}),
            ("stage_requirements", {"stage": f"{training.pathway.key}/{stage.key}"}),
            ("courses", {"heading": "Courses", "pathway": training.pathway.pk, "number": 5}),
        ]
        home = Site.objects.get().root_page
        body = json.dumps([{"type": name, "value": value} for name, value in blocks])
        return home.add_child(instance=ContentPage(title="Facts", slug="facts", lead="Lead", body=body))

    def test_sentences_are_given_and_facts_are_not(self, page: ContentPage) -> None:
        strings = strings_of(sent(page))
        assert "The next one:" in strings
        assert not [string for string in strings if "imp-fact" in string or "embed" in string]

    def test_each_stands_on_the_french_page_in_french(self, client: Client, page: ContentPage, training: Any) -> None:
        source = sent(page)
        for thing in (training.pathway, Question.objects.get(locale=page.locale), training):
            in_french(thing)
        copy = translate(source)
        assert [block.block_type for block in copy.body] == [block.block_type for block in page.body]
        words = " ".join(shown(client, copy).get_text(" ").split())
        for said in (
            "21–30 octobre 2099",
            "[fr] The next one:",
            "[fr] A week of silence",
            "[fr] Because.",
            "[fr] Two retreats",
            "[fr] Stage",
        ):
            assert said in words, said
        links = [link["href"] for link in shown(client, copy).select("a[href]")]
        assert again(in_french(training)).url in links


def test_a_trainer_is_translated() -> None:
    trainer = TrainerFactory(name="Ann", biography="Sits.")
    copy = in_french(trainer)
    assert (copy.biography, copy.locale, copy.translation_key) == ("[fr] Sits.", french(), trainer.translation_key)


def test_an_empty_index_is_translated(client: Client) -> None:
    copy = in_french(TrainingIndexPageFactory(introduction="<p>All of <i>them</i>.</p>"))
    assert "[fr] All of them." in shown(client, copy).get_text()
