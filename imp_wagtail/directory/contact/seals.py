"""When a form was shown, and a name for its sending: signed and put into the form, kept nowhere."""

import datetime as dt
import time
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

from django.core import signing

from ..models import Teacher

#: Nobody has read the form and written a message sooner than this.
SOONEST = dt.timedelta(seconds=3)
#: A form that is older than this may have been kept by somebody to send it a thousand times.
LATEST = dt.timedelta(hours=12)

SALT = "imp_directory.enquiry_form"


class Seal(NamedTuple):
    """What the hidden field of a form says."""

    token: UUID
    age: dt.timedelta

    @property
    def is_too_fast(self) -> bool:
        return self.age < SOONEST

    def token_of(self, email: str, text: str) -> UUID:
        """The name of this sending. Whoever goes back to the form and writes something else means something else."""
        return uuid5(self.token, f"{email.lower()}\n{text}")


def new_seal(teacher: Teacher) -> str:
    """For a form that is shown now."""
    return signing.dumps([uuid4().hex, teacher.pk, time.time()], salt=SALT)


def opened(seal: str, teacher: Teacher) -> Seal | None:
    """The seal of a form about this teacher; ``None`` if it is too old, another's, or none of ours."""
    try:
        token, pk, shown_at = signing.loads(seal, salt=SALT, max_age=LATEST)
    except signing.BadSignature:
        return None
    age = dt.timedelta(seconds=time.time() - shown_at)
    return Seal(UUID(token), age) if pk == teacher.pk else None
