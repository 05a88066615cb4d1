from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from imp_wagtail.directory.finding.shelf import shelf
from imp_wagtail.directory.models import DirectoryPage
from tests.factories import DirectoryPageFactory

Places = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def empty_shelf() -> None:
    shelf.clear()


@pytest.fixture
def page(db: None) -> DirectoryPage:
    return DirectoryPageFactory()


@pytest.fixture
def places(client: Client, page: DirectoryPage) -> Places:
    """``places(country="NL")``: what the map's script is sent."""

    def asked(**query: str) -> dict[str, Any]:
        response = client.get("/teachers/map/places/", query)
        assert response.status_code == 200
        return response.json()

    return asked
