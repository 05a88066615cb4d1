"""The link to renew for many teachers at once, as long work."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs

from ..models import Consent, DirectoryMail, Purpose, Teacher
from ..permissions import CHANGE_TEACHERS
from ..querysets import not_suspended
from ..staff.statuses import status
from . import actions

#: The states of the list in which a teacher's own answer is what an entry needs.
TO_ANSWER = ("ending", "run_out", "earlier_text", "stale")
#: Whoever was asked within so many days is left alone.
LATELY = 7


def to_ask(key: str) -> QuerySet[Teacher]:
    """Teachers in one of these states whom the link reaches and nobody asked lately; nobody suspended, or who left."""
    since = timezone.now() - dt.timedelta(days=LATELY)
    lately = DirectoryMail.objects.filter(
        teacher=OuterRef("pk"), kind=DirectoryMail.Kind.REMINDER, asked_at__gte=since
    )
    agreed = Consent.objects.to(Purpose.PROFILE).filter(teacher=OuterRef("pk"), ended_on__isnull=True)
    found = status(key).narrow(Teacher.objects.filter(not_suspended(), Exists(agreed), ~Exists(lately)))
    return found.exclude(participant__email="").order_by("pk")


@jobs.register
class AskWork(jobs.Work):
    """Asks each teacher; the items are their keys. Whoever was asked meanwhile is asked no second time."""

    kind = "imp_directory.ask_to_renew"
    permissions = (CHANGE_TEACHERS,)

    def do(self, items: list[int]) -> int:
        by = get_user_model().objects.filter(pk=self.job.created_by_id).first()
        if by is None or not by.has_perms(self.permissions):
            raise ValidationError(_("Whoever started this may no longer do it."))
        due = to_ask(self.job.params["status"]).filter(pk__in=items)
        return len([actions.ask_to_renew(teacher, by=by) for teacher in due])

    def name_of(self, item: int) -> str:
        found: Any = Teacher.objects.filter(pk=item).values_list("name", flat=True).first()
        return found or _("Entry %(number)d, no longer on record") % {"number": item}
