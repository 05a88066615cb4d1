"""The form of a pathway's page: what a new one begins with."""

import pytest
from django.test import Client
from wagtail.models import Site

from imp_wagtail.pathways.models import Pathway
from tests.factories import PathwayFactory, PathwayPageFactory
from tests.pathways.support import translated

pytestmark = pytest.mark.django_db


def chosen(staff: Client) -> int | None:
    home = Site.objects.get().root_page
    response = staff.get(f"/admin/pages/add/imp_pathways/pathwaypage/{home.pk}/")
    return response.context["form"]["pathway"].value()


def test_a_new_page_begins_with_the_pathway_that_has_none_yet(staff: Client, pathway: Pathway) -> None:
    PathwayPageFactory(pathway=pathway)
    other = PathwayFactory()
    assert chosen(staff) == other.pk


def test_it_begins_with_none_where_each_has_its_page(staff: Client, pathway: Pathway) -> None:
    PathwayPageFactory(pathway=translated(pathway))
    assert chosen(staff) is None
