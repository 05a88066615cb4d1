"""Sets of places as whole numbers: the bit of a place is set if the place is in the set.

Whatever Python does with such a number it does many places at a time, so that to join two sets of a hundred thousand
and to count what they share takes some millionths of a second. "Flags" are the same as one byte for each place, 0 or
1, which is how whole columns are compared.
"""

from collections.abc import Iterable

DIGITS = bytes.maketrans(b"\x00\x01", b"01")
FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def bits_of(places: Iterable[int], size: int) -> int:
    """The set of these places, all of them smaller than the size."""
    packed = bytearray(size // 8 + 1)
    for place in places:
        packed[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(packed, "little")


def all_bits(size: int) -> int:
    """The set of the first so many places."""
    return (1 << size) - 1


def flags_of(bits: int, size: int) -> bytes:
    """The same set as flags, of so many places."""
    return f"{bits:0{size}b}"[::-1].encode().translate(FLAGS) if size else b""


def bits_of_flags(flags: bytes) -> int:
    """The set that these flags are of."""
    return int(flags.translate(DIGITS)[::-1], 2) if flags else 0


def opened(bits: int, place: int, is_in: bool) -> int:
    """The set after a new place came in before this one: all from there on move up by one."""
    below = bits & ((1 << place) - 1)
    return (((bits >> place) << 1 | is_in) << place) | below


def closed(bits: int, place: int) -> int:
    """The set after this place went away: all behind it move down by one."""
    return ((bits >> place + 1) << place) | bits & ((1 << place) - 1)


def place_of(bits: int, rank: int) -> int:
    """The place of the member with this rank, counted from 0; there must be one. Halves the set until it is found."""
    place, size = 0, bits.bit_length()
    while size > 1:
        half = size // 2
        lower = bits & ((1 << half) - 1)
        count = lower.bit_count()
        if rank < count:
            bits, size = lower, half
        else:
            bits, size, rank, place = bits >> half, size - half, rank - count, place + half
    return place
