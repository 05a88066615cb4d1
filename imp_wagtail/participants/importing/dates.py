"""Days as people write them into spreadsheets. What can be read in two ways is refused, never guessed."""

import datetime as dt
import re
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.localities import current_locale
from imp_wagtail.core.names import folded

#: 2027-10-31, also with dots or slashes; a time of day behind it, as spreadsheets write it, is left out.
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}[\d:.]*)?")
#: 31.10.2027: whoever writes dots begins with the day.
DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
#: 31/10/2027 or 10/31/2027.
SLASHED = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})")
#: 2027年10月31日.
EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
SHORT_YEAR = re.compile(r"\d{1,2}([-/.]) ?\d{1,2}\1 ?\d{2}")
#: 31, 31st, 1er, 1º.
DAY_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|e|o|a)?")
YEAR_NUMBER = re.compile(r"\d{4}")
#: What stands between day, month and year in some languages.
FILLERS = frozenset({"of", "the", "de", "del", "di", "d"})

#: A day to show how one is written.
EXAMPLE = dt.date(2027, 10, 31)


def read_date(text: str) -> dt.date:
    """The day that a text names; ``ValueError`` says in plain words why it names none."""
    text = " ".join(text.split())
    if found := YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := EAST_ASIAN.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := DOTTED.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := SLASHED.fullmatch(text):
        return _unambiguous(int(found[1]), int(found[3]), int(found[4]))
    if SHORT_YEAR.fullmatch(text):
        raise ValueError(_("Write the year with four digits."))
    return _in_words(text)


def _day(year: int | str, month: int | str, day: int | str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(_("There is no such day.")) from None


def _unambiguous(one: int, other: int, year: int) -> dt.date:
    """Two numbers of which either may be the month, unless one is too large for it."""
    if one > 12:
        return _day(year, other, one)
    if other > 12 or one == other:
        return _day(year, one, other)
    days = {"one": long_date(_day(year, other, one)), "other": long_date(_day(year, one, other))}
    raise ValueError(
        _("This may be %(one)s or %(other)s. Write the year first (%(example)s), or the month as a word.")
        % {**days, "example": EXAMPLE.isoformat()}
    )


def _in_words(text: str) -> dt.date:
    """A date with the month as a word, in English or the reader's language, its parts in any order."""
    months, others = _words(str(current_locale()))
    words = [word for word in folded(text).split() if word not in others]
    month = [months[word] for word in words if word in months]
    years = [word for word in words if YEAR_NUMBER.fullmatch(word)]
    days = [found[1] for word in words if (found := DAY_NUMBER.fullmatch(word))]
    if len(month) == len(years) == len(days) == 1 and len(words) == 3:
        return _day(years[0], month[0], days[0])
    if years and not days and len(words) == len(years) + len(month) <= 2:
        raise ValueError(_("Give the whole date: the day is missing."))
    raise ValueError(
        _("This is not a date. Write it like %(number)s or %(words)s.")
        % {"number": EXAMPLE.isoformat(), "words": long_date(EXAMPLE)}
    )


@lru_cache(maxsize=64)
def _words(locale: str) -> tuple[dict[str, int], frozenset[str]]:
    """The names of months with their numbers, and the words that say nothing: fillers and the days of the week."""
    months: dict[str, int] = {}
    others = set(FILLERS)
    for language in (Locale("en"), Locale.parse(locale)):
        for names in _names(language.months):
            months |= {folded(name): number for number, name in names.items()}
        for names in _names(language.days):
            others |= {folded(name) for name in names.values()}
    return months, frozenset(others - months.keys())


def _names(forms: dict) -> list[dict[int, str]]:
    return [forms[form][width] for form in ("format", "stand-alone") for width in ("wide", "abbreviated")]
