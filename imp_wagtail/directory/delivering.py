"""To hand the directory's e-mails to the mail server: enquiries, their copies, reminders."""

from functools import partial

from django.core.mail import DNS_NAME, EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from imp_wagtail.core.delivering import Delivery, register

from .contact.following import tell_sender
from .contact.rules import may_be_written_to
from .models import DirectoryMail
from .renewing.matters import is_answered
from .renewing.messages import with_link

Kind, State = DirectoryMail.Kind, DirectoryMail.State


@task()
def deliver_mail(pk: int) -> None:
    """The task: deliver one e-mail, if it still is on record."""
    MAILS.deliver_one(pk)


class DirectoryDelivery(Delivery[DirectoryMail]):
    """An enquiry that perhaps went is sent again: to read one twice is nothing, to lose one is."""

    model = DirectoryMail
    task = deliver_mail
    may_go_twice = True

    def found(self) -> QuerySet[DirectoryMail]:
        return DirectoryMail.objects.select_related("teacher__participant", "enquiry")

    def why_unsendable(self, outgoing: DirectoryMail) -> str:
        enquiry, teacher = outgoing.enquiry, outgoing.teacher
        if enquiry and enquiry.is_blocked:
            return _("The sender is blocked.")
        if enquiry and enquiry.reported_at:
            return _("The enquiry was reported.")
        if outgoing.kind != Kind.COPY and not teacher.participant.email:
            return _("There is no e-mail address on record.")
        if outgoing.kind == Kind.ENQUIRY and not may_be_written_to(teacher):
            return _("%(name)s is not in the directory any more.") % {"name": teacher}
        if outgoing.kind == Kind.REMINDER and is_answered(outgoing):
            return _("It was answered, or there is a later one.")
        return ""

    def begin(self, outgoing: DirectoryMail) -> None:
        if outgoing.kind != Kind.COPY:
            # Where it waited, to the address that is on record by now.
            outgoing.to = outgoing.teacher.participant.email

    def mail_of(self, outgoing: DirectoryMail) -> EmailMessage:
        return EmailMessage(
            subject=outgoing.subject,
            body=with_link(outgoing.text, outgoing.teacher) if outgoing.kind == Kind.REMINDER else outgoing.text,
            to=[outgoing.to],
            reply_to=[outgoing.reply_to] if outgoing.reply_to else None,
            headers=_headers(outgoing),
        )

    def settled(self, outgoing: DirectoryMail, state: str) -> None:
        if outgoing.kind == Kind.ENQUIRY and state in (State.SENT, State.FAILED):
            for told in tell_sender(outgoing.enquiry, state):
                transaction.on_commit(partial(self.later, told.pk), robust=True)


def _headers(outgoing: DirectoryMail) -> dict[str, str]:
    headers = {
        # Automatic replies stay away from what a machine has sent (RFC 3834; the other is Microsoft's): they would
        # tell the sender of an enquiry the teacher's address.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": outgoing.language,
    }
    if outgoing.enquiry and outgoing.kind == Kind.ENQUIRY:
        # Whoever gets it twice after all is shown it once, by most programs.
        headers["Message-ID"] = f"<{outgoing.enquiry.token.hex}@{DNS_NAME}>"
    return headers


MAILS = register(DirectoryDelivery())
