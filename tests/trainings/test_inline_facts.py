"""Facts inside of texts: stored by name, told in the reader's language, kept by the editor."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.db_html import DbHTMLConverter
from wagtail.models import Locale, Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.rich_text import expand_db_html

from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.models.pathways import RICH_TEXT
from imp_wagtail.trainings.blocks import TEXT_FEATURES
from imp_wagtail.trainings.models import ContentPage, FAQPage, TrainingIndexPage, TrainingPage
from imp_wagtail.trainings.rules import Status
from tests.factories import (
    PathwayFactory,
    PathwayPageFactory,
    RequirementFactory,
    StageFactory,
    TrainingPageFactory,
    editor,
)

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>'


def fact(source: str, tell: str, of: Any = "") -> str:
    return f'<embed embedtype="imp-fact" source="{source}" of="{of}" tell="{tell}"/>'


def link(source: str, words: str, of: Any = "") -> str:
    return f'<a linktype="imp-fact" source="{source}" of="{of}" tell="link">{words}</a>'


def told(source: str, tell: str, of: Any = "") -> str:
    return expand_db_html(fact(source, tell, of))


def page_with(*texts: str) -> Page:
    body = json.dumps([{"type": "paragraph", "value": text} for text in texts])
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ContentPage(title="Welcome", slug="welcome", body=body))


class TestTheNextTraining:
    def test_is_told_by_its_dates_its_place_and_its_link(self) -> None:
        training = TrainingPageFactory(title="Autumn retreat")

        assert told("next-training", "dates") == '<time datetime="2099-10-21">21–30 October 2099</time>'
        assert told("next-training", "place") == "Ammerdown, United Kingdom"
        assert told("next-training", "link") == f'<a href="{training.url}">Autumn retreat</a>'

    def test_may_be_a_link_with_the_editor_s_own_words(self) -> None:
        training = TrainingPageFactory()

        assert expand_db_html(link("next-training", "come <b>soon</b>")) == (
            f'<a href="{training.url}">come <b>soon</b></a>'
        )

    def test_is_told_in_the_language_of_the_reader(self) -> None:
        TrainingPageFactory()

        with override("fr"):
            assert "21–30 octobre 2099" in told("next-training", "dates")

    def test_of_a_pathway_is_that_pathway_s(self) -> None:
        TrainingPageFactory(title="Sooner", starts=dt.date(2098, 1, 1), ends=dt.date(2098, 1, 2))
        TrainingPageFactory(title="Its own", pathway=PathwayFactory(key="imp"))

        assert "Its own" in told("next-training", "link", "imp")
        assert "Sooner" in told("next-training", "link")

    def test_while_there_is_none_is_to_be_announced(self) -> None:
        TrainingPageFactory(past=True)

        assert told("next-training", "dates") == "(to be announced)"
        assert expand_db_html(link("next-training", "the training")) == "<a>the training</a>"

    def test_is_to_be_announced_where_its_pathway_is_gone(self) -> None:
        TrainingPageFactory()

        assert told("next-training", "dates", "gone") == "(to be announced)"

    def test_has_the_dates_that_its_page_has_at_the_next_request(self, client: Client) -> None:
        training = TrainingPageFactory()
        page = page_with(f"<p>It begins on {fact('next-training', 'dates')}.</p>")
        assert "21–30 October 2099" in client.get(page.url).text

        training.starts, training.ends = dt.date(2099, 12, 1), dt.date(2099, 12, 4)
        training.save_revision().publish()
        assert "1–4 December 2099" in client.get(page.url).text


class TestAChosenTraining:
    def test_is_told_as_it_is_now(self) -> None:
        training = TrainingPageFactory(title="Spring retreat", past=True)

        assert told("training", "dates", training.pk) == '<time datetime="2019-05-01">1–10 May 2019</time>'
        assert told("training", "link", training.pk) == f'<a href="{training.url}">Spring retreat</a>'

    def test_that_is_online_has_its_format_for_a_place(self) -> None:
        training = TrainingPageFactory(format="online", venue="", country="")

        assert told("training", "place", training.pk) == "online"

    def test_of_long_ago_has_its_year(self) -> None:
        training = TrainingPageFactory(past=True, year_only=True)

        assert told("training", "dates", training.pk) == '<time datetime="2019">2019</time>'

    def test_that_is_cancelled_says_so(self) -> None:
        training = TrainingPageFactory(title="Retreat", status=Status.CANCELLED)

        assert told("training", "dates", training.pk).endswith("</time> (cancelled)")

    def test_is_its_translation_for_whoever_reads_that(self) -> None:
        french = Locale.objects.create(language_code="fr")
        training = TrainingPageFactory(title="Retreat")
        copy = training.copy_for_translation(french, copy_parents=True, alias=False)
        copy.title = "Retraite"
        copy.save_revision().publish()

        with override("fr"):
            assert told("training", "link", training.pk) == f'<a href="{copy.url}">Retraite</a>'

    def test_is_nothing_while_not_everybody_may_see_it(self) -> None:
        draft, closed = TrainingPageFactory(live=False), TrainingPageFactory(title="Closed")
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)

        assert told("training", "link", draft.pk) == told("training", "dates", closed.pk) == ""
        assert expand_db_html(link("training", "come", closed.pk)) == "<a>come</a>"

    @pytest.mark.parametrize("key", ["0", "999999", "", "x", "-1", "9" * 40, "٣"])
    def test_that_there_is_not_is_nothing(self, key: str) -> None:
        assert told("training", "link", key) == ""


class TestAPathway:
    def test_is_told_by_its_title_with_the_way_to_its_page(self) -> None:
        pathway = PathwayFactory(key="imp", title="The pathway")

        assert told("pathway", "link", "imp") == "The pathway"
        page = PathwayPageFactory(pathway=pathway)
        assert told("pathway", "link", "imp") == f'<a href="{page.url}">The pathway</a>'
        assert told("pathway", "title", "imp") == "The pathway"

    def test_tells_how_much_a_requirement_asks_for(self) -> None:
        stage = StageFactory(pathway__key="imp", key="one")
        RequirementFactory(stage=stage, key="retreats", retreats=True)

        assert told("requirement", "amount", "imp/one/retreats") == "at least 2, 5–7 days each"
        assert told("requirement", "amount", "imp/two/retreats") == ""


class TestWhateverStandsInTheDatabase:
    def test_hostile_titles_are_harmless(self) -> None:
        pathway = PathwayFactory(key="imp", title=HOSTILE)
        training = TrainingPageFactory(title=HOSTILE, slug="hostile", venue=HOSTILE)

        for html in (
            told("training", "link", training.pk),
            told("training", "place", training.pk),
            told("pathway", "title", pathway.key),
        ):
            assert "<script" not in html
            assert "&lt;script&gt;" in html

    @pytest.mark.parametrize(
        "html", ['<embed embedtype="imp-fact"/>', fact("nobody", "dates"), fact("training", "no")]
    )
    def test_a_fact_that_nobody_tells_is_nothing(self, html: str) -> None:
        assert expand_db_html(html) == ""

    def test_a_fact_that_no_training_tells_is_nothing(self) -> None:
        assert told("training", "secret", TrainingPageFactory().pk) == ""


class TestManyFacts:
    def test_of_one_text_take_as_many_queries_as_one_of_each(self) -> None:
        trainings = TrainingPageFactory.create_batch(8)

        def queries(texts: list[str]) -> int:
            expand_db_html("".join(texts))
            with CaptureQueriesContext(connection) as captured:
                expand_db_html("".join(texts))
            return len(captured)

        few = [fact("training", "dates", trainings[0].pk), fact("next-training", "dates")]
        many = few + [fact("training", tell, one.pk) for one in trainings for tell in ("dates", "place", "link")]
        assert queries(many + [fact("next-training", "place")] * 3) == queries(few)

    def test_of_many_texts_are_looked_up_once_for_a_page(self, client: Client) -> None:
        TrainingPageFactory()

        def queries(page: Page) -> int:
            client.get(page.url)
            with CaptureQueriesContext(connection) as captured:
                client.get(page.url)
            return len(captured)

        page = page_with(fact("next-training", "dates"))
        one = queries(page)
        page.body = json.dumps([{"type": "paragraph", "value": fact("next-training", "place")}] * 10)
        page.save_revision().publish()
        assert queries(page) == one

    def test_are_not_remembered_while_something_may_be_changed(self) -> None:
        training = TrainingPageFactory(title="Before")
        request_started.send(None, environ={"REQUEST_METHOD": "POST"})
        try:
            before = told("training", "link", training.pk)
            TrainingPage.objects.update(title="After")
            assert "After" in told("training", "link", training.pk) != before
        finally:
            request_finished.send(None)


class TestTheEditor:
    """The converter between the stored text and the editor's: nothing is lost on the way there and back."""

    @pytest.fixture
    def converter(self) -> ContentstateConverter:
        return ContentstateConverter(TEXT_FEATURES)

    def test_loses_nothing(self, converter: ContentstateConverter) -> None:
        training = TrainingPageFactory()
        inner = (
            f"It is on {fact('next-training', 'dates', 'imp')}, at {fact('training', 'place', training.pk)} "
            f"<b><i>{fact('training', 'dates', training.pk)}</i></b>{fact('pathway', 'title', 'gone')} "
            f"({link('next-training', 'see <i>more</i>')})."
        )
        text = f'<p data-block-key="a">{inner}</p><ul><li data-block-key="b">{inner}</li></ul>'

        assert converter.to_database_format(converter.from_database_format(text)) == text

    def test_shows_what_the_fact_says_now_and_what_it_is_called(self, converter: ContentstateConverter) -> None:
        TrainingPageFactory()
        state = json.loads(converter.from_database_format(f"<p>On {fact('next-training', 'dates')}.</p>"))

        assert state["blocks"][0]["text"] == "On 21–30 October 2099."
        assert state["entityMap"]["0"]["data"]["label"] == "The next training: Dates"
        assert state["entityMap"]["0"]["mutability"] == "IMMUTABLE"

    def test_shows_a_title_as_it_is_written(self, converter: ContentstateConverter) -> None:
        training = TrainingPageFactory(title="<b>Now</b> & then")
        state = json.loads(converter.from_database_format(f"<p>{fact('training', 'link', training.pk)}</p>"))

        assert state["blocks"][0]["text"] == "<b>Now</b> & then"

    def test_tells_of_a_fact_that_is_gone(self, converter: ContentstateConverter) -> None:
        draft = TrainingPageFactory(title="Draft", live=False)
        state = json.loads(
            converter.from_database_format(
                f"<p>{fact('training', 'dates', draft.pk)}{fact('training', 'dates', 0)}</p>"
            )
        )

        assert state["blocks"][0]["text"] == "[Draft (21–30 October 2099): Dates][A fact that is gone]"
        assert [entity["data"]["gone"] for entity in state["entityMap"].values()] == [True, True]

    def test_is_offered_in_every_text_of_the_package(self) -> None:
        texts = [
            ContentPage._meta.get_field("body").stream_block.child_blocks["paragraph"],
            FAQPage._meta.get_field("introduction"),
            TrainingIndexPage._meta.get_field("introduction"),
            Pathway._meta.get_field("introduction"),
        ]

        assert [text for text in texts if "imp-fact" not in text.features] == []
        assert "imp-fact" in RICH_TEXT

    def test_keeps_facts_that_come_from_elsewhere_and_nothing_beside_them(self) -> None:
        sent = f'<p>{fact("training", "dates", 3)[:-2]} onclick="alert(1)"/>{link("training", "words", 3)}</p>'
        kept, removed = DbHTMLConverter(TEXT_FEATURES).clean(sent)

        assert removed == []
        assert "onclick" not in kept
        for name, value in {"source": "training", "of": "3", "tell": "dates"}.items():
            assert f'{name}="{value}"' in kept
        assert ">words</a>" in kept

    def test_offers_what_readers_would_see(self, client: Client) -> None:
        client.force_login(editor())
        TrainingPageFactory(title="Spring retreat")
        groups = client.get("/admin/training/facts/").json()["groups"]
        (spring,) = [group for group in groups if group["title"].startswith("Spring retreat")]

        assert [(one["called"], one["text"]) for one in groups[0]["facts"]] == [
            ("Dates", "21–30 October 2099"),
            ("Place", "Ammerdown, United Kingdom"),
            ("Link", "Spring retreat"),
        ]
        assert groups[0]["title"] == "The next training"
        assert [one["leads"] for one in spring["facts"]] == [False, False, True]

    def test_offers_no_draft(self, client: Client) -> None:
        client.force_login(editor())
        TrainingPageFactory(title="Secret", live=False)

        assert "Secret" not in client.get("/admin/training/facts/").text

    def test_finds_subjects_by_words_of_their_names(self, client: Client) -> None:
        client.force_login(editor())
        TrainingPageFactory(title="Spring retreat")
        TrainingPageFactory(title="Autumn seminar")
        groups = client.get("/admin/training/facts/", {"q": "RETREAT spring"}).json()["groups"]

        assert [group["title"] for group in groups] == ["Spring retreat (21–30 October 2099)"]

    def test_takes_as_many_queries_for_twenty_trainings_as_for_one(self, client: Client) -> None:
        client.force_login(editor())

        def queries() -> int:
            client.get("/admin/training/facts/")
            with CaptureQueriesContext(connection) as captured:
                client.get("/admin/training/facts/")
            return len(captured)

        TrainingPageFactory()
        one = queries()
        TrainingPageFactory.create_batch(19)
        assert queries() == one


class TestWhereATrainingIsUsed:
    def test_texts_that_tell_of_it_are_among_it(self) -> None:
        training = TrainingPageFactory()
        page = page_with(f"<p>{fact('training', 'dates', training.pk)} {link('training', 'more', training.pk)}</p>")

        assert {used.object_id for used in ReferenceIndex.get_references_to(training)} == {str(page.pk)}

    def test_a_pathway_is_used_by_texts_that_name_it(self) -> None:
        pathway = PathwayFactory(key="imp")
        page = page_with(f"<p>{fact('pathway', 'link', 'imp')}</p>")

        assert [used.object_id for used in ReferenceIndex.get_references_to(pathway)] == [str(page.pk)]

    @pytest.mark.parametrize(
        "html", [fact("training", "dates", "x"), fact("nobody", "dates", "1"), fact("pathway", "x")]
    )
    def test_what_refers_to_nothing_is_saved_all_the_same(self, html: str) -> None:
        assert ReferenceIndex.objects.filter(object_id=str(page_with(html).pk)).count() == 0


def test_plain_text_tells_the_fact() -> None:
    TrainingPageFactory()
    text = f"<p>On {fact('next-training', 'dates')}.</p><p>Then.</p>"
    plain = Template("{% load imp_structured %}{{ text|plain_text }}").render(Context({"text": text}))

    assert plain == "On 21–30 October 2099. Then."
