"""The stored file of a letter, given out only if it still is what was issued."""

import hashlib
import logging

from django.utils.translation import gettext as _

from .models import Letter

logger = logging.getLogger(__name__)


class LetterFileError(Exception):
    """The stored file is missing or is not what was issued; the message says which, for staff."""


def issued_bytes(letter: Letter) -> bytes:
    """The PDF as it was issued. Raises ``LetterFileError`` rather than give out anything else."""
    try:
        with letter.file.open("rb") as stored:
            content = stored.read()
    except OSError as error:
        logger.error("The file of letter %s cannot be read: %s", letter.number, error)
        raise LetterFileError(_("The stored file is missing.")) from error
    if hashlib.sha256(content).hexdigest() != letter.sha256:
        logger.error("The file of letter %s is not the one that was issued", letter.number)
        raise LetterFileError(_("The stored file has been altered since the letter was issued."))
    return content
