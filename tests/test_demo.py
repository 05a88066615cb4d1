"""The demo's content: loaded once, and never again over what was entered since."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command

from demo.management.commands import load_demo
from demo.tables import read_people
from imp_wagtail.core.names import folded
from imp_wagtail.directory import actions as directory_actions
from imp_wagtail.directory.models import Course, Teacher
from imp_wagtail.directory.towns.loading import load_towns, names_of
from imp_wagtail.directory.towns.source import packaged_towns
from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Participant
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import TrainingPage
from tests.directory.towns.records import LYON, UTRECHT

pytestmark = pytest.mark.django_db

#: The demo's own folder, before a test puts a smaller one in its place.
DEMO = load_demo.FIXTURES / "demo"
#: The header and so many people of the demo's table: enough to have a listed teacher with courses.
LINES = 3


@pytest.fixture(autouse=True)
def small_demo(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with its packs and cohorts, but few of its people, and two of the world's towns."""
    load_towns([UTRECHT, LYON])
    for name in load_demo.PACKS:
        (tmp_path / name).symlink_to(load_demo.FIXTURES / name)
    (tmp_path / "demo").mkdir()
    tables = load_demo.FIXTURES / "demo"
    people = (tables / "people.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:LINES]
    known = {line.split(",")[2] for line in people[1:]}
    courses = (tables / "courses.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    offered = [courses[0], *(line for line in courses[1:] if line.split(",")[0] in known)]
    (tmp_path / "demo" / "people.csv").write_text("".join(people), encoding="utf-8")
    (tmp_path / "demo" / "courses.csv").write_text("".join(offered), encoding="utf-8")
    for name in ("cohorts.csv", "signature.png"):
        (tmp_path / "demo" / name).symlink_to(tables / name)
    monkeypatch.setattr(load_demo, "FIXTURES", tmp_path)


def load() -> None:
    call_command(load_demo.Command(), stdout=StringIO())


def everything() -> dict[str, list[Any]]:
    """All that the package's and the pages' tables hold."""
    models = [model for model in apps.get_models() if model._meta.app_label.startswith(("imp_", "auth"))]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def test_a_second_load_changes_nothing() -> None:
    load()
    before = everything()
    load()

    assert everything() == before
    assert Participant.objects.count() == LINES - 1
    assert Course.objects.exists()
    assert Teacher.objects.get(town="Utrecht").located_in.name == "Utrecht"


def test_a_second_load_keeps_what_was_edited_and_brings_back_nobody() -> None:
    load()
    staff = get_user_model().objects.get(username="registrar")
    person = Participant.objects.first()
    person.name, person.email = "Another Name", "another.address@example.org"
    actions.save_participant(person, by=staff)
    for course in Course.objects.all():
        directory_actions.remove_course(course, by=staff)
    directory_actions.end_consent(Teacher.objects.first(), why="Asked to be taken out.", by=staff)
    page = TrainingPage.objects.first()
    page.title = "Another title"
    page.save_revision().publish()
    Pathway.objects.filter(key="imp").update(title="Another pathway")
    before = everything()
    load()

    assert everything() == before


def test_the_town_of_everybody_who_is_listed_is_among_the_package_s() -> None:
    wanted = {(folded(person.town), person.country) for person in read_people(DEMO) if person.listed}
    countries = {country for _town, country in wanted}
    towns = (town for town in packaged_towns() if town["countrycode"] in countries)
    known = {(name, town["countrycode"]) for town in towns for name in names_of(town)}

    assert wanted - known == set()
