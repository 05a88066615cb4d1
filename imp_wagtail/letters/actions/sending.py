"""The verbs that ask for a letter to be sent by e-mail. ``delivering`` hands it to the mail server."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.models import Job
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.participants.log import record

from ..models import Letter, Sending
from ..sending.messages import compose
from .delivering import deliver_later, why_unsendable
from .ending import locked_holder


def send(letter: Letter, *, manner: str, to: str = "", by: Any, job: Job | None = None) -> Sending:
    """Ask for a letter to be sent, to the address on record unless ``to`` is another; delivered after this.

    Asked for again while it waits, or in the same run, it is sent once.
    """
    with transaction.atomic():
        letter = _sendable(letter)
        to = _address(to.strip() or letter.enrolment.participant.email)
        if manner not in Sending.Manner.values:
            raise ValidationError({"manner": _("A letter is sent as an attachment or as a personal link.")})
        waiting = {"job": job} if job else {"state": Sending.State.WAITING, "manner": manner, "to": to}
        asked_before = letter.sendings.filter(**waiting).first()
        if asked_before:
            return asked_before
        message = compose(letter, manner)
        sending = Sending.objects.create(
            letter=letter,
            to=to,
            manner=manner,
            language=message.language,
            subject=message.subject,
            text=message.text,
            asked_by=by,
            job=job,
        )
        _note(sending, by=by)
    return sending


def try_again(sending: Sending, *, by: Any) -> Sending:
    """Deliver at once what failed, or what waits for another attempt. What it says is as it was asked for."""
    with transaction.atomic():
        letter = _sendable(sending.letter)
        sending = letter.sendings.select_for_update().get(pk=sending.pk)
        sending.letter = letter
        if sending.state not in (Sending.State.WAITING, Sending.State.FAILED):
            raise ValidationError(_("This did not fail, so it is not tried again. Send the letter anew."))
        sending.state, sending.attempts = Sending.State.WAITING, 0
        sending.try_at, sending.error = timezone.now(), ""
        sending.save(update_fields=["state", "attempts", "try_at", "error"])
        _note(sending, by=by)
    return sending


def _note(sending: Sending, *, by: Any) -> None:
    """Write it into the history, and have it delivered once that is certain."""
    letter = sending.letter
    record(letter.enrolment.participant, "imp.letter.send", by=by, what=letter.stage, after=_way(sending))
    # Where the task cannot be handed over, what waits is delivered by "imp_send_mails".
    transaction.on_commit(partial(deliver_later, sending.pk), robust=True)


@in_own_language()
def _way(sending: Sending) -> str:
    words = {"number": sending.letter.number, "address": sending.to, "manner": sending.get_manner_display()}
    return _("%(number)s to %(address)s, %(manner)s") % words


def _sendable(letter: Letter) -> Letter:
    """The letter as it stands now, its holder locked, so that nobody withdraws it or erases them meanwhile."""
    locked_holder(letter)
    letter = Letter.objects.select_related("enrolment__participant", "stage__pathway").get(pk=letter.pk)
    reason = why_unsendable(letter)
    if reason:
        raise ValidationError(reason)
    return letter


def _address(to: str) -> str:
    if not to:
        raise ValidationError({"to": _("There is no e-mail address on record.")})
    try:
        validate_email(to)
    except ValidationError as error:
        raise ValidationError({"to": error.messages}) from error
    if len(to) > (longest := Sending._meta.get_field("to").max_length):
        raise ValidationError({"to": _("An e-mail address has at most %(count)d characters.") % {"count": longest}})
    return to
