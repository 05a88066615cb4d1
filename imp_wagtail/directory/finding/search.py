"""The search over all listings: a question, and what it finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

from imp_wagtail.core.names import words_of

from ..models import Town
from .entries import YES
from .index import Index
from .shelf import Shelf, shelf, trusted_partners

#: What a question can ask of a listing by the facet of the same name.
VALUED = ("country", "region", "language", "format", "pathway", "month")
#: And what is either asked or not.
YES_OR_NOT = ("accredited", "upcoming")
#: Facets that mean nothing once another one is chosen anew: no region of France is in Spain.
WITHIN = {"country": ("country", "region")}


@dataclass(frozen=True)
class Question:
    """What somebody looks for; each part is left empty where anything will do.

    ``name``: words, each a part of the name. ``region``: such as "FR.84". ``town``: not farther than so many ``km``
    from it. ``format``: "online" or "in_person". ``pathway``: the translation key of one that was completed.
    ``month``: such as "2027-03", in which a course begins. ``indexed``: only who agreed to search engines.
    """

    name: str = ""
    country: str = ""
    region: str = ""
    town: Town | None = None
    km: int = 50
    language: str = ""
    format: str = ""
    pathway: str = ""
    accredited: bool = False
    upcoming: bool = False
    month: str = ""
    indexed: bool = False


@dataclass(frozen=True)
class Found:
    """Who fits a question, in the order of names."""

    question: Question
    index: Index
    #: Those whose entries are shown, by their keys.
    partners: frozenset[int]

    @cached_property
    def conditions(self) -> dict[str, int]:
        """Who fits each thing that was asked, by facet."""
        return conditions_of(self.question, self.index)

    @cached_property
    def shown(self) -> int:
        """Everybody whom the public sees now."""
        return self.index.listed_by(self.partners)

    @cached_property
    def bits(self) -> int:
        return self.fitting()

    @cached_property
    def count(self) -> int:
        return self.bits.bit_count()

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """By facet and value, how many there would be with this value chosen and all else as it is.

        What is true or not has the one value "on". Regions are those of the country that was chosen.
        """
        return {facet: self._options(facet) for facet in (*VALUED, *YES_OR_NOT)}

    def keys(self, start: int, stop: int) -> list[int]:
        """The keys of the listings from this rank on, up to that one."""
        return self.index.keys_of(self.bits, start, stop)

    def spots(self) -> list[tuple[int, float, float]]:
        """Key, latitude and longitude of those whose place may be on the map."""
        return self.index.spots_of(self.bits)

    def fitting(self, *, but: Iterable[str] = ()) -> int:
        """Those who fit all that was asked but for some facets."""
        return reduce(and_, (bits for facet, bits in self.conditions.items() if facet not in but), self.shown)

    def _options(self, facet: str) -> dict[str, int]:
        others = self.fitting(but=WITHIN.get(facet, (facet,)))
        values = self.index.sets.get(facet, {})
        if facet == "region":
            values = {value: bits for value, bits in values.items() if is_region_of(value, self.question.country)}
        if others == self.index.everybody:
            return {value: self.index.totals[facet][value] for value in values}
        counts = {value: (bits & others).bit_count() for value, bits in values.items()}
        return {value: count for value, count in counts.items() if count}


def ask(question: Question, of: Shelf = shelf) -> Found:
    """Search all listings that the public sees now."""
    index = of.current()
    return Found(question, index, trusted_partners(index))


def conditions_of(question: Question, index: Index) -> dict[str, int]:
    """Who fits each part of a question by itself; nothing for a part that asks for nothing."""
    asked = {facet: value for facet in VALUED if (value := getattr(question, facet))}
    asked |= {facet: YES for facet in YES_OR_NOT if getattr(question, facet)}
    found = {facet: index.having(facet, value) for facet, value in asked.items()}
    if question.indexed:
        found["indexed"] = index.having("indexed", YES)
    if words := words_of(question.name):
        found["name"] = index.named(words)
    if question.town:
        found["near"] = index.near((question.town.latitude, question.town.longitude), question.km)
    return found


def is_region_of(region: str, country: str) -> bool:
    """Whether a region's code is one of a country's."""
    return bool(country) and region.startswith(f"{country}.")
