"""Towns found by name: any of their names, in any script, from one indexed query."""

import re
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language, override
from wagtail.coreutils import get_content_languages

from imp_wagtail.core.localities import country_choices
from imp_wagtail.core.names import folded

from ..models import Town, TownName
from .regions import regions_called

#: Sorts behind every sign of every script: a range from a text to the text with it holds all that begins so.
LAST_SIGN = "\U0010ffff"
#: What parts a town from where it is, as in “Lyon, France”, “Lyon (FR)” and their like in other scripts.
PARTS = re.compile(r"[,،、，()（）]")
#: What no name is longer than; the rest of a longer text would be looked for in vain.
LONGEST = 200
#: Names in daily use that CLDR does not have.
MORE_COUNTRIES = {"uk": "GB", "usa": "US"}


def towns_called(text: str, country: str = "", limit: int = 8) -> list[Town]:
    """Towns of this name, best first: whose name it is exactly, then whose name begins so; the larger the earlier.

    “Lyon, France”, “Lyon (FR)” and “Portland, Oregon” are understood, with the country in the reader's language, in
    one of the site's, or in English. ``country``: only there, by its ISO code. Each town says ``is_exact``. Empty
    where nothing fits, and where no towns are loaded.
    """
    name, places = understood(text)
    if not name:
        return []
    exactly = TownName.objects.filter(folded=name, town=OuterRef("pk"))
    named = beginning_with(name).values("town")
    found = Town.objects.filter(*places, pk__in=named).annotate(is_exact=Exists(exactly))
    if country:
        found = found.filter(country=country)
    return list(found.order_by("-is_exact", "-population", "pk")[:limit])


def beginning_with(name: str) -> QuerySet[TownName]:
    """The names that begin so, as a range of the index. With a single Latin letter a tenth of all do: only itself."""
    if len(name) == 1 and name.isascii():
        return TownName.objects.filter(folded=name)
    return TownName.objects.filter(folded__gte=name, folded__lt=name + LAST_SIGN)


def only_town(text: str, country: str) -> Town | None:
    """The one town of exactly this name in a country; ``None`` if there is none, or several."""
    exact = [town for town in towns_called(text, country, limit=2) if town.is_exact]
    return exact[0] if country and len(exact) == 1 else None


def understood(text: str) -> tuple[str, list[Q]]:
    """What is looked for: a folded name, and where. “Frankfurt (Oder), Germany” is in one place, and not in two."""
    parts = [part for part in PARTS.split(text[:LONGEST]) if folded(part)]
    places: list[Q] = []
    while len(parts) > 1 and (place := place_called(parts[-1])):
        places.append(place)
        parts.pop()
    return folded(" ".join(parts)), places


def place_called(text: str) -> Q | None:
    """Countries and regions of a name or code, as a condition: “Georgia” is two. ``None`` where it names neither."""
    name = folded(text).removeprefix("the ")
    languages = dict.fromkeys([get_language() or "en", *dict(get_content_languages()), "en"])
    countries = {codes[name] for language in languages if name in (codes := country_codes(language))}
    regions = regions_called(name)
    return Q(country__in=countries) | Q(region__in=regions) if countries or regions else None


@lru_cache(maxsize=64)
def country_codes(language: str) -> dict[str, str]:
    """The codes of countries by their folded names in a language, and by themselves."""
    with override(language):
        choices = country_choices()
    return (
        {code.lower(): code for code, _name in choices}
        | {folded(name): code for code, name in choices}
        | MORE_COUNTRIES
    )
