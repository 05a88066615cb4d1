"""What may be done with directory entries. Each verb is one transaction and one log entry on the participant.

Every verb raises ``ValidationError`` with a message for the person at the form, keyed by the field it belongs
to, and then nothing has changed. Each may be repeated: what is already so is left as it is. What the public sees is
worked out anew in the same transaction (``publishing``).
"""

from .consents import end_consent, publish_text, record_consent, set_consents
from .courses import add_course, remove_course, update_course
from .entries import list_teacher, update_teacher
from .locking import locked
from .mirroring import begin_anew, note_failure, note_unchanged, publish_mirrored, take_page
from .partners import add_partner, forget_partner, remove_partner, update_partner
from .publishing import catch_up, publish, publish_all, publish_lapsed, publish_many, unpublish
from .qualifications import add_qualification, check_qualification, remove_qualification, update_qualification
from .standing import end_recognition, recognise, renew, resume, suspend

__all__ = [
    "add_course",
    "add_partner",
    "add_qualification",
    "begin_anew",
    "catch_up",
    "check_qualification",
    "end_consent",
    "end_recognition",
    "forget_partner",
    "list_teacher",
    "locked",
    "note_failure",
    "note_unchanged",
    "publish",
    "publish_all",
    "publish_lapsed",
    "publish_many",
    "publish_mirrored",
    "publish_text",
    "recognise",
    "record_consent",
    "remove_course",
    "remove_partner",
    "remove_qualification",
    "renew",
    "resume",
    "set_consents",
    "suspend",
    "take_page",
    "unpublish",
    "update_course",
    "update_partner",
    "update_qualification",
    "update_teacher",
]
