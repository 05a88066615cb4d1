"""To hand what was asked for to the mail server: each sending by one process, and never twice by itself.

A sending is marked as under way first, for everybody to see, and handed over then. A process that dies in between
leaves the mark: nobody knows whether the message went, so that only a person may decide to send it again.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task, task_backends

from imp_wagtail.core.conf import settings
from imp_wagtail.core.outgoing import PATIENCE

from ..files import LetterFileError
from ..models import Letter, Sending
from ..sending.mails import NotTakenError, UnsureError, hand_over, mail_of

logger = logging.getLogger(__name__)

#: How long it waits after each attempt that failed; after one more it is given up.
RETRY_AFTER = (dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1))


def deliver_later(sending_pk: int, at: dt.datetime | None = None) -> None:
    """Have a sending delivered by a task, at once or at a time to come.

    Not every task backend can wait: there, ``imp_send_letters`` picks up what is due.
    """
    if at is None:
        deliver_one.enqueue(sending_pk)
    elif task_backends[deliver_one.backend].supports_defer:
        deliver_one.using(run_after=at).enqueue(sending_pk)


@task()
def deliver_one(sending_pk: int) -> None:
    """The task: deliver one sending, if it still is on record."""
    for sending in Sending.objects.filter(pk=sending_pk):
        deliver(sending)


def deliver_due() -> list[str]:
    """Deliver all that is due now, the longest waiting first; returns the state in which each was left."""
    due = Sending.objects.filter(state=Sending.State.WAITING, try_at__lte=timezone.now())
    states = [deliver(sending) for sending in due.order_by("try_at", "pk")]
    return [state for state in states if state]


def deliver(sending: Sending) -> str:
    """Hand one sending to the mail server if it is due; returns the state in which it is left, "" if it is not due.

    Not to be called within a transaction: what it marks must be there for everybody before anything is sent.
    """
    claimed = _marked_under_way(sending.pk)
    if claimed is None:
        return ""
    if claimed.state == Sending.State.FAILED:
        return claimed.state
    return _handed_over(claimed)


def _handed_over(sending: Sending) -> str:
    try:
        hand_over(mail_of(sending))
    except UnsureError as error:
        logger.warning("Sending %s of letter %s: nobody knows whether it went", sending.pk, sending.letter.number)
        return _settle(sending, Sending.State.UNDER_WAY, error=str(error))
    except (NotTakenError, LetterFileError) as error:
        logger.warning("Sending %s of letter %s failed: %s", sending.pk, sending.letter.number, error)
        return _put_off(sending, str(error), is_final=getattr(error, "is_final", False))
    except Exception:
        logger.exception("Sending %s of letter %s failed", sending.pk, sending.letter.number)
        return _put_off(sending, _("It could not be handed to the mail server. The site's log says why."))
    return _settle(sending, Sending.State.SENT, sent_at=timezone.now())


def why_unsendable(letter: Letter) -> str:
    """Why a letter is not sent, whatever the address; "" if it may be."""
    if not letter.has_holder:
        return _("The person was erased, so the letter is sent to nobody.")
    if not letter.is_valid:
        words = {"number": letter.number, "state": letter.get_state_display()}
        return _("Letter %(number)s is %(state)s, so it is not sent.") % words
    return ""


def _marked_under_way(sending_pk: int) -> Sending | None:
    """The sending, which is this process's from here on; ``None`` if it is another's, or not due.

    Failed, where the letter ended since it was asked for.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        due = Sending.objects.filter(pk=sending_pk, state=Sending.State.WAITING, try_at__lte=now)
        if not due.update(state=Sending.State.UNDER_WAY, attempts=F("attempts") + 1, try_at=now + PATIENCE, error=""):
            return None
        sending = Sending.objects.select_related("letter").get(pk=sending_pk)
        reason = why_unsendable(sending.letter)
        if reason:
            sending.state, sending.error, sending.try_at = Sending.State.FAILED, reason, None
        elif sending.manner == Sending.Manner.LINK:
            sending.expires_at = now + dt.timedelta(days=settings.LETTER_LINK_DAYS)
        sending.save(update_fields=["state", "error", "try_at", "expires_at"])
    return sending


def _put_off(sending: Sending, reason: str, *, is_final: bool = False) -> str:
    """Try again later, unless that is of no use or was done often enough."""
    if is_final or sending.attempts > len(RETRY_AFTER):
        return _settle(sending, Sending.State.FAILED, error=reason)
    try_at = timezone.now() + RETRY_AFTER[sending.attempts - 1]
    state = _settle(sending, Sending.State.WAITING, error=reason, try_at=try_at)
    deliver_later(sending.pk, at=try_at)
    return state


def _settle(
    sending: Sending, state: str, error: str = "", try_at: dt.datetime | None = None, **values: dt.datetime
) -> str:
    """Store what became of it; of somebody who was erased meanwhile, nothing is stored."""
    longest = Sending._meta.get_field("error").max_length
    Sending.objects.filter(pk=sending.pk).update(state=state, error=error[:longest], try_at=try_at, **values)
    return state
