"""The personal link with which a teacher renews an entry without an account.

Signed, so that nobody can make one; kept nowhere, so that nobody can read one. It is bound to the address that it was
sent to: when another e-mail address is on record, who reads the old one has no way in.
"""

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from imp_wagtail.core.conf import settings
from imp_wagtail.core.fields import email_key

from ..models import Teacher

#: What a link opens, and what the page says where it opens nothing.
OPEN, EXPIRED, UNKNOWN = "open", "expired", "unknown"


@dataclass(frozen=True)
class Opened:
    """What is behind a link: a teacher, or why none."""

    state: str
    teacher: Teacher | None = None


def renewal_link(teacher: Teacher) -> str:
    """The address that goes into an e-mail now; it opens for ``RENEWAL_LINK_DAYS`` days."""
    return settings.base_url + reverse("imp_directory:renew", args=[new_token(teacher)])


def new_token(teacher: Teacher) -> str:
    """What names one teacher in such an address, from now on and for a while."""
    return _signer().sign(f"{teacher.pk}-{_mark(teacher)}")


def opened(token: str) -> Opened:
    """What is behind a link with this token. Nothing is looked up for what was not signed."""
    try:
        key, _, mark = _signer().unsign(token, max_age=dt.timedelta(days=settings.RENEWAL_LINK_DAYS)).partition("-")
    except signing.SignatureExpired:
        return Opened(EXPIRED)
    except signing.BadSignature:
        return Opened(UNKNOWN)
    teacher = Teacher.objects.select_related("participant").filter(pk=key).first()
    if teacher is None or not constant_time_compare(mark, _mark(teacher)):
        return Opened(UNKNOWN)
    return Opened(OPEN, teacher)


def _signer() -> signing.TimestampSigner:
    # A full stop stands in addresses as it is, and mail programs keep it within the link.
    return signing.TimestampSigner(salt="imp_directory.renewal_link", sep=".")


def _mark(teacher: Teacher) -> str:
    """The address on record, made unreadable."""
    address = email_key(teacher.participant.email) or ""
    return salted_hmac("imp_directory.renewal_address", address, algorithm="sha256").hexdigest()[:16]
