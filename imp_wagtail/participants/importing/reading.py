"""From a file to its table, whoever made it: CSV in any usual encoding and notation, or XLSX. No content is run."""

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imp_wagtail.core.conf import settings

from . import spreadsheets, texts
from .errors import UnreadableFileError
from .tables import Table, TableRow

#: What old Excel files, and encrypted ones, begin with.
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
#: Columns of a file; more than a list of people has.
MOST_COLUMNS = 300
#: Rows of a sheet, empty ones among them: as many as spreadsheet programs have.
MOST_LINES = 1_048_576


def read(content: bytes, filename: str = "") -> Table:
    """The table that a file holds. Raises ``UnreadableFileError``, which says what is wrong and what to do."""
    refuse_large(len(content))
    if content.startswith(OLD_EXCEL):
        raise UnreadableFileError(
            _("This is an old Excel file, or one with a password. Save it as XLSX, without a password.")
        )
    return _table(_lines(content, filename))


def refuse_large(size: int) -> None:
    """Refuse a file by its size in bytes, before it is read."""
    if size > settings.IMPORT_MAX_MB * 1024 * 1024:
        raise UnreadableFileError(
            _("This file is larger than %(most)d MB. Divide it into several.") % {"most": settings.IMPORT_MAX_MB}
        )


def _lines(content: bytes, filename: str) -> Iterable[list[str]]:
    if content.startswith(ZIP):
        return spreadsheets.lines_of(content)
    if PurePath(filename).suffix.lower() == ".xlsx":
        raise UnreadableFileError(_("This is no XLSX file, although it is called one. Save it again."))
    return texts.lines_of(content)


def _table(lines: Iterable[list[str]]) -> Table:
    """The first line with anything in it has the headings."""
    numbered = _filled(lines)
    number, headings = next(numbered, (0, []))
    if not headings:
        raise UnreadableFileError(_("This file is empty."))
    rows = []
    for number, cells in numbered:
        rows.append(TableRow(number, cells))
        if len(rows) > settings.IMPORT_MAX_ROWS:
            raise _too_many_rows()
    if not rows:
        raise UnreadableFileError(_("This file has headings, and nobody below them."))
    return _of_one_width(headings, rows)


def _filled(lines: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers, and without empty cells at their end."""
    for number, cells in enumerate(lines, start=1):
        if number > MOST_LINES:
            raise _too_many_rows()
        width = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
        if width > MOST_COLUMNS:
            raise UnreadableFileError(
                _("Row %(row)d has more than %(most)d columns. Is this the right file?")
                % {"row": number, "most": MOST_COLUMNS}
            )
        if width:
            yield number, cells[:width]


def _too_many_rows() -> UnreadableFileError:
    most = settings.IMPORT_MAX_ROWS
    text = ngettext(
        "This file has more than %(most)d row. Divide it into several.",
        "This file has more than %(most)d rows. Divide it into several.",
        most,
    )
    return UnreadableFileError(text % {"most": most})


def _of_one_width(headings: list[str], rows: list[TableRow]) -> Table:
    width = max(len(headings), *(len(row.cells) for row in rows))
    headings = [" ".join(heading.split()) for heading in headings]
    for row in rows:
        row.cells.extend([""] * (width - len(row.cells)))
    return Table(headings + [""] * (width - len(headings)), rows)
