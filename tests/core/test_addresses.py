"""Pages stay out of the site's own addresses, where nobody would ever see them."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import set_script_prefix
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from imp_wagtail.core.addresses import refuse_taken_address
from imp_wagtail.core.packs import PackError, load_pack
from imp_wagtail.directory.models import DirectoryPage
from imp_wagtail.trainings.models import ContentPage, TrainingIndexPage
from tests.factories import FAQPageFactory
from tests.packs import line_of, write_pack

pytestmark = pytest.mark.django_db

REASON = "At /{}/ this site shows something else, so nobody would see the page. Choose another slug."
TAKEN = ["verify", "admin", "static", "media"]


@pytest.fixture
def client() -> Client:
    """Signed in as somebody who may do anything."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin"))
    return client


@pytest.fixture
def home() -> Page:
    return Page.objects.get(depth=2)


def sent(slug: str, **action: str) -> dict[str, Any]:
    """A page's form as a browser sends it, whatever its type."""
    texts = {"lead": "", "introduction": rich_text("<p>All.</p>"), "body": streamfield([])}
    return nested_form_data({"title": "Any", "slug": slug, **texts, "comments": inline_formset([]), **action})


def new(client: Client, parent: Page, slug: str, model: type[Page] = ContentPage) -> Any:
    address = f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
    return client.post(address, sent(slug, **{"action-publish": "action-publish"}))


def edited(client: Client, page: Page, slug: str) -> Any:
    return client.post(f"/admin/pages/{page.pk}/edit/", sent(slug, **{"action-publish": "action-publish"}))


def wrong(response: Any) -> dict[str, list[str]]:
    return response.context["form"].errors


def is_free(parent: Page, slug: str) -> bool:
    try:
        refuse_taken_address(parent, slug)
    except ValidationError:
        return False
    return True


class TestForm:
    @pytest.mark.parametrize("slug", TAKEN)
    @pytest.mark.parametrize("model", [ContentPage, TrainingIndexPage, DirectoryPage])
    def test_an_address_of_the_site_itself_is_refused_at_its_field(
        self, client: Client, home: Page, model: type[Page], slug: str
    ) -> None:
        assert wrong(new(client, home, slug, model)) == {"slug": [REASON.format(slug)]}
        assert not Page.objects.filter(slug=slug).exists()

    def test_so_it_is_in_a_draft(self, client: Client, home: Page) -> None:
        address = f"/admin/pages/add/imp_trainings/contentpage/{home.pk}/"
        assert wrong(client.post(address, sent("verify"))) == {"slug": [REASON.format("verify")]}

    @pytest.mark.parametrize("slug", ["verify-it", "verified", "statics", "letters"])
    def test_one_that_only_begins_so_is_free_and_its_page_is_seen(self, client: Client, home: Page, slug: str) -> None:
        assert new(client, home, slug).status_code == 302
        assert client.get(f"/{slug}/").status_code == 200

    @pytest.mark.parametrize("slug", TAKEN)
    def test_a_page_deeper_in_the_tree_may_be_called_so(self, client: Client, home: Page, slug: str) -> None:
        above = home.add_child(instance=ContentPage(title="About", slug="about"))
        assert new(client, above, slug).status_code == 302
        assert client.get(f"/about/{slug}/").context["page"].slug == slug

    def test_a_page_below_an_address_that_is_half_the_site_s_is_refused_where_it_would_not_be_seen(
        self, client: Client, home: Page
    ) -> None:
        above = home.add_child(instance=ContentPage(title="Directory", slug="directory"))
        assert wrong(new(client, above, "feed")) == {"slug": [REASON.format("directory/feed")]}
        assert new(client, above, "food").status_code == 302

    def test_a_page_is_not_moved_to_such_an_address_by_another_slug(self, client: Client, home: Page) -> None:
        page = home.add_child(instance=ContentPage(title="About", slug="about"))
        assert wrong(edited(client, page, "verify")) == {"slug": [REASON.format("verify")]}
        assert edited(client, page, "verify-it").status_code == 302

    def test_a_page_that_is_published_there_can_still_be_edited(self, client: Client, home: Page) -> None:
        page = home.add_child(instance=ContentPage(title="About", slug="verify"))
        assert edited(client, page, "verify").status_code == 302

    def test_one_that_is_a_draft_there_is_not_published(self, client: Client, home: Page) -> None:
        page = home.add_child(instance=ContentPage(title="About", slug="verify", live=False))
        assert wrong(edited(client, page, "verify")) == {"slug": [REASON.format("verify")]}


class TestAddress:
    def test_the_first_page_of_a_site_may_be_called_anything(self, home: Page) -> None:
        assert is_free(home.get_parent(), home.slug)
        assert is_free(home.get_parent(), "verify")

    def test_no_slug_at_all_is_refused_by_others(self, home: Page) -> None:
        assert is_free(home, "")
        assert is_free(home, "a b")

    @pytest.mark.urls("testapp.i18n_urls")
    def test_with_the_language_in_every_address_what_has_none_is_free(self, home: Page) -> None:
        with pytest.raises(ValidationError, match="At /en/verify/ "):
            refuse_taken_address(home, "verify")
        assert is_free(home, "admin")
        assert is_free(home, "static")

    def test_a_site_in_a_folder_of_its_server_knows_its_own(self, home: Page) -> None:
        set_script_prefix("/below/")
        try:
            with pytest.raises(ValidationError, match="At /below/verify/ "):
                refuse_taken_address(home, "verify")
            assert is_free(home, "verify-it")
        finally:
            set_script_prefix("/")

    def test_a_site_whose_uploads_lie_elsewhere_has_their_address_for_pages(self, home: Page, settings: Any) -> None:
        settings.MEDIA_URL = "https://media.example.org/media/"
        assert is_free(home, "media")
        settings.MEDIA_URL = ""
        assert is_free(home, "media")


class TestPack:
    @pytest.mark.parametrize("slug", TAKEN)
    def test_a_page_of_a_pack_is_refused_at_the_line_of_its_slug(self, tmp_path: Path, slug: str) -> None:
        folder = write_pack(tmp_path, ("questions.yaml", "slug: faq", f"slug: {slug}"), ("pages.yaml", "faq", slug))

        with pytest.raises(PackError) as caught:
            load_pack(folder)

        line = line_of("questions.yaml", "slug: faq")
        assert str(caught.value) == f"questions.yaml, line {line}: {REASON.format(slug)}"

    def test_one_that_is_there_already_is_kept(self, tmp_path: Path) -> None:
        FAQPageFactory(title="Questions", slug="verify")
        load_pack(
            write_pack(tmp_path, ("questions.yaml", "slug: faq", "slug: verify"), ("pages.yaml", "faq", "verify"))
        )
