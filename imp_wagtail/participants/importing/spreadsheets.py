"""XLSX, read as a list of texts: values only, never a formula, and never more of it than can be held."""

import datetime as dt
import io
import logging
import math
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from .errors import UnreadableFileError

logger = logging.getLogger(__name__)

#: What the parts of a file may come to when they are unpacked, in bytes.
MOST_UNPACKED = 150_000_000
#: Cells of a sheet, empty ones among them.
MOST_CELLS = 20_000_000
#: Parts of a file: sheets, styles, pictures.
MOST_PARTS = 2000
#: The beginning of a document type, which may define what grows without end; no spreadsheet program writes one.
DOCUMENT_TYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def lines_of(content: bytes) -> Iterator[list[str]]:
    """The cells of each row of the first sheet, as text.

    Raises ``UnreadableFileError``, also while it is gone through.
    """
    has_formulas = _looked_through(content)
    try:
        values = _rows(content, data_only=True)
        if not has_formulas:
            yield from ([as_text(cell) for cell in row] for row in values)
        else:
            formulas = _rows(content, data_only=False)
            for row, written in zip(values, formulas, strict=False):
                yield [as_text(cell) or _unworked(formula) for cell, formula in zip(row, written, strict=True)]
    except UnreadableFileError:
        raise
    except Exception as error:  # a broken file breaks the parser in more ways than it has exceptions
        logger.info("A spreadsheet could not be read: %r", error)
        raise UnreadableFileError(_("This spreadsheet is damaged. Save it again, or save it as CSV.")) from error


def _looked_through(content: bytes) -> bool:
    """Refuse what is no spreadsheet, or would burst when unpacked; returns whether it has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_bombs(parts.infolist())
            if "xl/workbook.xml" not in parts.namelist():
                raise UnreadableFileError(_("This is no XLSX file. Save your list as CSV or XLSX."))
            # All of them are looked through, not only as far as the first formula.
            found = [_has_formula(parts, name) for name in parts.namelist() if name.endswith((".xml", ".rels"))]
            return any(found)
    except UnreadableFileError:
        raise
    except Exception as error:
        raise UnreadableFileError(_("This spreadsheet is damaged. Save it again, or save it as CSV.")) from error


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    """What a part says of its size is what is read of it at most."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_much()


def _has_formula(parts: zipfile.ZipFile, name: str) -> bool:
    content = parts.read(name)
    if DOCUMENT_TYPE.search(content):
        raise UnreadableFileError(_("This spreadsheet holds what no list needs. Save the list alone, as CSV."))
    return name.startswith("xl/worksheets/") and FORMULA.search(content) is not None


def _rows(content: bytes, *, data_only: bool) -> Iterator[tuple[Any, ...]]:
    """The first sheet's rows. Sheets that say that they are wider than they are would be filled up with nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _no_more_than_can_be_held(sheet.iter_rows(values_only=True))
    finally:
        book.close()


def _no_more_than_can_be_held(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """A row is as wide as its last cell, which may stand far out and be empty."""
    cells = 0
    for row in rows:
        cells += len(row)
        if cells > MOST_CELLS:
            raise _too_much()
        yield row


def _too_much() -> UnreadableFileError:
    return UnreadableFileError(_("This spreadsheet unpacks to more than can be read. Save the list alone, as CSV."))


def as_text(value: Any) -> str:
    """A cell as its reader sees it: dates as 2027-10-31, numbers without needless zeros."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value):
        return _plain(Decimal(f"{value:.15g}"))
    return str(value)


def _plain(number: Decimal) -> str:
    return f"{number:f}" if number == number.to_integral_value() else f"{number.normalize():f}"


def _unworked(formula: Any) -> str:
    """A formula whose value the file does not hold is told as it stands, not left out."""
    return formula if isinstance(formula, str) and formula.startswith("=") else ""
