"""The reference site's own templates: its frame around the package's pages, and what it overrides."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from wagtail.models import Site

from imp_wagtail.trainings.models import ContentPage
from tests.factories import FAQPageFactory, TrainingIndexPageFactory, TrainingPageFactory

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


@pytest.fixture(autouse=True)
def reference_templates(settings: Any) -> None:
    """The reference site's templates stand before the package's."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [TEMPLATES]}]


@pytest.fixture
def home(db: None) -> ContentPage:
    """The first page of the site."""
    site = Site.objects.get(is_default_site=True)
    page = site.root_page.add_sibling(instance=ContentPage(title="Welcome home", slug="welcome"))
    site.root_page, site.site_name = page, "The collaborative"
    site.save()
    return page


def navigation(html: str) -> dict[str, str]:
    """What the main navigation says, each with its ``aria-current``."""
    nav = html.partition('<nav class="site-nav"')[2].partition("</nav>")[0]
    return {
        words.strip(): current
        for current, words in re.findall(r'<a href="[^"]*"(?: aria-current="(\w+)")?>([^<]+)</a>', nav)
    }


def test_the_navigation_shows_published_pages_of_the_menu_and_the_way_to_check_a_letter(
    client: Client, home: ContentPage
) -> None:
    FAQPageFactory(parent=home, title="Questions", show_in_menus=True)
    TrainingIndexPageFactory(parent=home, title="Draft", slug="draft", show_in_menus=True, live=False)
    TrainingIndexPageFactory(parent=home, title="Elsewhere", slug="elsewhere")

    assert navigation(client.get("/").text) == {"Questions": "", "Check a letter": ""}


def test_the_navigation_marks_where_the_reader_is(client: Client, home: ContentPage) -> None:
    index = TrainingIndexPageFactory(parent=home, show_in_menus=True)
    TrainingPageFactory(parent=index, slug="england")

    assert navigation(client.get("/trainings/").text)["Trainings"] == "page"
    assert navigation(client.get("/trainings/england/").text)["Trainings"] == "true"
    assert navigation(client.get("/verify/").text) == {"Trainings": "", "Check a letter": "page"}


def test_every_page_can_be_skipped_to_its_content_and_says_its_language(client: Client, home: ContentPage) -> None:
    html = client.get("/").text

    assert '<html lang="en" dir="ltr">' in html
    assert '<a class="skip-link" href="#content">' in html
    assert html.count('<main id="content"') == 1
    assert "<title>Welcome home · The collaborative</title>" in html


def test_the_theme_comes_after_the_package_s_own_look(client: Client, home: ContentPage) -> None:
    html = client.get("/").text

    assert html.index("imp_core/imp.css") < html.index("theme/theme.css")


def test_only_the_first_page_has_the_artwork(client: Client, home: ContentPage) -> None:
    home.add_child(instance=ContentPage(title="About", slug="about"))

    assert '<body class="imp-page first-page">' in client.get("/").text
    assert '<body class="imp-page">' in client.get("/about/").text


def test_an_unknown_address_is_answered_in_the_site_s_frame(client: Client, home: ContentPage) -> None:
    response = client.get("/nothing-here/")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.text
    assert "The collaborative" in response.text


def test_the_page_for_a_broken_server_asks_the_database_for_nothing() -> None:
    html = render_to_string("500.html")

    assert "Something went wrong on our side" in html
    assert "theme/theme.css" in html
