"""Whether other records stand on one."""

import pytest

from imp_wagtail.core.deletion import is_in_use
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory, PathwayFactory, StageFactory

pytestmark = pytest.mark.django_db


def test_a_record_that_others_protect_is_in_use() -> None:
    assert is_in_use(EnrolmentFactory().pathway)


def test_a_record_whose_own_parts_only_would_go_is_not() -> None:
    assert not is_in_use(StageFactory().pathway)


def test_looking_deletes_nothing_and_a_new_record_is_not_in_use() -> None:
    pathway = PathwayFactory()

    assert not is_in_use(pathway)
    assert not is_in_use(Pathway())
    assert Pathway.objects.get() == pathway
