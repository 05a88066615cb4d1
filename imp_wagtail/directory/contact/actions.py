"""What may be done with enquiries. Each verb is one transaction, and what staff or a report changes is logged.

Of those who write nothing is logged: the history of a teacher is kept for longer than their messages are.
"""

from collections import Counter
from functools import partial
from typing import Any
from unicodedata import category
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from imp_wagtail.core.fields import email_key
from imp_wagtail.core.translation import in_own_language, supported
from imp_wagtail.letters.bidi import plain_line
from imp_wagtail.participants.actions import require_reason
from imp_wagtail.participants.log import record
from imp_wagtail.participants.personal.erasing import refuse_naming

from ..actions.locking import locked
from ..delivering import MAILS
from ..models import DirectoryMail, Enquiry, Teacher
from .days import when_to_go
from .messages import Message, copy_for_sender, request_to_confirm, to_teacher
from .pruning import forget_all_but_address
from .rules import is_blocked, may_be_written_to, refuse_too_many

Kind, State = DirectoryMail.Kind, DirectoryMail.State

#: The longest message, in characters.
LONGEST_TEXT = 4000


def enquire(
    teacher: Teacher, *, name: str, email: str, text: str, token: UUID, sender_key: str = "", by: Any = None
) -> Enquiry:
    """Write to a teacher: the enquiry goes at once or when its turn comes, and then a copy to the sender.

    ``token`` names this sending: written again with the same, it is one enquiry. What a blocked sender writes is
    answered like any other, goes nowhere and is not kept. Raises ``rules.TooManyError`` beyond the limits.
    """
    name, email, text = plain_line(name), email.strip(), plain_text(text)
    _check(name, email, text)
    with transaction.atomic():
        teacher = locked(teacher)
        if not may_be_written_to(teacher):
            raise ValidationError(_("%(name)s cannot be written to any more.") % {"name": teacher})
        if earlier := Enquiry.objects.filter(token=token).first():
            return earlier
        refuse_too_many(teacher, email, sender_key)
        blocked = is_blocked(email)
        enquiry = Enquiry.objects.create(
            teacher=teacher,
            sender_name=name,
            sender_email=email_key(email),
            text="" if blocked else text,
            sender_key=sender_key,
            token=token,
            is_blocked=blocked,
        )
        if not blocked:
            _ask_for_mails(enquiry, email, by=by)
    return enquiry


def confirm(enquiry: Enquiry, *, by: Any = None) -> None:
    """The sender's address is theirs: an enquiry that waits for its turn goes now."""
    with transaction.atomic():
        teacher = locked(enquiry.teacher)
        # What waits after an attempt that failed has its own time.
        waiting = teacher.mails.filter(enquiry=enquiry, kind=Kind.ENQUIRY, state=State.WAITING, attempts=0)
        for mail in waiting:
            mail.try_at = timezone.now()
            mail.save(update_fields=["try_at"])
            _deliver_later(mail)


def report(enquiry: Enquiry, *, text: str = "", is_senders: bool = False, by: Any = None) -> Enquiry:
    """Say that an enquiry is misuse: staff may read it from then on, and nothing of it is sent any more.

    ``is_senders``: it comes from whoever has the sender's address, who did not write it.
    """
    with transaction.atomic():
        enquiry = _locked(enquiry)
        if enquiry.reported_at is None:
            longest = Enquiry._meta.get_field("report").max_length
            enquiry.reported_at = timezone.now()
            enquiry.report = _told_by(is_senders, plain_text(text) or "–")[:longest]
            enquiry.save(update_fields=["reported_at", "report"])
            _note(enquiry, "report", by=by)
    return enquiry


@in_own_language()
def _told_by(is_senders: bool, text: str) -> str:
    """Staff read it, and not whoever reports."""
    if is_senders:
        return _("From the owner of the sender’s address: %(text)s") % {"text": text}
    return _("From the teacher: %(text)s") % {"text": text}


def settle(enquiry: Enquiry, *, why: str, by: Any) -> Enquiry:
    """Record what was decided about a report, after which it needs nobody any more."""
    require_reason(why)
    with transaction.atomic():
        enquiry = _locked(enquiry)
        if enquiry.reported_at is None:
            raise ValidationError(_("Nobody has reported this enquiry."))
        if enquiry.settled_at is None:
            enquiry.settled_at = timezone.now()
            enquiry.save(update_fields=["settled_at"])
            _note(enquiry, "settle", why=why, by=by)
    return enquiry


def block_sender(enquiry: Enquiry, *, why: str, by: Any) -> Enquiry:
    """Pass nothing on any more from the address that this enquiry came from; what waits goes nowhere."""
    return _set_blocked(enquiry, True, why, by)


def unblock_sender(enquiry: Enquiry, *, why: str, by: Any) -> Enquiry:
    """Take messages from this address again. What it wrote in between is lost."""
    return _set_blocked(enquiry, False, why, by)


def _set_blocked(enquiry: Enquiry, blocked: bool, why: str, by: Any) -> Enquiry:
    require_reason(why)
    with transaction.atomic():
        enquiry = _locked(enquiry)
        # All that this address has written, so that the block outlives each of them.
        changed = Enquiry.objects.filter(sender_email=enquiry.sender_email).exclude(is_blocked=blocked)
        if changed.update(is_blocked=blocked):
            enquiry.is_blocked = blocked
            _note(enquiry, "block" if blocked else "unblock", why=why, by=by)
    return enquiry


def written_by_sender_of(enquiry: Enquiry) -> QuerySet[Enquiry]:
    """All enquiries from the address that this one came from."""
    return Enquiry.objects.filter(sender_email=enquiry.sender_email)


def erase_sender(enquiry: Enquiry, *, why: str, by: Any) -> int:
    """Delete all that was written from this enquiry's address, with its e-mails, sent or not; returns how many.

    The history of each teacher says that, and how many, and not whose. Where the sender is blocked the address alone
    is kept, as ever: end the block first where it is to go too.
    """
    require_reason(why)
    with transaction.atomic():
        written = written_by_sender_of(enquiry)
        to = set(written.values_list("teacher", flat=True))
        teachers = list(Teacher.objects.select_for_update().filter(pk__in=to).order_by("pk"))
        written = written.filter(teacher__in=teachers)
        refuse_naming(why, [enquiry.sender_email, *written.values_list("sender_name", flat=True)])
        counts = Counter(written.exclude(text="", sender_name="").values_list("teacher", flat=True))
        for teacher in teachers:
            _note_erased(teacher, counts[teacher.pk], why=why, by=by)
        blocked = written.filter(is_blocked=True).order_by("-pk").values_list("pk", flat=True).first()
        forget_all_but_address(written.filter(pk=blocked))
        written.exclude(pk=blocked).delete()
    return counts.total()


def plain_text(text: str) -> str:
    """Text with lines, and without anything else that controls."""
    lines = ("".join(" " if category(sign) == "Cc" else sign for sign in line) for line in text.splitlines())
    return "\n".join(line.rstrip() for line in lines).strip()


def _check(name: str, email: str, text: str) -> None:
    """Refuse what no form lets pass, but other code might."""
    if not name or len(name) > Enquiry._meta.get_field("sender_name").max_length:
        raise ValidationError({"name": _("Give your name.")})
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    if not email.isprintable() or any(sign in ' "' for sign in email):
        # Allowed within quotation marks, and of use to nobody who writes in good faith.
        raise ValidationError({"email": _("Enter a valid email address.")})
    if not text or len(text) > LONGEST_TEXT:
        raise ValidationError({"text": _("Write a message of at most %(most)d characters.") % {"most": LONGEST_TEXT}})


def _locked(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it stands now, its teacher's entry locked until the transaction ends."""
    teacher = locked(enquiry.teacher)
    found = teacher.enquiries.filter(pk=enquiry.pk).first()
    if found is None:
        raise ValidationError(_("This enquiry is no longer there: it was deleted meanwhile."))
    found.teacher = teacher
    return found


def _ask_for_mails(enquiry: Enquiry, email: str, *, by: Any) -> None:
    """Have the enquiry delivered, and prepare what its sender is told: a copy, or first a request to confirm it."""
    try_at, now = when_to_go(enquiry.teacher), timezone.now()
    goes_now = try_at is not None and try_at <= now
    person, language = enquiry.teacher.participant, supported(get_language() or "")
    message = to_teacher(enquiry, email, supported(person.language))
    mail = _stored(enquiry, Kind.ENQUIRY, message, to=person.email, reply_to=email, try_at=try_at, asked_by=by)
    if goes_now:
        _stored(enquiry, Kind.COPY, copy_for_sender(enquiry, language), to=email, try_at=None, asked_by=by)
        _deliver_later(mail)
    else:
        asking = request_to_confirm(enquiry, language)
        _deliver_later(_stored(enquiry, Kind.COPY, asking, to=email, try_at=now, asked_by=by))


def _stored(enquiry: Enquiry, kind: str, message: Message, **values: Any) -> DirectoryMail:
    return enquiry.mails.create(
        teacher=enquiry.teacher,
        kind=kind,
        language=message.language,
        subject=message.subject,
        text=message.text,
        **values,
    )


def _deliver_later(mail: DirectoryMail) -> None:
    # Where the task cannot be handed over, what waits is delivered by "imp_send_mails".
    transaction.on_commit(partial(MAILS.later, mail.pk), robust=True)


@in_own_language()
def _note_erased(teacher: Teacher, count: int, *, why: str, by: Any) -> None:
    if count:
        what = ngettext("%(count)d enquiry", "%(count)d enquiries", count) % {"count": count}
        record(teacher.participant, "imp.enquiry.erase", by=by, what=what, why=why)


@in_own_language()
def _note(enquiry: Enquiry, verb: str, *, by: Any, why: str = "") -> None:
    """Into the history, without saying who wrote or what: that goes when the enquiry does."""
    what = _("Enquiry of %(day)s") % {"day": enquiry.written_on}
    record(enquiry.teacher.participant, f"imp.enquiry.{verb}", by=by, what=what, why=why)
