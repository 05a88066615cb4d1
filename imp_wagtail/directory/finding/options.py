"""What the form offers: each option in the reader's language, with the number of teachers that it would give."""

import datetime as dt
import re
from collections.abc import Callable, Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.localities import country_choices, country_name, language_choices, language_name
from imp_wagtail.core.names import folded

from ..towns.regions import region_name

FORMATS = {"in_person": gettext_lazy("In person"), "online": gettext_lazy("Online")}
#: Of this century: no course is announced for longer.
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def is_country(code: str) -> bool:
    return country_name(code) != code


def is_region(code: str) -> bool:
    return bool(region_name(code))


def is_language(code: str) -> bool:
    return language_name(code) != code


def is_month(text: str) -> bool:
    return MONTH.fullmatch(text) is not None


def month_name(month: str) -> str:
    """“March 2027” for "2027-03"."""
    return date_format(dt.date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


#: What values of a facet are called. Pathways are not here: their titles are in the database.
NAMES: dict[str, Callable[[str], str]] = {
    "country": country_name,
    "region": lambda code: region_name(code) or code,
    "language": language_name,
    "format": lambda value: str(FORMATS[value]),
    "month": month_name,
}


def in_order(facet: str, values: Iterable[str], titles: dict[str, str]) -> list[tuple[str, str]]:
    """Values of a facet with their names, as they are listed: by name, or by time."""
    match facet:
        case "country":
            return in_use(country_choices(), values)
        case "language":
            return in_use(language_choices(), values)
        case "month":
            return [(value, month_name(value)) for value in sorted(values)]
        case "format":
            return in_use(((value, str(name)) for value, name in FORMATS.items()), values)
        case "pathway":
            named = [(value, titles[value]) for value in values if value in titles]
        case _:
            named = [(value, NAMES[facet](value)) for value in values]
    return sorted(named, key=lambda option: (folded(option[1]), option[0]))


def in_use(known: Iterable[tuple[str, str]], values: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the known choices that are among the values."""
    wanted = set(values)
    return [option for option in known if option[0] in wanted]


def with_count(name: str, count: int) -> str:
    return _("%(name)s (%(count)d)") % {"name": name, "count": count}
