"""Many letters in one file: to be printed at once, or kept. Each goes in as it was issued, or none goes out."""

import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils import timezone

from imp_wagtail.core.pdf.page_pictures import one_at_a_time

from ..bidi import plain_line
from ..files import LetterFileError, issued_bytes
from ..models import Letter

#: Signs that some file system does not take in a name.
FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
#: Longest name in a file's name, in bytes: with the number and the ending it stays below what file systems take.
LONGEST = 180


class FilesRefused(Exception):  # noqa: N818 (named for what the user is told)
    """Some files are missing, or are not what was issued: ``faults`` has the letters, each with what is wrong."""

    def __init__(self, faults: list[tuple[Letter, str]]) -> None:
        super().__init__(", ".join(letter.number for letter, _why in faults))
        self.faults = faults


def merged(letters: Iterable[Letter]) -> IO[bytes]:
    """All letters as one PDF, in a temporary file: their pages one after the other. Raises ``FilesRefused``."""
    from pypdfium2 import PdfDocument  # where it is used: loading it takes a third of a second

    with one_at_a_time:
        together = PdfDocument.new()
    try:
        for _letter, content in _contents(letters):
            _append(together, PdfDocument, content)
        target = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
        with one_at_a_time:
            together.save(target)
    finally:
        with one_at_a_time:
            together.close()
    target.seek(0)
    return target


def _append(together: Any, document: type, content: bytes) -> None:
    with one_at_a_time:
        single = document(content)
        try:
            together.import_pages(single)
        finally:
            single.close()


def zipped(letters: Iterable[Letter]) -> IO[bytes]:
    """All letters in a ZIP, in a temporary file, each a file of its own. Raises ``FilesRefused``."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    with zipfile.ZipFile(target, "w") as archive:  # stored as they are: a PDF is compressed already
        for letter, content in _contents(letters):
            issued = timezone.localtime(letter.issued_at).timetuple()[:6]
            archive.writestr(zipfile.ZipInfo(file_name(letter), issued), content)
    target.seek(0)
    return target


def file_name(letter: Letter) -> str:
    """The number and the name, in its own script: "2027-0001 Zoë O’Brien.pdf"."""
    name = unicodedata.normalize("NFC", plain_line(letter.name)).translate(FORBIDDEN)
    short = name.encode(errors="ignore")[:LONGEST].decode(errors="ignore").strip(" .")
    return f"{letter.number} {short}.pdf"


def _contents(letters: Iterable[Letter]) -> Iterator[tuple[Letter, bytes]]:
    """Letters with their files, one at a time. All are looked at, so that all that is wrong is told at once."""
    faults = []
    for letter in letters:
        try:
            content = issued_bytes(letter)
        except LetterFileError as error:
            faults.append((letter, str(error)))
        else:
            yield letter, content
    if faults:
        raise FilesRefused(faults)
