"""The table of towns: loaded whole or not at all, and again without losing anybody."""

from typing import Any

import pytest
from django.db import IntegrityError

from imp_wagtail.directory.models import Listing, Teacher, Town, TownName
from imp_wagtail.directory.towns.loading import Loaded, load_towns
from imp_wagtail.directory.towns.source import NoTownsError
from tests.factories import TeacherFactory

from .records import FRANKFURT_MAIN, LYON, TOWNS, UTRECHT, record

pytestmark = pytest.mark.django_db


def names_of(town: dict[str, Any]) -> set[str]:
    return set(TownName.objects.filter(town=town["geonameid"]).values_list("folded", flat=True))


def everything() -> list[Any]:
    return [list(Town.objects.order_by("pk").values()), list(TownName.objects.order_by("pk").values())]


def test_towns_are_loaded_with_their_place_and_region() -> None:
    loaded = load_towns(TOWNS)
    lyon = Town.objects.get(pk=2996944)

    assert loaded == Loaded(
        total=7, added=7, changed=0, removed=0, kept=0, names=TownName.objects.count(), republished=0
    )
    assert (lyon.name, lyon.country, lyon.region, lyon.population) == ("Lyon", "FR", "FR.84", 520774)
    assert (lyon.latitude, lyon.longitude) == (45.74906, 4.84789)
    assert str(lyon) == "Lyon, France"


def test_names_are_folded_once_each_and_codes_are_none() -> None:
    load_towns([record(1, "Kœln", "DE", "07", "Koeln", "KOELN", "CGN", "K", "京", "N" * 101, "·")])

    assert set(TownName.objects.values_list("folded", flat=True)) == {"koeln", "京"}
    assert TownName.objects.count() == 2


def test_a_town_whose_own_name_looks_like_a_code_keeps_it() -> None:
    load_towns([record(1, "OIA", "GR", "00")])

    assert TownName.objects.get().folded == "oia"


def test_a_region_that_has_no_name_is_none() -> None:
    load_towns([record(1, "Singapore", "SG", "00"), record(2, "Nowhere", "SG", "")])

    assert set(Town.objects.values_list("region", flat=True)) == {""}


def test_a_second_loading_changes_nothing() -> None:
    load_towns(TOWNS)
    before = everything()
    loaded = load_towns(TOWNS)

    assert (loaded.added, loaded.changed, loaded.removed, loaded.republished) == (0, 0, 0, 0)
    assert everything() == before


def test_what_changed_is_changed_in_place_and_the_public_sees_it() -> None:
    load_towns([LYON, UTRECHT])
    teacher = TeacherFactory(country="FR", located_in_id=2996944)
    TeacherFactory(country="NL", located_in_id=2745912)
    moved = {**LYON, "latitude": 45.75, "alternatenames": ["Lugdunum", "Lyons"]}
    loaded = load_towns([moved, UTRECHT])

    assert (loaded.added, loaded.changed, loaded.removed, loaded.republished) == (0, 1, 0, 1)
    assert Teacher.objects.get(pk=teacher.pk).located_in.latitude == 45.75
    assert Listing.objects.get(teacher=teacher).face["near"] == [45.75, 4.84789]
    assert names_of(LYON) == {"lyon", "lugdunum", "lyons"}
    assert names_of(UTRECHT) == {"utrecht", "oetrecht", "утрехт", "乌德勒支"}


def test_towns_that_are_gone_are_removed_unless_teachers_are_there() -> None:
    load_towns([LYON, UTRECHT, FRANKFURT_MAIN])
    teacher = TeacherFactory(country="FR", located_in_id=2996944)
    loaded = load_towns([UTRECHT])

    assert (loaded.total, loaded.removed, loaded.kept) == (1, 1, 1)
    assert set(Town.objects.values_list("name", flat=True)) == {"Lyon", "Utrecht"}
    assert Teacher.objects.get(pk=teacher.pk).located_in_id == 2996944
    assert "lugdunum" in names_of(LYON)
    assert names_of(FRANKFURT_MAIN) == set()


@pytest.mark.django_db(transaction=True)
def test_a_loading_that_breaks_off_leaves_all_as_it_was() -> None:
    load_towns([LYON])
    before = everything()
    with pytest.raises(IntegrityError):
        load_towns([UTRECHT, {**FRANKFURT_MAIN, "latitude": None}])

    assert everything() == before


def test_a_source_without_towns_empties_nothing() -> None:
    load_towns([LYON])
    with pytest.raises(NoTownsError, match="nothing was changed"):
        load_towns([])

    assert Town.objects.count() == 1


def test_more_towns_than_one_statement_writes_are_written() -> None:
    many = [record(number, f"Town {number}", "FR", "84", f"Other {number}") for number in range(1, 1001)]
    load_towns(many)
    load_towns([{**town, "population": 1} for town in many[:500]])

    assert (Town.objects.count(), Town.objects.filter(population=1).count()) == (500, 500)
    assert TownName.objects.count() == 1000
