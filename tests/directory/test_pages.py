"""The public list: what it shows of whom, how much it asks the database, and who is gone from it at once."""

import datetime as dt
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.finding.lists import list_context, nearest_page
from imp_wagtail.directory.finding.shelf import shelf
from imp_wagtail.directory.models import Consent, Course, DirectoryPage, Listing, Partner, Qualification, Teacher
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    PathwayFactory,
    QualificationFactory,
    TeacherFactory,
    TownFactory,
    registrar,
)

from .finding.test_shelf import mirrored
from .public import photo, queries_of, rich_teacher, words_of

pytestmark = pytest.mark.django_db

#: Everything asked at once: with a town, and a country to look for it in.
ALL_ASKED = "?near=Utrecht&km=200&country=NL&region=NL.09&language=en&format=in_person&upcoming=on&accredited=on"


@pytest.fixture
def page() -> DirectoryPage:
    return DirectoryPageFactory()


@pytest.fixture
def partner() -> Partner:
    gone_at = timezone.now() + dt.timedelta(days=1)
    feed = "https://example.org/feed/"
    return Partner.objects.create(name="Partner", site_url="https://example.org/", feed_url=feed, gone_at=gone_at)


def shown(client: Client, page: DirectoryPage, **query: Any) -> list[str]:
    """The names on a page of the list, in its order."""
    response = client.get(page.url, query)
    keys = list(response.context["teachers"].object_list)
    listings = Listing.objects.in_bulk(keys)
    names = [listings[key].face["name"] for key in keys]
    assert all(name in response.text for name in names)
    return names


def french_twin(page: DirectoryPage) -> DirectoryPage:
    french = page.copy_for_translation(Locale.objects.get_or_create(language_code="fr")[0], copy_parents=True)
    french.save_revision().publish()
    return french


@pytest.mark.parametrize("query", ["", ALL_ASKED])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_list_takes_as_many_queries_for_sixty_teachers_as_for_one_and_ten_at_the_most(
    client: Client, page: DirectoryPage, settings: Any, language: str, query: str
) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "TEACHERS_PER_PAGE": 100}
    if language == "fr":
        page = french_twin(page)
    town = TownFactory()
    rich_teacher(located_in=town)
    one = queries_of(client, page.url + query)
    for _number in range(59):
        rich_teacher(located_in=town)

    assert queries_of(client, page.url + query) == one <= 10
    assert client.get(page.url + query).context["count"] == 60


def test_entries_that_were_not_drawn_yet_take_as_many_queries_more_however_many_photos(
    client: Client, page: DirectoryPage
) -> None:
    teachers = [rich_teacher() for _number in range(4)]
    client.get(page.url)

    def queries_after_changes(count: int) -> int:
        for teacher in teachers[:count]:
            teacher.town += "!"
            teacher.save()
            actions.publish(teacher)
        shelf.current()
        with CaptureQueriesContext(connection) as captured:
            client.get(page.url)
        return len(captured)

    assert queries_after_changes(1) == queries_after_changes(4) == queries_of(client, page.url) + 2


def test_the_list_is_in_the_order_of_names_whatever_their_accents_and_capitals(
    client: Client, page: DirectoryPage
) -> None:
    for name in ("Zoë", "Émile", "anna", "Eva", "Ängla", "Anna"):
        TeacherFactory(name=name)

    assert shown(client, page) == ["Ängla", "anna", "Anna", "Émile", "Eva", "Zoë"]


def test_the_pages_of_the_list_hold_everybody_once(client: Client, page: DirectoryPage, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "TEACHERS_PER_PAGE": 2}
    for _number in range(5):
        TeacherFactory(name="Namesake")
    pages = [list(client.get(page.url, {"page": number}).context["teachers"].object_list) for number in (1, 2, 3)]

    assert [len(keys) for keys in pages] == [2, 2, 1]
    assert sorted(key for keys in pages for key in keys) == sorted(Listing.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("asked", "got"),
    [(None, 1), ("", 1), ("2", 2), ("abc", 1), ("0", 1), ("-1", 1), ("9999", 3), ("9" * 5000, 1), ("2.5", 1)],
)
def test_a_page_that_there_is_not_gives_the_nearest(asked: str | None, got: int) -> None:
    assert nearest_page(Paginator(range(6), 2), asked).number == got


def test_an_entry_says_what_its_teacher_offers_and_nothing_that_is_over(client: Client, page: DirectoryPage) -> None:
    teacher = TeacherFactory(
        name="Anna <b>de</b> Vries", slug="anna", speaks=["nl", "en"], teaches_online=True, standing=False
    )
    pathway = PathwayFactory(title="The whole training")
    enrolment = EnrolmentFactory(participant=teacher.participant, pathway=pathway)
    type(enrolment).objects.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    QualificationFactory(teacher=teacher, title="Vouched for")
    QualificationFactory(teacher=teacher, title="Long ago", valid_until=dt.date(2020, 1, 1))
    QualificationFactory(teacher=teacher, title="Was there", sort=Qualification.Sort.ATTENDED)
    CourseFactory(teacher=teacher)
    CourseFactory(teacher=teacher, state=Course.State.CANCELLED)
    html = client.get(page.url).text
    words = words_of(html)

    assert "Anna &lt;b&gt;de&lt;/b&gt; Vries" in html
    assert f'href="{page.url}anna/"' in html
    assert "Utrecht , Netherlands Dutch, English · in person and online" in words
    assert (
        "Teacher training completed: The whole training Independently accredited: Vouched for"
        " Attended as a participant: Was there 1 upcoming course · next on 1 March 2099"
    ) in words
    assert "Long ago" not in words
    assert teacher.participant.email not in html


def test_a_photo_is_shown_with_consent_to_it_only(client: Client, page: DirectoryPage) -> None:
    picture = photo()
    teacher = TeacherFactory(photo=picture, agrees_to=["photo"])
    assert "<img" in client.get(page.url).text

    actions.end_consent(teacher, "photo", why="Asked us to", by=registrar())
    assert "<img" not in client.get(page.url).text


def test_an_entry_is_drawn_anew_when_its_photo_is_cut_in_another_way(client: Client, page: DirectoryPage) -> None:
    picture = photo()
    TeacherFactory(photo=picture, agrees_to=["photo"])
    before = client.get(page.url).text
    picture.focal_point_x = picture.focal_point_y = picture.focal_point_width = picture.focal_point_height = 5
    picture.save()
    picture.renditions.all().delete()

    assert client.get(page.url).text.partition("<img")[2][:200] != before.partition("<img")[2][:200]


def test_what_is_listed_is_said_in_the_reader_s_language(client: Client, page: DirectoryPage) -> None:
    pathway = PathwayFactory(title="The whole training")
    teacher = TeacherFactory(speaks=["nl"], standing=False)
    EnrolmentFactory(participant=teacher.participant, pathway=pathway)
    day = dt.date(2024, 12, 1)
    teacher.participant.enrolments.update(completed_on=day, may_be_listed_on=day)
    actions.publish(teacher)
    french = pathway.copy_for_translation(Locale.objects.create(language_code="fr"))
    french.title = "Toute la formation"
    french.save()
    assert "The whole training" in client.get(page.url).text

    with override("fr"):
        context = list_context(page, RequestFactory().get(page.url))
        html = "".join(context["cards"]) + str(context["filters"].form)

    for said in ("Toute la formation", "Toute la formation (1)", "Pays-Bas", "Pays-Bas (1)", "Néerlandais"):
        assert said in html


def test_a_partner_s_entry_leads_to_its_origin_and_says_whose_it_is(
    client: Client, page: DirectoryPage, partner: Partner
) -> None:
    mirrored("anna", partner)
    html = client.get(page.url).text

    assert '<a href="https://example.org/" rel="external"><bdi>anna</bdi></a>' in html
    assert "Listed by Partner" in html


def test_whoever_ended_their_consent_is_gone_at_the_next_request(client: Client, page: DirectoryPage) -> None:
    teacher = TeacherFactory(name="Anna de Vries")
    assert shown(client, page) == ["Anna de Vries"]

    actions.end_consent(teacher, why="Asked us to", by=registrar())

    assert "Anna" not in client.get(page.url).text
    assert client.get(page.url).context["count"] == 0


def test_the_entries_of_a_partner_who_is_trusted_no_more_are_gone_at_the_next_request(
    client: Client, page: DirectoryPage, partner: Partner
) -> None:
    mirrored("anna", partner)
    assert shown(client, page) == ["anna"]

    Partner.objects.update(is_active=False)

    assert client.get(page.url).context["count"] == 0


def test_whoever_is_hidden_past_the_actions_is_neither_shown_nor_counted(client: Client, page: DirectoryPage) -> None:
    TeacherFactory(name="Anna")
    zoe = TeacherFactory(name="Zoë")
    assert shown(client, page) == ["Anna", "Zoë"]

    Consent.objects.filter(teacher=zoe).delete()
    assert shown(client, page) == ["Anna"]
    assert client.get(page.url).context["count"] == 1
    Teacher.objects.all().delete()
    assert shown(client, page) == []


def test_nobody_keeps_the_list_without_asking_again(client: Client, page: DirectoryPage) -> None:
    assert "no-cache" in client.get(page.url)["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("?page=1&name=&country=", ""),
        ("?upcoming=on&page=2&country=NL", "?country=NL&upcoming=on&page=2"),
        ("?km=50&evil=1&near=Utrecht&language=xx", "?near=Utrecht"),
        ("?page=99", "?page=3"),
    ],
)
def test_every_way_to_ask_the_same_has_one_address(
    client: Client, page: DirectoryPage, settings: Any, query: str, canonical: str
) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "TEACHERS_PER_PAGE": 1}
    town = TownFactory()
    for _number in range(3):
        CourseFactory(teacher=TeacherFactory(located_in=town))

    assert client.get(page.url + query).context["canonical_url"] == f"{page.full_url}{canonical}"


def test_choices_stay_and_are_taken_away_where_nobody_is_found_too(client: Client, page: DirectoryPage) -> None:
    TeacherFactory(speaks=["nl"])
    html = client.get(page.url, {"country": "NL", "name": "nobody"}).text

    assert "No teacher found" in html
    assert f'href="{page.url}?country=NL"' in html
    assert f'href="{page.url}?name=nobody"' in html
    assert words_of(html).count("Remove all") == 1


def test_whoever_looks_for_somebody_who_is_not_listed_is_led_to_the_letters(
    client: Client, page: DirectoryPage
) -> None:
    TeacherFactory()
    named, other = (client.get(page.url, asked).text for asked in ({"name": "nobody"}, {"country": "FR"}))

    assert "Somebody who is not here may be qualified all the same" in named
    assert '<a href="/verify/">check its code</a>' in named
    assert "No teacher found" in other
    assert "may be qualified" not in other


def test_the_preview_of_the_page_shows_the_list(page: DirectoryPage) -> None:
    TeacherFactory(name="Anna de Vries")

    response = page.make_preview_request(preview_mode=page.default_preview_mode)

    assert "Anna de Vries" in response.render().text if hasattr(response, "render") else response.text
