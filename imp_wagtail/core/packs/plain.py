"""Rich text of pages, as the plain text of packs: the way back from ``text.rich_text``."""

import re
import textwrap
from collections.abc import Callable
from html import unescape

from bs4 import BeautifulSoup, NavigableString, Tag
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.rich_text import expand_db_html

from ..words import quoted
from .text import BULLET, NUMBER, rich_text

#: Columns of a line of text in a pack.
WIDTH = 100
#: Elements whose words stay, and what is lost with them.
UNHELD = {
    "a": gettext_lazy("a link"),
    "b": gettext_lazy("bold words"),
    "strong": gettext_lazy("bold words"),
    "i": gettext_lazy("italic words"),
    "em": gettext_lazy("italic words"),
    "br": gettext_lazy("a line break within a paragraph"),
    "hr": gettext_lazy("a line across"),
}
LISTS = ("ul", "ol")
WHITESPACE = re.compile(r"[\n\r\t\f]+")
Lost = Callable[[str], object]


def plain(html: str, lost: Lost, *, back: Callable[[str], str] = rich_text) -> str:
    """The text of which ``back`` makes this HTML, in lines of some hundred columns.

    ``lost`` is called with each thing that such text cannot hold; what words it has stay.
    """
    holds_lists = back is rich_text
    soup = BeautifulSoup(html, "html.parser")
    chunks = [chunk for chunk in _chunks(soup, lost, holds_lists=holds_lists) if chunk]
    return "\n\n".join(_wrapped(chunk, back) for chunk in chunks)


def _chunks(parent: Tag, lost: Lost, *, holds_lists: bool) -> list[str]:
    """What stands in a paragraph or a list of its own."""
    chunks: list[str] = []
    loose = ""
    for node in parent.children:
        if not isinstance(node, Tag) or node.name in UNHELD or node.name in ("embed", "span"):
            loose += _words(node, lost)
            continue
        chunks.append(_paragraph(loose, lost, holds_lists=holds_lists))
        loose = ""
        chunks.extend(_chunk(node, lost, holds_lists=holds_lists))
    return [*chunks, _paragraph(loose, lost, holds_lists=holds_lists)]


def _chunk(node: Tag, lost: Lost, *, holds_lists: bool) -> list[str]:
    if node.name in LISTS:
        if holds_lists:
            return ["\n".join(_marked(_items(node, lost), node.name))]
        lost(_("a list, now paragraphs"))
        return _items(node, lost)
    if node.name == "div":
        return _chunks(node, lost, holds_lists=holds_lists)
    if node.name != "p":
        lost(_("a heading within a text") if re.fullmatch(r"h\d", node.name) else f"<{node.name}>")
    return [_paragraph(_inner(node, lost), lost, holds_lists=holds_lists)]


def _paragraph(words: str, lost: Lost, *, holds_lists: bool) -> str:
    words = words.strip()
    mark = holds_lists and (BULLET.match(words) or NUMBER.match(words))
    if not mark:
        return words
    apart = f"{mark.group().strip()}\n{words[mark.end() :]}"  # alone on its line, it is no mark of a list
    if rich_text(apart) != f"<p>{escape(words)}</p>":
        lost(_("space after “%(words)s”") % {"words": mark.group().strip()})
    return apart


def _marked(items: list[str], kind: str) -> list[str]:
    return [f"{f'{number}.' if kind == 'ol' else '-'} {item}" for number, item in enumerate(items, 1)]


def _items(node: Tag, lost: Lost) -> list[str]:
    """The entries of a list; those of a list within it follow the entry that they stand in."""
    items: list[str] = []
    for item in node.find_all("li", recursive=False):
        words = "".join(_words(part, lost) for part in item.children if getattr(part, "name", "") not in LISTS)
        if words.strip():
            items.append(words.lstrip(" ").rstrip())
        for inner in item.find_all(list(LISTS), recursive=False):
            lost(_("a list within a list, now one"))
            items.extend(_items(inner, lost))
    return items


def _words(node: object, lost: Lost) -> str:
    if isinstance(node, Tag):
        if node.name == "embed":
            return _embedded(node, lost)
        if node.name in UNHELD:
            lost(_named(node))
        return " " if node.name == "br" else _inner(node, lost)
    # Comments and declarations are strings of other kinds.
    return WHITESPACE.sub(" ", str(node)) if type(node) is NavigableString else ""


def _inner(node: Tag, lost: Lost) -> str:
    return "".join(_words(child, lost) for child in node.children)


def _named(node: Tag) -> str:
    """What is lost with an element, and with which words."""
    return f"{UNHELD[node.name]} ({quoted(node.get_text()[:40])})" if node.get_text() else str(UNHELD[node.name])


def _embedded(node: Tag, lost: Lost) -> str:
    """A fact's present words. A picture or a film has none."""
    kind = str(node.get("embedtype", ""))
    if kind in ("image", "media"):
        lost(_("a picture or film in a text"))
        return ""
    words = unescape(strip_tags(expand_db_html(str(node))))
    lost(_("a fact in a sentence, now its present words: “%(words)s”") % {"words": words})
    return words


def _wrapped(chunk: str, back: Callable[[str], str]) -> str:
    """A paragraph or list in lines of readable length, where that makes the same of it."""
    lines = [
        textwrap.fill(
            line, WIDTH, subsequent_indent=_hanging(line), break_long_words=False, break_on_hyphens=False, tabsize=1
        )
        for line in chunk.split("\n")
    ]
    wrapped = "\n".join(lines)
    return wrapped if back(wrapped) == back(chunk) else chunk


def _hanging(line: str) -> str:
    mark = BULLET.match(line) or NUMBER.match(line)
    return " " * len(mark.group()) if mark else ""
