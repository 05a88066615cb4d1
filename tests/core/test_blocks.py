"""Blocks in which a record is chosen."""

from typing import Any

import pytest
from wagtail import blocks

from imp_wagtail.core.blocks import RecordChooserBlock
from tests.factories import PathwayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def block() -> RecordChooserBlock:
    return RecordChooserBlock("imp_pathways.Pathway", required=False)


def test_those_of_one_list_are_fetched_together(block: RecordChooserBlock, django_assert_num_queries: Any) -> None:
    ada, bo = PathwayFactory(), PathwayFactory()

    with django_assert_num_queries(1):
        chosen = block.bulk_to_python([bo.pk, None, ada.pk, 999_999, bo.pk])

    assert chosen == [bo, None, ada, None, bo]
    assert chosen[0] is not chosen[-1], "what is done with one is done at its own place"


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_where_none_is_chosen_nothing_is_asked(
    block: RecordChooserBlock, values: list[None], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert block.bulk_to_python(values) == values


def test_a_stream_stores_and_reads_what_was_chosen(block: RecordChooserBlock) -> None:
    pathway = PathwayFactory()
    stream = blocks.StreamBlock([("pathway", block)])
    stored = stream.get_prep_value(stream.to_python([{"type": "pathway", "value": pathway.pk, "id": "a"}]))

    assert [row["value"] for row in stored] == [pathway.pk]
    assert stream.to_python(stored)[0].value == pathway


def test_migrations_know_it_as_the_block_of_wagtails(block: RecordChooserBlock) -> None:
    path, args, kwargs = block.deconstruct()

    assert (path, args, kwargs) == (
        "wagtail.snippets.blocks.SnippetChooserBlock",
        ("imp_pathways.Pathway",),
        {"required": False},
    )
