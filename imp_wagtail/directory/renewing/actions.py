"""What is done about renewals: a teacher answers by a link of their own, and is asked to.

Each verb is one transaction. What a teacher does is logged as theirs: by nobody with an account, by personal link.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.participants.log import record

from .. import actions
from ..actions import locked
from ..delivering import MAILS
from ..details import TeacherDetails
from ..models import DirectoryMail, Teacher
from .matters import due_occasion, matters_of, new_wordings, perhaps_due
from .messages import compose

#: How many teachers are looked at at once.
BATCH = 500


def answer(
    teacher: Teacher,
    *,
    purposes: Iterable[str],
    read: Mapping[str, int],
    states: Mapping[int, str],
    renews: bool,
    by: Any = None,
    **details: Unpack[TeacherDetails],
) -> Teacher:
    """Store all that a teacher says of their entry, or nothing of it.

    ``purposes``: all that they agree to from now on, each in the version that they have ``read``. ``states``: of
    courses, by key; one that was removed meanwhile is left out. ``renews``: they declare that all of it is true.
    """
    with transaction.atomic():
        teacher, note = locked(teacher), _note()
        actions.update_teacher(teacher, **details, why=note, by=by)
        for course in teacher.courses.filter(pk__in=states):
            actions.update_course(course, state=states[course.pk], why=note, by=by)
        actions.set_consents(teacher, purposes, note=note, read=read, by=by)
        if renews:
            actions.renew(teacher, note=note, by=by)
    return teacher


def leave(teacher: Teacher, *, by: Any = None) -> Teacher:
    """End all that a teacher agreed to, at once. The entry is kept for when they come back."""
    return actions.set_consents(teacher, (), note=_note(), by=by)


@in_own_language()
def _note() -> str:
    """Staff read it, and not the teacher."""
    return _("by personal link")


def ask_to_renew(teacher: Teacher, *, by: Any) -> DirectoryMail:
    """Send a teacher the link to renew, listed or not, however often they were reminded before."""
    with transaction.atomic():
        teacher = locked(teacher)
        if not teacher.participant.email:
            raise ValidationError(_("%(name)s has no e-mail address on record.") % {"name": teacher.participant})
        mail = _ask(teacher, by=by)
        # Where the task cannot be handed over, what waits is delivered by "imp_send_mails".
        transaction.on_commit(partial(MAILS.later, mail.pk), robust=True)
    return mail


def remind(teacher: Teacher) -> DirectoryMail | None:
    """Remind a teacher of what is to be answered by now, if nobody did; delivered with all that is due."""
    with transaction.atomic():
        teacher = locked(teacher)
        occasion = due_occasion(teacher, new_wordings())
        return _ask(teacher, occasion=occasion, by=None) if occasion else None


def remind_all() -> int:
    """Remind everybody who is to be reminded, each in a transaction of their own; returns how many."""
    wordings = new_wordings()
    keys = list(perhaps_due().order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(keys), BATCH):
        teachers = perhaps_due().filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        count += sum(remind(teacher) is not None for teacher in teachers if due_occasion(teacher, wordings))
    return count


def _ask(teacher: Teacher, *, by: Any, occasion: str | None = None) -> DirectoryMail:
    message = compose(teacher, matters_of(teacher, new_wordings()))
    mail = DirectoryMail.objects.create(
        teacher=teacher,
        kind=DirectoryMail.Kind.REMINDER,
        occasion=occasion,
        to=teacher.participant.email,
        reply_to=settings.LETTER_REPLY_TO,
        language=message.language,
        subject=message.subject,
        text=message.text,
        asked_by=by,
        asked_at=timezone.now(),
    )
    record(teacher.participant, "imp.teacher.ask_to_renew", by=by, what=teacher.name)
    return mail
