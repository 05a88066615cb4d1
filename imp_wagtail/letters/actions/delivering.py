"""To hand letters to the mail server, never twice by itself: what perhaps went, only a person may send again."""

import datetime as dt

from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from imp_wagtail.core.conf import settings
from imp_wagtail.core.delivering import Delivery, register
from imp_wagtail.core.mail_server import NotTakenError

from ..files import LetterFileError
from ..models import Letter, Sending
from ..sending.mails import mail_of


@task()
def deliver_one(sending_pk: int) -> None:
    """The task: deliver one sending, if it still is on record."""
    SENDINGS.deliver_one(sending_pk)


class SendingDelivery(Delivery[Sending]):
    """Letters go as long as they stand; a personal link counts from when its message goes."""

    model = Sending
    task = deliver_one

    def found(self) -> QuerySet[Sending]:
        return Sending.objects.select_related("letter")

    def why_unsendable(self, outgoing: Sending) -> str:
        return why_unsendable(outgoing.letter)

    def begin(self, outgoing: Sending) -> None:
        if outgoing.manner == Sending.Manner.LINK:
            outgoing.expires_at = timezone.now() + dt.timedelta(days=settings.LETTER_LINK_DAYS)

    def mail_of(self, outgoing: Sending) -> EmailMessage:
        try:
            return mail_of(outgoing)
        except LetterFileError as error:
            raise NotTakenError(str(error)) from error


def why_unsendable(letter: Letter) -> str:
    """Why a letter is not sent, whatever the address; "" if it may be."""
    if not letter.has_holder:
        return _("The person was erased, so the letter is sent to nobody.")
    if not letter.is_valid:
        words = {"number": letter.number, "state": letter.get_state_display()}
        return _("Letter %(number)s is %(state)s, so it is not sent.") % words
    return ""


SENDINGS = register(SendingDelivery())
deliver, deliver_due, deliver_later = SENDINGS.deliver, SENDINGS.deliver_due, SENDINGS.later
