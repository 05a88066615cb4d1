"""What may be done with letters: issue, replace, withdraw. Each is one transaction, one log entry, one signal.

Every verb raises ``ValidationError`` with a message for the person at the form, and then nothing has changed.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.pdf import MissingCharacters, PDFUnavailable
from imp_wagtail.participants.actions import locked, refuse_future, require_reason
from imp_wagtail.participants.log import record
from imp_wagtail.participants.models import Enrolment, Participant, StageCompletion
from imp_wagtail.pathways.models import Stage

from .codes import new_code
from .models import Letter, LetterYear
from .rendering import render_letter
from .signals import letter_issued, letter_withdrawn
from .snapshot import take_snapshot

logger = logging.getLogger(__name__)


def issue(enrolment: Enrolment, stage: Stage, *, on: dt.date | None = None, by: Any) -> Letter:
    """Issue the letter for a completed stage: number, code, snapshot and PDF, stored once.

    ``on`` is the date of issue, today unless given. A stage has one valid letter; a second is refused.
    """
    on = day_of_issue(on)
    with whole_or_nothing() as stored:
        enrolment = locked(enrolment)
        refuse_second(enrolment, stage)
        letter = _issue(enrolment, stage, on=on, by=by, stored=stored)
        record(enrolment.participant, "imp.letter.issue", by=by, what=str(stage), after=letter.number)
        letter_issued.send(Letter, letter=letter, by=by)
    return letter


def replace(letter: Letter, *, reason: str, on: dt.date | None = None, by: Any) -> Letter:
    """Issue a letter anew, after a mistake in a name for instance; the old one says so from now on.

    Refused where the person was erased: there is no record left to issue it from.
    """
    require_reason(reason, "reason")
    on = day_of_issue(on)
    with whole_or_nothing() as stored:
        enrolment = locked_holder(letter)
        if enrolment is None:
            raise ValidationError(holder_is_erased())
        letter = _end(letter, Letter.State.REPLACED, reason)
        successor = _issue(enrolment, letter.stage, on=on, by=by, stored=stored)
        letter.replaced_by = successor
        letter.save(update_fields=["replaced_by"])
        record(
            enrolment.participant,
            "imp.letter.replace",
            by=by,
            what=str(letter.stage),
            before=letter.number,
            after=successor.number,
            why=reason,
        )
        letter_issued.send(Letter, letter=successor, by=by)
    return successor


def withdraw(letter: Letter, *, reason: str, by: Any) -> Letter:
    """Withdraw a letter. It stays in the register and its code says so from now on, without the reason.

    The entry in the log hangs on the person, or on the letter itself where the person was erased.
    """
    require_reason(reason, "reason")
    with transaction.atomic():
        enrolment = locked_holder(letter)
        letter = _end(letter, Letter.State.WITHDRAWN, reason)
        record(
            enrolment.participant if enrolment else letter,
            "imp.letter.withdraw",
            by=by,
            # Of somebody who was erased the log has no name.
            label="" if enrolment else letter.number,
            what=str(letter.stage),
            before=letter.number,
            after="–",
            why=reason,
        )
        letter_withdrawn.send(Letter, letter=letter, by=by)
    return letter


def let_go(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """Letters of somebody who is being erased stay in the register, and lead to nobody any more."""
    Letter.objects.filter(enrolment__participant=participant).update(enrolment=None)


def locked_holder(letter: Letter) -> Enrolment | None:
    """The enrolment that a letter was issued for, locked; ``None`` if the person was erased."""
    holder = Letter.objects.filter(pk=letter.pk).values("enrolment")
    return Enrolment.objects.select_for_update().filter(pk__in=holder).first()


def holder_is_erased() -> str:
    """Why a letter is not replaced."""
    return _(
        "The person was erased, so there is no record from which another letter could be issued. "
        "This one can only be withdrawn."
    )


def refuse_reopening(sender: Any, enrolment: Enrolment, stage: Stage, **kwargs: Any) -> None:
    """A stage with a valid letter is not reopened: the letter would say what is no longer so."""
    standing = enrolment.letters.valid().filter(stage=stage).first()
    if standing:
        raise ValidationError(
            _("Letter %(number)s says that this stage is completed. Withdraw it first.") % {"number": standing.number}
        )


@contextmanager
def whole_or_nothing() -> Iterator[list[FieldFile]]:
    """One transaction; the files that were put into the list are removed again where it fails."""
    stored: list[FieldFile] = []
    try:
        with transaction.atomic():
            yield stored
    except BaseException:
        for file in stored:
            file.storage.delete(file.name)
        raise


def day_of_issue(on: dt.date | None) -> dt.date:
    """The date that a letter bears, today unless given; the register has a row for its year from now on.

    The row is made ahead of the transaction that takes a number. Were it made within, MariaDB would let those who
    found it just made by another each keep a lock on it, and refuse one of them as a deadlock.
    """
    on = on or timezone.localdate()
    refuse_future(on, "issued_on")
    LetterYear.objects.get_or_create(year=on.year)
    return on


def _issue(enrolment: Enrolment, stage: Stage, *, on: dt.date, by: Any, stored: list[FieldFile]) -> Letter:
    completion = require_completed(enrolment, stage)
    if on < completion.completed_on:
        raise ValidationError(
            {
                "issued_on": _("The stage was completed on %(date)s; its letter cannot be dated before that.")
                % {"date": long_date(completion.completed_on)}
            }
        )
    letter = Letter(enrolment=enrolment, stage=stage, issued_on=on, issued_by=by, year=on.year, code=new_code())
    letter.running_number = next_number(on.year)
    letter.snapshot = take_snapshot(enrolment, stage, completion, number=letter.number, code=letter.code, issued_on=on)
    letter.name = letter.snapshot["name"]
    content = _printed(letter)
    letter.sha256 = hashlib.sha256(content).hexdigest()
    letter.file.save(f"letters/{letter.year}/{letter.number}-{letter.code}.pdf", ContentFile(content), save=False)
    stored.append(letter.file)
    letter.save(force_insert=True)
    return letter


def _end(letter: Letter, state: str, reason: str) -> Letter:
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if not letter.is_valid:
        raise ValidationError(
            _("Letter %(number)s is %(state)s already.")
            % {"number": letter.number, "state": letter.get_state_display()}
        )
    letter.state, letter.stands, letter.reason, letter.ended_on = state, None, reason, timezone.localdate()
    letter.save(update_fields=["state", "stands", "reason", "ended_on"])
    return letter


def _printed(letter: Letter) -> bytes:
    """The letter as PDF; whatever fails in there ends as a message, because nothing has been issued yet."""
    try:
        return render_letter(letter.snapshot)
    except MissingCharacters as error:
        raise ValidationError(
            _(
                "No font on this server has %(characters)s, so no letter was issued. Install one that has, or "
                "write the name on letters in another script."
            )
            % {"characters": " ".join(error.characters)}
        ) from error
    except PDFUnavailable as error:
        raise ValidationError(
            _("The letter cannot be printed, so none was issued. %(why)s") % {"why": error}
        ) from error
    except Exception as error:
        logger.exception("The letter %s could not be printed", letter.number)
        raise ValidationError(
            _("The letter could not be printed, so none was issued. The site's log says what failed.")
        ) from error


def refuse_second(enrolment: Enrolment, stage: Stage) -> None:
    """Refuse a second letter for a stage that has a valid one; the message names it."""
    standing = enrolment.letters.valid().filter(stage=stage).first()
    if standing:
        raise ValidationError(
            _("The letter for “%(stage)s” was issued on %(date)s (%(number)s). Replace or withdraw that one.")
            % {"stage": stage, "date": long_date(standing.issued_on), "number": standing.number}
        )


def require_completed(enrolment: Enrolment, stage: Stage) -> StageCompletion:
    """The completion that a letter confirms; refuse a stage that has none."""
    completion = enrolment.completions.filter(stage=stage, stands=True).first()
    if completion is None:
        raise ValidationError(
            _("“%(stage)s” is not completed; a letter is issued for completed stages only.") % {"stage": stage}
        )
    return completion


def next_number(year: int) -> int:
    """The next running number of a year, from 1. Call it inside the transaction that uses the number."""
    counter = LetterYear.objects.select_for_update().get(year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return counter.last_number
