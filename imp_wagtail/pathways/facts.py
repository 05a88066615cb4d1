"""Facts about pathways for texts: their titles, the way to their pages, and what they ask for."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from imp_wagtail.core.facts import FactSource, References, Subject
from imp_wagtail.core.restrictions import public
from imp_wagtail.core.translation import readable

from .models import Pathway, PathwayPage, Requirement

#: So many requirements are offered at most; the others are found by words of their names.
MOST = 30


@dataclass(frozen=True)
class ShownPathway:
    """A pathway in the reader's language, and where it is shown; "" where it is not."""

    pathway: Pathway
    address: str


class PathwayFacts(FactSource):
    """Of the pathway with this key."""

    name = "pathway"
    tells = {"link": gettext_lazy("Link"), "title": gettext_lazy("Title")}

    def records(self, keys: Collection[str]) -> Mapping[str, ShownPathway]:
        pages = pathway_pages(keys)
        return {
            key: ShownPathway(pathway, (pages[key].get_url() or "") if key in pages else "")
            for key, pathway in pathways_by_key(keys).items()
        }

    def say(self, tell: str, record: ShownPathway) -> str:
        return self.link(record, record.pathway.title) if tell == "link" else record.pathway.title

    def address(self, record: ShownPathway) -> str:
        return record.address

    def subjects(self, words: str) -> Iterator[Subject]:
        found = Pathway.objects.in_source_language()
        for word in words.split():
            found = found.filter(title__icontains=word)
        return (Subject(pathway.key, pathway.title) for pathway in found)

    def title(self, key: str) -> str:
        return str(pathways_by_key([key]).get(key, ""))

    def references(self, key: str) -> References:
        return [(Pathway, str(pathway.pk)) for pathway in Pathway.objects.in_source_language().filter(key=key)]


class RequirementFacts(FactSource):
    """Of the requirement with this key: its pathway's, its stage's and its own, with slashes between them."""

    name = "requirement"
    tells = {"amount": gettext_lazy("Amount"), "title": gettext_lazy("Title")}

    def records(self, keys: Collection[str]) -> Mapping[str, Requirement]:
        found = requirements().filter(these(keys))
        return readable(found, path_of)

    def say(self, tell: str, record: Requirement) -> str:
        return record.title if tell == "title" else record.in_words or record.title

    def subjects(self, words: str) -> Iterator[Subject]:
        if not words.strip():
            return iter(())
        found = requirements().filter(stage__pathway__in=Pathway.objects.in_source_language())
        for word in words.split():
            found = found.filter(Q(title__icontains=word) | Q(stage__title__icontains=word))
        return (Subject(path_of(one), called(one)) for one in found[:MOST])

    def title(self, key: str) -> str:
        found = self.records([key]).get(key)
        return called(found) if found else ""

    def references(self, key: str) -> References:
        pathways = Pathway.objects.in_source_language().filter(key=key.partition("/")[0])
        return [(Pathway, str(pathway.pk)) for pathway in pathways]


def pathways_by_key(keys: Iterable[str]) -> dict[str, Pathway]:
    """Pathways in the reader's language, by key; none where the key is nobody's."""
    keys = list(keys)
    found = Pathway.objects.filter(key__in=keys).select_related("locale").order_by("pk") if keys else []
    return readable(found, lambda pathway: pathway.key)


def pathway_pages(keys: Collection[str]) -> dict[str, PathwayPage]:
    """The published page of each pathway in the reader's language, else in another, by the pathway's key."""
    pages = public(PathwayPage.objects.live()).filter(pathway__key__in=keys)
    return readable(pages.select_related("locale", "pathway").order_by("pk"), lambda page: page.pathway.key)


def requirements() -> Any:
    """All requirements, each with what it belongs to."""
    found = Requirement.objects.select_related("locale", "stage__pathway")
    return found.order_by("stage__pathway__title", "stage__pathway", "stage__sort_order", "sort_order", "pk")


def these(keys: Iterable[str]) -> Q:
    """The requirements of these keys; none for what is no key."""
    wanted = Q(pk__in=[])
    for key in keys:
        pathway, _slash, rest = key.partition("/")
        stage, _slash, own = rest.partition("/")
        wanted |= Q(stage__pathway__key=pathway, stage__key=stage, key=own)
    return wanted


def path_of(requirement: Requirement) -> str:
    """The key by which texts know a requirement."""
    stage = requirement.stage
    return f"{stage.pathway.key}/{stage.key}/{requirement.key}"


def called(requirement: Requirement) -> str:
    """What editors know a requirement by."""
    return f"{requirement.stage.title} · {requirement.title}"


PATHWAY, REQUIREMENT = PathwayFacts(), RequirementFacts()
