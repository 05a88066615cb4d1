"""Queries that are composed once: they answer like the queryset that says what is asked."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.core.prepared import Prepared, PreparedMany
from imp_wagtail.pathways.models import Stage
from tests.factories import StageFactory

pytestmark = pytest.mark.django_db


def with_key(key: str) -> QuerySet:
    return Stage.objects.annotate(pathway_title=F("pathway__title")).filter(key=key)


@pytest.fixture
def by_key() -> Prepared:
    return Prepared(Stage, with_key, sample="a key")


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
        Stage,
        lambda key: Stage.objects.annotate(of=F("translation_key"), pathways=F("pathway__translation_key")).filter(
            key=key
        ),
        sample="a key",
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
    by_key = Prepared(Stage, lambda key: composed.append(key) or with_key(key), sample="a key")
    StageFactory(key="one")

    assert [by_key.exists(key) for key in ("one", "two", "one")] == [True, False, True]
    assert composed == ["a key"]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    by_key.exists("one")
    assert composed == ["a key"] * 2


def test_a_sample_that_cannot_be_told_apart_is_refused() -> None:
    twice = Prepared(Stage, lambda key: Stage.objects.filter(key=key, title=key), sample="a key")

    with pytest.raises(ValueError, match="must stand in the query once"):
        twice.exists("one")


def with_keys(keys: list[int]) -> QuerySet:
    return Stage.objects.annotate(pathway_title=F("pathway__title")).filter(pk__in=keys, key__startswith="one")


def test_several_records_are_found_whole_by_their_keys_in_one_query() -> None:
    stages = [StageFactory(key=key) for key in ("one", "one-more", "two")]
    by_keys = PreparedMany(Stage, with_keys)

    with CaptureQueriesContext(connection) as queries:
        found = by_keys.all([stage.pk for stage in stages])
    assert sorted(stage.key for stage in found) == ["one", "one-more"]
    assert {stage.pathway_title for stage in found} == {stage.pathway.title for stage in stages[:2]}
    assert len(queries) == 1
    assert [by_keys.all(keys) for keys in ([], [stages[2].pk], [10**9])] == [[], [], []]


def test_a_query_of_several_is_composed_once_for_each_count_of_them() -> None:
    composed = []
    by_keys = PreparedMany(Stage, lambda keys: composed.append(len(keys)) or with_keys(keys))
    for keys in ([1, 2], [3, 4], [5], [6]):
        by_keys.all(keys)

    assert composed == [2, 1]
