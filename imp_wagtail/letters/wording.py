"""The wording of letters: rich text of a few plain kinds, in which merge fields stand as names in braces."""

import re
from collections.abc import Callable, Mapping

from bs4 import BeautifulSoup, Comment, NavigableString
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _

from .merge import fields_in, fill, validate_fields

#: What editors may use, as Wagtail's rich text editor calls it.
FEATURES = ["bold", "italic", "ol", "ul", "imp-merge-field"]

#: The elements that a letter prints. All others give way to what is in them; attributes go.
ELEMENTS = frozenset({"p", "br", "b", "strong", "i", "em", "ol", "ul", "li"})
#: Those that go with all that is in them.
UNPRINTED = [
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "textarea",
    "title",
]

#: Characters of wording, without markup, that fit on a page at the tightest; more is refused when it is saved.
LONGEST = 1_400
#: Characters of a line: each paragraph or point takes the room of one at least.
LINE = 60

EMPTY_LINES = re.compile(r"\n\s*\n")


def from_text(text: str) -> str:
    """Plain text as wording: an empty line begins a new paragraph."""
    parts = EMPTY_LINES.split(text.replace("\r\n", "\n"))
    return "".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in parts if part.strip())


def to_text(wording: str) -> str:
    """Wording as plain text, a line for each paragraph or point."""
    blocks = _parsed(wording).find_all(["p", "li"])
    return "\n".join(filter(None, (" ".join(block.get_text(" ").split()) for block in blocks)))


def fields_of(wording: str) -> set[str]:
    """The merge fields that wording names. Raises ``ValidationError`` as ``merge.fields_in``."""
    return set().union(*(fields_in(str(text)) for text in _texts(_parsed(wording))))


def validate_wording(wording: str) -> None:
    """Refuse wording that no letter can print: with an unknown field, or more of it than a page holds."""
    parsed = _parsed(wording)
    for text in _texts(parsed):
        validate_fields(str(text))
    length = _room_for(parsed)
    if length > LONGEST:
        raise ValidationError(
            _(
                "A letter has one page. This takes the room of %(length)d characters, each paragraph or point that of "
                "a line at least; there is room for %(longest)d."
            ),
            params={"length": length, "longest": LONGEST},
        )


def _room_for(parsed: BeautifulSoup) -> int:
    """The characters that wording takes the room of."""
    blocks = parsed.find_all(["p", "li"])
    return max(len(parsed.get_text()), sum(max(LINE, len(block.get_text())) for block in blocks))


def fill_wording(wording: str, values: Mapping[str, str]) -> str:
    """The wording with its fields filled in, and nothing in it but ``ELEMENTS``. Each value is taken literally.

    Raises ``ValidationError`` for a field that no letter has.
    """
    return cleaned(wording, lambda text: fill(text, values))


def cleaned(wording: str, change: Callable[[str], str] = str) -> str:
    """Wording with nothing in it but ``ELEMENTS``; each run of text is changed on the way."""
    parsed = _parsed(wording)
    for text in _texts(parsed):
        text.replace_with(NavigableString(change(str(text))))
    for element in parsed.find_all(True):
        element.attrs = {}
        if element.name not in ELEMENTS:
            element.unwrap()
    return parsed.decode(formatter="minimal")


def _parsed(wording: str) -> BeautifulSoup:
    """Wording without all that a letter never prints."""
    parsed = BeautifulSoup(wording, "html.parser")
    for hidden in [*parsed.find_all(UNPRINTED), *parsed.find_all(string=lambda text: isinstance(text, Comment))]:
        hidden.extract()
    return parsed


def _texts(parsed: BeautifulSoup) -> list[NavigableString]:
    # Declarations and the like are strings of other kinds: they print nothing.
    for text in parsed.find_all(string=lambda text: type(text) is not NavigableString):
        text.extract()
    return list(parsed.find_all(string=True))
