"""The wheel, as somebody else meets it: installed beside a site of theirs, far from this checkout."""

import email
import re
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest
from pypdf import PdfReader

from tests.installed_site import (
    BASE_MARKER,
    ROOT,
    SETTINGS_LINES,
    URL_LINE,
    InstalledSite,
    build_wheel,
    make_site,
)

pytestmark = pytest.mark.wheel


class Answer(NamedTuple):
    """What the served site answered to a GET request."""

    kind: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


@pytest.fixture(scope="module")
def fresh_site(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> InstalledSite:
    return make_site(tmp_path_factory.mktemp("installed"), wheel)


@pytest.fixture(scope="module")
def site(fresh_site: InstalledSite) -> InstalledSite:
    """A site with a database and the content pack, which was brought to it as a mere folder."""
    shutil.copytree(ROOT / "fixtures" / "imp", fresh_site.folder.parent / "pack")
    fresh_site.manage("migrate", "--verbosity=0")
    fresh_site.manage("imp_load", fresh_site.folder.parent / "pack")
    return fresh_site


@pytest.fixture(scope="module")
def get(site: InstalledSite) -> Iterator[Callable[[str], Answer]]:
    with site.serving() as address:

        def get(path: str) -> Answer:
            with urlopen(address + path, timeout=60) as response:
                return Answer(response.headers.get_content_type(), response.read())

        yield get


def test_the_wheel_has_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    package = ROOT / "imp_wagtail"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == files


def test_the_wheel_asks_for_what_the_project_says_and_for_nothing_of_its_tools(metadata: Message) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    extras = project["optional-dependencies"]
    extra = [f'{wanted}; extra == "{name}"' for name, packages in extras.items() for wanted in packages]
    assert metadata.get_all("Requires-Dist") == project["dependencies"] + extra


def test_the_wheel_carries_its_licence(wheel: Path, metadata: Message) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/licenses/LICENSE"))
        licence = archive.read(name)

    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert licence == (ROOT / "LICENSE").read_bytes()


def test_the_readme_tells_a_site_to_add_the_very_lines_that_are_tested_here() -> None:
    readme = (ROOT / "README.md").read_text()

    assert SETTINGS_LINES in readme
    assert URL_LINE in readme


def test_the_site_runs_the_installed_package(fresh_site: InstalledSite) -> None:
    printed = fresh_site.manage("shell", "--no-imports", "--command=import imp_wagtail; print(imp_wagtail.__file__)")

    assert Path(printed.strip()).is_relative_to(fresh_site.python.parents[1])


def test_the_site_passes_the_system_checks(fresh_site: InstalledSite) -> None:
    assert "no issues" in fresh_site.manage("check", "--fail-level=WARNING")


def test_the_site_needs_no_migration_that_the_wheel_does_not_bring(site: InstalledSite) -> None:
    assert "No changes detected" in site.manage("makemigrations", "--check", "--dry-run")


def test_a_second_loading_of_the_pack_changes_nothing(site: InstalledSite) -> None:
    assert ": 0 added, 0 updated, " in site.manage("imp_load", site.folder.parent / "pack")


@pytest.mark.parametrize("path", ["/trainings/", "/faq/", "/pathway/", "/teachers/", "/verify/"])
def test_the_site_lays_out_the_package_s_pages(get: Callable[[str], Answer], path: str) -> None:
    answer = get(path)

    assert answer.kind == "text/html"
    assert BASE_MARKER in answer.text
    assert answer.text.count("<h1") == 1


def test_the_site_serves_a_training(get: Callable[[str], Answer]) -> None:
    addresses = set(re.findall(r'href="(?:https?://[^/"]+)?(/trainings/[\w-]+/)"', get("/trainings/").text))
    trainings = [get(address).text for address in sorted(addresses)]

    assert all(BASE_MARKER in training for training in trainings)
    assert any("Ammerdown" in training and "2027" in training for training in trainings)


def test_the_site_s_faq_has_all_eight_questions(get: Callable[[str], Answer]) -> None:
    assert get("/faq/").text.count("<details") == 8


def test_the_site_gives_the_pathway_as_pdf(get: Callable[[str], Answer]) -> None:
    answer = get("/pathway/pdf/")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.body)).pages)

    assert answer.kind == "application/pdf"
    assert answer.body.startswith(b"%PDF-")
    for stage in ("Preparation", "Engagement", "Support and Continuity", "Completion"):
        assert stage in text


def test_the_site_s_stylesheets_are_the_package_s_own(get: Callable[[str], Answer]) -> None:
    sheets = re.findall(r'href="(/static/imp_[^"]+\.css)"', get("/trainings/").text)

    assert sheets
    assert {get(sheet).kind for sheet in sheets} == {"text/css"}
