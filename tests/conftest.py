"""What every test stands on: folders of its own for files, and no cache left over."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from wagtail.models import Locale

from imp_wagtail.directory.finding.shelf import shelf
from tests.letters.printing import QUICK_RENDERER
from tests.processes import copied


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """No test writes a file outside its own folder."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PRIVATE_ROOT": str(tmp_path / "private")}


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Wagtail keeps site roots in the cache, which outlives a test's database."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """An answer in Arabic leaves its thread speaking it, and the next test is in the same one."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """The directory's index is of the database, and outlives a test's as well."""
    shelf.clear()
    yield
    shelf.clear()


@pytest.fixture(autouse=True)
def a_language(request: pytest.FixtureRequest) -> None:
    """A test of real transactions empties the database when it is over: the next one begins without a language."""
    mark = request.node.get_closest_marker("django_db")
    if mark and mark.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        Locale.objects.get_or_create(language_code="en")


@pytest.fixture(scope="module")
def shared_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """A database of a module's own that several processes can open; see ``tests.processes``.

    Made before a test opens its transaction: SQLite waits for its end before it lets itself be copied.
    """
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            database = stack.enter_context(copied(connections["default"], tmp_path_factory.mktemp("shared")))
        yield database
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture
def quick_pdf(settings: Any) -> None:
    """For tests that are not about the page: a letter's file is its snapshot."""
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LETTER_RENDERER": QUICK_RENDERER}
