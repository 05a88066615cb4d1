"""Spreadsheets that are opened by people: no cell is a formula, and none keeps the file from being written."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

#: What makes a spreadsheet program take a cell of text for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Control characters that come in with pasted text and that XLSX, being XML, cannot hold: one would end the export.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def neutralised(value: Any) -> Any:
    """Text without control characters, and with an apostrophe where it would run as a formula; all else as it is."""
    if not isinstance(value, str):
        return value
    value = UNWRITABLE.sub("", value)
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


class PlainCellsMixin:
    """For listings that export: neutralises what a cell may not hold, which Wagtail's export does not."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutralised(super().preprocess_field_value(field, value, export_format))


class InChunks:
    """Records for an export, read some at a time: all at once, tens of thousands fill the memory.

    What their queryset prefetches is fetched for each chunk.
    """

    SIZE = 1000

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset = queryset
        self.model: type[Model] = queryset.model

    def __iter__(self) -> Iterator[Any]:
        return self.queryset.iterator(chunk_size=self.SIZE)
