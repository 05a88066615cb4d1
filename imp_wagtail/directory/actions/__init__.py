"""What may be done with directory entries. Each verb is one transaction and one log entry on the participant.

Every verb raises ``ValidationError`` with a message for the person at the form, keyed by the field it belongs
to, and then nothing has changed. Each may be repeated: what is already so is left as it is. What the public sees is
worked out anew in the same transaction (``publishing``).
"""

from .consents import end_consent, publish_text, record_consent, set_consents
from .courses import add_course, remove_course, update_course
from .entries import list_teacher, update_teacher
from .locking import locked
from .publishing import catch_up, publish, publish_all, publish_lapsed, publish_many, unpublish
from .qualifications import add_qualification, check_qualification, remove_qualification, update_qualification
from .standing import end_recognition, recognise, renew, resume, suspend

__all__ = [
    "add_course",
    "add_qualification",
    "catch_up",
    "check_qualification",
    "end_consent",
    "end_recognition",
    "list_teacher",
    "locked",
    "publish",
    "publish_all",
    "publish_lapsed",
    "publish_many",
    "publish_text",
    "recognise",
    "record_consent",
    "remove_course",
    "remove_qualification",
    "renew",
    "resume",
    "set_consents",
    "suspend",
    "unpublish",
    "update_course",
    "update_qualification",
    "update_teacher",
]
