"""The marks within a paragraph of a pack: emphasis, links, facts and line breaks."""

import re
from collections.abc import Callable, Collection
from itertools import groupby
from typing import NamedTuple

from django.utils.html import escape, strip_tags
from django.utils.translation import gettext as _
from wagtail.whitelist import check_url

from ..facts.rich_text import NAME as FACT
from ..facts.sources import LINK, fact_sources
from .reasons import did_you_mean

#: Gives the key by which the database knows what a pack calls by a kind and a name. Raises ``TextError``.
Refer = Callable[[str, str], str]

PAGE = "page"
#: Addresses outside of the tree of pages: whole ones, and paths and places of the site itself.
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)[^\s\\]*", re.IGNORECASE)
TARGET = r"(?:[^\\()]|\\.|\([^\\()]*\))*"
MARK = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])"
    r"|(?P<broken>\\\n)"
    r"|(?P<stars>\*+)"
    rf"|(?P<picture>!?)\[(?P<words>(?:[^\\\[\]]|\\.)*)\]\((?P<target>{TARGET})\)"
    r"|(?P<brace>\{)",
    re.DOTALL,
)
BACKSLASHED = re.compile(r"\\([!-/:-@\[-`{-~])")
FACT_IN_BRACES = re.compile(r"\{(?P<source>[^{}\s:.]+)(?::(?P<of>[^{}\s]*))?\.(?P<tell>[^{}\s.]+)\}")
SPACE = re.compile(r"\s|\\\n")
BOLD, ITALIC = "b", "i"
FEATURES = {BOLD: "bold", ITALIC: "italic"}


class TextError(ValueError):
    """A mark in a text that means nothing there. ``place`` is where it stands, or its line once that is known."""

    def __init__(self, reason: str, place: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.place = reason, place


class Run(NamedTuple):
    """HTML and the emphasis in which it stands."""

    html: str
    styles: frozenset[str]


class Inline:
    """Reads the words of a paragraph, with what marks its field allows."""

    def __init__(self, features: Collection[str], refer: Refer) -> None:
        self.features, self.refer = features, refer

    def html(self, text: str) -> str:
        return rendered(self._runs(text, frozenset(), 0))

    def _runs(self, text: str, around: frozenset[str], begin: int) -> list[Run]:
        """What stands within ``around``; ``begin`` is where the text begins in its paragraph."""
        runs: list[Run] = []
        opened: dict[str, int] = {}
        place = 0
        while mark := MARK.search(text, place):
            styles = around | opened.keys()
            runs.append(_plain(text[place : mark.start()], styles))
            place = mark.end()
            if mark["stars"]:
                runs.append(_plain(self._emphasise(text, mark, opened, begin), styles))
                continue
            try:
                run, place = self._read(text, mark, styles, begin)
            except TextError as error:
                raise TextError(error.reason, error.place or begin + mark.start()) from error
            runs.append(run)
        if opened:
            reason = _("Emphasis begins here and never ends. Write \\* for an asterisk.")
            raise TextError(reason, begin + min(opened.values()))
        return [*runs, _plain(text[place:], around)]

    def _emphasise(self, text: str, mark: re.Match[str], opened: dict[str, int], begin: int) -> str:
        """Open or close what asterisks stand for. Returns them where they stand for themselves."""
        opens = mark.end() < len(text) and not SPACE.match(text, mark.end())
        closes = mark.start() > 0 and not text[mark.start() - 1].isspace()
        marked = {1: {ITALIC}, 2: {BOLD}, 3: {BOLD, ITALIC}}.get(len(mark["stars"]), set())
        closing, opening = marked & opened.keys(), marked - opened.keys()
        if not marked or (closing and not closes) or (opening and not opens):
            return mark["stars"]
        for style in opening:
            if FEATURES[style] not in self.features:
                raise TextError(_("This text cannot have emphasis. Write \\* for an asterisk."), begin + mark.start())
            opened[style] = mark.start()
        for style in closing:
            del opened[style]
        return ""

    def _read(self, text: str, mark: re.Match[str], styles: frozenset[str], begin: int) -> tuple[Run, int]:
        """Any other mark, and where it ends."""
        if mark["literal"]:
            return _plain(mark["literal"], styles), mark.end()
        if mark["broken"]:
            return Run("<br/>", styles), mark.end()
        if mark["brace"]:
            if FACT not in self.features:  # in letters, braces are for merge fields
                return _plain("{", styles), mark.end()
            return self._fact(text, mark.start(), styles)
        if mark["picture"]:
            raise TextError(_("A picture cannot stand in a text. Give it a block of its own."))
        opening = self._link(BACKSLASHED.sub(r"\1", mark["target"]))
        words = self._runs(mark["words"], styles, begin + mark.start("words"))
        if not strip_tags(rendered(words)).strip():
            raise TextError(_("A link needs words."))
        return Run(f"{opening}{rendered(words)}</a>", frozenset()), mark.end()

    def _fact(self, text: str, place: int, styles: frozenset[str]) -> tuple[Run, int]:
        found = FACT_IN_BRACES.match(text, place)
        if not found:
            reason = _("A brace begins a fact, as in {%(example)s}. Write \\{ for a brace.")
            raise TextError(reason % {"example": "next-training.dates"})
        source, of, tell = found["source"], found["of"] or "", found["tell"]
        sources = fact_sources()
        _refuse_unknown(source, sources)
        _refuse_unknown(tell, sources[source].tells)
        return Run(f"<embed{_attributes('embedtype', source, self.refer(source, of), tell)}/>", styles), found.end()

    def _link(self, target: str) -> str:
        """The opening tag of a link."""
        kind, _colon, name = target.partition(":")
        if leads(target):
            self._allow("link")
            return f'<a href="{escape(target)}">'
        if kind == PAGE:
            self._allow("link")
            return f'<a linktype="page" id="{escape(self.refer(PAGE, name))}">'
        if kind in fact_sources():
            self._allow(FACT)
            _refuse_unknown(LINK, fact_sources()[kind].tells)
            return f"<a{_attributes('linktype', kind, self.refer(kind, name), LINK)}>"
        reason = _("A text cannot lead to “%(target)s”. Give an address with https://, or a page as in page:faq.")
        raise TextError(reason % {"target": target})

    def _allow(self, feature: str) -> None:
        if feature not in self.features:
            raise TextError(_("This text cannot have such a link. Write \\[ for a bracket."))


def leads(target: str) -> bool:
    """Whether a text can lead to an address outside of the tree of pages."""
    return bool(ADDRESS.fullmatch(target) and check_url(target))


def rendered(runs: list[Run]) -> str:
    """Runs as the rich text editor would store them: bold around italic, and nothing opened twice."""
    parts = []
    for is_bold, bold in groupby(runs, key=lambda run: BOLD in run.styles):
        inner = ""
        for is_italic, italic in groupby(bold, key=lambda run: ITALIC in run.styles):
            inner += _within(ITALIC if is_italic else "", "".join(run.html for run in italic))
        parts.append(_within(BOLD if is_bold else "", inner))
    return "".join(parts)


def _within(element: str, html: str) -> str:
    return f"<{element}>{html}</{element}>" if element and html else html


def _plain(text: str, styles: frozenset[str]) -> Run:
    return Run(escape(text.replace("\n", " ")), styles)


def _attributes(kind: str, source: str, of: str, tell: str) -> str:
    return f' {kind}="{FACT}" source="{escape(source)}" of="{escape(of)}" tell="{escape(tell)}"'


def _refuse_unknown(name: str, known: Collection[str]) -> None:
    if name not in known:
        raise TextError(_("“%(name)s” is not known here.") % {"name": name} + did_you_mean(name, known))
