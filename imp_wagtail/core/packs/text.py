"""The texts of packs, as rich text in pages.

Paragraphs, lists and headings are told by how their lines begin; ``inline`` reads the marks within them. Everything
else is text as it stands: markup in a pack shows as itself.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext as _

from ..facts.rich_text import NAME as FACT
from .inline import Inline, Refer, TextError

BULLET = re.compile(r"[-*] +")
NUMBER = re.compile(r"\d+[.)] +")
HEADING = re.compile(r"(#{2,4}) +")
LISTS = {"ul": BULLET, "ol": NUMBER}
#: What is one space to readers of HTML.
SPACES = re.compile(" {2,}")
#: Columns by which a list is set in to stand within the entry above it.
SET_IN = 2


@dataclass(frozen=True)
class Rich:
    """Says of a part's field what its text may have besides words: features, as Wagtail's rich text editor has them.

    ``introduction: Annotated[str, Rich.of(MyPage, "introduction")] = ""``
    """

    features: frozenset[str]

    @classmethod
    def of(cls, model: type[models.Model], name: str) -> "Rich":
        """What a model's rich text field allows."""
        return cls.having(model._meta.get_field(name).features)

    @classmethod
    def having(cls, features: Collection[str] | None) -> "Rich":
        return cls(frozenset(features)) if features is not None else USUAL


USUAL = Rich(frozenset(["bold", "italic", "link", "ol", "ul", "h2", "h3", "h4", FACT]))


def as_named(_kind: str, name: str) -> str:
    """Leaves what a text refers to as the pack calls it."""
    return name


def rich_text(text: str, rich: Rich = USUAL, refer: Refer = as_named) -> str:
    """A pack's text as the rich text that Wagtail stores.

    Raises ``TextError`` with the line, from 0, for marks that mean nothing or that the field does not allow.
    """
    return "".join(_chunk(number, lines, rich, refer) for number, lines in _chunks(text))


def _chunks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines without an empty one between them, each with the number of the first."""
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""]):
        if line.strip():
            lines.append(line)
        elif lines:
            yield number - len(lines), lines
            lines = []


def _chunk(number: int, lines: list[str], rich: Rich, refer: Refer) -> str:
    first = lines[0].strip()
    if any(mark.match(first) for mark in LISTS.values()):
        return "".join(_list_html(entries, rich, refer) for entries in _lists(number, lines))
    element = "p"
    if heading := HEADING.match(first):
        element = f"h{len(heading[1])}"
        if element not in rich.features:
            raise TextError(_("This text cannot have headings. Write \\# for a number sign."), number)
        lines = [heading.re.sub("", first, count=1), *lines[1:]]
    return f"<{element}>{_words(number, lines, rich, refer)}</{element}>"


def _words(number: int, lines: list[str], rich: Rich, refer: Refer) -> str:
    text = "\n".join(SPACES.sub(" ", line.strip()) for line in lines)
    try:
        return Inline(rich.features, refer).html(text)
    except TextError as error:
        raise TextError(error.reason, number + text.count("\n", 0, error.place)) from error


@dataclass
class Entry:
    """An entry of a list: its lines, the number of the first, and the lists within it."""

    number: int
    lines: list[str]
    lists: list["Entries"] = field(default_factory=list)


@dataclass
class Entries:
    """A list, set in by so many columns."""

    element: str
    column: int
    entries: list[Entry] = field(default_factory=list)


def _lists(number: int, lines: list[str]) -> list[Entries]:
    """The lists that lines make; a line without a mark goes on with the entry before it."""
    whole: list[Entries] = []
    open_lists: list[Entries] = []
    for place, line in enumerate(lines):
        words, column = line.strip(), len(line) - len(line.lstrip())
        element = next((name for name, mark in LISTS.items() if mark.match(words)), "")
        if not element:
            open_lists[-1].entries[-1].lines.append(words)
            continue
        while len(open_lists) > 1 and column < open_lists[-1].column:
            open_lists.pop()
        if not open_lists:
            _begin(whole, open_lists, element, column)
        elif column >= open_lists[-1].column + SET_IN:
            _begin(open_lists[-1].entries[-1].lists, open_lists, element, column)
        elif element != open_lists[-1].element:
            open_lists.pop()
            beside = open_lists[-1].entries[-1].lists if open_lists else whole
            _begin(beside, open_lists, element, column)
        open_lists[-1].entries.append(Entry(number + place, [LISTS[element].sub("", words, count=1)]))
    return whole


def _begin(among: list[Entries], open_lists: list[Entries], element: str, column: int) -> None:
    among.append(Entries(element, column))
    open_lists.append(among[-1])


def _list_html(found: Entries, rich: Rich, refer: Refer) -> str:
    if found.element not in rich.features:
        reason = _("This text cannot have lists. Write \\- for a hyphen at the beginning of a line.")
        raise TextError(reason, found.entries[0].number)
    items = "".join(
        f"<li>{_words(entry.number, entry.lines, rich, refer)}"
        f"{''.join(_list_html(inner, rich, refer) for inner in entry.lists)}</li>"
        for entry in found.entries
    )
    return f"<{found.element}>{items}</{found.element}>"
