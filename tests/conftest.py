"""What every test stands on: folders of its own for files, and no cache left over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache


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
