"""Which trainings stand in a calendar."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from imp_wagtail.core.words import printable

from ..models.calendar import CalendarEntry
from .facts import page_of
from .files import Appointment

#: For so long after its last day a training stays in the calendar of all.
KEPT = dt.timedelta(days=366)


def appointment_of(page: Any, request: HttpRequest) -> Appointment:
    """A published training as its own calendar file has it."""
    return _of_page(page, CalendarEntry.objects.filter(key=page.translation_key).first(), request)


def appointments_below(index: Any, request: HttpRequest) -> list[Appointment]:
    """All trainings of an index that are public and have a date, those gone told as cancelled, the soonest first."""
    since = timezone.now() - KEPT
    pages = index.dated_since(since)
    # An index of one's own type may list trainings that stand below another one.
    these = Q(index__translation_key=index.translation_key) | Q(key__in=[page.translation_key for page in pages])
    entries = {entry.key: entry for entry in CalendarEntry.objects.filter(these, over_at__gt=since)}
    there = [_of_page(page, entries.get(page.translation_key), request) for page in pages]
    return sorted(
        [*there, *_gone(entries.values(), index.training_model)], key=lambda item: (item.starts, str(item.key))
    )


def _of_page(page: Any, entry: CalendarEntry | None, request: HttpRequest) -> Appointment:
    published = page.first_published_at or timezone.now()
    return Appointment(
        key=page.translation_key,
        sequence=entry.sequence if entry else 0,
        created_at=entry.created_at if entry else published,
        changed_at=max(entry.changed_at if entry else published, page.last_published_at or published),
        is_cancelled=page.is_cancelled,
        address=page.get_full_url(request) or "",
        **_facts_of(page),
    )


def _gone(entries: Iterable[CalendarEntry], model: type) -> list[Appointment]:
    """Those whose page everybody could see, and that is there no more."""
    return [
        Appointment(
            key=entry.key,
            sequence=entry.sequence,
            created_at=entry.created_at,
            changed_at=entry.changed_at,
            is_cancelled=True,
            **_facts_of(page_of(entry.facts, model)),
        )
        for entry in entries
        if entry.is_gone and entry.is_public and not entry.facts["year_only"]
    ]


def _facts_of(page: Any) -> dict[str, Any]:
    """What an event says of a training, in the reader's language; its page may be gone."""
    names = ("title", "starts", "ends", "start_time", "end_time", "zone", "place", "notice", "summary")
    said = {name: getattr(page, name) for name in names}
    return {name: printable(value) if isinstance(value, str) else value for name, value in said.items()}
