"""Names in every script: found without accents and in any order, and turned into addresses."""

import unicodedata

from django.core.validators import slug_unicode_re
from django.utils.text import slugify

#: Letters that carry their mark inside them, so that no decomposition takes it off.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Most words of a search that are looked for: no name has more, and each costs the database a comparison.
MOST_WORDS = 12


def folded(text: str) -> str:
    """Text for comparing: without capitals, accents and punctuation, the same on every database.

    "Zoë O’Brien-Łuk" becomes "zoe o brien luk". Letters of every script stay; "" if there are none.
    """
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(sign for sign in small if not unicodedata.combining(sign)).translate(PLAIN_LETTERS)
    return " ".join("".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain).split())


def words_of(text: str) -> list[str]:
    """The words to look for, folded, each once."""
    return list(dict.fromkeys(folded(text).split()))[:MOST_WORDS]


def address_of(name: str) -> str:
    """The part of an address that stands for a name, in the name's own script."""
    return slugify(name, allow_unicode=True)[:110].strip("-") or "teacher"


def canonical_address(slug: str) -> str:
    """The stored form of an address that was typed with capitals or composed otherwise; "" for what is none."""
    plain = unicodedata.normalize("NFKC", slug).lower()
    return plain if slug_unicode_re.match(plain) else ""
