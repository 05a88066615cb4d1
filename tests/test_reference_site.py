"""The reference site's own templates: its frame around the package's pages, and what it overrides."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from imp_wagtail.directory.renewing.links import renewal_link
from imp_wagtail.letters import actions
from imp_wagtail.letters.codes import new_code
from imp_wagtail.letters.models import Letter
from imp_wagtail.trainings.models import ContentPage
from navigation.menu import KEY
from tests.factories import (
    DirectoryPageFactory,
    FAQPageFactory,
    LetterTemplateFactory,
    StageFactory,
    TeacherFactory,
    TrainingIndexPageFactory,
    TrainingPageFactory,
)
from tests.letters.conftest import issued
from tests.reference_frame import reference_settings


@pytest.fixture(autouse=True)
def reference_frame(settings: Any) -> None:
    """The reference site's templates stand before the package's, and its menu is at work."""
    for name, value in reference_settings().items():
        setattr(settings, name, value)


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
    DirectoryPageFactory(parent=home, show_in_menus=True)

    assert navigation(client.get("/trainings/").text)["Trainings"] == "page"
    assert navigation(client.get("/trainings/england/").text)["Trainings"] == "true"
    assert navigation(client.get("/teachers/").text)["Teachers"] == "page"
    assert navigation(client.get("/teachers/qualifications/").text)["Teachers"] == "true"
    assert navigation(client.get("/verify/").text) == {"Trainings": "", "Teachers": "", "Check a letter": "page"}


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


# The menu, kept in the cache


@pytest.fixture
def menu(client: Client, home: ContentPage) -> ContentPage:
    """A page of the menu, which every visitor has seen there."""
    page = TrainingIndexPageFactory(parent=home, title="Trainings", show_in_menus=True)
    FAQPageFactory(parent=home, title="Questions", show_in_menus=True)
    assert list(navigation(client.get("/verify/").text)) == ["Trainings", "Questions", "Check a letter"]
    return page


def rename(page: ContentPage) -> None:
    page.title = "Teaching"
    page.save_revision().publish()


def keep_private(page: ContentPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (rename, ["Teaching", "Questions"]),
        (lambda page: page.unpublish(), ["Questions"]),
        (lambda page: page.delete(), ["Questions"]),
        (keep_private, ["Questions"]),
        (lambda page: page.move(page.get_parent(), pos="last-child"), ["Questions", "Trainings"]),
        (
            lambda page: page.add_sibling(instance=ContentPage(title="New", show_in_menus=True)),
            ["Trainings", "Questions", "New"],
        ),
    ],
    ids=["renamed", "unpublished", "deleted", "private", "moved", "added"],
)
def test_the_menu_follows_its_pages_at_once(
    client: Client,
    menu: ContentPage,
    django_capture_on_commit_callbacks: Any,
    change: Callable[[ContentPage], Any],
    shown: list[str],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(menu)

    assert list(navigation(client.get("/verify/").text)) == [*shown, "Check a letter"]


def test_the_site_s_name_is_shown_anew_once_it_is_saved(
    client: Client, menu: ContentPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        site = Site.objects.get()
        site.site_name = "Another name"
        site.save()

    assert "Another name" in client.get("/verify/").text


def test_saving_what_no_menu_shows_leaves_it_in_the_cache(
    client: Client, menu: ContentPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        StageFactory()

    assert cache.get(KEY)


def test_without_a_site_there_is_a_page_without_a_menu(client: Client, db: None) -> None:
    Site.objects.all().delete()

    response = client.get("/verify/")

    assert response.status_code == 200
    assert navigation(response.text) == {"Check a letter": "page"}


# Checking a letter, in the site's frame


@pytest.fixture
def letters(quick_pdf: None, home: ContentPage) -> dict[str, Letter]:
    """A letter in each state."""
    stage = StageFactory()
    LetterTemplateFactory(pathway=stage.pathway)
    genuine, old, gone = (issued(stage, name) for name in ("Ana", "Bart", "Chloé"))
    actions.replace(old, reason="Misspelt", by=None)
    actions.withdraw(gone, reason="By mistake", by=None)
    return {"genuine": genuine, "replaced": old, "withdrawn": gone}


@pytest.mark.parametrize("result", ["genuine", "replaced", "withdrawn", "unknown"])
def test_checking_a_letter_takes_two_queries_for_the_whole_page_whatever_the_answer(
    client: Client, letters: dict[str, Letter], result: str
) -> None:
    codes = {name: letter.printed_code for name, letter in letters.items()} | {"unknown": new_code()}
    client.get("/verify/")

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/verify/{codes[result]}/")

    assert response.context_data["result"] == result
    assert "The collaborative" in response.text
    assert len(queries) <= 2, [query["sql"] for query in queries]


def test_an_unknown_letter_is_not_looked_for_among_the_redirects_and_other_addresses_are(
    client: Client, home: ContentPage
) -> None:
    Redirect.objects.create(old_path="/verify/nonsense", redirect_link="/")
    Redirect.objects.create(old_path="/former-page", redirect_link="/")

    assert client.get("/verify/nonsense/").status_code == 404
    assert client.get("/former-page/").status_code == 301


# The languages of a page


def switch(html: str) -> dict[str, tuple[str, bool]]:
    """What the header says of languages: by its name, each with its address and whether it is this one."""
    nav = html.partition('<nav class="site-languages"')[2].partition("</nav>")[0]
    found = re.findall(r'<a href="([^"]*)" lang="(\w+)" hreflang="(\w+)"( aria-current="true")?>([^<]+)</a>', nav)
    assert all(lang == target for _address, lang, target, _current, _name in found)
    return {name: (address, bool(current)) for address, _lang, _target, current, name in found}


@pytest.fixture
def french(home: ContentPage) -> ContentPage:
    locale = Locale.objects.create(language_code="fr")
    Locale.objects.create(language_code="ar")
    copy = home.copy_for_translation(locale)
    copy.save_revision().publish()
    return ContentPage.objects.get(pk=copy.pk)


def in_both(page: Page) -> None:
    """Publish a page in French as well."""
    page.copy_for_translation(Locale.objects.get(language_code="fr")).save_revision().publish()


@pytest.mark.urls("testapp.i18n_urls")
class TestLanguages:
    def test_are_those_in_which_the_page_exists(self, client: Client, home: ContentPage, french: ContentPage) -> None:
        there = {"English": ("http://localhost/en/", True), "français": ("http://localhost/fr/", False)}

        assert switch(client.get("/en/").text) == there
        assert {name: current for name, (_url, current) in switch(client.get("/fr/").text).items()} == {
            "English": False,
            "français": True,
        }

    def test_are_not_offered_where_there_is_but_one(self, client: Client, home: ContentPage, french: Any) -> None:
        home.add_child(instance=ContentPage(title="About", slug="about"))
        french.unpublish()

        assert switch(client.get("/en/about/").text) == {}
        assert switch(client.get("/en/").text) == {}

    def test_of_what_is_no_page_are_those_of_the_site(self, client: Client, home: ContentPage) -> None:
        assert switch(client.get("/fr/verify/").text) == {
            "English": ("/en/verify/", False),
            "français": ("/fr/verify/", True),
            "العربيّة": ("/ar/verify/", False),
        }

    def test_of_what_is_below_a_page_lead_to_the_same(
        self, client: Client, home: ContentPage, french: ContentPage
    ) -> None:
        in_both(DirectoryPageFactory(parent=home))
        in_both(TrainingPageFactory(parent=TrainingIndexPageFactory(parent=home), past=True).get_parent().specific)
        TeacherFactory(slug="ann")

        for way in ("teachers/ann/", "teachers/ann/contact/", "teachers/map/", "trainings/years/2019/"):
            assert switch(client.get(f"/en/{way}").text) == {
                "English": (f"http://localhost/en/{way}", True),
                "français": (f"http://localhost/fr/{way}", False),
            }

    @pytest.mark.parametrize("way", ["teachers/", "teachers/map/"])
    def test_of_a_search_ask_for_the_same(
        self, client: Client, home: ContentPage, french: ContentPage, way: str
    ) -> None:
        in_both(DirectoryPageFactory(parent=home))
        TeacherFactory(country="NL", speaks=["nl"])

        languages = switch(client.get(f"/en/{way}?language=nl&country=NL&page=7&colour=red").text)
        assert languages["français"] == (f"http://localhost/fr/{way}?language=nl&amp;country=NL", False)

    def test_of_questions_looked_for_begin_with_all_of_them(
        self, client: Client, home: ContentPage, french: ContentPage
    ) -> None:
        in_both(FAQPageFactory(parent=home, has_search=True))

        assert switch(client.get("/en/faq/?q=retreat").text)["français"] == ("http://localhost/fr/faq/", False)

    def test_behind_a_personal_link_are_none_because_all_is_in_the_person_s(
        self, client: Client, home: ContentPage
    ) -> None:
        link = renewal_link(TeacherFactory(participant__language="fr")).removeprefix("http://testserver")

        for address in (link, link.replace("/en/", "/fr/")):
            html = client.get(address).text
            assert '<html lang="fr"' in html
            assert switch(html) == {}

    def test_of_an_unknown_address_are_none(self, client: Client, home: ContentPage, french: ContentPage) -> None:
        assert switch(client.get("/en/nothing-here/").text) == {}

    def test_cost_no_query(self, client: Client, home: ContentPage, french: ContentPage) -> None:
        client.get("/en/")
        with CaptureQueriesContext(connection) as with_all:
            client.get("/en/")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("navigation.templatetags.navigation.languages_of", lambda context: [])
            with CaptureQueriesContext(connection) as without:
                client.get("/en/")

        assert len(with_all) == len(without)


def test_a_site_of_one_language_says_nothing_of_languages(client: Client, home: ContentPage, settings: Any) -> None:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]

    assert "site-languages" not in client.get("/").text
