"""A page's HTML made ready for paper: its contents are told from its headings, and what is for screens is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from django.template.loader import render_to_string
from django.utils.html import strip_tags

#: Where a template wants the contents.
PLACE = "<!-- contents -->"

HEADING = re.compile(r"<h([23])\b([^>]*)>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
ID = re.compile(r'\bid="([^"]*)"')
NUMBER = re.compile(r'\bdata-number="(\d+)"')

#: What blocks bring along for browsers; a document's own stylesheets are handed over beside it.
FOR_BROWSERS = re.compile(r"<link\b[^>]*>|<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)

#: Space before the end of a block, where it means nothing. WeasyPrint breaks a line after its first word if the whole
#: fits but for the space at its end.
LAST_SPACE = re.compile(r"\s+(?=</(?:p|li|h[1-6]|d[tdl]|div|figcaption|blockquote|td|th)\b)", re.IGNORECASE)

#: With fewer headings there is nothing to look up.
FEWEST = 2


@dataclass
class Entry:
    """A line of the contents: a heading, the ``id`` at which it stands, its number if it has one."""

    title: str
    anchor: str
    number: str = ""
    below: list[Entry] = field(default_factory=list)


def for_paper(html: str) -> str:
    """Without what is for browsers, and with contents where the template has their place.

    They have every ``<h2>`` after that place, and below it each ``<h3>`` with an ``id``. A number comes from
    ``data-number``, which the stylesheets print before the heading.
    """
    before, place, after = LAST_SPACE.sub("", FOR_BROWSERS.sub("", html)).partition(PLACE)
    if not place:
        return before
    after, entries = with_anchors(after)
    contents = render_to_string("imp_core/pdf/contents.html", {"entries": entries}) if len(entries) >= FEWEST else ""
    return f"{before}{contents}{after}"


def with_anchors(html: str) -> tuple[str, list[Entry]]:
    """The same with an ``id`` for each ``<h2>`` that has none, and the entries of its headings."""
    entries: list[Entry] = []

    def found(match: re.Match[str]) -> str:
        level, attributes, inner = match.groups()
        own, number = ID.search(attributes), NUMBER.search(attributes)
        if level == "3" and not (own and entries):
            return match.group()
        anchor = unescape(own[1]) if own else f"imp-heading-{len(entries) + 1}"
        entry = Entry(_text(inner), anchor, number[1] if number else "")
        (entries if level == "2" else entries[-1].below).append(entry)
        return match.group() if own else f'<h2 id="{anchor}"{attributes}>{inner}</h2>'

    return HEADING.sub(found, html), entries


def _text(inner: str) -> str:
    return " ".join(unescape(strip_tags(inner)).split())
