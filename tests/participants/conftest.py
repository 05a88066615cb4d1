"""Who acts and what is acted on, for all tests of this room: a registrar, a pathway of every kind, people on it."""

from typing import Any

import pytest
from django.test import Client

from imp_wagtail.participants.models import Cohort, Enrolment
from imp_wagtail.pathways.models import Pathway
from tests.factories import CohortFactory, EnrolmentFactory, registrar
from tests.participants.support import imp


@pytest.fixture
def registrar_user(db: None) -> Any:
    """Whoever does it, as actions and the log name them."""
    return registrar()


@pytest.fixture
def staff(client: Client, registrar_user: Any) -> Client:
    """A browser in which that registrar is logged in."""
    client.force_login(registrar_user)
    return client


@pytest.fixture
def pathway(db: None) -> Pathway:
    """Preparation, engagement, completion; ``support.imp`` says what each asks for."""
    return imp()


@pytest.fixture
def enrolment(pathway: Pathway) -> Enrolment:
    """Somebody on the pathway of whom nothing is on record yet."""
    return EnrolmentFactory(pathway=pathway)


@pytest.fixture
def cohort(pathway: Pathway) -> Cohort:
    """A supervision group of the pathway, without members or sessions."""
    return CohortFactory(pathway=pathway, title="Supervision 1")
