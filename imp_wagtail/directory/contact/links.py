"""Links in e-mails, with which somebody without an account reports an enquiry or confirms it.

Signed, so that nobody can make one; kept nowhere, so that nobody can read one.
"""

from django.core import signing
from django.db.models import TextChoices
from django.urls import reverse

from imp_wagtail.core.conf import settings

from ..models import Enquiry


class Party(TextChoices):
    """Whose link it is: of the teacher, or of whoever the sender's address belongs to."""

    TEACHER = "teacher"
    SENDER = "sender"


def _signer() -> signing.Signer:
    # A full stop stands in addresses as it is, and mail programs keep it within the link.
    return signing.Signer(salt="imp_directory.enquiry_link", sep=".")


def report_link(enquiry: Enquiry, party: Party) -> str:
    """Where this party says that an enquiry is misuse."""
    return _link("report_enquiry", enquiry, party)


def confirm_link(enquiry: Enquiry) -> str:
    """Where the sender confirms an enquiry that waits."""
    return _link("confirm_enquiry", enquiry, Party.SENDER)


def _link(name: str, enquiry: Enquiry, party: Party) -> str:
    token = _signer().sign(f"{party}-{enquiry.pk}")
    return settings.base_url + reverse(f"imp_directory:{name}", args=[token])


def enquiry_with(token: str) -> tuple[Enquiry, Party] | None:
    """The enquiry of a link, and whose link it is. Nothing is looked up for what was not signed."""
    try:
        party, _, key = _signer().unsign(token).partition("-")
    except signing.BadSignature:
        return None
    enquiry = Enquiry.objects.select_related("teacher__participant").filter(pk=key).first()
    return (enquiry, Party(party)) if enquiry else None
