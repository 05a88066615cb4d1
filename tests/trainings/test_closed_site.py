"""A site, or a part of it, that is kept from the public: whoever is let in finds in it what stands in it."""

import datetime as dt

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from imp_wagtail.trainings.models import TrainingIndexPage, TrainingPage
from tests.factories import FAQPageFactory, QuestionFactory, TrainingIndexPageFactory, TrainingPageFactory, UserFactory

pytestmark = pytest.mark.django_db

NEXT = [("next_training", {"pathway": None, "sentence": "We meet at"})]


@pytest.fixture
def index() -> TrainingIndexPage:
    index = TrainingIndexPageFactory(
        introduction='<p><embed embedtype="imp-fact" source="next-training" tell="place"/></p>'
    )
    TrainingPageFactory(parent=index, title="Soon", town="Delft", starts=dt.date(2099, 5, 1), ends=dt.date(2099, 5, 9))
    TrainingPageFactory(parent=index, title="Then", town="Lyon", starts=dt.date(2015, 5, 1), ends=dt.date(2015, 5, 9))
    FAQPageFactory(slug="faq", questions=[QuestionFactory(answer=NEXT)])
    return index


def closed(page: Page) -> PageViewRestriction:
    """Keep a page, with all that stands below it, from whoever does not know the password."""
    kind = PageViewRestriction.PASSWORD
    return PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open sesame")


def let_in(client: Client, restriction: PageViewRestriction) -> Client:
    page = restriction.page
    address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    assert client.post(address, {"password": "open sesame", "return_url": "/"}).status_code == 302
    return client


def said(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_whoever_is_let_into_a_site_finds_its_trainings(client: Client, index: TrainingIndexPage) -> None:
    restriction = closed(index.get_parent())
    assert "Soon" not in said(client, "/trainings/")
    let_in(client, restriction)

    html = said(client, "/trainings/")
    assert "Soon" in html
    assert "Then" in html
    assert "Then" in said(client, "/trainings/years/2015/")
    assert "Soon" in said(client, "/trainings/feed.atom")
    assert "Soon" in said(client, "/trainings/calendar.ics")
    assert "Delft" in said(client, "/faq/")


def test_what_only_some_of_them_may_see_is_kept_from_the_others(client: Client, index: TrainingIndexPage) -> None:
    PageViewRestriction.objects.create(
        page=TrainingPage.objects.get(title="Soon"), restriction_type=PageViewRestriction.LOGIN
    )
    let_in(client, closed(index.get_parent()))

    assert "Then" in said(client, "/trainings/")
    assert "Soon" not in said(client, "/trainings/")
    assert "Delft" not in said(client, "/faq/")


def test_an_index_for_members_is_whole_for_them_and_told_nowhere_else(
    client: Client, index: TrainingIndexPage
) -> None:
    PageViewRestriction.objects.create(page=index, restriction_type=PageViewRestriction.LOGIN)
    client.force_login(UserFactory(superuser=True))

    assert "Soon" in said(client, "/trainings/")
    assert "Delft" in said(client, "/trainings/")
    assert "Then" in said(client, "/trainings/years/2015/")
    assert "Delft" not in said(client, "/faq/"), "who may read that page is not known to be a member"


def test_editors_preview_it_as_those_will_see_it(client: Client, index: TrainingIndexPage) -> None:
    PageViewRestriction.objects.create(page=index, restriction_type=PageViewRestriction.LOGIN)
    client.force_login(UserFactory(superuser=True))

    index.save_revision()
    assert "Soon" in said(client, f"/admin/pages/{index.pk}/view_draft/")
