"""Named selections of trainings and questions. A day is over when it is over at the place of the training."""

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, ExtractYear
from django.utils import timezone
from wagtail.models import Locale, Page, PageManager, PageQuerySet, Revision, WorkflowState

from imp_wagtail.core import memory
from imp_wagtail.core.restrictions import public
from imp_wagtail.core.translation import active_locale, default_locale, speaks_several
from imp_wagtail.pathways.models import Pathway

from .rules import Status

#: What lists and facts in texts say of a training; the texts of its page are as long as all of these.
FOR_LISTS = (
    *("title", "slug", "url_path", "locale"),
    *("starts", "ends", "year_only", "start_time", "end_time", "time_zone", "previous_starts", "previous_ends"),
    *("venue", "town", "country", "format", "languages"),
    *("summary", "status", "notice", "application_opens", "application_closes"),
)
#: What feeds and calendars say of it, and by what they know it.
FOR_FILES = (*FOR_LISTS, "translation_key", "first_published_at", "last_published_at")
#: What pages of questions say of one, and by what they find it in their language.
FOR_PAGES = ("question", "answer", "anchor", "live", "locale", "translation_key")


class YearOf(ExtractYear):
    """The year of a day. SQLite reads it itself: for Django's own function it would call back for each row."""

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.lhs)
        return f"CAST(SUBSTR({sql}, 1, 4) AS integer)", params


class TrainingQuerySet(PageQuerySet):
    def upcoming(self, now: dt.datetime | None = None) -> "TrainingQuerySet":
        """Published trainings that are not over, the soonest first; the last day still counts."""
        return self.published().filter(last_day_ends_at__gt=now or timezone.now()).order_by("starts", "pk")

    def past(self, now: dt.datetime | None = None) -> "TrainingQuerySet":
        """Published trainings that are over, the latest first."""
        over = self.published().filter(last_day_ends_at__lte=now or timezone.now())
        return over.order_by("-last_day_ends_at", "-pk")

    def dated_since(self, moment: dt.datetime) -> "TrainingQuerySet":
        """Published trainings of which the days are known, and which were not over then; the soonest first."""
        return self.published().filter(last_day_ends_at__gt=moment, year_only=False).order_by("starts", "pk")

    def lately_changed(self) -> "TrainingQuerySet":
        """Published trainings; first those that were published, or published anew, last."""
        return self.published().order_by("-last_published_at", "-pk")

    def published(self) -> "TrainingQuerySet":
        """Those that everybody may see, or whoever may see the page that is shown: ``core.restrictions``."""
        return public(self.live())

    def taking_place(self) -> "TrainingQuerySet":
        """Those that are not cancelled."""
        return self.exclude(status=Status.CANCELLED)

    def not_started(self, now: dt.datetime | None = None) -> "TrainingQuerySet":
        """Upcoming trainings that take place, and whose first day is still ahead, or today."""
        now = now or timezone.now()
        return self.upcoming(now).taking_place().filter(first_day_ends_at__gt=now)

    def of_pathway(self, key: str) -> "TrainingQuerySet":
        """Those of the pathway with this key, in whichever language; all of them for none."""
        if not key:
            return self
        named = Pathway.objects.filter(key=key).values("translation_key")
        return self.filter(pathway__translation_key__in=named)

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

    def read_in(self, locales: Iterable[Locale]) -> set[int]:
        """By their ids, those of the languages in which any of these is read, as ``in_language`` has it."""
        each = [
            self.in_language(locale).order_by().values_list(Value(locale.pk, IntegerField()), flat=True)
            for locale in locales
        ]
        return set(each[0].union(*each[1:])) if each else set()

    def below_paths(self, paths: Iterable[str], locale: Locale | None) -> "TrainingQuerySet":
        """Those right below pages with these paths, each once: in this language, where there are several.

        What is not translated stands below an index's page in another language.
        """
        trainings = self.right_below(paths)
        return trainings.in_language(locale) if locale else trainings

    def right_below(self, paths: Iterable[str]) -> "TrainingQuerySet":
        """The children of the pages with these paths, as ``child_of`` has them of one page, by fewer conditions."""
        children = (Q(path__startswith=path, depth=len(path) // Page.steplen + 1) for path in paths)
        return self.filter(reduce(or_, children, Q(pk__in=[])))

    def by_year(self) -> "QuerySet[Any, tuple[int, int]]":
        """The years in which they begin, the latest first, each with the number of them."""
        years = self.order_by().annotate(year=YearOf("starts")).values_list("year")
        return years.annotate(number=Count("pk")).order_by("-year")

    def for_lists(self) -> "TrainingQuerySet":
        """With ``FOR_LISTS`` alone. Whatever else is asked of one of them is fetched then, by a query for each."""
        return self.only(*FOR_LISTS)

    def for_files(self) -> "TrainingQuerySet":
        """The same with ``FOR_FILES``."""
        return self.only(*FOR_FILES)

    def of_training(self, key: UUID) -> "TrainingQuerySet":
        """The pages of one training in all languages. Aliases are left out: they say what their original says."""
        return self.filter(translation_key=key, alias_of=None)

    def in_owning_order(self) -> "TrainingQuerySet":
        """The page that owns the facts of its training first: ``languages.owner_of``."""
        return self.order_by("-live", Case(When(locale=default_locale(), then=0), default=1), "pk")


def paths_of(index: Any) -> tuple[str, ...]:
    """The paths of an index in all its languages, which are looked up once for an answer."""
    if not speaks_several():
        return (index.path,)
    indexes = index.get_translations(inclusive=True).live().order_by("path").values_list("path", flat=True)
    return memory.once(f"indexes {index.translation_key}", lambda: tuple(indexes))


def place_of(index: Any) -> tuple[tuple[str, ...], Locale | None]:
    """The paths of an index in all its languages, and the one in which it is read, if there are several."""
    return paths_of(index), index.locale if speaks_several() else None


TrainingManager = PageManager.from_queryset(TrainingQuerySet)


class QuestionQuerySet(QuerySet):
    def for_pages(self) -> "QuestionQuerySet":
        """With ``FOR_PAGES`` alone. Whatever else is asked of one of them is fetched then, by a query for each."""
        return self.only(*FOR_PAGES)

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
