"""How facts stand in texts, and what becomes of them for readers.

``<embed embedtype="imp-fact" source="next-training" of="imp" tell="dates"/>`` is a fact. A link with the editor's own
words is ``<a linktype="imp-fact" source="next-training" of="imp" tell="link">words</a>``.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.html import conditional_escape, format_html, strip_tags
from wagtail.rich_text import EmbedHandler, LinkHandler

from .sources import LINK, FactSource, fact_sources

#: The feature of the editor, the type of embed, and the type of link.
NAME = "imp-fact"


class Told(NamedTuple):
    """A fact as a text holds it."""

    source: str
    of: str
    tell: str

    @classmethod
    def read(cls, attributes: dict[str, Any]) -> "Told":
        return cls(*(str(attributes.get(name) or "") for name in cls._fields))


class Found(NamedTuple):
    """What is there to be told: ``record`` is ``None`` if it is gone, and ``source`` if nobody tells such things."""

    source: FactSource | None
    record: Any

    @property
    def address(self) -> str:
        return self.source.address(self.record) if self.source and self.record is not None else ""


def look_up(facts: Sequence[Told]) -> list[Found]:
    """What is there for each, with one look-up for each source."""
    sources = fact_sources()
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for fact in facts:
        keys[fact.source].append(fact.of)
    found = {name: sources[name].shown(asked) for name, asked in keys.items() if name in sources}
    return [Found(sources.get(fact.source), found.get(fact.source, {}).get(fact.of)) for fact in facts]


def said(fact: Told, found: Found) -> str:
    """A fact as HTML; what makes most sense instead if it is gone."""
    if found.source is None or fact.tell not in found.source.tells:
        return ""
    if found.record is None:
        return conditional_escape(found.source.unsaid(fact.tell, fact.of))
    return conditional_escape(found.source.say(fact.tell, found.record))


def in_plain(said: str) -> str:
    """What was said, without its markup."""
    return unescape(strip_tags(conditional_escape(said)))


def references(attributes: dict[str, Any]) -> Iterator[tuple[type[Model], str, str, str]]:
    """What a fact refers to, as Wagtail's index of references wants it."""
    fact = Told.read(attributes)
    if source := fact_sources().get(fact.source):
        for model, key in source.references(fact.of):
            yield model, key, "", ""


class FactHandler(EmbedHandler):
    """A fact in a sentence."""

    identifier = NAME

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        facts = [Told.read(attributes) for attributes in attrs_list]
        return [said(fact, found) for fact, found in zip(facts, look_up(facts), strict=True)]

    @classmethod
    def extract_references(cls, attrs: dict[str, Any]) -> Iterator[tuple[type[Model], str, str, str]]:
        return references(attrs)


class FactLinkHandler(LinkHandler):
    """Words of the editor's own that lead to what a fact is about; without it, they are words like any other."""

    identifier = NAME

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        found = look_up([Told.read(attributes)._replace(tell=LINK) for attributes in attrs_list])
        return [format_html('<a href="{}">', one.address) if one.address else "<a>" for one in found]

    @classmethod
    def extract_references(cls, attrs: dict[str, Any]) -> Iterator[tuple[type[Model], str, str, str]]:
        return references(attrs)
