"""The rows of a file, understood cell by cell: a resource of django-import-export whose fields are the columns.

It reads and checks. Nothing is saved here, because an import is written whole or not at all; see ``writing``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.widgets import Widget

from ..models import Participant
from . import cells
from .columns import Column, Reads, Scheme
from .dates import read_date
from .tables import TableRow

READERS: dict[str, Any] = {
    Reads.EMAIL: cells.read_email,
    Reads.COUNTRY: cells.read_country,
    Reads.LANGUAGE: cells.read_language,
    Reads.DATE: read_date,
    Reads.STATUS: cells.read_status,
    Reads.NUMBER: cells.read_number,
    Reads.LINE: cells.read_text,
    Reads.LINES: cells.read_lines,
}
#: Those whose columns may have a longest length.
MEASURED = (Reads.EMAIL, Reads.LINE, Reads.LINES)


@dataclass
class ReadRow:
    """What one row says, by the columns' keys; empty cells say nothing."""

    number: int
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    #: What is wrong, by the columns' keys.
    errors: dict[str, str] = field(default_factory=dict)


class CellWidget(Widget):
    """Understands the cells of one column."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column
        self.reader = READERS[column.reads]

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """``None`` for an empty cell; raises ``ValueError`` with what is wrong."""
        if not value or value.isspace():
            if self.column.is_required:
                raise ValueError(_("This must be filled in."))
            return None
        if self.column.reads in MEASURED:
            return self.reader(value, self.column.longest)
        return self.reader(value)


class CellField(Field):
    """One column; its name in the dataset is its key."""

    def __init__(self, column: Column) -> None:
        super().__init__(attribute=column.key, column_name=column.key, widget=CellWidget(column))

    def save(self, instance: ReadRow, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        value = self.clean(row)
        if value not in (None, ""):
            instance.values[self.attribute] = value


class PeopleResource(resources.Resource):
    """Reads rows of people for one pathway; the fields are those columns that the file has."""

    class Meta:
        model = Participant
        # Nobody is looked up row by row: see ``lookups``.
        instance_loader_class = BaseInstanceLoader
        force_init_instance = True
        skip_diff = True
        use_transactions = False

    def __init__(self, scheme: Scheme, matching: dict[str, str]) -> None:
        """``matching`` says which column of the file, by its place from 0, is which field."""
        super().__init__()
        self.scheme = scheme
        self.places = {key: int(place) for place, key in matching.items() if key in scheme.by_key}
        # Whoever has no name is told so in each row, whether there is a column or not.
        self.fields = {key: CellField(scheme.by_key[key]) for key in ("name", *self.places)}
        self.read_rows: list[ReadRow] = []

    def read(self, rows: Iterable[TableRow]) -> list[ReadRow]:
        """The rows with what they say, and what is wrong with them."""
        self.numbers = []
        self.read_rows = []
        dataset = tablib.Dataset(headers=list(self.fields))
        for row in rows:
            self.numbers.append(row.number)
            dataset.append([row.cells[self.places[key]] if key in self.places else "" for key in self.fields])
        self.import_data(dataset, raise_errors=True)
        return self.read_rows

    @cached_property
    def import_fields(self) -> list[CellField]:
        return list(self.fields.values())

    def get_import_fields(self) -> list[CellField]:
        """The same for every row, so worked out once."""
        return self.import_fields

    def init_instance(self, row: dict[str, str] | None = None) -> ReadRow:
        instance = ReadRow(self.numbers[len(self.read_rows)], dict(row or {}))
        self.read_rows.append(instance)
        return instance

    def import_instance(self, instance: ReadRow, row: Any, **kwargs: Any) -> None:
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            instance.errors = {key: " ".join(messages) for key, messages in error.message_dict.items()}

    def validate_instance(
        self, instance: ReadRow, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """What must be said together: evidence has a date, and an amount where one means something."""
        for piece in self.scheme.pieces:
            keys = [key for key in (piece.date, piece.amount, piece.detail) if key]
            if not any(key in instance.values or key in instance.errors for key in keys):
                continue
            if piece.date not in instance.values:
                instance.errors.setdefault(piece.date, _("Give the date."))
            if piece.amount and piece.amount not in instance.values:
                instance.errors.setdefault(piece.amount, _("Give the amount."))

    def save_instance(self, instance: ReadRow, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Nothing is saved row by row."""
