"""Dates in templates as everywhere else in the package."""

import datetime as dt

from django import template

from imp_wagtail.core import dates

register = template.Library()


@register.filter
def long_date(day: dt.date | None) -> str:
    """One day in words, in the reader's language; empty where there is none."""
    return dates.long_date(day) if day else ""
