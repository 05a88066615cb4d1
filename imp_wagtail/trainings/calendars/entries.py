"""Keeps, for each training, what calendars were told last. Called when its page is published, or goes."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..models import CalendarEntry, TrainingIndexPage, TrainingPage
from .facts import facts_of, is_other_plan


def on_changed(sender: type, instance: Any, **kwargs: Any) -> None:
    """For whatever happens to a page: published, unpublished, moved, deleted."""
    if isinstance(instance, TrainingPage):
        keep(instance.translation_key)


@transaction.atomic
def keep(key: UUID) -> CalendarEntry | None:
    """Bring a training's entry up to date with its published pages, of which the source language's counts.

    Returns the entry; ``None`` for a training that was never published. Doing it again changes nothing.
    """
    entry = CalendarEntry.objects.select_for_update().filter(key=key).first()
    page = _source(key)
    if page is None:
        return _gone(entry) if entry else None
    facts = facts_of(page)
    if entry is None:
        entry = CalendarEntry(key=key, sequence=0)
    elif entry.is_gone or is_other_plan(entry.facts, facts):
        entry.sequence += 1
    elif entry.facts == facts and entry.is_public == _is_public(page):
        return entry
    entry.facts, entry.is_gone, entry.is_public = facts, False, _is_public(page)
    entry.index = TrainingIndexPage.objects.parent_of(page).get()
    return _saved(entry, page.last_day_ends_at)


def _source(key: UUID) -> TrainingPage | None:
    """The published page that owns the training's facts."""
    return TrainingPage.objects.live().of_training(key).in_owning_order().first()


def _is_public(page: TrainingPage) -> bool:
    return not page.get_view_restrictions().exists()


def _gone(entry: CalendarEntry) -> CalendarEntry:
    if entry.is_gone:
        return entry
    entry.is_gone = True
    entry.sequence += 1
    return _saved(entry, entry.over_at)


def _saved(entry: CalendarEntry, over_at: Any) -> CalendarEntry:
    entry.over_at = over_at
    entry.changed_at = timezone.now()
    entry.save()
    return entry
