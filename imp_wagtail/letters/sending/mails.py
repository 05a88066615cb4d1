"""A letter as an e-mail."""

from django.core.mail import EmailMessage

from imp_wagtail.core.conf import settings

from ..files import issued_bytes
from ..models import Letter, Sending
from .messages import LINK
from .personal_links import personal_link


def filename_of(letter: Letter) -> str:
    """What the file is called where it arrives."""
    return f"letter-{letter.number}.pdf"


def mail_of(sending: Sending) -> EmailMessage:
    """The e-mail. Raises ``LetterFileError`` where the stored file is not what was issued, for a link too."""
    content = issued_bytes(sending.letter)
    mail = EmailMessage(
        subject=sending.subject,
        body=sending.text,
        to=[sending.to],
        reply_to=[settings.LETTER_REPLY_TO] if settings.LETTER_REPLY_TO else None,
        # Automatic replies stay away from what a machine has sent (RFC 3834).
        headers={"Auto-Submitted": "auto-generated", "Content-Language": sending.language},
    )
    if sending.manner == Sending.Manner.LINK:
        mail.body = sending.text.replace(LINK, personal_link(sending))
    else:
        mail.attach(filename_of(sending.letter), content, "application/pdf")
    return mail
