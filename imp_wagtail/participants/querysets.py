"""Named selections of people, enrolments and cohorts."""

from typing import Any

from django.db import models
from django.db.models import Prefetch, Q

from imp_wagtail.core.names import words_of


class ParticipantQuerySet(models.QuerySet):
    def matching(self, text: str) -> "ParticipantQuerySet":
        """People of whom every word of the text is part of a name or the e-mail, in any order and any spelling."""
        words = words_of(text)
        if text.strip() and not words:
            return self.none()
        return self.filter(*(Q(folded__contains=word) for word in words))

    def with_progress(self) -> "ParticipantQuerySet":
        """With enrolments and the stored progress of each stage, in a fixed number of queries."""
        from .models import Enrolment, StageProgress

        progress = StageProgress.objects.select_related("stage").order_by("stage__sort_order", "stage_id")
        enrolments = (
            Enrolment.objects.select_related("pathway", "current_stage")
            .order_by("pk")
            .prefetch_related(Prefetch("progress", queryset=progress))
        )
        return self.prefetch_related(Prefetch("enrolments", queryset=enrolments))


class EnrolmentQuerySet(models.QuerySet):
    def completed(self) -> "EnrolmentQuerySet":
        """Those whose every stage is completed, and who have not withdrawn."""
        return self.filter(completed_on__isnull=False).exclude(status="withdrawn")


class CohortQuerySet(models.QuerySet):
    def led_by(self, user: Any) -> "CohortQuerySet":
        """The cohorts of which the user is a facilitator."""
        return self.filter(facilitators=user)
