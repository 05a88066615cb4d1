"""What public pages ask about trainings, most of them at every request: each query is composed once."""

import datetime as dt
from typing import Any

from django.utils import timezone

from imp_wagtail.core.prepared import SOME_DAYS, SOME_TIME, Prepared, PreparedPublic

from ..querysets import place_of
from .trainings import TrainingPage

pages = TrainingPage.objects

WITH_SLUG = Prepared(lambda path, slug: pages.right_below([path]).filter(slug=slug), "a slug")
UPCOMING = PreparedPublic(
    lambda kind, paths, locale, most, now: kind.trainings_at(paths, locale).upcoming(now).for_lists()[:most], SOME_TIME
)
PAST = PreparedPublic(
    lambda kind, paths, locale, most, now: kind.trainings_at(paths, locale).past(now).for_lists()[:most], SOME_TIME
)
OF_YEAR = PreparedPublic(
    lambda kind, paths, locale, now, first, last: (
        kind.trainings_at(paths, locale).past(now).filter(starts__gte=first, starts__lte=last).for_lists()
    ),
    SOME_TIME,
    *SOME_DAYS,
)
YEARS = PreparedPublic(
    lambda kind, paths, locale, now: kind.trainings_at(paths, locale).past(now).by_year(), SOME_TIME
)
CHANGED = PreparedPublic(
    lambda kind, paths, locale, most: kind.trainings_at(paths, locale).lately_changed().for_files()[:most]
)
DATED = PreparedPublic(
    lambda kind, paths, locale, since: kind.trainings_at(paths, locale).dated_since(since).for_files(), SOME_TIME
)
NEXT = PreparedPublic(
    lambda pathway, now: pages.not_started(now).in_active_language().of_pathway(pathway).for_lists(), SOME_TIME
)


def training_at(index: Any, slug: str) -> TrainingPage | None:
    """The training with this address right below an index, published or not."""
    return WITH_SLUG.first(slug, of=(index.path,))


def upcoming(index: Any, most: int) -> list[TrainingPage]:
    """The soonest of an index that are not over, with ``FOR_LISTS`` alone, as all that stand in lists."""
    return UPCOMING.all(timezone.now(), of=(*_place_of(index), most))


def past(index: Any, most: int) -> list[TrainingPage]:
    """The latest of an index that are over."""
    return PAST.all(timezone.now(), of=(*_place_of(index), most))


def past_of_year(index: Any, year: int) -> list[TrainingPage]:
    """All of an index that began in a year and are over, the latest first."""
    return OF_YEAR.all(timezone.now(), dt.date(year, 1, 1), dt.date(year, 12, 31), of=_place_of(index))


def years_of_past(index: Any) -> list[tuple[int, int]]:
    """The years in which trainings of an index began that are over, the latest first, each with their number."""
    return YEARS.all(timezone.now(), of=_place_of(index))


def lately_changed(index: Any, most: int) -> list[TrainingPage]:
    """Those of an index that were published last, or published anew, with ``FOR_FILES``."""
    return CHANGED.all(of=(*_place_of(index), most))


def dated_since(index: Any, since: dt.datetime) -> list[TrainingPage]:
    """Those of an index that were not over at a moment, if their days are known, the soonest first; ``FOR_FILES``."""
    return DATED.all(since, of=_place_of(index))


def next_training_of(pathway: str) -> TrainingPage | None:
    """The soonest training that has not begun, of the pathway with this key; of any for none."""
    return NEXT.first(timezone.now(), of=(pathway,))


def _place_of(index: Any) -> tuple[Any, ...]:
    """The type of an index, where its trainings stand, and in which language they are read, if there are several."""
    return type(index), *place_of(index)
