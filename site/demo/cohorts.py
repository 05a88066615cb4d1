"""The demo's cohorts, and who joins which."""

from collections import defaultdict
from typing import Any

from django.db import transaction

from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Cohort, Enrolment
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import TrainingPage

from .tables import CohortLine

#: How many people a supervision group takes before the next one is filled.
GROUP_SIZE = 6


class DemoCohorts:
    """The cohorts by their key, and by the training that they follow."""

    def __init__(self, lines: list[CohortLine], accounts: dict[str, Any]) -> None:
        self.by_key: dict[str, Cohort] = {}
        self.following: dict[tuple[str, str], list[Cohort]] = defaultdict(list)
        for line in lines:
            cohort = Cohort.objects.filter(title=line.title).first() or _new_cohort(line, accounts)
            self.by_key[line.key] = cohort
            self.following[line.follows or line.key, line.kind].append(cohort)

    def join(self, enrolment: Enrolment, training: str, kind: str, by: Any) -> Cohort | None:
        """Make somebody a member of the cohort of this kind that follows their training; ``None`` without one."""
        candidates = self.following.get((training, kind), [])
        if not candidates:
            return None
        free = [cohort for cohort in candidates if cohort.memberships.count() < GROUP_SIZE]
        cohort = free[0] if free else candidates[-1]
        cohort_actions.join_cohort(cohort, enrolment, by=by)
        return cohort


@transaction.atomic
def _new_cohort(line: CohortLine, accounts: dict[str, Any]) -> Cohort:
    pathway = Pathway.objects.in_source_language().get(key=line.pathway)
    cohort = Cohort(title=line.title, kind=line.kind, pathway=pathway, training=_announcement(line, pathway))
    leaders = [accounts[line.facilitator]] if line.facilitator else []
    cohort_actions.save_cohort(cohort, facilitators=leaders, by=accounts["registrar"])
    cohort_actions.add_sessions(
        cohort,
        first=line.first_day,
        count=line.sessions,
        every_days=line.every_days,
        hours=line.hours,
        by=accounts["registrar"],
    )
    return cohort


def _announcement(line: CohortLine, pathway: Pathway) -> TrainingPage | None:
    """The public page of a training cohort: that pathway's training of the same year."""
    if line.kind != "training":
        return None
    return TrainingPage.objects.filter(pathway=pathway, starts__year=line.first_day.year).first()
