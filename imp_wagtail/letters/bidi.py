"""Text from the record that cannot turn the text around it, whatever script it is in and whatever is hidden in it."""

import unicodedata

#: The invisible characters that set the direction of writing for what follows them, or end that. A name needs none.
CONTROLS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
#: Unicode's classes of characters that have a direction of their own.
LEFT_TO_RIGHT, RIGHT_TO_LEFT = frozenset({"L"}), frozenset({"R", "AL"})


def plain_line(text: str) -> str:
    """Text on one line, without characters that control it and those that turn the direction of writing.

    What joins letters or keeps them apart stays: names in Persian and Hindi are spelt with it.
    """
    shown = (" " if unicodedata.category(sign) == "Cc" else sign for sign in text.translate(CONTROLS))
    return " ".join("".join(shown).split())


def isolated(text: str, *, in_rtl: bool) -> str:
    """Text that runs against the direction around it, kept apart from that, so that no number beside it jumps over.

    Text that runs with it stays as it is.
    """
    against = LEFT_TO_RIGHT if in_rtl else RIGHT_TO_LEFT
    if any(unicodedata.bidirectional(sign) in against for sign in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text
