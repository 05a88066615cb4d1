"""Names in every script: compared without accents and capitals, the same on every database."""

import unicodedata
from collections.abc import Collection, Iterable

#: Letters that carry their mark inside them, so that no decomposition takes it off.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Most words of a search that are looked for: no name has more, and each costs the database a comparison.
MOST_WORDS = 12


#: So many signs are remembered, more than any language writes; there are a million, and anybody may search for them.
MOST_SIGNS = 20_000


class Signs(dict[int, str]):
    """What becomes of each sign of a text that is folded, for ``str.translate``; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        plain = "".join(sign for sign in small if not unicodedata.combining(sign)).translate(PLAIN_LETTERS)
        kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain)
        if len(self) < MOST_SIGNS:
            self[code] = kept
        return kept


SIGNS = Signs()


def folded(text: str) -> str:
    """Text for comparing: without capitals, accents and punctuation, the same on every database.

    "Zoë O’Brien-Łuk" becomes "zoe o brien luk". Letters of every script stay; "" if there are none.
    """
    return " ".join(text.translate(SIGNS).split())


def name_key(name: str) -> str:
    """A name whose words stand in one order: "Jansen, Zoë" and "Zoë Jansen" are both "jansen zoe"."""
    return " ".join(sorted(folded(name).split()))


def is_named_in(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of these names in it, in whole words, however they are written."""
    words = f" {folded(text)} "
    return any(f" {name} " in words for name in map(folded, names) if name)


def words_of(text: str) -> list[str]:
    """The words to look for, folded, each once."""
    return list(dict.fromkeys(folded(text).split()))[:MOST_WORDS]


def first_free(name: str, taken: Collection[str]) -> str:
    """The name itself, or with the lowest number from 2 on that is not taken: "zoe", "zoe-2"."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
