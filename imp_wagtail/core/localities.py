"""Names of countries and languages in the reader's language, from Unicode's CLDR by way of Babel."""

import re
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language

# CLDR lists groupings (EU, UN, EZ), pseudo-locales (XA, XB), outlying islands and "unknown" beside countries.
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
# Languages that are written and taught in today, by their codes; "root", "mul" and the like are none.
TWO_LETTERS = re.compile(r"^[a-z]{2}$")
NOT_LANGUAGES = frozenset({"ae", "av", "cu", "pi", "sh", "vo", "ie", "ia", "io", "mo", "tl"})


def current_locale() -> Locale:
    """Babel's locale for the active language; English where Babel does not know it."""
    return _locale_for((get_language() or "en").replace("-", "_"))


def locale_name() -> str:
    """The name of that: "en", "pt_BR"."""
    return _name_for((get_language() or "en").replace("-", "_"))


@lru_cache(maxsize=64)
def _locale_for(code: str) -> Locale:
    for candidate in (code, code.split("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=64)
def _name_for(code: str) -> str:
    return str(_locale_for(code))


@lru_cache(maxsize=64)
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    pairs = ((code, name) for code, name in names.items() if len(code) == 2 and code not in NOT_COUNTRIES)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


@lru_cache(maxsize=64)
def _languages(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).languages
    pairs = (
        (code, name[:1].upper() + name[1:])
        for code, name in names.items()
        if TWO_LETTERS.match(code) and code not in NOT_LANGUAGES
    )
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


@lru_cache(maxsize=64)
def _names(kind: str, locale: str) -> dict[str, str]:
    return dict(_countries(locale) if kind == "country" else _languages(locale))


def country_choices() -> tuple[tuple[str, str], ...]:
    """``(ISO 3166 code, name)`` of every country, sorted by name in the active language."""
    return _countries(locale_name())


def language_choices() -> tuple[tuple[str, str], ...]:
    """``(ISO 639-1 code, name)`` of every language, sorted by name in the active language."""
    return _languages(locale_name())


@lru_cache(maxsize=64)
def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of a country by its code: ``("Europe/Rome",)`` for "IT"; nothing where none is known."""
    here = {zone for zone, code in get_global("zone_territories").items() if code == country}
    return tuple(sorted(here & available_timezones()))


def country_name(code: str) -> str:
    """The country's name in the active language; the code itself where it is unknown."""
    return _names("country", locale_name()).get(code, code)


def language_name(code: str) -> str:
    """The language's name in the active language; the code itself where it is unknown."""
    return _names("language", locale_name()).get(code, code)
