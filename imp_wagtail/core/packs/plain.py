"""Rich text of pages, as the texts of packs: the way back from ``text.rich_text``."""

import re
import textwrap
from collections.abc import Callable, Iterator
from html import unescape

from bs4 import BeautifulSoup, NavigableString, Tag
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.rich_text import expand_db_html

from ..facts.rich_text import NAME as FACT
from ..facts.rich_text import Told
from ..facts.sources import LINK, fact_sources
from ..words import quoted
from .inline import BOLD, FACT_IN_BRACES, FEATURES, ITALIC, PAGE, TextError, leads
from .spans import BREAK, Link, Span, written
from .text import BULLET, HEADING, LISTS, NUMBER, SET_IN, SPACES, USUAL, Rich, rich_text

#: Columns of a line of text in a pack.
WIDTH = 100
#: What is lost with an element that a text cannot have; its words stay.
LOST = {
    "a": gettext_lazy("a link"),
    BOLD: gettext_lazy("bold words"),
    ITALIC: gettext_lazy("italic words"),
    "hr": gettext_lazy("a line across"),
}
SAME = {"strong": BOLD, "em": ITALIC}
WITHIN_WORDS = {"a", "b", "strong", "i", "em", "br", "hr", "span", "embed"}
WHITESPACE = re.compile(r"[\n\r\t\f]+")
Lost = Callable[[str], object]
#: What a pack calls the thing of a kind that the database knows by a key; ``None`` if it is not in the pack.
NameOf = Callable[[str, str], str | None]


def as_stored(_kind: str, key: str) -> str | None:
    """Leaves what a text refers to as the database calls it."""
    return key


def plain(html: str, lost: Lost, *, rich: Rich = USUAL, name_of: NameOf = as_stored) -> str:
    """The text of which ``rich_text`` makes this HTML, in lines of some hundred columns.

    ``lost`` is called with each thing that such text cannot hold; what words it has stay.
    """
    chunks = Writer(lost, rich, name_of).chunks(BeautifulSoup(html, "html.parser"))
    return "\n\n".join(_wrapped(chunk, rich) for chunk in chunks if chunk)


class Writer:
    """Writes what stands in an element."""

    def __init__(self, lost: Lost, rich: Rich, name_of: NameOf) -> None:
        self.lost, self.rich, self.name_of = lost, rich, name_of

    def chunks(self, parent: Tag) -> list[str]:
        """What stands in a paragraph, a heading or a list of its own."""
        chunks: list[str] = []
        loose: list[Span | Link] = []
        for node in parent.children:
            if not isinstance(node, Tag) or node.name in WITHIN_WORDS:
                loose += self._spans(node, frozenset())
                continue
            chunks += [self._written(loose), *self._chunk(node)]
            loose = []
        return [*chunks, self._written(loose)]

    def _chunk(self, node: Tag) -> list[str]:
        if node.name in LISTS:
            if node.name in self.rich.features:
                return ["\n".join(self._entries(node, ""))]
            self.lost(_("a list, now paragraphs"))
            return [self._words(item) for item in node.find_all("li")]
        if node.name == "div":
            return self.chunks(node)
        if re.fullmatch(r"h\d", node.name):
            if node.name in self.rich.features and node.name in ("h2", "h3", "h4"):
                words = self._words(node)
                return [f"{'#' * int(node.name[1])} {words}"] if words else []
            self.lost(_("a heading within a text"))
        elif node.name != "p":
            self.lost(f"<{node.name}>")
        return [self._words(node)]

    def _entries(self, node: Tag, indent: str) -> Iterator[str]:
        """The lines of a list, those of lists within it set in below the entry that they stand in."""
        for number, item in enumerate(node.find_all("li", recursive=False), 1):
            mark = f"{number}." if node.name == "ol" else "-"
            hanging = indent + " " * max(SET_IN, len(mark) + 1)
            words = self._words(item)
            if words:
                yield f"{indent}{mark} " + words.replace("\n", f"\n{hanging}")
            for inner in item.find_all(list(LISTS), recursive=False):
                if inner.name not in self.rich.features:
                    self.lost(_("a list within a list, now one"))
                    inner.name = node.name
                yield from self._entries(inner, hanging if words else indent)

    def _words(self, node: Tag) -> str:
        """The words of an element, without lists in it."""
        parts = [part for part in node.children if getattr(part, "name", "") not in LISTS]
        return self._written([span for part in parts for span in self._spans(part, frozenset())])

    def _written(self, spans: list[Span | Link]) -> str:
        """Words as a paragraph or an entry, none of whose lines begins as a list or a heading does."""
        return "\n".join(_unmarked(line.strip()) for line in written(spans).strip().split("\n"))

    def _spans(self, node: object, styles: frozenset[str]) -> list[Span | Link]:
        if not isinstance(node, Tag):
            # Comments and declarations are strings of other kinds.
            text = SPACES.sub(" ", WHITESPACE.sub(" ", str(node))) if type(node) is NavigableString else ""
            return [Span(text, styles, facts=FACT in self.rich.features)] if text else []
        if node.name == "br":
            return [Span(BREAK, styles, is_mark=True)]
        if node.name == "embed":
            return self._embedded(node, styles)
        if node.name == "a":
            return self._link(node, styles)
        style = SAME.get(node.name, node.name)
        if style in FEATURES and FEATURES[style] in self.rich.features:
            styles |= {style}
        elif style in LOST:
            self._lose(node, style)
        return self._inner(node, styles)

    def _inner(self, node: Tag, styles: frozenset[str]) -> list[Span | Link]:
        return [span for child in node.children for span in self._spans(child, styles)]

    def _link(self, node: Tag, styles: frozenset[str]) -> list[Span | Link]:
        target, words = self._target(node), self._inner(node, styles)
        if not node.get_text().strip():
            return words
        if not target or any(isinstance(span, Link) or span.is_fact for span in words):
            self._lose(node, "a")
            return words
        return [Link([span for span in words if isinstance(span, Span)], target)]

    def _target(self, node: Tag) -> str:
        """Where a link leads, as a pack says it; empty where a pack cannot."""
        kind = str(node.get("linktype", ""))
        if kind == FACT:
            return self._fact_target(Told.read(node.attrs)._replace(tell=LINK))
        if "link" not in self.rich.features:
            return ""
        if kind == PAGE:
            return _target(PAGE, self.name_of(PAGE, str(node.get("id", ""))))
        address = str(node.get("href", ""))
        return address if not kind and leads(address) else ""

    def _fact_target(self, told: Told) -> str:
        return _target(told.source, self.name_of(told.source, told.of)) if self._is_held(told) else ""

    def _is_held(self, told: Told) -> bool:
        """Whether the text may have this fact, and somebody tells it."""
        sources = fact_sources()
        return FACT in self.rich.features and told.source in sources and told.tell in sources[told.source].tells

    def _embedded(self, node: Tag, styles: frozenset[str]) -> list[Span | Link]:
        """A fact by its name, or else its present words. A picture or a film has none."""
        kind = str(node.get("embedtype", ""))
        if kind in ("image", "media"):
            self.lost(_("a picture or film in a text"))
            return []
        if kind == FACT and (said := self._fact(Told.read(node.attrs))):
            return [Span(said, styles, is_mark=True, is_fact=True)]
        words = unescape(strip_tags(expand_db_html(str(node))))
        self.lost(_("a fact in a sentence, now its present words: “%(words)s”") % {"words": words})
        return [Span(words, styles, facts=FACT in self.rich.features)]

    def _fact(self, told: Told) -> str:
        name = self.name_of(told.source, told.of) if self._is_held(told) else None
        said = f"{{{told.source}{f':{name}' if name else ''}.{told.tell}}}"
        return said if name is not None and FACT_IN_BRACES.fullmatch(said) else ""

    def _lose(self, node: Tag, style: str) -> None:
        """Say what is lost with an element, and with which words."""
        words = node.get_text()[:40]
        self.lost(f"{LOST[style]} ({quoted(words)})" if words else str(LOST[style]))


def _target(kind: str, name: str | None) -> str:
    """Where a link leads, unless that is nothing of the pack's, or cannot be written."""
    if name is None or re.search(r"\s", name):
        return ""
    return f"{kind}:{name}" if name else kind


def _unmarked(line: str) -> str:
    """A line that is no mark of a list or a heading, whatever it begins with."""
    if BULLET.match(line) or HEADING.match(line):
        return f"\\{line}"
    number = NUMBER.match(line)
    return re.sub(r"[.)]", r"\\\g<0>", line, count=1) if number else line


def _wrapped(chunk: str, rich: Rich) -> str:
    """A paragraph or list in lines of readable length, where that makes the same of it."""
    lines = [
        textwrap.fill(
            line, WIDTH, subsequent_indent=_hanging(line), break_long_words=False, break_on_hyphens=False, tabsize=1
        )
        for line in chunk.split("\n")
    ]
    wrapped = "\n".join(lines)
    try:
        same = rich_text(wrapped, rich) == rich_text(chunk, rich)
    except TextError:  # where a line begins as an entry of a list does, emphasis may never end
        same = False
    return wrapped if same else chunk


def _hanging(line: str) -> str:
    """What a line's continuation is set in by."""
    words = line.lstrip(" ")
    mark = BULLET.match(words) or NUMBER.match(words)
    return " " * (len(line) - len(words) + (len(mark.group()) if mark else 0))
