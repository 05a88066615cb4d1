"""The personal link to a letter: signed, so that nobody can make one; kept nowhere, so that nobody can read one."""

from django.core import signing
from django.urls import reverse

from imp_wagtail.core.conf import settings

from ..models import Sending


def _signer() -> signing.Signer:
    # A full stop stands in addresses as it is, and mail programs keep it within the link.
    return signing.Signer(salt="imp_letters.personal_link", sep=".")


def personal_link(sending: Sending) -> str:
    """The address that goes into the message."""
    token = _signer().sign(str(sending.pk))
    return settings.base_url + reverse("imp_letters:personal_link", args=[token])


def sending_with(token: str) -> Sending | None:
    """The sending whose link has this token; ``None`` if none has. Nothing is looked up for what was not signed."""
    try:
        key = _signer().unsign(token)
    except signing.BadSignature:
        return None
    sendings = Sending.objects.filter(manner=Sending.Manner.LINK, letter__enrolment__isnull=False)
    return sendings.select_related("letter").filter(pk=key).first()
