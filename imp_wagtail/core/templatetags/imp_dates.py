"""Dates in templates as everywhere else in the package."""

import datetime as dt

from django import template
from django.utils import timezone

from imp_wagtail.core import dates

register = template.Library()


@register.filter
def long_date(day: dt.date | None) -> str:
    """One day in words, in the reader's language; of a moment, the day in the site's time zone; empty without one."""
    if isinstance(day, dt.datetime):
        day = timezone.localdate(day)
    return dates.long_date(day) if day else ""


@register.filter
def unbroken(words: str) -> str:
    """Dates in a sentence, which no line's end takes apart."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def short_date(day: dt.date | None) -> str:
    """The same with a short month, for the heads of narrow columns."""
    return dates.short_date(day) if day else ""
