"""Where each type of page can be put, and what editors are told of it when they add one."""

import pytest
from django.test import Client
from wagtail.models import Page, Site

from imp_wagtail.directory.models import DirectoryPage
from imp_wagtail.pathways.models import PathwayPage
from imp_wagtail.trainings.models import ContentPage, FAQPage, TrainingIndexPage, TrainingPage
from tests.factories import FAQPageFactory, TrainingIndexPageFactory, TrainingPageFactory, UserFactory
from tests.trainings.support import soup_of

pytestmark = pytest.mark.django_db

WITHIN_A_SITE = [DirectoryPage, FAQPage, PathwayPage, TrainingIndexPage]


@pytest.fixture
def top() -> Page:
    return Page.get_first_root_node()


@pytest.fixture
def home(top: Page) -> ContentPage:
    """A site's first page, of the type that editors make."""
    return top.add_child(instance=ContentPage(title="Home", slug="first"))


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.mark.parametrize("page_type", WITHIN_A_SITE)
def test_what_belongs_to_a_site_is_not_put_beside_it(page_type: type[Page], top: Page, home: ContentPage) -> None:
    assert not page_type.can_create_at(top)
    assert page_type.can_create_at(home)


def test_nor_moved_there(top: Page) -> None:
    assert not FAQPageFactory().can_move_to(top)


def test_a_site_can_begin_with_a_page_of_blocks(top: Page, home: ContentPage) -> None:
    assert ContentPage.can_create_at(top)
    assert ContentPage.can_create_at(home)


def test_of_wagtail_s_welcome_page_everything_may_go_below() -> None:
    assert all(page_type.can_create_at(Site.objects.get().root_page) for page_type in WITHIN_A_SITE)


def test_a_training_stands_below_an_index_only(home: ContentPage) -> None:
    training = TrainingPageFactory()
    assert [place.can_exist_under(training) for place in WITHIN_A_SITE] == [False] * len(WITHIN_A_SITE)
    assert not any(training.can_move_to(page) for page in (home, FAQPageFactory()))
    assert training.can_move_to(TrainingIndexPageFactory(slug="others"))
    assert not ContentPage.can_create_at(TrainingIndexPage.objects.first())


def test_the_list_of_types_says_what_each_is_for(admin: Client, home: ContentPage) -> None:
    listing = soup_of(admin, f"/admin/pages/{home.pk}/add_subpage/").select_one("ul.listing")
    words = " ".join(listing.get_text(" ").split())
    for page_type in (*WITHIN_A_SITE, ContentPage):
        assert str(page_type.page_description) in words
    assert str(TrainingPage.page_description) not in words
