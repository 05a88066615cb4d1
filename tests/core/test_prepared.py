"""Queries that are composed once: they answer like the queryset that says what is asked."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from imp_wagtail.core.prepared import Prepared, PreparedMany, PreparedPublic
from imp_wagtail.core.restrictions import public
from imp_wagtail.pathways.models import Stage
from imp_wagtail.trainings.models import TrainingPage
from tests.factories import StageFactory, TrainingPageFactory

pytestmark = pytest.mark.django_db


def with_key(key: str) -> QuerySet:
    return Stage.objects.annotate(pathway_title=F("pathway__title")).filter(key=key)


@pytest.fixture
def by_key() -> Prepared:
    return Prepared(with_key, "a key")


def test_a_record_is_found_whole_with_its_annotations_in_one_query(by_key: Prepared) -> None:
    stage = StageFactory(key="one", sort_order=7)
    StageFactory(key="two")

    with CaptureQueriesContext(connection) as queries:
        found = by_key.first("one")
        assert (found, found.sort_order, found.locale_id) == (stage, 7, stage.locale_id)
        assert found.pathway_title == stage.pathway.title

    assert len(queries) == 1


def test_every_column_and_annotation_is_read_as_its_field_is() -> None:
    by_key = Prepared(
        lambda key: Stage.objects.annotate(of=F("translation_key"), pathways=F("pathway__translation_key")).filter(
            key=key
        ),
        "a key",
    )
    stage = StageFactory(key="one")

    found, whole = by_key.first("one"), Stage.objects.get()
    assert {**found.__dict__, "_state": None} == {
        **whole.__dict__,
        "_state": None,
        "of": stage.translation_key,
        "pathways": stage.pathway.translation_key,
    }
    assert (found._state.db, found._state.adding) == (whole._state.db, False)


def test_what_is_not_there_is_none_and_does_not_exist(by_key: Prepared) -> None:
    StageFactory(key="one")

    assert by_key.first("two") is None
    assert (by_key.exists("one"), by_key.exists("two")) == (True, False)


@pytest.mark.parametrize("value", ["' OR 1=1 --", "%s", "%", "a key", "\\", "é"])
def test_a_value_is_a_value_and_never_part_of_the_question(by_key: Prepared, value: str) -> None:
    StageFactory(key="one")

    assert by_key.first(value) is None
    assert not by_key.exists(value)


def test_the_question_is_composed_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    composed = []
    by_key = Prepared(lambda key: composed.append(key) or with_key(key), "a key")
    StageFactory(key="one")

    assert [by_key.exists(key) for key in ("one", "two", "one")] == [True, False, True]
    assert composed == ["a key"]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    by_key.exists("one")
    assert composed == ["a key"] * 2


def test_a_sample_that_is_not_asked_for_is_refused() -> None:
    without = Prepared(lambda key: Stage.objects.filter(key="one"), "a key")

    with pytest.raises(ValueError, match="must stand in the query"):
        without.exists("one")


def test_of_what_nothing_can_be_there_is_nothing() -> None:
    none = Prepared(lambda key: Stage.objects.filter(key=key, pk__in=[]), "a key")
    StageFactory(key="one")

    assert (none.all("one"), none.first("one"), none.exists("one")) == ([], None, False)


def test_several_values_stand_each_in_its_place_as_often_as_it_is_asked_for() -> None:
    between = Prepared(
        lambda least, most: Stage.objects.filter(
            sort_order__gte=least, sort_order__lte=most, pathway__stages__sort_order__gte=least
        ).distinct(),
        -1,
        -2,
    )
    stages = [StageFactory(sort_order=order) for order in (1, 2, 3)]

    assert between.all(2, 3) == stages[1:]
    assert between.all(1, 2) == stages[:2]
    assert between.all(3, 1) == []


def test_records_come_in_their_order_and_as_many_as_are_wanted() -> None:
    latest = Prepared(lambda most, least: Stage.objects.filter(pk__gte=least).order_by("-key")[:most], -1)
    for key in ("one", "three", "two"):
        StageFactory(key=key)

    assert [stage.key for stage in latest.all(0, of=(2,))] == ["two", "three"]
    assert [stage.key for stage in latest.all(0, of=(3,))] == ["two", "three", "one"]


def test_what_is_fetched_along_is_at_hand_and_nothing_else_is_missing() -> None:
    with_pathway = Prepared(lambda key: Stage.objects.filter(key=key).select_related("pathway"), "a key")
    stage = StageFactory(key="one")

    found = with_pathway.first("one")
    with CaptureQueriesContext(connection) as queries:
        assert found.pathway.title == stage.pathway.title
    assert len(queries) == 0
    assert found.locale == stage.locale


def test_values_are_tuples_that_are_read_as_fields_are() -> None:
    of_key = Prepared(lambda key: Stage.objects.filter(key=key).values_list("translation_key", "title"), "a key")
    stage = StageFactory(key="one")

    assert of_key.all("one") == [(stage.translation_key, stage.title)]
    assert of_key.all("two") == []


def test_of_fields_that_were_left_out_each_is_fetched_when_it_is_asked_for() -> None:
    named = Prepared(lambda key: Stage.objects.filter(key=key).only("title"), "a key")
    stage = StageFactory(key="one", summary="A summary.")

    found = named.first("one")
    with CaptureQueriesContext(connection) as queries:
        assert (found.title, found.summary) == (stage.title, "A summary.")
    assert len(queries) == 1


def test_a_page_is_whole_with_all_its_texts_and_may_be_saved() -> None:
    page = TrainingPageFactory(slug="one", body=[{"type": "heading", "value": "What awaits you"}])
    found = Prepared(lambda slug: TrainingPage.objects.filter(slug=slug), "a slug").first("one")

    assert found == page
    assert [(child.block_type, child.value) for child in found.body] == [("heading", "What awaits you")]
    assert (found.specific_class, found.get_url()) == (TrainingPage, page.get_url())
    found.title = "Another title"
    found.save()
    assert TrainingPage.objects.get().title == "Another title"


def test_what_the_public_sees_is_composed_anew_once_a_page_is_restricted() -> None:
    page = TrainingPageFactory(slug="one")
    of_slug = PreparedPublic(lambda slug: public(TrainingPage.objects.filter(slug=slug)), "a slug")

    assert of_slug.first("one") == page
    restriction = PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
    assert of_slug.first("one") is None
    restriction.delete()
    assert of_slug.first("one") == page


def with_keys(keys: list[int]) -> QuerySet:
    return Stage.objects.annotate(pathway_title=F("pathway__title")).filter(pk__in=keys, key__startswith="one")


def test_several_records_are_found_whole_by_their_keys_in_one_query() -> None:
    stages = [StageFactory(key=key) for key in ("one", "one-more", "two")]
    by_keys = PreparedMany(with_keys)

    with CaptureQueriesContext(connection) as queries:
        found = by_keys.all([stage.pk for stage in stages])
    assert sorted(stage.key for stage in found) == ["one", "one-more"]
    assert {stage.pathway_title for stage in found} == {stage.pathway.title for stage in stages[:2]}
    assert len(queries) == 1
    assert [by_keys.all(keys) for keys in ([], [stages[2].pk], [10**9])] == [[], [], []]


def test_a_query_of_several_is_composed_once_for_each_count_of_them() -> None:
    composed = []
    by_keys = PreparedMany(lambda keys: composed.append(len(keys)) or with_keys(keys))
    for keys in ([1, 2], [3, 4], [5], [6]):
        by_keys.all(keys)

    assert composed == [2, 1]
