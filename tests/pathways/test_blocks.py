"""The blocks that show a pathway's stages, and what one of them asks for, on other pages."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.models import Locale, Page, ReferenceIndex, Site

from imp_wagtail.pathways.blocks import StageBlock, stage_choices
from imp_wagtail.pathways.models import Pathway, PathwayPage, Stage
from imp_wagtail.trainings.blocks import BodyBlock
from imp_wagtail.trainings.models import ContentPage
from tests.factories import PathwayFactory, PathwayPageFactory, RequirementFactory, StageFactory

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def pathway() -> Pathway:
    """Two stages; the first asks for retreats, and recommends reading."""
    pathway = PathwayFactory(key="imp", title="The pathway")
    first = StageFactory(pathway=pathway, key="one", title="Preparation", summary="What comes first.")
    RequirementFactory(stage=first, title="Retreats", retreats=True)
    RequirementFactory(stage=first, title="Reading", is_required=False)
    StageFactory(pathway=pathway, key="two", title="Engagement")
    return pathway


@pytest.fixture
def page(pathway: Pathway) -> PathwayPage:
    return PathwayPageFactory(pathway=pathway)


def shown(kind: str, **value: Any) -> str:
    block = BodyBlock().child_blocks[kind]
    return block.render(block.to_python(value))


def in_french(pathway: Pathway, title: str) -> Pathway:
    copy = pathway.copy_for_translation(Locale.objects.create(language_code="fr"))
    copy.title = title
    for stage in copy.stages.all():
        stage.title = f"{stage.title} (fr)"
    copy.save()
    return copy


def body_page(*blocks: dict[str, Any]) -> Page:
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ContentPage(title="Welcome", slug="welcome", body=json.dumps(blocks)))


class TestTheStagesOfAPathway:
    def test_are_a_diagram_that_leads_to_the_pathway_s_page(self, pathway: Pathway, page: PathwayPage) -> None:
        html = shown("pathway_stages", pathway=pathway.pk, look="diagram")

        assert f'href="{page.url}#stage-one"' in html
        assert f'href="{page.url}#stage-two"' in html
        assert '<nav class="imp-diagram" aria-label="The pathway">' in html

    def test_may_be_a_list_with_what_each_is_about(self, pathway: Pathway, page: PathwayPage) -> None:
        html = shown("pathway_stages", pathway=pathway.pk, look="list")

        assert "imp-diagram" not in html
        assert "What comes first." in html
        assert f'<a href="{page.url}#stage-one">Preparation</a>' in html

    def test_lead_nowhere_where_the_pathway_has_no_page(self, pathway: Pathway) -> None:
        html = shown("pathway_stages", pathway=pathway.pk, look="diagram")

        assert "Preparation" in html
        assert "<a " not in html

    def test_are_in_the_language_of_the_reader(self, pathway: Pathway) -> None:
        in_french(pathway, "Le chemin")

        with override("fr"):
            assert "Preparation (fr)" in shown("pathway_stages", pathway=pathway.pk, look="list")
        assert "(fr)" not in shown("pathway_stages", pathway=pathway.pk, look="list")

    def test_of_a_pathway_that_is_gone_are_nothing(self, pathway: Pathway) -> None:
        key = pathway.pk
        pathway.delete()

        assert shown("pathway_stages", pathway=key, look="list").strip() == ""

    def test_with_hostile_titles_are_harmless(self) -> None:
        stage = StageFactory(title=HOSTILE, summary=HOSTILE, pathway__title=HOSTILE)
        PathwayPageFactory(pathway=stage.pathway)

        for look in ("list", "diagram"):
            assert HOSTILE not in shown("pathway_stages", pathway=stage.pathway.pk, look=look)

    def test_are_nobody_else_s_on_a_page_that_has_stages_of_its_own(self, pathway: Pathway) -> None:
        block = BodyBlock().child_blocks["pathway_stages"]
        html = block.render(block.to_python({"pathway": None}), context={"stages": ["others"], "address": "/x/"})

        assert html.strip() == ""

    def test_take_as_many_queries_for_many_as_for_two(
        self, client: Client, pathway: Pathway, page: PathwayPage
    ) -> None:
        asks = {"type": "stage_requirements", "value": {"stage": "imp/one"}}
        host = body_page({"type": "pathway_stages", "value": {"pathway": pathway.pk, "look": "list"}}, asks)

        def queries() -> int:
            client.get(host.url)
            with CaptureQueriesContext(connection) as captured:
                client.get(host.url)
            return len(captured)

        two = queries()
        for stage in StageFactory.create_batch(6, pathway=pathway):
            RequirementFactory.create_batch(3, stage=stage)
        assert queries() == two


class TestTheRequirementsOfAStage:
    def test_are_those_of_the_pathway(self, pathway: Pathway, page: PathwayPage) -> None:
        html = shown("stage_requirements", stage="imp/one")

        assert f'<a href="{page.url}#stage-one">Preparation</a>' in html
        assert "Retreats" in html
        assert "at least 2, 5–7 days each" in html
        assert "Reading" not in html

    def test_come_with_what_is_recommended_where_that_is_asked_for(self, pathway: Pathway) -> None:
        assert "Reading" in shown("stage_requirements", stage="imp/one", recommended=True)

    def test_follow_a_stage_whose_title_changes(self, pathway: Pathway) -> None:
        Stage.objects.filter(key="one").update(title="Beginnings")

        assert "Beginnings" in shown("stage_requirements", stage="imp/one")

    def test_are_in_the_language_of_the_reader(self, pathway: Pathway) -> None:
        in_french(pathway, "Le chemin")

        with override("fr"):
            assert "Preparation (fr)" in shown("stage_requirements", stage="imp/one")

    @pytest.mark.parametrize("stage", ["imp/gone", "gone/one", "imp", "imp/", "/", "", None])
    def test_of_a_stage_that_there_is_not_are_nothing(self, pathway: Pathway, stage: str | None) -> None:
        assert shown("stage_requirements", stage=stage).strip() == ""


class TestChoosingAStage:
    def test_is_from_all_stages_by_pathway_and_title(self, pathway: Pathway) -> None:
        in_french(pathway, "Le chemin")

        assert stage_choices()[1:] == [
            (
                "The pathway",
                [("imp/one", "The pathway · Preparation"), ("imp/two", "The pathway · Engagement")],
            )
        ]

    def test_is_in_the_language_of_whoever_chooses(self, pathway: Pathway) -> None:
        in_french(pathway, "Le chemin")

        with override("fr"):
            assert stage_choices()[1:] == [
                (
                    "Le chemin",
                    [("imp/one", "Le chemin · Preparation (fr)"), ("imp/two", "Le chemin · Engagement (fr)")],
                )
            ]

    def test_keeps_the_keys(self, pathway: Pathway) -> None:
        assert StageBlock().clean("imp/two") == "imp/two"

    def test_refuses_one_that_is_gone_and_says_so(self, pathway: Pathway) -> None:
        with pytest.raises(ValidationError, match="no longer there"):
            StageBlock().clean("imp/gone")

    def test_counts_as_a_use_of_the_pathway(self, pathway: Pathway) -> None:
        host = body_page({"type": "stage_requirements", "value": {"stage": "imp/one"}})

        assert [used.object_id for used in ReferenceIndex.get_references_to(pathway)] == [str(host.pk)]
