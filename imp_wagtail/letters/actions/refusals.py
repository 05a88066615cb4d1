"""Why a letter is not issued, by what is known already: the verb and the preview of many say the same."""

import datetime as dt
import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.names import folded
from imp_wagtail.core.pdf import MissingCharacters, PDFTooHeavy, PDFUnavailable
from imp_wagtail.participants.models import StageCompletion
from imp_wagtail.pathways.models import Stage

from ..models import Letter

logger = logging.getLogger(__name__)


def not_completed(stage: Stage) -> str:
    return _("“%(stage)s” is not completed; a letter is issued for completed stages only.") % {"stage": stage}


def issued_already(letter: Letter, stage: Stage) -> str:
    """That a stage has a valid letter; it is named."""
    return _("The letter for “%(stage)s” was issued on %(date)s (%(number)s). Replace or withdraw that one.") % {
        "stage": stage,
        "date": long_date(letter.issued_on),
        "number": letter.number,
    }


def refuse_early(completion: StageCompletion, on: dt.date) -> None:
    """Refuse a date of issue before the day that the letter speaks of."""
    if on < completion.completed_on:
        raise ValidationError(
            {
                "issued_on": _("The stage was completed on %(date)s; its letter cannot be dated before that.")
                % {"date": long_date(completion.completed_on)}
            }
        )


def refuse_nameless(name: str) -> None:
    """Refuse a name in which nothing can be read: signs alone, or characters that nobody sees."""
    if not folded(name):
        raise ValidationError(
            _("The name to print has neither a letter nor a digit. Correct it in the details first.")
        )


def without_font(characters: Any) -> str:
    return _(
        "No font on this server has %(characters)s, so no letter was issued. Install one that has, or write the name "
        "on letters in another script."
    ) % {"characters": " ".join(characters)}


def why_unprinted(error: Exception) -> str:
    """Why a letter was not printed, for whoever wants to issue it. What is nobody's doing is for the site's log."""
    if isinstance(error, MissingCharacters):
        return without_font(error.characters)
    if isinstance(error, PDFTooHeavy):
        logger.warning("A letter was not printed: %s", error)
        return _(
            "The letter takes longer or more memory to print than it may, so none was issued. Shorten its wording, or "
            "use smaller pictures."
        )
    if isinstance(error, PDFUnavailable):
        return _("The letter cannot be printed, so none was issued. %(why)s") % {"why": error}
    logger.error("A letter could not be printed", exc_info=error)
    return _("The letter could not be printed, so none was issued. The site's log says what failed.")
