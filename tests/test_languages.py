"""A site in several languages, each below an address of its own."""

import json
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Locale, Page, Site

from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import ContentPage
from tests.factories import (
    DirectoryPageFactory,
    FAQPageFactory,
    PathwayPageFactory,
    QuestionFactory,
    RequirementFactory,
    TeacherFactory,
    TrainingIndexPageFactory,
    TrainingPageFactory,
)

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
