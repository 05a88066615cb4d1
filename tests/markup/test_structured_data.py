"""The structured data of every public page, by the vocabulary itself: which properties a type has, and their values.

The types are those of schema-dts, which is made from schema.org's own definition.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .checkers import faults_of_nodes
from .conftest import Pages

pytestmark = pytest.mark.django_db

ELEMENT = re.compile(r'<script type="application/ld\+json">([^<>]*)</script>')
Node = dict[str, Any]


@pytest.fixture(scope="module")
def told(pages: Pages) -> dict[str, list[Node]]:
    """What each page says to machines; pages that say nothing are left out."""
    return {name: nodes for name, page in pages.items() if (nodes := nodes_of(page.html))}


def nodes_of(html: str) -> list[Node]:
    documents = [json.loads(found) for found in ELEMENT.findall(html)]
    assert all(document["@context"] == "https://schema.org" for document in documents)
    return [node for document in documents for node in document["@graph"]]


def parts_of(value: Any) -> Iterator[Node]:
    """Every node, however deep."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts_of(part)


def test_every_node_is_what_its_type_allows(told: dict[str, list[Node]], tmp_path: Path) -> None:
    places: dict[str, str] = {}
    for name, nodes in told.items():
        for node in nodes:
            places.setdefault(json.dumps(node), name)
    texts = list(places)
    faults = faults_of_nodes(map(json.loads, texts), tmp_path)

    assert [f"{places[texts[place]]}: {said}\n{texts[place]}" for place, said in faults.items()] == []


def test_every_type_is_told_that_the_package_knows(told: dict[str, list[Node]]) -> None:
    types = {node.get("@type") for nodes in told.values() for node in parts_of(nodes)}

    assert types >= {
        "Answer",
        "Audience",
        "BreadcrumbList",
        "CollectionPage",
        "Course",
        "CourseInstance",
        "EducationalOccupationalCredential",
        "FAQPage",
        "ItemList",
        "ListItem",
        "Offer",
        "Organization",
        "Person",
        "Place",
        "PostalAddress",
        "ProfilePage",
        "Question",
        "VirtualLocation",
    }


def test_what_is_called_by_its_name_is_told_on_the_same_page(told: dict[str, list[Node]]) -> None:
    for name, nodes in told.items():
        parts = list(parts_of(nodes))
        whole = {part["@id"] for part in parts if "@id" in part and len(part) > 1}
        assert {part["@id"] for part in parts if set(part) == {"@id"}} <= whole, name


SOUND: Node = {
    "@type": "Course",
    "@id": "https://example.org/#course",
    "name": "Training",
    "provider": {"@id": "https://example.org/#publisher"},
    "hasCourseInstance": {
        "@type": "CourseInstance",
        "startDate": "2099-10-21",
        "endDate": "2099-10-30T12:30:00+00:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": [{"@type": "VirtualLocation", "url": "https://example.org/"}],
    },
}


#: What is wrong, by the property that the complaint names.
WRONG: dict[str, Node] = {
    "recipeYield": {"recipeYield": "12"},
    "Curse": {"@type": "Curse"},
    "name": {"name": 12},
    "url": {"url": "/training/"},
    "provider": {"provider": {"@type": "Place", "name": "Here"}},
    "startDate": {"hasCourseInstance": {"@type": "CourseInstance", "startDate": "21 October"}},
    "eventStatus": {"hasCourseInstance": {"@type": "CourseInstance", "eventStatus": "https://schema.org/Off"}},
    "cookTime": {"about": [{"@type": "Person", "name": "Ada", "cookTime": "PT1H"}]},
    "capacity": {"hasCourseInstance": {"@type": "CourseInstance", "capacity": 24}},
}


def test_a_wrong_type_property_or_value_is_found(tmp_path: Path) -> None:
    faults = faults_of_nodes([SOUND, *({**SOUND, **wrong} for wrong in WRONG.values())], tmp_path)

    assert list(faults) == list(range(1, len(WRONG) + 1))
    for said, expected in zip(faults.values(), WRONG, strict=True):
        assert f'"{expected}"' in said
