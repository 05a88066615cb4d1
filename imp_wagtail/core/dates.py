"""Dates as people read them, in their language."""

import datetime as dt

from babel.dates import format_date, format_interval

from .localities import current_locale


def long_date(day: dt.date) -> str:
    """One day in words: "31 October 2027" in the active language."""
    locale = current_locale()
    # CLDR's plain "en" is American; this package's English source text is not.
    return format_date(day, "d MMMM y" if str(locale) == "en" else "long", locale=locale)


def date_range(start: dt.date, end: dt.date | None) -> str:
    """A span of days in words, saying what they share once: "21–30 October 2027"."""
    if end is None or end == start:
        return long_date(start)
    locale = current_locale()
    if str(locale) == "en":
        return _english_range(start, end)
    return format_interval(start, end, skeleton="yMMMMd", locale=locale)


def _english_range(start: dt.date, end: dt.date) -> str:
    last = f"{end.day} {end:%B} {end.year}"
    if start.year != end.year:
        return f"{long_date(start)} – {last}"
    if start.month != end.month:
        return f"{start.day} {start:%B} – {last}"
    return f"{start.day}–{last}"
