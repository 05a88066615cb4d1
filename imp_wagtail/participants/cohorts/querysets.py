"""Named selections of cohorts and their sessions."""

from typing import Any

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from imp_wagtail.core.names import folded, words_of


class SessionQuerySet(models.QuerySet):
    def to_tick(self) -> "SessionQuerySet":
        """Sessions whose day has passed and for which nobody is ticked, though their cohort has members."""
        from ..models import Attendance, Membership

        return self.filter(
            Exists(Membership.objects.filter(cohort=OuterRef("cohort"))),
            ~Exists(Attendance.objects.filter(session=OuterRef("pk"))),
            date__lt=timezone.localdate(),
        )


class CohortQuerySet(models.QuerySet):
    def led_by(self, user: Any) -> "CohortQuerySet":
        """The cohorts of which the user is a facilitator."""
        return self.filter(facilitators=user)

    def to_tick(self) -> "CohortQuerySet":
        """Cohorts that have a session to tick."""
        from ..models import Session

        return self.filter(Exists(Session.objects.to_tick().filter(cohort=OuterRef("pk"))))

    def of_training(self, training: Any) -> "CohortQuerySet":
        """The cohorts of a training, in whichever language its page is given."""
        return self.filter(training__translation_key=training.translation_key)

    def matching(self, text: str) -> "CohortQuerySet":
        """Cohorts whose title has every word of the text, or a part of it, in any order and any spelling.

        Titles are few, and compared here: databases differ in what they hold alike.
        """
        words = words_of(text)
        if not words:
            return self.none() if text.strip() else self
        titles = ((pk, folded(title)) for pk, title in self.values_list("pk", "title"))
        return self.filter(pk__in=[pk for pk, title in titles if all(word in title for word in words)])

    def with_figures(self) -> "CohortQuerySet":
        """With ``member_count``, ``session_count``, ``to_tick_count``, ``starts_on``, ``ends_on`` and ``next_on``.

        Each is counted by itself: joined, members and sessions would multiply.
        """
        from ..models import Membership, Session

        sessions = Session.objects.filter(cohort=OuterRef("pk"))
        return self.annotate(
            member_count=_counted(Membership.objects.filter(cohort=OuterRef("pk"))),
            session_count=_counted(sessions),
            to_tick_count=_counted(Session.objects.to_tick().filter(cohort=OuterRef("pk"))),
            starts_on=_day(sessions.order_by("date")),
            ends_on=_day(sessions.order_by("-date")),
            next_on=_day(sessions.filter(date__gte=timezone.localdate()).order_by("date")),
        )


def _counted(rows: models.QuerySet) -> Coalesce:
    """How many rows there are of a cohort, 0 included."""
    count = rows.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), Value(0))


def _day(sessions: models.QuerySet) -> Subquery:
    """The day of the first of these sessions; none where there is none."""
    return Subquery(sessions.values("date")[:1])
