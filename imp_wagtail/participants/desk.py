"""What the desk shows: who stands where, and what needs a hand. Numbers and the addresses behind them; no HTTP."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks

from imp_wagtail.core.models import Job
from imp_wagtail.pathways.models import Pathway, Stage

from .hands import Hand, hands_for
from .models import Enrolment, Participant
from .permissions import cohorts_for, may_see_cohorts

Status = Enrolment.Status

#: Functions ``(user) -> list[tuple[int, Figure]]``: what needs a hand and is no enrolment, each with its order among
#: the hands. Whether the user may see one is the function's to check.
DESK_TASKS_HOOK = "imp_desk_tasks"


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the address of the list of just those. ``share`` of 100 is the longest bar."""

    label: str
    count: int
    url: str
    unit: str = ""
    share: int = 0


@dataclass(frozen=True)
class PathwayFigures:
    """The people of one pathway: each stage with those who stand there, and those who do not stand anywhere."""

    pathway: Pathway
    bars: list[Figure] = field(default_factory=list)
    others: list[Figure] = field(default_factory=list)


def people_url(**query: Any) -> str:
    """The list of participants with these filters."""
    address = reverse("imp_participants:index")
    return f"{address}?{urlencode(query)}" if query else address


class Desk:
    """The desk as one user sees it. Each part is read when it is first asked for, however many people there are."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def has_people(self) -> bool:
        return Participant.objects.exists()

    @cached_property
    def tasks(self) -> list[Figure]:
        """Everything that may need a hand, in order, with how much there is of it; nothing is left out for being 0."""
        tasks = [(hand.order, _people_with(hand)) for hand in hands_for(self.user)]
        tasks += [task for hook in hooks.get_hooks(DESK_TASKS_HOOK) for task in hook(self.user)]
        if may_see_cohorts(self.user):
            tasks.append((COHORTS_ORDER, _cohorts_to_tick(self.user)))
        return [figure for _order, figure in sorted(tasks, key=lambda task: task[0])]

    @cached_property
    def waiting(self) -> list[Figure]:
        """Those of them that there are."""
        return [figure for figure in self.tasks if figure.count]

    @cached_property
    def pathways(self) -> list[PathwayFigures]:
        """Where people stand on each pathway, in three queries."""
        counted = _count_enrolments()
        pathways = Pathway.objects.in_source_language().order_by("title", "pk").prefetch_related("stages")
        return [_figures_of(pathway, counted[pathway.pk]) for pathway in pathways]

    @cached_property
    def jobs(self) -> list[Job]:
        """The user's long work that is not over yet, the latest first."""
        running = Job.objects.filter(created_by=self.user, state__in=[Job.State.WAITING, Job.State.RUNNING])
        return list(running.defer("items", "params", "refusals").order_by("-pk")[:5])


#: Where the cohorts come among the hands.
COHORTS_ORDER = 55


def _people_with(hand: Hand) -> Figure:
    """People, not enrolments: they are what the list behind the number shows."""
    found = hand.enrolments(Enrolment.objects.all()).aggregate(n=Count("participant", distinct=True))
    count = found["n"]
    return Figure(str(hand.label), count, people_url(hand=hand.key), ngettext("person", "people", count))


def _cohorts_to_tick(user: Any) -> Figure:
    count = cohorts_for(user).to_tick().count()
    url = f"{reverse('imp_cohorts:index')}?{urlencode({'to_tick': 'true'})}"
    return Figure(_("Sessions not ticked"), count, url, ngettext("cohort", "cohorts", count))


#: How many people are on a pathway, by status and current stage; the stage is ``None`` for those who completed it.
Counted = dict[tuple[str, int | None], int]


def _count_enrolments() -> dict[int, Counted]:
    """One pass over all enrolments. Nobody is on a pathway twice, so they are people."""
    counted: dict[int, Counted] = defaultdict(dict)
    # Without stages nobody stands anywhere, and nobody has completed anything.
    somewhere = Enrolment.objects.exclude(current_stage=None, completed_on=None)
    rows = somewhere.order_by().values_list("pathway", "status", "current_stage")
    for pathway, status, stage, count in rows.annotate(n=Count("pk")):
        counted[pathway][status, stage] = count
    return counted


def _figures_of(pathway: Pathway, counted: Counted) -> PathwayFigures:
    stages = list(pathway.stages.all())
    counts = [counted.get((Status.ACTIVE, stage), 0) for stage in [*(stage.pk for stage in stages), None]]
    longest = max(counts) or 1
    labels = [*map(str, stages), _("Completed")]
    urls = [*map(_stage_url, stages), people_url(pathway=pathway.pk, state="completed", status=Status.ACTIVE)]
    bars = [
        Figure(label, count, url, share=round(100 * count / longest))
        for label, count, url in zip(labels, counts, urls, strict=True)
    ]
    return PathwayFigures(pathway, bars, [*_not_active(pathway, counted)])


def _stage_url(stage: Stage) -> str:
    return people_url(stage=stage.pk, status=Status.ACTIVE)


def _not_active(pathway: Pathway, counted: Counted) -> Iterable[Figure]:
    for status in (Status.PAUSED, Status.WITHDRAWN):
        count = sum(number for (own, _stage), number in counted.items() if own == status)
        if count:
            yield Figure(str(status.label), count, people_url(pathway=pathway.pk, status=status))
