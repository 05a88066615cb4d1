"""A sitemap in as many files as its protocol asks for."""

import pytest
from django.test import RequestFactory
from django.urls import path
from wagtail.contrib.sitemaps.views import index, sitemap

from imp_wagtail.core.sitemaps import Sitemap
from tests.factories import DirectoryPageFactory, TeacherFactory
from tests.testapp.urls import urlpatterns as own_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

SITEMAPS = {"pages": Sitemap}
urlpatterns = [path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"), *own_patterns]


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All addresses of a site with one page of its own for each of three teachers, in files of four."""
    monkeypatch.setattr(Sitemap, "limit", 4)
    page = DirectoryPageFactory()
    slugs = [f"{TeacherFactory(agrees_to=['indexing']).slug}/" for _number in range(3)]
    return ["http://localhost/", *(page.full_url + rest for rest in ("", *slugs, "qualifications/"))]


def test_the_index_names_each_file(rf: RequestFactory, everything: list[str]) -> None:
    answer = index(rf.get("/sitemap.xml"), SITEMAPS, sitemap_url_name="sitemap")

    files = [file.location for file in answer.context_data["sitemaps"]]
    assert files == ["http://testserver/sitemap-pages.xml", "http://testserver/sitemap-pages.xml?p=2"]


def test_no_file_has_more_addresses_than_it_may_however_many_a_page_has(
    rf: RequestFactory, everything: list[str]
) -> None:
    answers = [sitemap(rf.get("/sitemap-pages.xml", {"p": number}), SITEMAPS, section="pages") for number in (1, 2)]

    files = [[address["location"] for address in answer.context_data["urlset"]] for answer in answers]
    assert files == [everything[:4], everything[4:]]
