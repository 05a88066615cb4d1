"""The rules of a pathway are entered once: on the source. Its translations say them in other words."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import registry

from imp_wagtail.core.translation import source_of
from imp_wagtail.pathways.languages import share_rules
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.signals import pathway_changed
from tests.factories import RequirementFactory, StageFactory, UserFactory
from tests.pathways.support import (
    URLS,
    as_it_is,
    changed_amount,
    edit,
    is_saved,
    requirement_data,
    stage_data,
    translated,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(pathway: Pathway) -> Pathway:
    copy = translated(pathway)
    for model in (Stage, Requirement):
        for row in model.objects.filter(locale=copy.locale):
            model.objects.filter(pk=row.pk).update(title=f"{row.title} (fr)")
    return Pathway.objects.get(pk=copy.pk)


def rules(pathway: Pathway) -> list[Any]:
    """All that counts, without words."""
    return [
        (
            stage.key,
            stage.opens_after_months,
            stage.unlocks,
            [(item.key, item.rule) for item in stage.requirements.all()],
        )
        for stage in Pathway.objects.get(pk=pathway.pk).stages.all()
    ]


def titles(pathway: Pathway) -> list[str]:
    stages = Pathway.objects.get(pk=pathway.pk).stages.all()
    return [item.title for stage in stages for item in (stage, *stage.requirements.all())]


def test_a_changed_rule_is_the_same_for_readers_of_every_language(
    staff: Client, pathway: Pathway, copy: Pathway
) -> None:
    before = titles(copy)
    assert is_saved(edit(staff, pathway, changed_amount(pathway, "7")))
    assert rules(copy) == rules(pathway)
    assert Requirement.objects.filter(locale=copy.locale, amount=Decimal(7)).count() == 1
    assert titles(copy) == before


def test_a_new_stage_comes_with_the_source_s_words(pathway: Pathway, copy: Pathway) -> None:
    stage = StageFactory(pathway=pathway, key="last", title="Last")
    RequirementFactory(stage=stage, title="Calls", supervision=True)
    share_rules(pathway, by=None)
    assert rules(copy) == rules(pathway)
    assert titles(copy)[-2:] == ["Last", "Calls"]
    added = Stage.objects.get(key="last", locale=copy.locale)
    assert (source_of(added), source_of(added.requirements.get())) == (stage, stage.requirements.get())


def test_what_the_source_has_no_more_goes(pathway: Pathway, copy: Pathway) -> None:
    pathway.stages.first().delete()
    share_rules(pathway, by=None)
    assert rules(copy) == rules(pathway)
    assert len(rules(copy)) == 1


def test_an_order_is_the_same_everywhere(pathway: Pathway, copy: Pathway) -> None:
    Stage.objects.filter(pk=pathway.stages.first().pk).update(sort_order=9)
    share_rules(pathway, by=None)
    assert rules(copy) == rules(pathway)


def test_a_translation_that_was_not_copied_keeps_its_words(pathway: Pathway, copy: Pathway) -> None:
    other = Stage.objects.filter(pathway=copy).first()
    other.translation_key = "6c3d1ad4-26d5-4bd7-8cb9-e6cf07cba2a4"
    other.save()
    share_rules(pathway, by=None)
    assert Stage.objects.filter(pk=other.pk).exists()
    assert rules(copy) == rules(pathway)


def test_it_is_logged_once_and_repeating_it_changes_nothing(pathway: Pathway, copy: Pathway) -> None:
    who = UserFactory()
    Stage.objects.filter(pathway=pathway).update(opens_after_months=1, closes_after_months=2)
    assert share_rules(pathway, by=who) == [copy]
    assert share_rules(pathway, by=who) == []
    (entry,) = registry.get_logs_for_instance(copy)
    assert (entry.user, entry.action) == (who, "wagtail.edit")


def test_a_pack_shares_them_too(pathway: Pathway, copy: Pathway) -> None:
    Stage.objects.filter(pathway=pathway).update(opens_after_months=1, closes_after_months=2)
    pathway_changed.send(Pathway, pathway=pathway, by=None)
    assert rules(copy) == rules(pathway)


class TestForm:
    def test_a_translation_s_words_are_saved_and_its_rules_are_not(
        self, staff: Client, pathway: Pathway, copy: Pathway
    ) -> None:
        before = rules(pathway)
        assert is_saved(edit(staff, copy, changed_amount(copy, "7"), title="Le parcours", key="autre"))
        copy.refresh_from_db()
        assert (copy.title, copy.key) == ("Le parcours", pathway.key)
        assert rules(copy) == rules(pathway) == before

    def test_it_says_where_they_are(self, staff: Client, pathway: Pathway, copy: Pathway) -> None:
        html = staff.get(f"/admin/snippets/imp_pathways/pathway/edit/{copy.pk}/").text
        assert f'<a href="/admin/snippets/imp_pathways/pathway/edit/{pathway.pk}/">Change the facts</a>' in html
        assert "Change the facts" not in staff.get(f"/admin/snippets/imp_pathways/pathway/edit/{pathway.pk}/").text

    def test_no_stage_comes_or_goes_on_a_translation(self, staff: Client, pathway: Pathway, copy: Pathway) -> None:
        before = titles(copy)
        for stages in (
            [*as_it_is(copy), stage_data()],
            [as_it_is(copy)[0], {**as_it_is(copy)[1], "DELETE": "on"}],
            [
                stage_data(
                    copy.stages.first(),
                    [*map(requirement_data, copy.stages.first().requirements.all()), requirement_data()],
                ),
                as_it_is(copy)[1],
            ],
        ):
            response = edit(staff, copy, stages)
            assert "are added, and removed, on the pathway in English" in response.text
        assert titles(copy) == before


def test_a_translation_s_form_offers_no_rows_to_add_move_or_remove(
    staff: Client, pathway: Pathway, copy: Pathway
) -> None:
    def form(one: Pathway) -> str:
        return staff.get(reverse(f"{URLS}:edit", args=[one.pk])).content.decode()

    for offered in ("id_stages-ADD", "id_stages-0-requirements-ADD", "data-inline-panel-child-drag", "InlinePanel"):
        assert offered in form(pathway)
        assert offered not in form(copy)
    assert "Stage 2" in form(copy)
