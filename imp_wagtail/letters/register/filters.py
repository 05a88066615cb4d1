"""What the register is narrowed by."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Locale

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.localities import language_name
from imp_wagtail.core.modeladmin import ChoiceFilter
from imp_wagtail.core.models import Job
from imp_wagtail.participants.models import Membership
from imp_wagtail.participants.permissions import cohorts_for
from imp_wagtail.pathways.models import Pathway, Stage

from ..models import Letter, LetterYear
from ..querysets import LetterQuerySet

#: Runs, or cohorts, that are offered, the latest. The address of an earlier one is answered all the same.
LATEST = 30


class YearFilter(ChoiceFilter):
    title = _("Year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = LetterYear.objects.filter(last_number__gt=0).order_by("-year").values_list("year", flat=True)
        return [(str(year), str(year)) for year in years]

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(year=value)


class StateFilter(ChoiceFilter):
    title = _("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Letter.State.choices

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(state=value)


class PathwayFilter(ChoiceFilter):
    title = _("Pathway")
    parameter_name = "pathway"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Pathway.objects.in_source_language().values_list("key", "title"))

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        # By the stage: a letter of somebody who was erased has no enrolment.
        return queryset.filter(stage__in=keys(Stage.objects.filter(pathway__key=value)))


class StageFilter(ChoiceFilter):
    title = _("Stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        stages = Stage.objects.filter(pathway__in=Pathway.objects.in_source_language()).select_related("pathway")
        found = list(stages.order_by("pathway__title", "pathway_id", "sort_order", "pk"))
        several = len({stage.pathway_id for stage in found}) > 1
        return [(str(one.pk), f"{one.title} ({one.pathway.title})" if several else one.title) for one in found]

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(stage=value)


class LanguageFilter(ChoiceFilter):
    """The language in which letters were printed, where the site has several."""

    title = _("Language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = Locale.objects.values_list("language_code", flat=True)
        found = sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])
        return found if len(found) > 1 else []

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(snapshot__language=value)


class CohortFilter(ChoiceFilter):
    """The letters of a cohort's members, whatever they are for."""

    title = _("Cohort")
    parameter_name = "cohort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        cohorts = cohorts_for(request.user).order_by("-pk").values_list("pk", "title")
        return [(str(pk), title) for pk, title in latest(cohorts, request.GET.get(self.parameter_name, ""))]

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        members = Membership.objects.filter(cohort=value).values_list("enrolment", flat=True)
        return queryset.filter(enrolment__in=list(members))


class SentFilter(ChoiceFilter):
    title = _("Sent")
    parameter_name = "sent"

    CHOICES: dict[str, tuple[Any, Callable[[LetterQuerySet], QuerySet]]] = {
        "yes": (pgettext_lazy("letter", "sent"), LetterQuerySet.sent),
        "no": (_("not sent yet"), LetterQuerySet.not_sent),
        "failed": (pgettext_lazy("letter", "failed"), LetterQuerySet.sending_failed),
        "perhaps": (pgettext_lazy("letter", "perhaps sent"), LetterQuerySet.perhaps_sent),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _narrow) in self.CHOICES.items()]

    def narrowed(self, queryset: LetterQuerySet, value: str) -> QuerySet:
        return self.CHOICES[value][1](queryset)


class RunFilter(ChoiceFilter):
    """The run in which letters were issued together."""

    title = _("Issued together")
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        runs = Job.objects.filter(Exists(Letter.objects.filter(run=OuterRef("pk")))).order_by("-pk")
        rows = runs.values_list("pk", "title", "created_at")
        return [
            (str(pk), f"{title}, {long_date(timezone.localdate(begun_at))}")
            for pk, title, begun_at in latest(rows, request.GET.get(self.parameter_name, ""))
        ]

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(run=value)


def latest(rows: QuerySet, named: str) -> list[tuple[Any, ...]]:
    """The first of some rows, which begin with their key, and the one that the address names."""
    found = list(rows[:LATEST])
    if named.isdecimal() and len(named) < 18 and int(named) not in {row[0] for row in found}:
        found += rows.filter(pk=named)
    return found


def keys(queryset: QuerySet) -> list[int]:
    """Keys as they are, not as a subquery: with a few of them databases find what they need in an index."""
    return list(queryset.values_list("pk", flat=True))


FILTERS = (
    YearFilter,
    StateFilter,
    PathwayFilter,
    StageFilter,
    LanguageFilter,
    CohortFilter,
    SentFilter,
    RunFilter,
)
