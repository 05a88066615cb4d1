"""What follows for people when a pathway's rules change: at once for a few, as long work for many."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.pathways.models import Pathway

from ..models import Enrolment
from .recomputing import locked_many, recompute_many

#: So many people are recomputed within the transaction that changes the rules; more, as long work after it.
AT_ONCE = 200


@jobs.register
class RecomputeWork(jobs.Work):
    """Stores anew the progress of enrolments, by their keys."""

    kind = "imp_participants.recompute"
    batch = 200

    def do(self, items: list[int]) -> int:
        return len(recompute_many(locked_many(items)))

    def summary(self) -> str:
        changed = self.job.changed
        return ngettext("%(n)d person stands elsewhere now.", "%(n)d people stand elsewhere now.", changed) % {
            "n": changed
        }


def recompute_pathway(pathway: Pathway, *, by: Any = None) -> Job | None:
    """Store anew the progress of everyone on a pathway whose rules have changed.

    Returns the job that does it where there are many and somebody can follow it; ``None`` where it is done.
    """
    keys = list(Enrolment.objects.filter(pathway=pathway.source).order_by("pk").values_list("pk", flat=True))
    if by is not None and len(keys) > AT_ONCE:
        title = _("Work out progress on “%(pathway)s”") % {"pathway": pathway}
        params = {"pathway": pathway.source.pk}
        return jobs.start(RecomputeWork.kind, title=title, items=keys, params=params, token=uuid4().hex, by=by)
    for start in range(0, len(keys), RecomputeWork.batch):
        with transaction.atomic():
            recompute_many(locked_many(keys[start : start + RecomputeWork.batch]))
    return None
