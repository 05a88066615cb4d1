"""A site in several languages, each below an address of its own."""

import datetime as dt
import json
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction, Site

from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import ContentPage, TrainingPage
from tests.factories import (
    DirectoryPageFactory,
    FAQPageFactory,
    PathwayPageFactory,
    QuestionFactory,
    RequirementFactory,
    TeacherFactory,
    TrainingIndexPageFactory,
    TrainingPageFactory,
    registrar,
)

from .directory.public import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("testapp.i18n_urls")]

HOST = "http://localhost"


def locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def translated(page: Page, code: str = "fr", **values: Any) -> Page:
    """Its published page in another language."""
    copy = page.copy_for_translation(locale(code), copy_parents=True)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page).objects.get(pk=copy.pk)


def soup_of(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def words_of(client: Client, address: str) -> str:
    return " ".join(soup_of(client, address).get_text(" ").split()).replace("\xa0", " ")


def alternates(soup: BeautifulSoup) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in soup.select("link[rel=alternate][hreflang]")}


def canonical(soup: BeautifulSoup) -> str:
    (link,) = soup.select("link[rel=canonical]")
    return link["href"]


def everywhere(way: str, *codes: str) -> dict[str, str]:
    """What is said of translations, where the same way leads to each of them."""
    return {code: f"{HOST}/{code}/{way}" for code in codes} | {"x-default": f"{HOST}/en/{way}"}


@pytest.fixture
def pathway() -> Pathway:
    pathway = RequirementFactory(title="Retreats", training_days=True).stage.pathway
    copy = pathway.copy_for_translation(locale("fr"))
    copy.title = "Le parcours"
    for stage in copy.stages.all():
        stage.title = "Préparation"
    copy.save()
    return pathway


@pytest.fixture
def every_page(pathway: Pathway) -> list[Page]:
    """One of each type of page, each with its French one."""
    training = TrainingPageFactory(slug="england", pathway=pathway)
    body = json.dumps([{"type": "next_training", "value": {"sentence": "Bientôt :"}}])
    home = Site.objects.get().root_page
    pages = [
        training.get_parent().specific,
        training,
        PathwayPageFactory(pathway=pathway),
        FAQPageFactory(questions=[QuestionFactory()]),
        DirectoryPageFactory(),
        home.add_child(instance=ContentPage(title="About", slug="about", body=body)),
    ]
    for page in pages:
        translated(page, title=f"{page.title} (fr)")
    return pages


class TestEveryPage:
    def test_has_an_address_in_each_language(self, client: Client, every_page: list[Page]) -> None:
        for page in every_page:
            copy = page.get_translation(locale("fr"))
            assert copy.url == page.url.replace("/en/", "/fr/")
            assert copy.title in words_of(client, copy.url)
            assert page.title in words_of(client, page.url)

    def test_says_its_language_and_where_the_others_are(self, client: Client, every_page: list[Page]) -> None:
        for page in every_page:
            copy = page.get_translation(locale("fr"))
            there = {"en": HOST + page.url, "fr": HOST + copy.url, "x-default": HOST + page.url}
            for shown, code in ((page, "en"), (copy, "fr")):
                soup = soup_of(client, shown.url)
                assert (soup.html["lang"], soup.html["dir"]) == (code, "ltr")
                assert alternates(soup) == there, shown.url
                assert soup.find("link", rel="canonical")["href"] == HOST + shown.url

    def test_leads_to_its_own_language_only(self, client: Client, every_page: list[Page]) -> None:
        for page in every_page:
            copy = page.get_translation(locale("fr"))
            links = [link["href"] for link in soup_of(client, copy.url).select(".imp a[href]")]
            assert not [link for link in links if "/en/" in link], copy.url

    def test_runs_from_right_to_left_where_its_language_does(self, client: Client) -> None:
        copy = translated(TrainingPageFactory(slug="england"), "ar", title="تدريب")
        soup = soup_of(client, copy.url)
        assert (soup.html["lang"], soup.html["dir"]) == ("ar", "rtl")
        assert "المملكة المتحدة" in soup.get_text()


class TestAddressesBelowAPage:
    """A teacher, the map, a form, the trainings of a year: each is found in the languages that have it."""

    @pytest.fixture
    def directory(self) -> Page:
        page = DirectoryPageFactory()
        translated(page)
        translated(page, "ar")
        return page

    @pytest.mark.parametrize("way", ["ann/", "map/", "qualifications/", "ann/contact/", "ann/contact/sent/"])
    def test_of_the_directory_are_in_all_languages_of_it(self, client: Client, directory: Page, way: str) -> None:
        TeacherFactory(name="Ann Teacher", slug="ann")
        for code in ("en", "fr", "ar"):
            soup = soup_of(client, f"/{code}/teachers/{way}")
            assert alternates(soup) == everywhere(f"teachers/{way}", "en", "fr", "ar")
            assert canonical(soup) == f"{HOST}/{code}/teachers/{way}"

    def test_are_not_in_a_language_in_which_the_page_is_not_public(self, client: Client, directory: Page) -> None:
        TeacherFactory(slug="ann")
        directory.get_translation(locale("ar")).unpublish()
        PageViewRestriction.objects.create(
            page=directory.get_translation(locale("fr")), restriction_type=PageViewRestriction.LOGIN
        )
        assert alternates(soup_of(client, "/en/teachers/ann/")) == {}

    def test_of_what_was_looked_for_ask_for_the_same(self, client: Client, directory: Page) -> None:
        TeacherFactory.create_batch(2, country="NL")
        soup = soup_of(client, "/en/teachers/?country=NL&language=&km=10")
        assert alternates(soup) == everywhere("teachers/?country=NL", "en", "fr", "ar")
        assert canonical(soup) == f"{HOST}/en/teachers/?country=NL"

    def test_of_a_further_page_lead_to_the_same_one(self, client: Client, directory: Page, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "TEACHERS_PER_PAGE": 1}
        TeacherFactory.create_batch(2)
        soup = soup_of(client, "/en/teachers/?page=2")
        assert alternates(soup) == everywhere("teachers/?page=2", "en", "fr", "ar")
        assert canonical(soup) == f"{HOST}/en/teachers/?page=2"

    def test_of_the_map_are_of_the_whole_of_it(self, client: Client, directory: Page) -> None:
        TeacherFactory(country="NL")
        soup = soup_of(client, "/en/teachers/map/?country=NL")
        assert alternates(soup) == everywhere("teachers/map/", "en", "fr", "ar")
        assert canonical(soup) == f"{HOST}/en/teachers/map/"

    def test_lead_to_what_there_is(self, client: Client, directory: Page) -> None:
        TeacherFactory(slug="ann", country="NL")
        for way in ("ann/", "map/", "ann/contact/", "?country=NL"):
            for address in alternates(soup_of(client, f"/fr/teachers/{way}")).values():
                soup_of(client, address.removeprefix(HOST))

    def test_are_none_in_a_preview_which_is_at_none_of_them(self, client: Client, directory: Page) -> None:
        teacher = TeacherFactory(slug="ann")
        client.force_login(registrar())
        assert alternates(soup_of(client, reverse("imp_teachers:preview", args=[teacher.pk]))) == {}


class TestYears:
    @pytest.fixture
    def index(self) -> Page:
        """Of 2014 there is a training in both languages, of 2013 one that nobody translated, of 2012 a French one."""
        index = TrainingIndexPageFactory()
        both, _english = (self.in_year(year, index) for year in (2014, 2013))
        french = translated(index)
        translated(both)
        self.in_year(2012, french, locale=locale("fr"))
        return index

    def in_year(self, year: int, parent: Page, **values: Any) -> Page:
        return TrainingPageFactory(parent=parent, starts=dt.date(year, 5, 1), ends=dt.date(year, 5, 9), **values)

    @pytest.mark.parametrize("year", [2014, 2013])
    def test_are_in_the_languages_that_show_any_of_them(self, client: Client, index: Page, year: int) -> None:
        for code in ("en", "fr"):
            soup = soup_of(client, f"/{code}/trainings/years/{year}/")
            assert alternates(soup) == everywhere(f"trainings/years/{year}/", "en", "fr")
            assert canonical(soup) == f"{HOST}/{code}/trainings/years/{year}/"

    def test_are_not_offered_in_a_language_that_has_none(self, client: Client, index: Page) -> None:
        assert alternates(soup_of(client, "/fr/trainings/years/2012/")) == {}
        assert client.get("/en/trainings/years/2012/").status_code == 404

    def test_are_not_offered_for_a_translation_that_not_everybody_may_see(self, client: Client, index: Page) -> None:
        hidden = TrainingPage.objects.get(locale=locale("fr"), starts__year=2014)
        PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
        assert alternates(soup_of(client, "/en/trainings/years/2014/")) == {}
        assert client.get("/fr/trainings/years/2014/").status_code == 404

    def test_are_told_by_as_many_queries_however_many_languages_there_are(self, client: Client, index: Page) -> None:
        address = "/en/trainings/years/2014/"
        of_two = queries_of(client, address)
        translated(index, "ar")
        assert queries_of(client, address) == of_two
        assert set(alternates(soup_of(client, address))) == {"en", "fr", "ar", "x-default"}


class TestTrainings:
    def test_dates_and_countries_are_said_in_the_page_s_language(self, client: Client) -> None:
        page = translated(TrainingPageFactory(slug="england", languages=["en", "fr"]))
        words = words_of(client, page.url)
        assert "21–30 octobre 2099" in words
        assert "Ammerdown, Royaume-Uni" in words
        assert "anglais" in words.lower()

    def test_the_next_one_is_the_french_one_on_a_french_page(self, client: Client, every_page: list[Page]) -> None:
        about = every_page[-1].get_translation(locale("fr"))
        soup = soup_of(client, about.url)
        assert "21–30 octobre 2099" in soup.get_text(" ")
        assert "/fr/trainings/england/" in [link["href"] for link in soup.select(".imp a[href]")]

    def test_prerequisites_are_those_of_the_pathway_in_french(self, client: Client, pathway: Pathway) -> None:
        index = translated(PathwayPageFactory(pathway=pathway))
        assert "Préparation" in words_of(client, index.url)

    def test_one_that_nobody_translated_is_on_the_french_index_still(self, client: Client) -> None:
        index = TrainingIndexPageFactory()
        TrainingPageFactory(parent=index, title="English only", slug="english")
        soup = soup_of(client, translated(index).url)
        assert soup.find("a", string="English only")["href"] == "/en/trainings/english/"


class TestFiles:
    @pytest.fixture
    def training(self) -> Page:
        training = TrainingPageFactory(slug="england", title="England")
        translated(training.get_parent().specific, title="Formations")
        return translated(training, title="Angleterre")

    def test_calendars_are_in_the_language_of_their_page(self, client: Client, training: Page) -> None:
        for address in ("/fr/trainings/calendar.ics", "/fr/trainings/england/calendar.ics"):
            (event,) = icalendar.Calendar.from_ical(client.get(address).content).events
            assert str(event["summary"]) == "Angleterre"
            assert str(event["url"]) == f"{HOST}/fr/trainings/england/"
            assert str(event["location"]) == "Ammerdown, Royaume-Uni"
            assert str(event["uid"]) == str(training.translation_key)
        (event,) = icalendar.Calendar.from_ical(client.get("/en/trainings/calendar.ics").content).events
        assert str(event["summary"]) == "England"

    def test_feeds_too(self, client: Client, training: Page) -> None:
        feed = ElementTree.fromstring(client.get("/fr/trainings/feed.atom").content)
        names = {"atom": "http://www.w3.org/2005/Atom"}
        (entry,) = feed.findall("atom:entry", names)
        assert entry.find("atom:title", names).text == "Angleterre"
        assert "21–30 octobre 2099" in entry.find("atom:summary", names).text
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"

    def test_pictures_for_messengers_too(self, client: Client, training: Page) -> None:
        address = soup_of(client, training.url).find("meta", property="og:image")["content"]
        assert address == f"{HOST}/fr/trainings/england/share.png"
        french, english = client.get(address), client.get("/en/trainings/england/share.png")
        assert french.status_code == english.status_code == 200
        assert french.content != english.content

    def test_a_file_of_a_page_that_there_is_not_is_not_there(self, client: Client, training: Page) -> None:
        assert client.get("/fr/trainings/nowhere/calendar.ics").status_code == 404
        assert client.get("/fr/calendar.ics").status_code == 404


class TestOtherAddresses:
    def test_letters_are_checked_in_every_language(self, client: Client) -> None:
        for code, direction in (("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")):
            soup = soup_of(client, f"/{code}/verify/")
            assert (soup.html["lang"], soup.html["dir"]) == (code, direction)
            assert soup.select_one("form")["action"] in ("", f"/{code}/verify/")

    def test_a_teacher_has_a_page_below_each_directory(self, client: Client) -> None:
        directory = DirectoryPageFactory()
        translated(directory)
        TeacherFactory(name="Ann Teacher", slug="ann")
        for code, country in (("en", "Netherlands"), ("fr", "Pays-Bas")):
            soup = soup_of(client, f"/{code}/teachers/ann/")
            assert soup.html["lang"] == code
            assert country in soup.get_text()
