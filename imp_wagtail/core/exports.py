"""Spreadsheets that are opened by people: no cell is a formula, and none keeps the file from being written."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone, translation

#: What makes a spreadsheet program take a cell of text for a formula; some read the wide signs of Asian keyboards so.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Invisible signs that turn the direction of writing: in a list, that of other people's rows.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Control characters that come in with pasted text and that XLSX, being XML, cannot hold: one would end the export.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: Signs at which one sees nothing, and which a program may skip before it looks for a formula.
INVISIBLE = "\u200b\u200e\u200f\ufeff"


def neutralised(value: Any) -> Any:
    """Text without signs that control or turn it, an apostrophe before a formula; all else as it is."""
    if not isinstance(value, str):
        return value
    value = TURNING.sub("", UNWRITABLE.sub("", value))
    return f"'{value}" if value.lstrip(INVISIBLE).startswith(FORMULA_STARTS) else value


class PlainCellsMixin:
    """For listings that export: neutralises what a cell may not hold, which Wagtail's export does not.

    A CSV file is written while it is sent, when Wagtail has left the reader's language and time zone.
    """

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        rows = super().stream_csv(queryset)
        return as_read_by(rows, translation.get_language(), timezone.get_current_timezone())

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutralised(super().preprocess_field_value(field, value, export_format))


def as_read_by(rows: Iterator[Any], language: str | None, time_zone: Any) -> Iterator[Any]:
    """Rows that are made one by one, each in a reader's language and time zone."""
    last = object()
    while True:
        with translation.override(language), timezone.override(time_zone):
            row = next(rows, last)
        if row is last:
            return
        yield row


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
