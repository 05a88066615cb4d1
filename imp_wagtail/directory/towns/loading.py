"""The table of towns brought up to date: all of it, or nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from imp_wagtail.core.names import folded

from ..actions import publish_many
from ..models import Edition, Teacher, Town, TownName
from .regions import region_name
from .source import NoTownsError, TownRecord

FIELDS = ("name", "country", "region", "latitude", "longitude", "population")
#: What stands among the names and is none: the codes of airports, such as UTC for Utrecht, and single letters.
CODE = re.compile(r"[A-Z]{3}|[A-Za-z]")
LONGEST_NAME = TownName._meta.get_field("folded").max_length
LONGEST_TOWN = Town._meta.get_field("name").max_length
#: Rows written, or deleted, by one statement.
BATCH = 400
#: Rows held in memory at once.
CHUNK = 5000


@dataclass
class Loaded:
    """What a loading did, in numbers. ``kept``: towns that are gone from the source, but teachers are there."""

    total: int
    added: int
    changed: int
    removed: int
    kept: int
    names: int
    #: Listings and entries of the feed that say something else since.
    republished: int


def load_towns(records: Iterable[TownRecord]) -> Loaded:
    """Make the table of towns what these records say, in one transaction.

    A town that is there already keeps its number, and so its teachers; what the public sees of them is worked out
    anew where their town changed. Raises ``NoTownsError`` for no records at all: that is a mistake, and no wish.
    """
    by_id = {record["geonameid"]: record for record in records}
    if not by_id:
        raise NoTownsError("There is no such town, and so nothing was changed.")
    towns = {key: town_of(record) for key, record in by_id.items()}
    with transaction.atomic():
        stored = Town.objects.in_bulk()
        new = [town for key, town in towns.items() if key not in stored]
        changed = [town for key, town in towns.items() if key in stored and said_by(town) != said_by(stored[key])]
        Town.objects.bulk_create(new, batch_size=BATCH)
        Town.objects.bulk_update(changed, FIELDS, batch_size=BATCH)
        gone = stored.keys() - towns.keys()
        removed = remove_unused(gone)
        names = keep_names({key: names_of(record) for key, record in by_id.items()})
        republished = republish({town.pk for town in changed})
        tell_caches()
    count_anew()
    return Loaded(len(towns), len(new), len(changed), removed, len(gone) - removed, names, republished)


def town_of(record: TownRecord) -> Town:
    region = f"{record['countrycode']}.{record['admin1code']}"
    return Town(
        id=record["geonameid"],
        name=record["name"][:LONGEST_TOWN],
        country=record["countrycode"],
        region=region if region_name(region) else "",
        latitude=record["latitude"],
        longitude=record["longitude"],
        population=record["population"],
    )


def names_of(record: TownRecord) -> set[str]:
    """The names by which a town is found, folded. Whole sentences of a name, and codes, are left out."""
    others = (name for name in record["alternatenames"] if not CODE.fullmatch(name))
    names = {folded(name) for name in (record["name"], *others)}
    return {name for name in names if 0 < len(name) <= LONGEST_NAME}


def said_by(town: Town) -> list[Any]:
    return [getattr(town, name) for name in FIELDS]


def remove_unused(keys: Iterable[int]) -> int:
    """Delete the towns of these keys in which no teacher is; returns how many those are."""
    removed = 0
    for batch in in_parts(sorted(keys), BATCH):
        unused = Town.objects.filter(~Exists(Teacher.objects.filter(located_in=OuterRef("pk"))), pk__in=batch)
        removed += unused.delete()[1].get(Town._meta.label, 0)
    return removed


def keep_names(names: dict[int, set[str]]) -> int:
    """Make these the names of these towns; returns how many names there are."""
    wanted = {(town, name) for town, called in names.items() for name in called}
    stored = TownName.objects.order_by().values_list("town_id", "folded", "pk")
    stale = []
    for town, name, key in stored.iterator(chunk_size=CHUNK):
        if (town, name) in wanted:
            wanted.remove((town, name))
        elif town in names:
            stale.append(key)
    delete(TownName, stale)
    for part in in_parts(sorted(wanted), CHUNK):
        rows = [TownName(town_id=town, folded=name) for town, name in part]
        TownName.objects.bulk_create(rows, batch_size=BATCH)
    return sum(map(len, names.values()))


def delete(model: type[models.Model], keys: Iterable[int]) -> None:
    for batch in in_parts(keys, BATCH):
        model._default_manager.filter(pk__in=batch).delete()


def count_anew() -> None:
    """Have PostgreSQL count the rows: until it does so by itself, a search takes seconds, planned for a few."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Town, TownName):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def republish(towns: set[int]) -> int:
    """Work out anew what the public sees of the teachers in these towns."""
    located = Teacher.objects.filter(located_in__isnull=False).values_list("pk", "located_in") if towns else []
    return publish_many(teacher for teacher, town in located if town in towns)


def tell_caches() -> None:
    """Take an edition: what was said near a town that nobody knew counts no more."""
    if Edition.current():  # before the first one, nothing was said; and whoever takes it publishes all
        Edition.next()


def in_parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of so many, the last one shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
