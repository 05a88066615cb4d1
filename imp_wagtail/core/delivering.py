"""To hand what was asked for to the mail server: each e-mail by one process.

An e-mail is marked as under way first, for everybody to see, and handed over then. A process that dies in between
leaves the mark: nobody knows whether the message went. Each room says for its own kind of e-mail what becomes of it.
"""

import datetime as dt
import logging
from typing import Any, ClassVar, Generic, TypeVar

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task_backends

from .mail_server import NotTakenError, UnsureError, hand_over
from .outgoing import PATIENCE, Outgoing, is_lost

logger = logging.getLogger(__name__)

#: How long it waits after each attempt that failed; after one more it is given up.
RETRY_AFTER = (dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1))

Mail = TypeVar("Mail", bound=Outgoing)
State = Outgoing.State


class Delivery(Generic[Mail]):
    """How one room's e-mails are delivered. A room makes one, and registers it."""

    model: ClassVar[type[Outgoing]]
    #: The room's task: takes an e-mail's key and calls ``deliver_one`` with it.
    task: ClassVar[Any]
    #: Whether an e-mail that perhaps went is tried again: for what is better read twice than never.
    may_go_twice: ClassVar[bool] = False

    def found(self) -> QuerySet[Mail]:
        """All e-mails of this kind, with what ``why_unsendable`` and ``mail_of`` need of each."""
        return self.model._default_manager.all()

    def why_unsendable(self, outgoing: Mail) -> str:
        """Why an e-mail is not sent after all, because of what happened since it was asked for; "" if it is."""
        return ""

    def begin(self, outgoing: Mail) -> None:
        """Set what is known only when it goes; it is saved after this."""

    def mail_of(self, outgoing: Mail) -> EmailMessage:
        """The e-mail itself. Raises ``NotTakenError`` where it cannot be made."""
        raise NotImplementedError

    def settled(self, outgoing: Mail, state: str) -> None:
        """What follows from the state in which an attempt left it, in the same transaction."""

    def later(self, pk: int, at: dt.datetime | None = None) -> None:
        """Have an e-mail delivered by a task, at once or at a time to come.

        Not every task backend can wait: there, ``imp_send_mails`` picks up what is due.
        """
        if at is None:
            self.task.enqueue(pk)
        elif task_backends[self.task.backend].supports_defer:
            self.task.using(run_after=at).enqueue(pk)

    def deliver_one(self, pk: int) -> None:
        """Deliver one e-mail, if it still is on record."""
        for outgoing in self.model._default_manager.filter(pk=pk):
            self.deliver(outgoing)

    def deliver_due(self) -> list[str]:
        """Deliver all that is due now, the longest waiting first; returns the state in which each was left."""
        due = self.model._default_manager.filter(self._is_due()).order_by("try_at", "pk")
        states = [self.deliver(outgoing) for outgoing in due]
        return [state for state in states if state]

    def deliver(self, outgoing: Mail) -> str:
        """Hand one e-mail to the mail server if it is due; returns the state in which it is left, "" if it is not due.

        Not to be called within a transaction: what it marks must be there for everybody before anything is sent.
        """
        claimed = self._marked_under_way(outgoing.pk)
        if claimed is None:
            return ""
        if claimed.state == State.FAILED:
            return State.FAILED
        return self._handed_over(claimed)

    def _is_due(self) -> Q:
        due = Q(state=State.WAITING, try_at__lte=timezone.now())
        return due | (is_lost() & Q(attempts__lte=len(RETRY_AFTER))) if self.may_go_twice else due

    def _marked_under_way(self, pk: int) -> Mail | None:
        """The e-mail, which is this process's from here on; ``None`` if it is another's, or not due.

        Failed, where it is to be sent no more.
        """
        with transaction.atomic(durable=True):
            due = self.model._default_manager.filter(self._is_due(), pk=pk)
            try_at = timezone.now() + PATIENCE
            if not due.update(state=State.UNDER_WAY, attempts=F("attempts") + 1, try_at=try_at, error=""):
                return None
            outgoing = self.found().get(pk=pk)
            if reason := self.why_unsendable(outgoing):
                outgoing.state, outgoing.error, outgoing.try_at = State.FAILED, reason, None
            else:
                self.begin(outgoing)
            outgoing.save()
            if reason:
                self.settled(outgoing, State.FAILED)
        return outgoing

    def _handed_over(self, outgoing: Mail) -> str:
        name = f"{outgoing._meta.label} {outgoing.pk}"  # never the address, which is no business of a log
        try:
            hand_over(self.mail_of(outgoing))
        except UnsureError as error:
            logger.warning("%s: nobody knows whether it went", name)
            if self.may_go_twice:
                return self._put_off(outgoing, str(error))
            return self._settle(outgoing, State.UNDER_WAY, error=str(error))
        except NotTakenError as error:
            logger.warning("%s failed: %s", name, error)
            return self._put_off(outgoing, str(error), is_final=error.is_final)
        except Exception:
            logger.exception("%s failed", name)
            return self._put_off(outgoing, _("It could not be handed to the mail server. The site's log says why."))
        return self._settle(outgoing, State.SENT, sent_at=timezone.now())

    def _put_off(self, outgoing: Mail, reason: str, *, is_final: bool = False) -> str:
        """Try again later, unless that is of no use or was done often enough."""
        if is_final or outgoing.attempts > len(RETRY_AFTER):
            return self._settle(outgoing, State.FAILED, error=reason)
        try_at = timezone.now() + RETRY_AFTER[outgoing.attempts - 1]
        state = self._settle(outgoing, State.WAITING, error=reason, try_at=try_at)
        self.later(outgoing.pk, at=try_at)
        return state

    def _settle(
        self, outgoing: Mail, state: str, error: str = "", try_at: dt.datetime | None = None, **values: dt.datetime
    ) -> str:
        """Store what became of it; of somebody who was erased meanwhile, nothing is stored."""
        longest = outgoing._meta.get_field("error").max_length
        with transaction.atomic():
            row = self.model._default_manager.filter(pk=outgoing.pk)
            if row.update(state=state, error=error[:longest], try_at=try_at, **values):
                self.settled(outgoing, state)
        return state


_deliveries: list[Delivery[Any]] = []

Registered = TypeVar("Registered", bound=Delivery[Any])


def register(delivery: Registered) -> Registered:
    """Make a room's delivery known to ``imp_send_mails``; called by what an ``AppConfig.ready`` imports."""
    _deliveries.append(delivery)
    return delivery


def deliver_due() -> list[str]:
    """Deliver all that is due, of every room; returns the state in which each e-mail was left."""
    return [state for delivery in _deliveries for state in delivery.deliver_due()]


def count_lost() -> int:
    """How many e-mails perhaps went, of which nobody knows."""
    return sum(delivery.model._default_manager.filter(is_lost()).count() for delivery in _deliveries)
