"""Sets of places as whole numbers, against Python's own sets."""

from hypothesis import example, given
from hypothesis import strategies as st

from imp_wagtail.directory.finding.bits import (
    all_bits,
    bits_of,
    bits_of_flags,
    closed,
    flags_of,
    opened,
    place_of,
)

SIZE = 200
sets = st.sets(st.integers(0, SIZE - 1))
places = st.integers(0, SIZE - 1)


def members(bits: int) -> set[int]:
    return {place for place in range(bits.bit_length()) if bits >> place & 1}


@given(sets)
def test_a_set_is_what_was_put_into_it(some: set[int]) -> None:
    assert members(bits_of(some, SIZE)) == some


@given(sets)
def test_flags_are_the_same_set(some: set[int]) -> None:
    flags = flags_of(bits_of(some, SIZE), SIZE)

    assert flags == bytes(place in some for place in range(SIZE))
    assert members(bits_of_flags(flags)) == some


def test_of_no_places_there_are_no_flags_and_the_other_way_about() -> None:
    assert (flags_of(0, 0), bits_of_flags(b""), all_bits(0)) == (b"", 0, 0)


@given(sets, places)
@example({0}, 0)
@example({SIZE - 1}, SIZE - 1)
def test_what_stands_behind_a_new_place_moves_up(some: set[int], place: int) -> None:
    moved = {one + (one >= place) for one in some}

    assert members(opened(bits_of(some, SIZE), place, False)) == moved
    assert members(opened(bits_of(some, SIZE), place, True)) == moved | {place}


@given(sets, places)
def test_what_stands_behind_a_lost_place_moves_down(some: set[int], place: int) -> None:
    assert members(closed(bits_of(some, SIZE), place)) == {one - (one > place) for one in some if one != place}


@given(sets.filter(bool), st.data())
def test_each_member_is_found_by_its_rank(some: set[int], data: st.DataObject) -> None:
    rank = data.draw(st.integers(0, len(some) - 1))

    assert place_of(bits_of(some, SIZE), rank) == sorted(some)[rank]
