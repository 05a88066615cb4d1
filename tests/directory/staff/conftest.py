"""What tests of the registrar's screens for the directory begin with."""

import pytest
from django.test import Client

from imp_wagtail.directory.models import Teacher
from tests.factories import TeacherFactory, registrar


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


@pytest.fixture
def teacher() -> Teacher:
    """Somebody whose place and format differ from those sent, so that a write that happened shows."""
    return TeacherFactory(name="Before", town="Utrecht", country="BE", speaks=["fr"])
