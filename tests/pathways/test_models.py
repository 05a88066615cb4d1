"""Pathways, stages and requirements: what they refuse, and how they are read."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from imp_wagtail.core.translation import source_of
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.presentation import stages_for_display, window_in_words
from imp_wagtail.pathways.rules import CohortKind, Kind
from tests.factories import PathwayFactory, RequirementFactory, StageFactory
from tests.pathways.support import french, translated

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": Kind.SESSIONS}, "cohort_kind"),
        ({"kind": Kind.COUNT, "cohort_kind": CohortKind.TRAINING}, "cohort_kind"),
        ({"kind": Kind.COUNT, "each_min": 5, "each_max": 7}, "unit"),
        ({"kind": Kind.HOURS, "each_min": 5, "unit": "hours"}, "each_min"),
        ({"kind": Kind.CONFIRMATION, "each_max": 5, "unit": "days"}, "each_min"),
        ({"kind": Kind.COUNT, "each_min": 7, "each_max": 5, "unit": "days"}, "each_max"),
        ({"amount": 0}, "amount"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_a_rule_that_could_not_be_counted_is_refused_beside_its_field(values: dict[str, Any], field: str) -> None:
    requirement = RequirementFactory.build(stage=StageFactory(), **values)

    with pytest.raises(ValidationError) as refused:
        requirement.full_clean(exclude=["locale"])

    assert list(refused.value.error_dict) == [field]


@pytest.mark.parametrize("trait", ["retreats", "cycles", "practice_hours", "training_days", "supervision"])
def test_every_kind_of_rule_that_can_be_counted_is_accepted(trait: str) -> None:
    RequirementFactory(**{trait: True}).full_clean()


def test_a_lower_bound_may_equal_the_upper_one() -> None:
    RequirementFactory(retreats=True, each_min=7, each_max=7).full_clean()


@pytest.mark.parametrize(("opens", "closes"), [(6, None), (None, 12), (12, 6)])
def test_a_window_without_both_ends_in_order_is_refused(opens: int | None, closes: int | None) -> None:
    stage = StageFactory.build(
        pathway=PathwayFactory(), sort_order=0, opens_after_months=opens, closes_after_months=closes
    )

    with pytest.raises(ValidationError) as refused:
        stage.clean()

    assert list(refused.value.error_dict) == ["closes_after_months"]


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(6, 12, "6–12 months after the training"), (0, 6, "0–6 months after the training"), (None, None, "")],
)
def test_a_window_is_said_in_words(opens: int | None, closes: int | None, words: str) -> None:
    stage = StageFactory(opens_after_months=opens, closes_after_months=closes)
    stage.full_clean()

    assert window_in_words(stage) == words


def test_a_new_requirement_says_its_rule_before_it_is_saved() -> None:
    assert Requirement(kind=Kind.COUNT).in_words == "at least 1"


def test_the_stage_with_sessions_of_the_training_is_the_one_that_takes_it() -> None:
    before, training = StageFactory(), StageFactory()
    RequirementFactory(stage=before, retreats=True)
    RequirementFactory(stage=before, supervision=True)
    RequirementFactory(stage=training, training_days=True)

    assert (before.takes_training, training.takes_training) == (False, True)


def test_asking_each_stage_for_its_training_costs_no_query_once_they_are_fetched() -> None:
    pathway = PathwayFactory()
    for _number in range(4):
        RequirementFactory(stage=StageFactory(pathway=pathway))
    shown = stages_for_display(pathway)

    with CaptureQueriesContext(connection) as queries:
        assert not any(stage.stage.takes_training for stage in shown)

    assert len(queries) == 0


@pytest.mark.parametrize("count", [1, 12])
def test_pathways_with_their_stages_take_three_queries(count: int) -> None:
    pathway = PathwayFactory()
    for _number in range(count):
        RequirementFactory(stage=StageFactory(pathway=pathway))

    with CaptureQueriesContext(connection) as queries:
        found = Pathway.objects.with_stages().get(pk=pathway.pk)
        assert sum(len(stage.requirements.all()) for stage in found.stages.all()) == count

    assert len(queries) == 3


def test_stages_are_shown_in_order_with_what_they_require_and_recommend() -> None:
    pathway = PathwayFactory()
    second = StageFactory(pathway=pathway, title="Second", sort_order=2)
    first = StageFactory(pathway=pathway, title="First", sort_order=1)
    needed = RequirementFactory(stage=first, sort_order=2)
    earlier = RequirementFactory(stage=first, sort_order=1)
    advised = RequirementFactory(stage=first, sort_order=0, is_required=False)

    shown = stages_for_display(pathway)

    assert [(item.number, item.stage) for item in shown] == [(1, first), (2, second)]
    assert (shown[0].required, shown[0].recommended) == ([earlier, needed], [advised])


def test_a_pathway_in_the_default_language_is_its_own_source() -> None:
    pathway = PathwayFactory()

    assert source_of(pathway) is pathway


def test_a_translation_leads_back_to_its_source_with_stages_and_requirements() -> None:
    requirement = RequirementFactory()
    pathway = requirement.stage.pathway
    copy = translated(pathway)
    stage = copy.stages.get()

    assert copy.source == pathway
    assert source_of(stage) == requirement.stage
    assert source_of(stage.requirements.get()) == requirement


def test_the_oldest_translation_is_the_source_where_the_default_language_has_none() -> None:
    arabic = Locale.objects.create(language_code="ar")
    oldest = PathwayFactory(locale=french())
    younger = oldest.copy_for_translation(arabic)
    younger.save()

    assert (younger.source, oldest.source) == (oldest, oldest)


def test_only_pathways_of_the_default_language_are_chosen_for_tracking() -> None:
    pathway = PathwayFactory()
    translated(pathway)
    translated_only = PathwayFactory(locale=french())

    assert list(Pathway.objects.in_source_language()) == [pathway]
    assert translated_only.source == translated_only


def test_records_are_named_by_their_titles() -> None:
    requirement = RequirementFactory(title="Two retreats", stage__title="Preparation", stage__pathway__title="IMP")

    assert [str(item) for item in (requirement, requirement.stage, requirement.stage.pathway)] == [
        "Two retreats",
        "Preparation",
        "IMP",
    ]
    assert Stage.objects.count() == 1
