"""Dates as people read them, in their language."""

import calendar
import datetime as dt
import re
from functools import lru_cache

from babel.dates import format_date, format_time, get_timezone_name

from .localities import current_locale, locale_name

#: A month of three letters in a pattern of CLDR's, in either case in which a language may want it.
SHORT_MONTH = re.compile(r"(?<![ML])([ML])\1\1(?![ML])")


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the month's last day where it is too short: 31 August + 6 is 28 February.

    The calendar's last day where it would lie beyond that.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def long_date(day: dt.date) -> str:
    """One day in words: "31 October 2027" in the active language."""
    locale = current_locale()
    # CLDR's plain "en" is American; this package's English source text is not.
    return format_date(day, "d MMMM y" if locale_name() == "en" else "long", locale=locale)


def short_date(day: dt.date) -> str:
    """One day where there is little room: "31 Oct 2027" in the active language."""
    locale = current_locale()
    return format_date(day, "d MMM y" if locale_name() == "en" else "medium", locale=locale)


def time_of_day(time: dt.time) -> str:
    """A time as clocks show it: "17:00" in English, whose plain form in CLDR is the American one."""
    locale = current_locale()
    return format_time(time, "HH:mm" if locale_name() == "en" else "short", locale=locale)


def zone_name(moment: dt.datetime) -> str:
    """What people call the clock that shows a moment: "British Summer Time", in the active language."""
    return get_timezone_name(moment, width="long", locale=current_locale())


def date_range(start: dt.date, end: dt.date | None) -> str:
    """A span of days in words, saying what they share once: "21–30 October 2027"."""
    if end is None or end == start:
        return long_date(start)
    return _range_in(locale_name(), start, end)


@lru_cache(maxsize=1000)
def _range_in(name: str, start: dt.date, end: dt.date) -> str:
    """CLDR's span with the months spelled out: it has patterns with short ones only, to be widened."""
    if name == "en":
        return _english_range(start, end)
    locale = current_locale()
    differing = "y" if start.year != end.year else "M" if start.month != end.month else "d"
    patterns = locale.interval_formats.get("yMMMd", {}).get(differing, ())
    if len(patterns) != 2:
        return f"{long_date(start)} – {long_date(end)}"
    wide = [SHORT_MONTH.sub(r"\1\1\1\1", pattern) for pattern in patterns]
    return "".join(format_date(day, pattern, locale=locale) for day, pattern in zip((start, end), wide, strict=True))


def _english_range(start: dt.date, end: dt.date) -> str:
    last = f"{end.day} {end:%B} {end.year}"
    if start.year != end.year:
        return f"{long_date(start)} – {last}"
    if start.month != end.month:
        return f"{start.day} {start:%B} – {last}"
    return f"{start.day}–{last}"
