"""The index of trainings: those to come, those of earlier years, and the feed."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from wagtail.models import Locale, PageViewRestriction

from imp_wagtail.trainings.models import TrainingIndexPage, TrainingPage, lookups
from imp_wagtail.trainings.models.indexes import LATEST_PAST, UPCOMING
from imp_wagtail.trainings.rules import Format, Status
from tests.factories import TrainingIndexPageFactory, TrainingPageFactory
from tests.trainings.support import changed, nodes_of, published, soup_of, words_of

pytestmark = pytest.mark.django_db

ADDRESS = "/trainings/"
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def in_year(year: int, **values: Any) -> TrainingPage:
    return TrainingPageFactory(
        starts=dt.date(year, 5, 1), ends=dt.date(year, 5, 9), title=f"Training {year}", **values
    )


def titles(client: Client, selector: str, address: str = ADDRESS) -> list[str]:
    return [link.get_text(strip=True) for link in soup_of(client, address).select(selector)]


class OnlineTrainings:
    """A type of index that lists those trainings alone to which nobody travels."""

    def __init__(self, index: TrainingIndexPage) -> None:
        self.path = index.path

    @classmethod
    def trainings_at(cls, paths: tuple[str, ...], locale: Locale | None) -> Any:
        return TrainingPage.objects.below_paths(paths, locale).filter(format=Format.ONLINE)


def test_a_type_of_index_that_lists_others_does_so_everywhere(settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = False
    for year in (2019, 2098):
        in_year(year)
        in_year(year, slug=f"online-{year}", format=Format.ONLINE)
    index = OnlineTrainings(TrainingIndexPage.objects.get())

    found = [lookups.upcoming(index, 9), lookups.past(index, 9), lookups.past_of_year(index, 2019)]
    assert [[training.slug for training in some] for some in found] == [["online-2098"], *[["online-2019"]] * 2]
    assert lookups.years_of_past(index) == [(2019, 1)]
    assert {training.slug for training in lookups.lately_changed(index, 9)} == {"online-2098", "online-2019"}
    assert len(lookups.past(TrainingIndexPage.objects.get(), 9)) == 2


class TestUpcoming:
    def test_the_soonest_comes_first_and_each_says_in_what_state_it_is(self, client: Client) -> None:
        in_year(2099, status=Status.FULL)
        in_year(2098, status=Status.CANCELLED)
        assert titles(client, ".imp-entry h3") == ["Training 2098", "Training 2099"]
        assert titles(client, ".imp-entry .imp-state") == ["Cancelled", "Full"]

    def test_more_than_a_page_of_them_are_divided(self, client: Client) -> None:
        for year in range(2100, 2100 + UPCOMING + 1):
            in_year(year)
        assert len(titles(client, ".imp-entry h3")) == UPCOMING
        assert titles(client, ".imp-entry h3", f"{ADDRESS}?page=2") == [f"Training {2100 + UPCOMING}"]

    def test_a_page_that_there_is_not_is_the_last(self, client: Client) -> None:
        in_year(2098)
        assert titles(client, ".imp-entry h3", f"{ADDRESS}?page=99") == ["Training 2098"]
        assert titles(client, ".imp-entry h3", f"{ADDRESS}?page=%27") == ["Training 2098"]

    def test_one_that_was_moved_says_so(self, client: Client) -> None:
        in_year(2098, previous_starts=dt.date(2098, 1, 1), previous_ends=dt.date(2098, 1, 2))
        assert "Moved from 1–2 January 2098." in words_of(client, ADDRESS)

    def test_one_that_nobody_published_shows_itself_to_whoever_writes_it(self, settings: Any) -> None:
        settings.WAGTAIL_I18N_ENABLED = True
        index = TrainingIndexPageFactory(live=False)
        in_year(2098)

        response = index.make_preview_request()
        assert response.status_code == 200
        assert "No training is announced at the moment." in response.render().text

    def test_none_is_told_in_words(self, client: Client) -> None:
        TrainingIndexPageFactory()
        assert "No training is announced at the moment." in words_of(client, ADDRESS)

    def test_machines_are_told_of_the_same(self, client: Client) -> None:
        in_year(2098, slug="soon")
        (item,) = nodes_of(client, ADDRESS)["ItemList"]["itemListElement"]
        assert (item["name"], item["url"]) == ("Training 2098", "http://localhost/trainings/soon/")


class TestEarlier:
    def test_a_few_need_no_years(self, client: Client) -> None:
        for year in range(2010, 2010 + LATEST_PAST):
            in_year(year)
        assert len(titles(client, ".imp-row a")) == LATEST_PAST
        assert titles(client, ".imp-year") == []

    def test_of_many_the_latest_are_shown_with_the_way_to_each_year(self, client: Client) -> None:
        for year in range(2005, 2015):
            in_year(year)
        in_year(2014)
        latest = ["Training 2014", "Training 2014", *(f"Training {year}" for year in range(2013, 2009, -1))]
        assert titles(client, ".imp-row a") == latest
        links = soup_of(client, ADDRESS).select(".imp-year")
        assert [link["href"] for link in links] == [f"/trainings/years/{year}/" for year in range(2014, 2004, -1)]
        assert links[0].get_text() == "2014, 2 trainings"

    def test_the_page_of_a_year_has_all_of_it_and_the_way_to_the_others(self, client: Client) -> None:
        first, second = in_year(2014), in_year(2014, status=Status.CANCELLED)
        in_year(2013)
        soup = soup_of(client, "/trainings/years/2014/")
        assert soup.h1.get_text(strip=True) == "Trainings in 2014"
        assert [row.a["href"] for row in soup.select(".imp-row")] == [second.url, first.url]
        assert "(cancelled)" in soup.select(".imp-row")[0].get_text()
        assert [link.get("aria-current") for link in soup.select(".imp-year")] == ["page", None]
        assert soup.find("link", rel="canonical")["href"] == "http://localhost/trainings/years/2014/"

    @pytest.mark.parametrize("year", ["2012", "2099", "0", "99999999999999999999"])
    def test_a_year_without_any_is_not_found(self, client: Client, year: str) -> None:
        in_year(2099)
        in_year(2014)
        assert client.get(f"/trainings/years/{year}/").status_code == 404

    def test_what_not_everybody_may_see_is_in_no_list(self, client: Client) -> None:
        PageViewRestriction.objects.create(page=in_year(2014), restriction_type=PageViewRestriction.LOGIN)
        in_year(2013, live=False)
        assert "Training 20" not in words_of(client, ADDRESS)
        assert client.get("/trainings/years/2014/").status_code == 404


class TestLanguages:
    def test_what_is_not_translated_is_shown_as_it_is(self, client: Client) -> None:
        french = Locale.objects.create(language_code="fr")
        both, english = in_year(2098), in_year(2099)
        index = TrainingIndexPage.objects.get()
        home = index.get_parent().copy_for_translation(french)
        home.save_revision().publish()
        translated = index.copy_for_translation(french)
        translated.save_revision().publish()
        page = both.copy_for_translation(french)
        page.title = "Formation 2098"
        page.save_revision().publish()
        assert [training.title for training in translated.trainings().upcoming()] == [
            "Formation 2098",
            "Training 2099",
        ]
        assert [training.title for training in index.trainings().upcoming()] == ["Training 2098", "Training 2099"]
        soup = soup_of(client, both.url)
        assert [
            (link["hreflang"], link["href"]) for link in soup.find_all("link", rel="alternate", hreflang=True)
        ] == [
            ("en", f"http://localhost{both.url}"),
            ("fr", f"http://localhost{page.url}"),
            ("x-default", f"http://localhost{both.url}"),
        ]
        assert not soup_of(client, english.url).find_all("link", hreflang=True)


class TestFeed:
    def entries(self, client: Client) -> list[dict[str, str]]:
        response = client.get("/trainings/feed.atom")
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        root = ElementTree.fromstring(response.content)
        return [
            {child.tag.partition("}")[2]: child.text or child.get("href") for child in entry}
            for entry in root.findall("atom:entry", ATOM)
        ]

    def test_what_changed_last_comes_first(self, client: Client) -> None:
        first, second = published(in_year(2098, slug="a")), published(in_year(2099, slug="b"))
        changed(first, summary="New <b>words</b> & more")
        newest, older = self.entries(client)
        assert (newest["title"], older["title"]) == ("Training 2098", "Training 2099")
        assert newest["link"] == "http://localhost/trainings/a/"
        assert newest["id"] == f"urn:uuid:{first.translation_key}"
        assert "<p>New &lt;b&gt;words&lt;/b&gt; &amp; more</p>" in newest["summary"]
        assert newest["updated"] > older["updated"]
        assert older["id"] == f"urn:uuid:{second.translation_key}"

    def test_it_is_the_same_until_something_changes(self, client: Client) -> None:
        page = published(in_year(2098))
        tag = client.get("/trainings/feed.atom").headers["ETag"]
        assert client.get("/trainings/feed.atom", headers={"if-none-match": tag}).status_code == 304
        changed(page, summary="Other words")
        assert client.get("/trainings/feed.atom", headers={"if-none-match": tag}).status_code == 200

    def test_it_is_the_same_while_it_is_empty(self, client: Client) -> None:
        published(TrainingIndexPageFactory())
        assert client.get("/trainings/feed.atom").content == client.get("/trainings/feed.atom").content

    def test_drafts_and_what_is_restricted_are_not_in_it(self, client: Client) -> None:
        in_year(2098, live=False)
        PageViewRestriction.objects.create(page=in_year(2099), restriction_type=PageViewRestriction.LOGIN)
        assert self.entries(client) == []

    def test_signs_that_somebody_has_pasted_do_not_break_it(self, client: Client) -> None:
        changed(in_year(2098), summary="Residen\x02tial\x0b \ufffe& quiet.", title="Sil\x1fence")
        [entry] = self.entries(client)
        assert "<p>Residential &amp; quiet.</p>" in entry["summary"]
        assert entry["title"] == "Silence"

    def test_the_page_names_it(self, client: Client) -> None:
        TrainingIndexPageFactory()
        link = soup_of(client, ADDRESS).find("link", type="application/atom+xml")
        assert link["href"] == "http://localhost/trainings/feed.atom"


def test_the_index_takes_no_more_queries_for_many_trainings(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    in_year(2098)
    in_year(2014)
    client.get(ADDRESS)
    with django_assert_max_num_queries(40) as few:
        client.get(ADDRESS)
    for year in [*range(2000, 2012), *range(2100, 2112)]:
        in_year(year)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(ADDRESS)
