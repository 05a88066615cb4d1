"""Named selections of trainings. Today is always the site's own day."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Locale, PageManager, PageQuerySet


class TrainingQuerySet(PageQuerySet):
    def upcoming(self) -> "TrainingQuerySet":
        """Published trainings that are not over, the soonest first; the last day still counts."""
        return self.live().public().filter(ends__gte=timezone.localdate()).order_by("starts", "pk")

    def past(self) -> "TrainingQuerySet":
        """Published trainings that are over, the latest first."""
        return self.live().public().filter(ends__lt=timezone.localdate()).order_by("-starts", "-pk")

    def not_started(self) -> "TrainingQuerySet":
        """Upcoming trainings whose first day is still ahead, or today."""
        return self.upcoming().filter(starts__gte=timezone.localdate())

    def of_pathway(self, pathway: object) -> "TrainingQuerySet":
        """Trainings of one pathway, in whichever language it is given."""
        return self.filter(pathway__translation_key=pathway.translation_key)

    def in_active_language(self) -> "TrainingQuerySet":
        """One page a training: in the active language, or in the default one where it is not translated."""
        active, default = Locale.get_active(), Locale.get_default()
        if active == default:
            return self.filter(locale=default)
        translated = self.model._default_manager.live().filter(locale=active).values("translation_key")
        return self.filter(Q(locale=active) | Q(locale=default) & ~Q(translation_key__in=translated))

    def next_of(self, pathway: Any = None) -> Any:
        """The next training, of one pathway or of any: the soonest that has not begun; ``None`` without one."""
        trainings = self.not_started().in_active_language()
        return (trainings.of_pathway(pathway) if pathway else trainings).first()


TrainingManager = PageManager.from_queryset(TrainingQuerySet)
