"""Letters of many people as long work: a few in one transaction, each of them once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs
from imp_wagtail.participants.bulk.works import BulkWork
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Stage

from .. import actions
from ..actions.issuing import Pair
from ..permissions import may_view
from .acts import IssueLetters
from .foresight import withdrawn
from .forms import day_of


@jobs.register
class IssueWork(BulkWork):
    """Issues the letters that were shown. The items are pairs of keys: an enrolment's and a stage's."""

    kind = IssueLetters.work
    #: So many are printed side by side; the numbers of the year wait for them.
    batch = 8
    permissions = IssueLetters.permissions

    def do(self, items: list[Any]) -> int:
        by = self.started_by(IssueLetters)
        pairs = actions.locked_pairs(pairs_of(items))
        issued = actions.valid_letters(enrolment.pk for enrolment, _stage in pairs)
        due = [pair for pair in pairs if (pair[0].pk, pair[1].pk) not in issued]
        for enrolment, _stage in due:
            if enrolment.status == Enrolment.Status.WITHDRAWN:
                raise ValidationError(withdrawn())
        return len(actions.issue_many(due, on=self.on, by=by, run=self.job)) if due else 0

    @cached_property
    def on(self) -> Any:
        return day_of(self.job.params["data"])

    def name_of(self, item: Any) -> str:
        enrolment, stage = item
        found = Enrolment.objects.filter(pk=enrolment).values_list("participant__name", flat=True).first()
        title = Stage.objects.filter(pk=stage).values_list("title", flat=True).first()
        name = found or _("Enrolment %(number)d, no longer on record") % {"number": enrolment}
        return f"{name}, {title}" if title else name

    def links(self, user: Any) -> list[tuple[str, str]]:
        if not self.job.changed or not may_view(user):
            return []
        return [(reverse("imp_letters_admin:run", args=[self.job.pk]), _("To the letters issued"))]


def pairs_of(items: list[Any]) -> list[Pair]:
    """The enrolments, by their keys alone, each with its stage."""
    known = Stage.objects.select_related("pathway").prefetch_related("requirements")
    stages = known.in_bulk({stage for _enrolment, stage in items})
    if any(stage not in stages for _enrolment, stage in items):
        raise ValidationError(_("This stage is no longer there."))
    return [(Enrolment(pk=enrolment), stages[stage]) for enrolment, stage in items]
