"""A small table of towns, loaded as the large one is."""

import pytest

from imp_wagtail.directory.towns.loading import load_towns

from .records import TOWNS


@pytest.fixture
def towns(db: None) -> None:
    load_towns(TOWNS)
