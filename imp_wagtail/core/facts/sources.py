"""Where facts come from: each room offers what it knows."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.html import format_html
from wagtail import hooks

from .. import memory

#: Instances of ``FactSource``, registered by the rooms, and by other apps of a site.
FACT_SOURCES_HOOK = "imp_fact_sources"
#: What leads to the record itself. Words of the editor's own can do the same, so every source that has it has both.
LINK = "link"

#: What a text refers to, for Wagtail's index of references: a model and the key of a record.
References = Iterable[tuple[type[Model], str]]


class Subject(NamedTuple):
    """What facts can be told about: ``key`` stands in texts for good, ``title`` is shown to editors."""

    key: str
    title: str


class FactSource(ABC):
    """Facts of one sort. ``name`` stands in texts for good, and so do the names of what it ``tells``."""

    name: str
    #: What can be told of each subject, in the order of the menu: the name, and what editors call it.
    tells: Mapping[str, str | Promise]

    @abstractmethod
    def records(self, keys: Collection[str]) -> Mapping[str, Any]:
        """What the public may see now of these subjects, by key, in the reader's language.

        What is missing is gone. However many keys: about as many queries as for one.
        """

    def shown(self, keys: Collection[str]) -> dict[str, Any]:
        """``records`` of all these keys, each looked up once for an answer; ``None`` for those that are gone."""
        return memory.each(self.name, keys, self.records)

    @abstractmethod
    def say(self, tell: str, record: Any) -> str:
        """A fact in the reader's language: plain text, which is escaped, or safe HTML that fits into a sentence."""

    @abstractmethod
    def subjects(self, words: str) -> Iterable[Subject]:
        """What editors can choose from: a few dozen, or those whose names have all of the words in them."""

    @abstractmethod
    def title(self, key: str) -> str:
        """What editors call a subject; empty if it is gone."""

    def address(self, record: Any) -> str:
        """Where a link leads; empty if nowhere."""
        return ""

    def unsaid(self, tell: str, key: str) -> str:
        """What readers find instead of a fact that is gone: nothing, unless something makes more sense."""
        return ""

    def references(self, key: str) -> References:
        """The records that a text refers to with this key."""
        return []

    def link(self, record: Any, words: str) -> str:
        """Words that lead to the record, or stand by themselves where there is nothing to lead to."""
        address = self.address(record)
        return format_html('<a href="{}">{}</a>', address, words) if address else words


def fact_sources() -> dict[str, FactSource]:
    """All sources by name, in the order of the hook."""
    return {source.name: source for source in hooks.get_hooks(FACT_SOURCES_HOOK)}
