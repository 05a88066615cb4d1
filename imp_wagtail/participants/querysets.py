"""Named selections of people and enrolments."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Case, IntegerField, OuterRef, Prefetch, Q, Subquery, Value, When
from django.utils import timezone

from imp_wagtail.core.conf import settings
from imp_wagtail.core.names import words_of

from .windows import STILL_TO_DO, WindowState


class ParticipantQuerySet(models.QuerySet):
    def matching(self, text: str) -> "ParticipantQuerySet":
        """People of whom every word of the text is part of a name or the e-mail, in any order and any spelling."""
        words = words_of(text)
        if text.strip() and not words:
            return self.none()
        return self.filter(*(Q(folded__contains=word) for word in words))

    def countries_and_languages(self) -> tuple[set[str], set[str]]:
        """The codes of the countries that they are in and of their languages, in one query."""
        pairs = list(self.order_by().values_list("country", "language").distinct())
        return {country for country, _language in pairs}, {language for _country, language in pairs}

    def by_country(self, countries: Sequence[str], *, descending: bool = False) -> "ParticipantQuerySet":
        """In the order of these countries (codes), as a reader's language sorts their names; all others come last."""
        if not countries:
            return self.order_by("folded", "pk")
        places = [When(country=code, then=Value(place)) for place, code in enumerate(countries)]
        place = Case(*places, output_field=IntegerField())
        return self._by(place, descending=descending)

    def by_next_closing(self, *, descending: bool = False) -> "ParticipantQuerySet":
        """In the order in which the windows of their active enrolments close; those without one come last."""
        from .models import StageProgress

        open_windows = StageProgress.objects.filter(
            enrolment__participant=OuterRef("pk"), enrolment__status="active", state__in=STILL_TO_DO
        ).exclude(closes_on=None)
        return self._by(Subquery(open_windows.order_by("closes_on").values("closes_on")[:1]), descending=descending)

    def _by(self, key: Any, *, descending: bool) -> "ParticipantQuerySet":
        """By a key that not everybody has, then by name."""
        order = key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)
        return self.order_by(order, "folded", "pk")

    def with_progress(self) -> "ParticipantQuerySet":
        """With enrolments and the stored progress of each stage, in a fixed number of queries.

        Of pathways, stages and requirements only the titles are read: their texts are long.
        """
        from .models import Enrolment, StageProgress

        progress = _with_titles(StageProgress.objects.order_by("stage__sort_order", "stage_id"), "stage")
        enrolments = _with_titles(Enrolment.objects.order_by("pk"), "pathway", "current_stage", "next_requirement")
        enrolments = enrolments.prefetch_related(Prefetch("progress", queryset=progress))
        return self.prefetch_related(Prefetch("enrolments", queryset=enrolments))


def _with_titles(records: models.QuerySet, *related: str) -> models.QuerySet:
    """Records whole, with the titles of what they point at."""
    own = [field.name for field in records.model._meta.concrete_fields]
    return records.select_related(*related).only(*own, *(f"{name}__title" for name in related))


class EnrolmentQuerySet(models.QuerySet):
    def active(self) -> "EnrolmentQuerySet":
        """Those who are neither paused nor withdrawn."""
        return self.filter(status="active")

    def ready_to_complete(self) -> "EnrolmentQuerySet":
        """Active ones whose current stage only waits for somebody to confirm it."""
        return self.active().filter(current_state="ready")

    def in_window(self, state: str, stage: Any = None) -> "EnrolmentQuerySet":
        """Active ones with something left to do in a stage whose window is in this state; of one stage if given.

        For those who paused or withdrew nothing is closing: the rule of ``standing.next_window``.
        """
        from .models import StageProgress

        rows = StageProgress.objects.in_window(state)
        return self.active().filter(pk__in=(rows.filter(stage=stage) if stage else rows).values("enrolment"))

    def owing_prerequisites(self) -> "EnrolmentQuerySet":
        """Active ones who have taken the training and still owe something of what comes before it."""
        return self.active().filter(outstanding__gt=0, trained_on__isnull=False)

    def completed(self) -> "EnrolmentQuerySet":
        """Those whose every stage is completed, and who have not withdrawn."""
        return self.filter(completed_on__isnull=False).exclude(status="withdrawn")

    def may_be_listed(self) -> "EnrolmentQuerySet":
        """Those whose completed stages open the way into the directory, and who have not withdrawn."""
        return self.filter(may_be_listed_on__isnull=False).exclude(status="withdrawn")


class StageProgressQuerySet(models.QuerySet):
    """Windows by today's date; the rule is ``windows.window_state``."""

    def in_window(self, state: str) -> "StageProgressQuerySet":
        """Stages with something left to do whose window is in this state (a ``WindowState``)."""
        today = timezone.localdate()
        soon = today + dt.timedelta(days=settings.WINDOW_CLOSING_DAYS)
        begun = Q(opens_on__lte=today)
        rules = {
            WindowState.NOT_YET_OPEN: Q(opens_on__gt=today, closes_on__isnull=False),
            WindowState.OPEN: begun & Q(closes_on__gt=soon),
            WindowState.CLOSING_SOON: begun & Q(closes_on__gte=today, closes_on__lte=soon),
            WindowState.OVERDUE: begun & Q(closes_on__lt=today),
        }
        return self.filter(rules[WindowState(state)], state__in=STILL_TO_DO)
