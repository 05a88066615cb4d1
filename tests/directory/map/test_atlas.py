"""Who is where on the map, counted without a database."""

import datetime as dt
from random import Random

import pytest

from imp_wagtail.directory.finding.entries import Entry, Point
from imp_wagtail.directory.finding.index import Index, Stamp
from imp_wagtail.directory.map.atlas import REMEMBERED, Atlas, Group, atlas_of
from imp_wagtail.directory.map.boxes import WORLD, Box

UTRECHT, LEIDEN, LYON = (52.09, 5.12), (52.16, 4.49), (45.76, 4.84)


def index_of(*spots: Point | None) -> Index:
    """A listing for each spot; the key of the first is 1, and names are in the order of keys."""
    entries = [Entry(key, f"{key:06}", frozenset(), spot=spot) for key, spot in enumerate(spots, start=1)]
    return Index.of(Stamp(1, None, dt.date(2026, 1, 1)), entries)


def told(atlas: Atlas, groups: list[Group]) -> set[tuple[Point, int, bool]]:
    return {(atlas.points[group.spot], group.count, group.is_spread) for group in groups}


def test_those_of_one_spot_are_one_group_and_who_is_nowhere_is_in_none() -> None:
    index = index_of(UTRECHT, None, LYON, UTRECHT)
    atlas = Atlas.of(index)
    groups, is_complete = atlas.groups(index.everybody, WORLD, most=10)

    assert told(atlas, groups) == {(UTRECHT, 2, False), (LYON, 1, False)}
    assert is_complete
    assert atlas.placed == 0b1101


def test_only_those_who_were_found_are_counted() -> None:
    atlas = Atlas.of(index_of(UTRECHT, LYON, UTRECHT))
    groups, _is_complete = atlas.groups(0b110, WORLD, most=10)

    assert told(atlas, groups) == {(UTRECHT, 1, False), (LYON, 1, False)}
    assert list(atlas.keys(1, b"\0\1\1")) == [3]


def test_few_enough_are_sent_whole_wherever_the_map_is() -> None:
    atlas = Atlas.of(index_of(UTRECHT, LYON))
    groups, is_complete = atlas.groups(0b11, Box.of("100,-40,110,-30"), most=2)

    assert is_complete
    assert len(groups) == 2


def test_of_too_many_only_those_within_the_box_are_sent() -> None:
    atlas = Atlas.of(index_of(UTRECHT, LEIDEN, LYON))
    groups, is_complete = atlas.groups(0b111, Box.of("4,51,6,53"), most=2)

    assert not is_complete
    assert told(atlas, groups) == {(UTRECHT, 1, False), (LEIDEN, 1, False)}


def test_those_of_one_square_stand_where_most_of_them_are() -> None:
    atlas = Atlas.of(index_of(LEIDEN, UTRECHT, UTRECHT, LYON))
    groups, is_complete = atlas.groups(0b1111, WORLD, most=2)

    assert not is_complete
    assert told(atlas, groups) == {(UTRECHT, 3, True), (LYON, 1, False)}


@pytest.mark.parametrize("most", [4, 50, 400])
def test_there_are_never_more_groups_than_were_asked_for_and_nobody_is_lost(most: int) -> None:
    random = Random(5)
    spots = [(random.uniform(-90, 90), random.uniform(-180, 180)) for _number in range(5000)]
    index = index_of(*spots)
    groups, _is_complete = Atlas.of(index).groups(index.everybody, WORLD, most=most)

    assert most // 8 < len(groups) <= most
    assert sum(group.count for group in groups) == 5000


def test_an_atlas_is_kept_for_its_index_and_made_anew_for_another() -> None:
    index = index_of(UTRECHT)

    assert atlas_of(index) is atlas_of(index)
    assert atlas_of(index_of(LYON)).points[1:] == [LYON]


def test_an_atlas_remembers_some_sets_and_not_all_that_were_ever_asked_for() -> None:
    atlas = Atlas.of(index_of(*[UTRECHT] * 100))
    counts = [atlas.counts((1 << number) - 1)[1] for number in range(1, 101)]

    assert counts == list(range(1, 101))
    assert len(atlas._memory) <= REMEMBERED
