"""The stored file of a letter, given out only if it still is what was issued."""

import hashlib
import logging
from dataclasses import dataclass

from django.core.files.storage import Storage
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .models import Letter

logger = logging.getLogger(__name__)

#: Bytes of a file that are held at once while it is compared with its hash.
CHUNK = 256 * 1024


class Fault(TextChoices):
    """What may be wrong with a stored file, in words for staff."""

    MISSING = "missing", _("The stored file is missing.")
    ALTERED = "altered", _("The stored file has been altered since the letter was issued.")
    UNREADABLE = "unreadable", _("The stored file cannot be read.")


class LetterFileError(Exception):
    """The stored file is missing or is not what was issued; the message says which, for staff."""


@dataclass(frozen=True)
class FileState:
    """What was found in place of a file: how many bytes, and what is wrong with it, if anything is."""

    size: int = 0
    fault: Fault | None = None


def issued_bytes(letter: Letter) -> bytes:
    """The PDF as it was issued. Raises ``LetterFileError`` rather than give out anything else."""
    try:
        # By its name: a file that the letter keeps open would be read from where it was left.
        with letter.file.storage.open(letter.file.name, "rb") as stored:
            content = stored.read()
    except Exception as error:  # each kind of storage has errors of its own
        logger.error("The file of letter %s cannot be read: %s", letter.number, error)
        raise LetterFileError(_fault_of(error).label) from error
    if hashlib.sha256(content).hexdigest() != letter.sha256:
        logger.error("The file of letter %s is not the one that was issued", letter.number)
        raise LetterFileError(Fault.ALTERED.label)
    return content


def state_of(letter: Letter) -> FileState:
    """Whether the stored file is there, and still is what was issued."""
    return compared(letter.file.storage, letter.file.name, letter.sha256)


def compared(storage: Storage, name: str, sha256: str) -> FileState:
    """A stored file held against the hash that it had; all of it is read, a little at a time."""
    digest, size = hashlib.sha256(), 0
    try:
        with storage.open(name, "rb") as stored:
            for chunk in stored.chunks(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except Exception as error:  # each kind of storage has errors of its own
        return FileState(fault=_fault_of(error))
    return FileState(size, None if digest.hexdigest() == sha256 else Fault.ALTERED)


def _fault_of(error: Exception) -> Fault:
    return Fault.MISSING if isinstance(error, FileNotFoundError) else Fault.UNREADABLE
