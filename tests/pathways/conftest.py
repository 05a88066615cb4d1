"""Who edits pathways, and a pathway to edit."""

import pytest
from django.test import Client

from imp_wagtail.pathways.models import Pathway
from tests.factories import PathwayFactory, RequirementFactory, StageFactory, editor


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser in which an editor is logged in."""
    client.force_login(editor())
    return client


@pytest.fixture
def pathway() -> Pathway:
    """Two stages: the first with two requirements, the second with one."""
    pathway = PathwayFactory(key="imp", title="IMP")
    first = StageFactory(pathway=pathway, key="preparation", title="Preparation", sort_order=0)
    second = StageFactory(pathway=pathway, key="engagement", title="Engagement", sort_order=1)
    RequirementFactory(stage=first, key="retreats", title="Two retreats", retreats=True, sort_order=0)
    RequirementFactory(stage=first, key="practice", title="Practice", sort_order=1)
    RequirementFactory(stage=second, key="cycles", title="Cycles", cycles=True, sort_order=0)
    return pathway
