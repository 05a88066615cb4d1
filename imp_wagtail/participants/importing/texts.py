"""CSV as spreadsheet programs write it: its encoding and the sign between its cells are found out."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from .errors import UnreadableFileError

#: Byte order marks, the longer ones first, with what follows them.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: In order of likeliness where none begins with most cells.
SEPARATORS = (",", ";", "\t")
#: Excel's way of naming the separator, in a line of its own that it does not show.
NAMED_SEPARATOR = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
#: Lines by which the separator is found out.
SAMPLE = 20


def lines_of(content: bytes) -> Iterator[list[str]]:
    """The cells of each line. Raises ``UnreadableFileError``, also while it is gone through."""
    text = decoded(content)
    named = NAMED_SEPARATOR.match(text)
    if named:
        text = text[named.end() :]
    return _rows(text, named[1] if named else separator_of(text))


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "") or _without_mark(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError(
            _("The letters of this file cannot be read. Save it as “CSV UTF-8”, or as XLSX.")
        ) from None
    if "\0" in text:
        raise UnreadableFileError(_("This is not a table. Save your list as CSV or XLSX."))
    return text


def _without_mark(content: bytes) -> str:
    """UTF-16 shows in its empty bytes, and what is not valid UTF-8 is hardly ever meant to be."""
    start = content[:2000]
    if start[1::2].count(0) > len(start) // 5:
        return "utf-16-le"
    if start[::2].count(0) > len(start) // 5:
        return "utf-16-be"
    try:
        content.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def separator_of(text: str) -> str:
    """The separator that divides the first lines into most cells."""
    return max(SEPARATORS, key=lambda sign: _cells_in_first_line(text, sign))


def _cells_in_first_line(text: str, separator: str) -> int:
    lines = islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), SAMPLE)
    try:
        return next((len(line) for line in lines if any(cell.strip() for cell in line)), 0)
    except csv.Error:
        return 0


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error:
        raise UnreadableFileError(
            _("Line %(line)d cannot be read. Is a quotation mark missing?") % {"line": reader.line_num}
        ) from None
