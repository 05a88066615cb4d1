"""Verification codes: unguessable, and made to be typed from paper.

Thirteen characters of Crockford's base 32, which has no I, L, O or U: sixty random bits and one character that
finds any single mistyped one. Shown in groups, read without regard to case, spaces, hyphens, or O for 0 and
I or L for 1.
"""

import secrets
import unicodedata

from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
GROUPS = (4, 4, 5)
#: Crockford's check is the number's remainder by this prime.
PRIME = 37
LOOKALIKES = str.maketrans("OIL", "011")
#: More characters than anybody types for a code; what is longer is not looked at.
LONGEST = 64
#: Unicode's spaces, controls (among them those that turn the direction of writing) and hyphens.
BETWEEN_GROUPS = ("Z", "C", "Pd")


def new_code() -> str:
    """A new code of thirteen characters, without hyphens.

    Crockford's check has five symbols that are neither letters nor digits; numbers that would need one are
    drawn again, so that a code is letters and digits alone.
    """
    while True:
        number = secrets.randbits(60)
        if number % PRIME < len(ALPHABET):
            return _digits(number) + ALPHABET[number % PRIME]


def _digits(number: int) -> str:
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(55, -1, -5))


def within_address(text: str) -> str:
    """The code at the end of a verification address, as scanners read it; any other text as it is."""
    _before, address, code = text.rpartition("/verify/")
    return code.strip().strip("/") if address else text


def parse(text: str) -> str | None:
    """The code that somebody typed, in its stored form; ``None`` if no letter can have it."""
    return None if fault(text) else _plain(text)


def fault(text: str) -> str:
    """What is wrong with a code as it was typed, in words for whoever typed it; empty if nothing is."""
    code = _plain(text) if len(text) <= LONGEST else text
    strange = next((character for character in code if character not in ALPHABET), "")
    if strange == "U":
        return _("No code has “U” in it: look whether it is a V on the letter.")
    if strange and len(text) <= LONGEST:
        return _("No code has “%(character)s” in it. Compare the code with the letter.") % {"character": strange}
    if len(code) != LENGTH:
        return _("A code has %(length)d characters, this has %(count)d. Compare the code with the letter.") % {
            "length": LENGTH,
            "count": len(code),
        }
    if not _check_fits(code):
        return _(
            "This code has a typing error: at least one character is not as on the letter. "
            "Often mistaken: 8 and B, 5 and S, 2 and Z, 6 and G, V and Y."
        )
    return ""


def _plain(text: str) -> str:
    """Capital letters and digits alone, also of what came from a wide keyboard or was copied from a PDF."""
    kept = (
        character
        for character in unicodedata.normalize("NFKC", text)
        if not unicodedata.category(character).startswith(BETWEEN_GROUPS)
    )
    return "".join(kept).upper().translate(LOOKALIKES)


def _check_fits(code: str) -> bool:
    number = 0
    for character in code[:-1]:
        number = number * 32 + ALPHABET.index(character)
    return number % PRIME == ALPHABET.index(code[-1])


def grouped(code: str) -> str:
    """A code as it is printed: ``K7QF-2M9X-RT4WP``."""
    parts, start = [], 0
    for size in GROUPS:
        parts.append(code[start : start + size])
        start += size
    return "-".join(parts)
