"""Words with emphasis and links, written with as few marks as say it."""

import re
from dataclasses import dataclass

from .inline import BOLD, ITALIC, TARGET
from .text import SPACES

#: What would be taken for a mark; ``]`` only where words of a link end with it.
SPECIAL = r"\\*\["
STARS = {frozenset(): "", frozenset([ITALIC]): "*", frozenset([BOLD]): "**", frozenset([BOLD, ITALIC]): "***"}
BREAK = "\\\n"
PLAIN: frozenset[str] = frozenset()


@dataclass
class Span:
    """Text in the same emphasis throughout, or a mark: ``facts`` says whether braces mean something here."""

    text: str
    styles: frozenset[str] = PLAIN
    facts: bool = False
    is_mark: bool = False
    is_fact: bool = False

    @property
    def is_space(self) -> bool:
        """Whether this is nothing but space, or a line break."""
        return not self.text.strip() or self.text == BREAK

    def escaped(self, *, in_link: bool) -> str:
        if self.is_mark:
            return self.text
        special = SPECIAL + ("{" if self.facts else "") + (r"\]" if in_link else "")
        return re.sub(f"[{special}]", r"\\\g<0>", self.text)


@dataclass
class Link:
    """Words that lead somewhere."""

    words: list[Span]
    target: str


def written(spans: list[Span | Link]) -> str:
    """The words with their marks."""
    flat: list[Span] = []
    for item in spans:
        flat.extend(_link_spans(item) if isinstance(item, Link) else [item])
    return _emphasised(flat, PLAIN, in_link=False)


def _link_spans(link: Link) -> list[Span]:
    """A link as one mark, and the space around its words outside of it."""
    words = _pieces(link.words)
    first = next(place for place, piece in enumerate(words) if not piece.is_space)
    last = max(place for place, piece in enumerate(words) if not piece.is_space)
    before, words, after = words[:first], words[first : last + 1], words[last + 1 :]
    all_over = frozenset.intersection(*(piece.styles for piece in words if not piece.is_space))
    target = link.target.replace("\\", r"\\")
    if not re.fullmatch(TARGET, target, re.DOTALL):
        target = re.sub("[()]", r"\\\g<0>", target)
    said = _emphasised(words, all_over, in_link=True)
    return [*before, Span(f"[{said}]({target})", all_over, is_mark=True), *after]


def _emphasised(spans: list[Span], around: frozenset[str], *, in_link: bool) -> str:
    """Spans with asterisks where the emphasis changes, which is never beside a space within it."""
    said, now = "", around
    waiting = ""
    for piece in _pieces(spans):
        if piece.is_space:
            waiting += piece.text if said else ""
            continue
        styles = piece.styles | around
        waiting = SPACES.sub(" ", waiting)
        said += STARS[now - styles] + waiting + STARS[styles - now] if waiting else STARS[now ^ styles]
        words = piece.escaped(in_link=in_link)
        if piece.is_mark and words.startswith("[") and said.endswith("!"):
            said = f"{said[:-1]}\\!"  # not a picture
        said, now, waiting = said + words, styles, ""
    return said + STARS[now - around]


def _pieces(spans: list[Span]) -> list[Span]:
    """Spans with the space at the edges of their words apart."""
    pieces = []
    for span in spans:
        if span.is_mark:
            pieces.append(span)
            continue
        texts = re.findall(r"\s+\Z|\A\s+|\S(?:.*\S)?", span.text, re.DOTALL)
        pieces.extend(Span(text, span.styles, span.facts) for text in texts)
    return pieces
