"""What a teacher has to answer, and when they are reminded of it: rules only, nothing is written here.

Each thing to answer has moments at which it is told. A reminder tells of all that is open, so that whoever was
reminded at or after a moment has been told of it: several things at once are one e-mail.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from imp_wagtail.core.conf import settings

from ..models import Consent, ConsentText, DirectoryMail, Purpose, Teacher
from ..querysets import ends_soon_by, not_suspended, with_standing
from ..texts import latest_versions

#: For so many days after an end its teacher may still be told of it, once.
LAST_CALL_DAYS = 30


@dataclass(frozen=True)
class NewWording:
    """One version of the wording for a purpose: since when it stands, and from when on earlier consent ends."""

    version: int
    published_at: dt.datetime
    earlier_end_on: dt.date | None


@dataclass(frozen=True)
class Matter:
    """One thing to answer: whether the entry is still true, or whether one agrees to a new wording."""

    #: The purpose whose wording is new; ``None`` for the entry itself.
    purpose: Purpose | None
    #: The last day on which all is as before without an answer; ``None`` where none is set.
    last_day: dt.date | None
    #: When it came up. A reminder that would have been due before then never was.
    since: dt.datetime | None

    @property
    def is_near(self) -> bool:
        """Whether somebody should be told: its end is near or over, or it is a question by itself."""
        return self.purpose is not None or (self.last_day is not None and self.last_day <= ends_soon_by())

    @property
    def is_over(self) -> bool:
        return self.last_day is not None and self.last_day < timezone.localdate()

    @property
    def hides_entry(self) -> bool:
        """Whether the whole entry leaves the directory with it."""
        return self.purpose in (None, Purpose.PROFILE)

    def moments(self) -> Iterator[tuple[dt.datetime, str]]:
        """When it is told, and what that occasion is called, for good."""
        if self.purpose and self.since:
            yield self.since, f"{timezone.localdate(self.since)}/new"
        if self.last_day:
            for days in settings.LISTING_REMIND_DAYS:
                moment = beginning_of(self.last_day - dt.timedelta(days=days))
                if self.since is None or moment > self.since:
                    yield moment, f"{self.last_day}/{days}"
            yield beginning_of(self.last_day + dt.timedelta(days=1)), f"{self.last_day}/out"

    def current(self) -> tuple[dt.datetime, str] | None:
        """The last of these moments that has come; ``None`` before the first, and when it is too late."""
        if self.last_day and too_late_for(self.last_day):
            return None
        now = timezone.now()
        return max((each for each in self.moments() if each[0] <= now), default=None)


def beginning_of(day: dt.date) -> dt.datetime:
    """The first moment of a day where the site is."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def too_late_for(last_day: dt.date) -> bool:
    return timezone.localdate() - last_day > dt.timedelta(days=LAST_CALL_DAYS)


def new_wordings() -> dict[str, list[NewWording]]:
    """By purpose: all that was written after the package's own, the earliest first; one query."""
    found: dict[str, list[NewWording]] = {}
    texts = ConsentText.objects.order_by("version", "pk")
    for purpose, *said in texts.values_list("purpose", "version", "published_at", "earlier_end_on"):
        found.setdefault(purpose, []).append(NewWording(*said))
    return found


def matters_of(teacher: Teacher, wordings: dict[str, list[NewWording]]) -> list[Matter]:
    """What a teacher has to answer; nothing for whoever has left. ``wordings``: see ``new_wordings``."""
    held = {consent.purpose: consent for consent in teacher.consents.all() if consent.ended_on is None}
    if Purpose.PROFILE not in held:
        return []
    renewed = beginning_of(teacher.renewed_on) if teacher.renewed_on else None
    matters = [Matter(None, teacher.listed_until, renewed)] if teacher.listed_until else []
    for purpose in Purpose:
        newer = [
            wording
            for wording in wordings.get(purpose, [])
            if purpose in held and wording.version > held[purpose].version
        ]
        if newer:
            matters.append(Matter(purpose, _last_day(newer), newer[-1].published_at))
    return matters


def _last_day(newer: list[NewWording]) -> dt.date | None:
    ends = [wording.earlier_end_on for wording in newer if wording.earlier_end_on]
    return min(ends) - dt.timedelta(days=1) if ends else None


def occasion_of(teacher: Teacher, matters: Iterable[Matter]) -> tuple[dt.datetime, str] | None:
    """What a teacher is to be reminded for by now, and since when; ``None`` where nothing has come up.

    Only those are reminded who are listed, or were not long ago, and would be again by their answer.
    """
    matters = list(matters)
    gone = any(matter.hides_entry and matter.last_day and too_late_for(matter.last_day) for matter in matters)
    if gone or teacher.is_suspended or not teacher.has_standing or not teacher.participant.email:
        return None
    return max(filter(None, (matter.current() for matter in matters)), default=None)


def due_occasion(teacher: Teacher, wordings: dict[str, list[NewWording]]) -> str:
    """The same by name, where nobody told them since; "" if there is none."""
    occasion = occasion_of(teacher, matters_of(teacher, wordings))
    if occasion is None:
        return ""
    moment, name = occasion
    reminders = [mail for mail in teacher.mails.all() if mail.kind == DirectoryMail.Kind.REMINDER]
    told = any(reminder.asked_at >= moment or reminder.occasion == name for reminder in reminders)
    return "" if told else name


def is_answered(reminder: DirectoryMail) -> bool:
    """Whether what a reminder is for has passed before it went; never for what staff asked for themselves."""
    if reminder.occasion is None:
        return False
    occasion = occasion_of(reminder.teacher, matters_of(reminder.teacher, new_wordings()))
    return occasion is None or occasion[1] != reminder.occasion


def perhaps_due() -> QuerySet[Teacher]:
    """All whom something of this may concern, with what ``due_occasion`` needs of each."""
    today = timezone.localdate()
    near = Q(listed_until__range=(today - dt.timedelta(days=LAST_CALL_DAYS), ends_soon_by()))
    earlier = [Q(purpose=purpose, version__lt=latest) for purpose, latest in latest_versions().items() if latest > 1]
    if earlier:
        unanswered = Q(*earlier, _connector=Q.OR)
        near |= Q(Exists(Consent.objects.filter(unanswered, teacher=OuterRef("pk"), ended_on__isnull=True)))
    found = Teacher.objects.filter(near, not_suspended(), with_standing()).exclude(participant__email="")
    return found.select_related("participant").prefetch_related("consents", "mails", "participant__enrolments")
