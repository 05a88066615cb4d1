"""A file's rows while they are on their way: plain text, kept in the private storage until the import is over."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import Storage


@dataclass(frozen=True)
class TableRow:
    """One row with its number in the spreadsheet, where the headings are row 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """What a file says: headings, and rows that are not empty, all of one width."""

    headings: list[str]
    rows: list[TableRow]

    def column(self, place: int) -> Iterator[str]:
        return (row.cells[place] for row in self.rows)


def packed(table: Table) -> ContentFile:
    """The table as a file: a line for the headings, and one for each row."""
    lines = [table.headings, *([row.number, *row.cells] for row in table.rows)]
    text = "\n".join(json.dumps(line, ensure_ascii=True) for line in lines)
    return ContentFile(text.encode(), name="table.jsonl")


def unpacked(storage: Storage, name: str) -> Table:
    """The whole table."""
    with storage.open(name) as file:
        headings, *rows = file.read().splitlines()
    return Table(json.loads(headings), [_row(line) for line in rows])


def some_of(storage: Storage, name: str, places: Iterable[int]) -> dict[int, TableRow]:
    """The rows at these places, counted from 0; the others are not read, only passed over."""
    wanted = set(places)
    with storage.open(name) as file:
        lines = file.read().splitlines()[1:]
    return {place: _row(lines[place]) for place in wanted}


def _row(line: bytes) -> TableRow:
    number, *cells = json.loads(line)
    return TableRow(number, cells)
