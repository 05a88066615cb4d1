"""The part of the world that an address names, and its squares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imp_wagtail.directory.map.boxes import SQUARES, WORLD, Box, square_of

degrees = st.floats(-400, 400)


def test_a_box_is_named_from_west_to_east_and_from_south_to_north() -> None:
    assert Box.of("4.5,51,7,53.25") == Box(west=4.5, south=51, east=7, north=53.25)


@pytest.mark.parametrize("text", ["", "4.5", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,1,2,3", "1,2,inf,3", "," * 9999])
def test_what_is_no_box_is_the_whole_world(text: str) -> None:
    assert Box.of(text) == WORLD


def test_what_lies_outside_the_world_ends_at_its_edge() -> None:
    assert Box.of("-1e300,-91,999,90.5") == WORLD


def test_sides_that_are_exchanged_are_put_right() -> None:
    assert Box.of("7,53,4.5,51") == Box.of("4.5,51,7,53")


def test_a_box_holds_what_lies_in_it_and_on_its_edge() -> None:
    box = Box.of("4,51,7,53")

    assert [box.holds(point) for point in ((52, 5), (51, 7), (50.9, 5), (52, 7.1))] == [True, True, False, False]


@given(degrees, degrees, degrees, degrees)
def test_no_box_has_more_squares_from_side_to_side_than_a_map_shows(
    west: float, south: float, east: float, north: float
) -> None:
    box = Box.of(f"{west},{south},{east},{north}")

    assert (box.east - box.west) / box.side <= SQUARES
    assert (box.north - box.south) / box.side <= SQUARES


def test_a_map_that_is_moved_keeps_its_squares() -> None:
    here, moved = Box.of("4,51,7,53"), Box.of("4.3,51.2,7.3,53.2")

    assert here.side == moved.side
    assert square_of((52.09, 5.12), here.side) == square_of((52.09, 5.12), moved.side)
