"""Spreadsheets that are opened by people: no cell is a formula."""

from typing import Any

#: What makes a spreadsheet program take a cell of text for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutralised(value: Any) -> Any:
    """Text that would run as a formula, with an apostrophe before it; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


class PlainCellsMixin:
    """For listings that export: neutralises formulas, which Wagtail's CSV export does not."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutralised(super().preprocess_field_value(field, value, export_format))
