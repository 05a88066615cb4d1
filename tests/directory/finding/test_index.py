"""The index against a plain list of entries: made at once, and after any changes."""

import datetime as dt
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imp_wagtail.core.names import words_of
from imp_wagtail.directory.finding.entries import OWN, PARTNER, YES, Entry, Point
from imp_wagtail.directory.finding.index import GROUPS, Index, Stamp
from imp_wagtail.directory.places import distance

STAMP = Stamp(1, None, dt.date(2027, 1, 1))
LATER = Stamp(2, None, dt.date(2027, 1, 1))
#: A point for each of more groups than one, in a row from south to north and on across the pole's and the date's line.
GRID = [(latitude / 4, 5.0) for latitude in range(-300, 300)] + [(89.9, -179.9), (0.0, 179.9), (0.0, -179.9)]
FACETS = [("country", "NL"), ("country", "FR"), ("language", "en"), ("language", "fr"), ("upcoming", YES)]

points = st.none() | st.sampled_from(GRID)
entries = st.builds(
    Entry,
    key=st.integers(1, 30),
    name=st.sampled_from(["anna", "anna bakker", "zoe o brien", "bakker anna", "мария", "花子", ""]),
    facets=st.frozensets(st.sampled_from([*FACETS, (OWN, YES), (PARTNER, "7")])),
    near=points,
    spot=points,
)
#: What comes or changes together, and which keys go.
changes = st.tuples(st.lists(entries, max_size=5, unique_by=lambda entry: entry.key), st.sets(st.integers(1, 30)))


def is_the_index_of(index: Index, expected: Iterable[Entry]) -> None:
    """Whether whatever is asked of the index is what a walk through the entries finds."""
    ordered = sorted(expected, key=lambda entry: (entry.name, entry.key))

    def keys(is_found: Callable[[Entry], bool]) -> list[int]:
        return [entry.key for entry in ordered if is_found(entry)]

    def found(bits: int) -> list[int]:
        assert len(index.keys_of(bits, 0, 10**9)) == bits.bit_count()
        return index.keys_of(bits, 0, 10**9)

    assert found(index.everybody) == keys(lambda entry: True)
    for facet in FACETS:
        assert found(index.having(*facet)) == keys(lambda entry, facet=facet: facet in entry.facets)
    for text in ("anna", "ann bak", "o", "мар", "花", "nobody"):
        words = words_of(text)
        assert found(index.named(words)) == keys(lambda entry, words=words: all(word in entry.name for word in words))
    for point, km in (((0.0, 5.0), 30), ((0.0, 5.0), 5000), ((89.9, 0.0), 100), ((0.0, 180.0), 50)):
        assert found(index.near(point, km)) == keys(lambda entry, at=point, km=km: is_near(entry.near, at, km))
    assert index.spots_of(index.everybody) == [(entry.key, *entry.spot) for entry in ordered if entry.spot]


def is_near(one: Point | None, other: Point, km: float) -> bool:
    return one is not None and distance(one, other) <= km


@given(st.lists(entries, unique_by=lambda entry: entry.key))
def test_a_new_index_finds_what_a_walk_through_all_entries_finds(some: list[Entry]) -> None:
    is_the_index_of(Index.of(STAMP, some), some)


@given(st.lists(entries, unique_by=lambda entry: entry.key), st.lists(changes, max_size=4))
def test_after_any_changes_an_index_is_like_one_made_anew(
    first: list[Entry], later: list[tuple[list[Entry], set[int]]]
) -> None:
    index, there = Index.of(STAMP, first), {entry.key: entry for entry in first}
    for come, gone in later:
        gone = gone - {entry.key for entry in come}
        index = index.changed(LATER, come, gone)
        there = {key: entry for key, entry in there.items() if key not in gone} | {entry.key: entry for entry in come}

    is_the_index_of(index, there.values())
    anew = Index.of(LATER, there.values())
    assert (index.keys, index.names, index.spots) == (anew.keys, anew.names, anew.spots)
    assert plain(index) == plain(anew)


def plain(index: Index) -> dict[str, dict[str, int]]:
    """The sets without those of points, whose numbers depend on who came first; no set is kept empty."""
    return {facet: values for facet, values in index.sets.items() if values and facet != GROUPS}


@given(st.lists(entries, unique_by=lambda entry: entry.key), changes)
def test_a_change_leaves_the_index_that_others_still_read_as_it_was(
    some: list[Entry], change: tuple[list[Entry], set[int]]
) -> None:
    index = Index.of(STAMP, some)
    index.changed(LATER, *change)

    is_the_index_of(index, some)
    assert index.stamp == STAMP


@pytest.mark.parametrize(("start", "stop"), [(0, 3), (3, 6), (9, 12), (8, 20), (12, 15), (5, 5), (6, 2)])
def test_a_page_is_a_slice_of_all_that_was_found(start: int, stop: int) -> None:
    some = [Entry(key, f"name {key:03}", frozenset([("country", "NL")] if key % 3 else [])) for key in range(15)]
    index = Index.of(STAMP, some)
    expected = [entry.key for entry in some if entry.facets]

    assert index.keys_of(index.having("country", "NL"), start, stop) == expected[start:stop]


def test_partners_who_are_not_trusted_are_left_out() -> None:
    own = Entry(1, "anna", frozenset([(OWN, YES)]))
    theirs = [Entry(key, "zoe", frozenset([(PARTNER, str(key))])) for key in (2, 3)]
    index = Index.of(STAMP, [own, *theirs])

    assert index.keys_of(index.listed_by([]), 0, 9) == [1]
    assert index.keys_of(index.listed_by([3, 99]), 0, 9) == [1, 3]
