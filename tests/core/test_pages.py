"""What all page types answer with: how long it may be kept, and by whom."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from imp_wagtail.core.pages import DESCRIPTION, shortened
from tests.factories import (
    DirectoryPageFactory,
    FAQPageFactory,
    PathwayPageFactory,
    TrainingPageFactory,
    UserFactory,
)
from tests.trainings.support import changed

pytestmark = pytest.mark.django_db

FACTORIES = [DirectoryPageFactory, FAQPageFactory, PathwayPageFactory, TrainingPageFactory]


def kept_how(client: Client, page: Page) -> str:
    response = client.get(page.url)
    assert response.status_code == 200
    return response.headers["Cache-Control"]


class TestKeeping:
    @pytest.mark.parametrize("factory", [FAQPageFactory, PathwayPageFactory, TrainingPageFactory])
    def test_anybody_may_keep_a_public_page_and_asks_anew_each_time(self, client: Client, factory: type) -> None:
        assert kept_how(client, factory()) == "max-age=0, must-revalidate, public"

    def test_a_page_that_said_so_itself_is_kept_as_it_said(self, client: Client) -> None:
        assert kept_how(client, DirectoryPageFactory()) == "no-cache"

    @pytest.mark.parametrize("factory", FACTORIES)
    def test_one_with_a_password_is_the_reader_s_alone(self, client: Client, factory: type) -> None:
        page = factory()
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.PASSWORD, password="secret"
        )
        assert "secret" not in client.get(page.url).content.decode()
        address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
        assert client.post(address, {"password": "secret", "return_url": page.url}).status_code == 302
        assert "private" in kept_how(client, page).split(", ")
        assert "public" not in kept_how(client, page)

    def test_what_staff_see_is_theirs_alone(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert kept_how(client, TrainingPageFactory()) == "max-age=0, must-revalidate, private"

    def test_a_preview_is_kept_by_nobody(self, client: Client) -> None:
        client.force_login(get_user_model().objects.create_superuser("admin"))
        page = TrainingPageFactory()
        page.save_revision()
        response = client.get(f"/admin/pages/{page.pk}/revisions/{page.latest_revision.pk}/view/")
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]

    def test_a_changed_training_is_seen_at_the_next_request(self, client: Client) -> None:
        page = TrainingPageFactory()
        assert "21–30 October 2099" in client.get(page.url).content.decode()
        changed(page, ends=dt.date(2099, 10, 31))
        assert "21–31 October 2099" in client.get(page.url).content.decode()


class TestShortened:
    def test_what_is_short_stays_as_it_is_in_one_line(self) -> None:
        assert shortened(" Two\n lines ") == "Two lines"

    def test_what_is_long_ends_with_a_word(self) -> None:
        text = shortened("word, " * 100)
        assert len(text) <= DESCRIPTION
        assert text.endswith("word…")

    def test_a_single_endless_word_is_cut(self) -> None:
        assert len(shortened("x" * 500)) == DESCRIPTION
