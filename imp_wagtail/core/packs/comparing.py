"""Whether the database says what a pack says."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from wagtail.blocks import StreamValue

#: What editors' browsers add to rich text, and the ways to write the same sign.
ADDED_BY_EDITORS = re.compile(r' data-block-key="[^"]*"')
SAME = {"\r\n": "\n", "&#x27;": "'", "&#39;": "'", "&quot;": '"', "&nbsp;": " ", "\xa0": " ", "<p></p>": ""}

#: Emphasis and links with space at their edges, emphasis that ends only to begin again, and space beside a line break.
LOOSE_ELEMENTS = [
    (re.compile(r"(?<!\s)(?<!<br/>)((?:\s|<br/>)+)((?:</[bia]>)+)"), r"\2\1"),
    (re.compile(r"((?:<[bi]>|<a [^>]*>)+)((?:\s|<br/>)+)"), r"\2\1"),
    (re.compile(r"</i>((?:\s|<br/>)*)<i>|</b>((?:\s|<br/>)*)<b>"), r"\1\2"),
    (re.compile(r"</i></b>((?:\s|<br/>)*)<b><i>"), r"\1"),
    (re.compile(r"(?<=>) {2,}|(?<! ) {2,}(?=<)"), " "),
    (re.compile(r"(?<!\s)\s*(?:<br/>\s*)+"), lambda breaks: "<br/>" * breaks.group().count("<br/>")),
]


def assign(record: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def differs(record: models.Model, values: dict[str, Any]) -> bool:
    """Whether a record says anything else than these values."""
    return any(comparable(getattr(record, name)) != comparable(value) for name, value in values.items())


def comparable(value: Any) -> Any:
    """A field's value without what the database adds to it: the identifiers of blocks and of child rows."""
    if isinstance(value, str):
        return as_written(value)
    if isinstance(value, StreamValue):
        return without_ids(value.get_prep_value())
    if hasattr(value, "get_queryset"):  # the rows of a page's inline panel
        value = list(value.all())
    if isinstance(value, list) and value and isinstance(value[0], models.Model):
        return [_own_values(row) for row in value]
    return value


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_ids(item) for name, item in value.items() if name != "id"}
    if isinstance(value, list):
        return [without_ids(item) for item in value]
    return as_written(value) if isinstance(value, str) else value


def as_written(text: str) -> str:
    """A text without what differs only because somebody saved it in the editor."""
    text = ADDED_BY_EDITORS.sub("", text)
    for one, other in SAME.items():
        text = text.replace(one, other)
    for pattern, instead in LOOSE_ELEMENTS:
        text = pattern.sub(instead, text)
    return text


def _own_values(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in ("sort_order", "page")
    }


def merged_order(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """The first order, with what only the second has put behind what comes before it there."""
    merged = list(first)
    place = 0
    for item in second:
        if item not in merged:
            merged.insert(place, item)
        place = merged.index(item) + 1
    return merged
