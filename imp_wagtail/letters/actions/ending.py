"""Verbs about letters that stand: replace, withdraw. And what becomes of them when their person goes."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.participants.actions import require_reason
from imp_wagtail.participants.log import NOTHING, record
from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Stage

from ..models import Letter, Sending
from ..register.history import keep_history
from ..signals import letter_issued, letter_withdrawn
from .issuing import day_of_issue, make_letters, whole_or_nothing


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
        # Whoever prints or sends what a run has issued means the letter that stands.
        [successor] = make_letters([(enrolment, letter.stage)], on=on, by=by, run=letter.run_id, stored=stored)
        letter.replaced_by = successor
        letter.save(update_fields=["replaced_by"])
        record(
            enrolment.participant,
            "imp.letter.replace",
            by=by,
            what=letter.stage,
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
            what=letter.stage,
            before=letter.number,
            after=NOTHING,
            why=reason,
        )
        letter_withdrawn.send(Letter, letter=letter, by=by)
    return letter


def let_go(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """Letters of somebody who is being erased stay in the register, and lead to nobody any more.

    To which address they were sent goes with the person; what else happened to them is kept with the letters.
    """
    keep_history(participant)
    Sending.objects.filter(letter__enrolment__participant=participant).delete()
    Letter.objects.filter(enrolment__participant=participant).update(enrolment=None)


def locked_holder(letter: Letter) -> Enrolment | None:
    """The enrolment that a letter was issued for, locked; ``None`` if the person was erased."""
    holders = Letter.objects.filter(pk=letter.pk).values_list("enrolment", flat=True)
    while (holder := holders.get()) is not None:
        # Gone again: the letter has just followed it into another record of the same person.
        if locked := Enrolment.objects.select_for_update().filter(pk=holder).first():
            return locked
    return None


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
