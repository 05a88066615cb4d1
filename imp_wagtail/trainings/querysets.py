"""Named selections of trainings and questions. A day is over when it is over at the place of the training."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Locale, Page, PageManager, PageQuerySet, Revision, WorkflowState

from imp_wagtail.core.restrictions import public
from imp_wagtail.core.translation import active_locale, default_locale, speaks_several

from .rules import Status

#: What lists, calendars and facts in texts say of a training; the texts of its page are as long as all of these.
FOR_LISTS = (
    *("title", "slug", "url_path", "locale", "translation_key", "first_published_at", "last_published_at"),
    *("starts", "ends", "year_only", "start_time", "end_time", "time_zone", "previous_starts", "previous_ends"),
    *("venue", "town", "country", "format", "languages"),
    *("summary", "status", "notice", "application_opens", "application_closes"),
)


class TrainingQuerySet(PageQuerySet):
    def upcoming(self) -> "TrainingQuerySet":
        """Published trainings that are not over, the soonest first; the last day still counts."""
        return self.published().filter(last_day_ends_at__gt=timezone.now()).order_by("starts", "pk")

    def past(self) -> "TrainingQuerySet":
        """Published trainings that are over, the latest first."""
        return self.published().filter(last_day_ends_at__lte=timezone.now()).order_by("-last_day_ends_at", "-pk")

    def published(self) -> "TrainingQuerySet":
        """Those that everybody may see."""
        return public(self.live())

    def taking_place(self) -> "TrainingQuerySet":
        """Those that are not cancelled."""
        return self.exclude(status=Status.CANCELLED)

    def not_started(self) -> "TrainingQuerySet":
        """Upcoming trainings that take place, and whose first day is still ahead, or today."""
        return self.upcoming().taking_place().filter(first_day_ends_at__gt=timezone.now())

    def of_pathway(self, pathway: object) -> "TrainingQuerySet":
        """Trainings of one pathway, in whichever language it is given."""
        return self.filter(pathway__translation_key=pathway.translation_key)

    def in_active_language(self) -> "TrainingQuerySet":
        """One page a training: in the active language, or in the default one where it is not translated."""
        return self.in_language(active_locale()) if speaks_several() else self

    def in_language(self, locale: Locale) -> "TrainingQuerySet":
        """One page a training: in this language, or in the site's default one where it is not translated."""
        default = default_locale()
        if locale == default:
            return self.filter(locale=default)
        translated = self.model._default_manager.live().filter(locale=locale).values("translation_key")
        return self.filter(Q(locale=locale) | Q(locale=default) & ~Q(translation_key__in=translated))

    def below(self, index: Any) -> "TrainingQuerySet":
        """The trainings of an index in its language: what is not translated stands below the index's other pages."""
        if not speaks_several():
            return self.right_below([index.path])
        indexes = index.get_translations(inclusive=True).live()
        return self.right_below(indexes.values_list("path", flat=True)).in_language(index.locale)

    def right_below(self, paths: Iterable[str]) -> "TrainingQuerySet":
        """The children of the pages with these paths, as ``child_of`` has them of one page, by fewer conditions."""
        children = (Q(path__startswith=path, depth=len(path) // Page.steplen + 1) for path in paths)
        return self.filter(reduce(or_, children, Q(pk__in=[])))

    def for_lists(self) -> "TrainingQuerySet":
        """With ``FOR_LISTS`` alone. Whatever else is asked of one of them is fetched then, by a query for each."""
        return self.only(*FOR_LISTS)

    def of_training(self, key: UUID) -> "TrainingQuerySet":
        """The pages of one training in all languages. Aliases are left out: they say what their original says."""
        return self.filter(translation_key=key, alias_of=None)

    def in_owning_order(self) -> "TrainingQuerySet":
        """The page that owns the facts of its training first: ``languages.owner_of``."""
        return self.order_by("-live", Case(When(locale=default_locale(), then=0), default=1), "pk")

    def next_of(self, pathway: Any = None) -> Any:
        """The next training, of one pathway or of any: the soonest that has not begun; ``None`` without one."""
        trainings = self.not_started().in_active_language().for_lists()
        return (trainings.of_pathway(pathway) if pathway else trainings).first()


TrainingManager = PageManager.from_queryset(TrainingQuerySet)


class QuestionQuerySet(QuerySet):
    def with_status(self) -> "QuestionQuerySet":
        """With all that a question's status is told from, for lists: Wagtail would ask twice for each of them."""
        about = {
            "base_content_type": self.model.get_base_content_type(),
            "object_id": Cast(OuterRef("pk"), output_field=CharField()),
        }
        return self.annotate(
            is_scheduled=Exists(Revision.objects.filter(**about, approved_go_live_at__isnull=False)),
            is_in_workflow=Exists(WorkflowState.objects.filter(**about, status=WorkflowState.STATUS_IN_PROGRESS)),
        )
