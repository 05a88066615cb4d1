"""Every public page, asked for once: in each language, in the frame of another site and in the reference site's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from imp_wagtail.directory.finding.shelf import shelf
from tests.letters.printing import QUICK_RENDERER
from tests.reference_frame import reference_settings

from .checkers import faults_of_markup, installed
from .visits import VISITS, Visit, Visitor
from .world import LANGUAGES, People, build

REFERENCE = "reference site"
#: By whose templates the package's pages are framed, and the settings for that.
FRAMES: dict[str, Callable[[], dict[str, Any]]] = {"another site": dict, REFERENCE: reference_settings}


@dataclass(frozen=True)
class Shown:
    """A page as it was answered."""

    status: int
    html: str


Pages = dict[str, Shown]


def visits_in(frame: str) -> dict[str, Visit]:
    """What there is to be seen in a frame: another site has its own pages for what is not the package's."""
    return {name: visit for name, visit in VISITS.items() if frame == REFERENCE or not visit.is_the_sites}


def name_of(frame: str, language: str, visit: str) -> str:
    return f"{frame}, {language}: {visit}"


#: The names of all pages, with the statuses that they should have.
EVERY_PAGE = {
    name_of(frame, language, name): visit.status
    for frame in FRAMES
    for language in LANGUAGES
    for name, visit in visits_in(frame).items()
}


@pytest.fixture(scope="package")
def pages(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Every page by its name. The database is as it was when they have been asked for."""
    installed()
    folder = tmp_path_factory.mktemp("site")
    package = {
        **settings.IMP_WAGTAIL,
        "PRIVATE_ROOT": str(folder / "private"),
        "LETTER_RENDERER": QUICK_RENDERER,
        "TEACHERS_PER_PAGE": 2,
    }
    here = {"MEDIA_ROOT": str(folder / "media"), "IMP_WAGTAIL": package, "ROOT_URLCONF": "testapp.i18n_urls"}
    # Whatever language the last answer was in, the next tests do not speak it.
    with translation.override("en"), django_db_blocker.unblock(), override_settings(**here), transaction.atomic():
        forget()
        everybody = build(folder / "pack")
        shown = {name: page for frame in FRAMES for name, page in shown_in(frame, everybody)}
        transaction.set_rollback(True)
    forget()
    return shown


def shown_in(frame: str, everybody: dict[str, People]) -> Iterator[tuple[str, Shown]]:
    """The pages in one frame. What visitors do there is undone."""
    with override_settings(**FRAMES[frame]()), transaction.atomic():
        for language, people in everybody.items():
            forget()
            visitor = Visitor(people)
            for name, visit in visits_in(frame).items():
                response = visit.ask(visitor)
                yield name_of(frame, language, name), Shown(response.status_code, response.text)
        transaction.set_rollback(True)


def forget() -> None:
    """What outlives a database's records."""
    cache.clear()
    shelf.clear()


@pytest.fixture(scope="package")
def faults(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is wrong with the markup of each page."""
    folder: Path = tmp_path_factory.mktemp("pages")
    return faults_of_markup({name: page.html for name, page in pages.items()}, folder)
