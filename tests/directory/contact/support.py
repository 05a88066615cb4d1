"""What tests of contact share: a form that was open for a while, and what the mail server got."""

import re
import time
from typing import Any
from uuid import uuid4

from django.core import mail, signing
from django.core.mail import EmailMessage
from django.test import Client

from imp_wagtail.core.delivering import deliver_due
from imp_wagtail.directory.contact import actions
from imp_wagtail.directory.contact.seals import SALT
from imp_wagtail.directory.models import DirectoryMail, DirectoryPage, Enquiry, Teacher

#: The teacher's address: it is in no answer of the site.
SECRET = "anneke@private.example"
SENDER = "sam@example.org"
TEXT = "Is there a place left in your course?\n\nSam"


def sealed(teacher: Teacher, seconds: float = 30) -> str:
    """The hidden field of a form that was shown so many seconds ago."""
    return signing.dumps([uuid4().hex, teacher.pk, time.time() - seconds], salt=SALT)


def typed(teacher: Teacher, **values: Any) -> dict[str, Any]:
    """What a browser sends of the form."""
    return {"name": "Sam Sender", "email": SENDER, "text": TEXT, "website": "", "seal": sealed(teacher), **values}


def address_of(page: DirectoryPage, teacher: Teacher) -> str:
    return page.get_url() + page.reverse_subpage("contact", args=[teacher.slug])


def write(client: Client, page: DirectoryPage, teacher: Teacher, **values: Any) -> Any:
    """Fill in the form and send it."""
    where = values.pop("where", "203.0.113.7")
    return client.post(address_of(page, teacher), typed(teacher, **values), REMOTE_ADDR=where)


def enquired(teacher: Teacher, email: str = SENDER, **values: Any) -> Enquiry:
    """An enquiry as the form leaves it, from a place of its own."""
    values = {"name": "Sam Sender", "text": TEXT, "token": uuid4(), "sender_key": uuid4().hex, **values}
    return actions.enquire(teacher, email=email, **values)


def delivered() -> list[EmailMessage]:
    """What goes when everything that is due is delivered: copies follow enquiries."""
    before = len(mail.outbox)
    while deliver_due():
        pass
    return mail.outbox[before:]


def mail_of(enquiry: Enquiry, kind: str = "enquiry") -> DirectoryMail:
    return enquiry.mails.get(kind=kind)


def link_in(message: EmailMessage, name: str) -> str:
    """The path of a link: "report" or "confirm"."""
    [path] = re.findall(rf"https?://[^/\s]+(/directory/enquiries/\S+/{name}/)", message.body)
    return path
