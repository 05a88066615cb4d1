"""When an enquiry goes: so that no flood reaches a teacher, and no flood keeps others from reaching them.

So many go at once on one day (``ENQUIRIES_A_DAY``). The sender of one more is asked to confirm their address, which a
flood of invented ones cannot, and then it goes at once; else it goes on one of the next days. Those take no more than
half of what such a day has room for: the other half is for what is written on it.
"""

import datetime as dt
from collections import Counter

from django.db.models import Q, QuerySet
from django.utils import timezone

from imp_wagtail.core.conf import settings

from ..models import DirectoryMail, Teacher

State = DirectoryMail.State


def when_to_go(teacher: Teacher) -> dt.datetime | None:
    """The moment at which one more enquiry goes: now, as a day begins, or ``None``: only once it is confirmed.

    Call it with the teacher's record locked.
    """
    today = timezone.localdate()
    if _count_of(teacher, today) < settings.ENQUIRIES_A_DAY:
        return timezone.now()
    waiting = _enquiries_to(teacher).filter(state=State.WAITING, try_at__gte=start_of(today + dt.timedelta(days=1)))
    taken = Counter(timezone.localdate(moment) for moment in waiting.values_list("try_at", flat=True))
    days = (today + dt.timedelta(days=number) for number in range(1, settings.ENQUIRY_KEEP_DAYS))
    day = next((day for day in days if taken[day] < settings.ENQUIRIES_A_DAY // 2), None)
    return start_of(day) if day else None


def start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _count_of(teacher: Teacher, day: dt.date) -> int:
    """How many go, or went, on a day."""
    begins, ends = start_of(day), start_of(day + dt.timedelta(days=1))
    went = Q(sent_at__gte=begins, sent_at__lt=ends)
    goes = Q(state__in=[State.WAITING, State.UNDER_WAY], try_at__lt=ends)
    return _enquiries_to(teacher).filter(went | goes).count()


def _enquiries_to(teacher: Teacher) -> QuerySet[DirectoryMail]:
    return DirectoryMail.objects.filter(teacher=teacher, kind=DirectoryMail.Kind.ENQUIRY)
