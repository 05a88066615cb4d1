"""The pathway's PDF, opened: what is in it, for whom, and when it is made anew."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction

from imp_wagtail.core.pdf import PDFFailed, PDFTooHeavy, PDFUnavailable
from imp_wagtail.core.printed import composing
from imp_wagtail.pathways.models import Pathway, PathwayPage
from tests.factories import (
    PathwayFactory,
    PathwayPageFactory,
    RequirementFactory,
    StageFactory,
    TrainingPageFactory,
    UserFactory,
    editor,
)
from tests.opened_pdfs import Opened

from .support import french, translated

pytestmark = pytest.mark.django_db

ADDRESS = "/pathway/pdf/"
TITLES = ["Preparation", "Engagement", "Support and Continuity", "Completion"]
#: Fills a page and a half.
LONG = "<p>" + "Practice of one's own, and time among colleagues. " * 90 + "</p>"


@pytest.fixture
def pathway() -> Pathway:
    """Four stages whose texts fill several pages; the second is that of the training."""
    pathway = PathwayFactory(
        title="Teacher training", programme="Programme", introduction="<p>Why.</p>", contact_email="ask@example.org"
    )
    for number, title in enumerate(TITLES):
        stage = StageFactory(
            pathway=pathway, key=f"s{number}", title=title, description=LONG, sort_order=number, summary="In short."
        )
        RequirementFactory(stage=stage, title=f"What {title} asks for", open_at_training=True)
    return pathway


@pytest.fixture
def page(pathway: Pathway) -> PathwayPage:
    return PathwayPageFactory(title="The pathway", pathway=pathway)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were really printed, in their order."""
    done: list[str] = []
    print_now = composing.render_one_page

    def counted(document: Any) -> bytes:
        done.append(document.html)
        return print_now(document)

    monkeypatch.setattr(composing, "render_one_page", counted)
    return done


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Have the printing end with an error."""

    def with_error(error: Exception) -> None:
        def failing(document: Any) -> bytes:
            raise error

        monkeypatch.setattr(composing, "render_one_page", failing)

    return with_error


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.WARNING)
    yield caplog


def get(client: Client, address: str = ADDRESS, **headers: str) -> HttpResponse:
    return client.get(address, headers=headers)


def opened(client: Client, address: str = ADDRESS) -> Opened:
    response = get(client, address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return Opened(response.content)


# What is in it


def test_it_has_title_language_and_everything_that_a_screen_reader_needs(client: Client, page: PathwayPage) -> None:
    pdf = opened(client)

    assert (pdf.title, pdf.language, pdf.faults()) == ("Teacher training", "en", [])


def test_its_bookmarks_are_its_stages_on_their_pages(client: Client, page: PathwayPage) -> None:
    pdf = opened(client)

    assert [(level, title) for level, title, _page in pdf.outline()] == [
        (1, "Teacher training"),
        *((2, title) for title in TITLES),
        (2, "Contact"),
    ]
    for _level, title, number in pdf.outline()[1:-1]:
        assert f"{title} In short." in pdf.pages[number - 1]


def test_its_contents_name_the_pages_on_which_the_stages_are_and_lead_there(client: Client, page: PathwayPage) -> None:
    pdf = opened(client)
    places = {title: number for _level, title, number in pdf.outline()[1:]}

    assert pdf.contents() == places
    assert len(set(places.values())) > 2
    from_first = [to for number, _address, to in pdf.links() if number == 1 and to]
    # The chain of rings, and the contents below it.
    assert [to for to, _same in groupby(from_first)] == [*list(places.values())[:4], *places.values()]


def test_a_heading_never_stands_apart_from_its_text(client: Client, pathway: Pathway, page: PathwayPage) -> None:
    first = pathway.stages.first()
    for words in range(300, 420, 20):
        first.description = f"<p>{'word ' * words}</p>"
        first.save()
        pdf = opened(client)
        for title in TITLES[1:]:
            [alone] = [text for text in pdf.pages[1:] if f"{title} In short." in text]
            assert "Practice of one" in alone.partition(f"{title} In short.")[2]


def test_its_links_are_whole_and_lead_to_where_the_reader_came_by(client: Client, page: PathwayPage) -> None:
    TrainingPageFactory(title="Training in England", slug="england", pathway=page.pathway)
    RequirementFactory(
        stage=page.pathway.stages.get(key="s1"), title="Nine days", kind="sessions", cohort_kind="training"
    )
    pdf = Opened(client.get(ADDRESS, headers={"host": "localhost"}).content)

    assert pdf.addresses() == {
        "http://localhost/trainings/england/",
        "http://localhost/pathway/",
        "mailto:ask@example.org",
    }


def test_each_page_says_which_of_how_many_it_is(client: Client, page: PathwayPage) -> None:
    pdf = opened(client)
    count = len(pdf.pages)

    assert [f"Page {number} of {count}" in text for number, text in enumerate(pdf.pages, start=1)] == [True] * count


def test_a_short_pathway_has_neither_a_cover_of_its_own_nor_contents(client: Client, pathway: Pathway) -> None:
    PathwayPageFactory(pathway=pathway)
    pathway.stages.update(description="")
    pdf = opened(client)

    assert "Contents" not in pdf.text
    assert "Preparation In short." in pdf.pages[0]
    assert len(pdf.pages) <= composing.SHORT
    assert pdf.faults() == []


@pytest.mark.parametrize(("count", "times"), [(1, 2), (7, 1)])
def test_as_many_stages_as_there_are_stand_on_the_cover(client: Client, count: int, times: int) -> None:
    """In the chain and in the contents; more than six are in the contents alone."""
    pathway = PathwayFactory(title="T" * 60 + " of a name " * 8)
    for number in range(count):
        StageFactory(pathway=pathway, key=f"s{number}", title=f"Practice{number}", description=LONG)
    PathwayPageFactory(pathway=pathway)
    pdf = opened(client)

    assert [pdf.pages[0].count(f"Practice{number}") for number in range(count)] == [times] * count
    assert pdf.faults() == []


def test_an_arabic_page_is_in_arabic_whatever_the_reader_reads(
    client: Client, page: PathwayPage, log: pytest.LogCaptureFixture
) -> None:
    arabic = Locale.objects.create(language_code="ar")
    own = page.pathway.copy_for_translation(arabic)
    own.title = "تدريب المعلمين"
    own.save()
    PathwayPageFactory(slug="masar", pathway=page.pathway, locale=arabic)
    response = get(client, "/masar/pdf/", **{"accept-language": "en"})
    pdf = Opened(response.content)

    assert (pdf.title, pdf.language, response["Content-Language"]) == ("تدريب المعلمين", "ar", "ar")
    assert pdf.faults() == []
    assert "empty boxes" not in log.text


# Printed once


def test_whoever_comes_second_gets_what_was_printed_for_the_first(
    client: Client, page: PathwayPage, printed: list[str]
) -> None:
    first = get(client)
    second = get(Client())

    assert (second.content, len(printed)) == (first.content, 1)


@pytest.mark.parametrize("query", ["?page=2", "?x=" + "y" * 500, "?lang=fr&utm_source=z"])
def test_what_stands_behind_the_address_makes_no_pdf_of_its_own(
    client: Client, page: PathwayPage, printed: list[str], query: str
) -> None:
    first = get(client)
    other = get(client, ADDRESS + query)

    assert (other["ETag"], len(printed)) == (first["ETag"], 1)


def test_who_asks_makes_no_difference(client: Client, page: PathwayPage, printed: list[str]) -> None:
    get(client)
    client.force_login(editor())
    get(client, **{"accept-language": "fr", "user-agent": "another"})

    assert len(printed) == 1


def test_a_changed_fact_is_in_the_next_download(client: Client, page: PathwayPage, printed: list[str]) -> None:
    stage = page.pathway.stages.get(key="s1")
    RequirementFactory(stage=stage, title="Nine days", kind="sessions", cohort_kind="training")
    training = TrainingPageFactory(pathway=page.pathway)
    before = get(client)
    training.ends = dt.date(2099, 10, 31)
    training.save()
    after = get(client)

    assert "21–30 October 2099" in Opened(before.content).text
    assert "21–31 October 2099" in Opened(after.content).text
    assert (before["ETag"] != after["ETag"], len(printed)) == (True, 2)


def test_another_language_has_another_pdf(client: Client, page: PathwayPage, printed: list[str]) -> None:
    own = translated(page.pathway)
    own.stages.filter(key="s0").update(title="Préparation")
    page.copy_for_translation(french(), copy_parents=True).save_revision().publish()
    pdf = Opened(get(client, **{"accept-language": "fr"}).content)

    assert (pdf.language, "Préparation In short." in pdf.text) == ("fr", True)
    assert "Preparation" in opened(client).text
    assert len(printed) == 2


def test_what_is_not_published_is_not_in_it(client: Client, page: PathwayPage) -> None:
    page.introduction = "<p>Not yet decided.</p>"
    page.title = "Drafted"
    page.save_revision()
    response = get(client)

    assert "Not yet decided." not in Opened(response.content).text
    assert response["Content-Disposition"] == 'inline; filename="the-pathway.pdf"'
    page.get_latest_revision().publish()
    assert "Not yet decided." in opened(client).text


def test_a_page_that_is_not_published_has_no_pdf(client: Client, page: PathwayPage) -> None:
    get(client)
    page.unpublish()

    assert get(client).status_code == 404


# As an answer


def test_whoever_has_it_is_told_that_it_is_still_the_one(
    client: Client, page: PathwayPage, printed: list[str]
) -> None:
    first = get(client)
    cache.clear()
    again = get(client, **{"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert len(printed) == 1, "it was looked up by its hash, and not printed for the answer"


def test_it_may_be_kept_by_anybody_who_asks_each_time(client: Client, page: PathwayPage) -> None:
    response = get(client)

    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=0", "must-revalidate"}
    assert response["X-Robots-Tag"] == "noindex"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in response.get("Vary", "")


def test_its_headers_can_be_had_alone(client: Client, page: PathwayPage) -> None:
    whole, head = get(client), client.head(ADDRESS)

    assert (head.status_code, head["ETag"], head["Content-Type"]) == (200, whole["ETag"], "application/pdf")


def test_nothing_can_be_sent_to_it(client: Client, page: PathwayPage) -> None:
    assert client.post(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Der Weg: Übersicht", "filename*=utf-8''der-weg-%C3%BCbersicht.pdf"),
        (
            "مسار المعلمين",
            "filename*=utf-8''%D9%85%D8%B3%D8%A7%D8%B1-%D8%A7%D9%84%D9%85%D8%B9%D9%84%D9%85%D9%8A%D9%86.pdf",
        ),
        ('"; evil=\r\n../x', 'filename="evil-x.pdf"'),
        ("...", 'filename="page.pdf"'),
        ("long " * 40, f'filename="{"long-" * 15}long.pdf"'),
    ],
)
def test_it_is_called_after_the_page(client: Client, page: PathwayPage, title: str, said: str) -> None:
    PathwayPage.objects.update(title=title)

    assert get(client)["Content-Disposition"] == f"inline; {said}"


# For whom


@pytest.fixture
def friends(page: PathwayPage) -> Group:
    group = Group.objects.create(name="Friends")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group)
    return group


def test_a_page_for_some_has_a_pdf_for_the_same(client: Client, page: PathwayPage, friends: Group) -> None:
    stranger, friend = Client(), Client()
    stranger.force_login(UserFactory())
    friend.force_login(user := UserFactory())
    user.groups.add(friends)
    answer = get(friend)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "private" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]
    for other in (stranger, client):
        for headers in ({}, {"if-none-match": answer["ETag"]}):
            response = get(other, **headers)
            assert (response.status_code, response["Content-Type"]) == (302, "text/html; charset=utf-8")
            assert answer["ETag"] not in str(response.headers)


def test_a_page_behind_a_password_asks_for_it_before_its_pdf_too(client: Client, page: PathwayPage) -> None:
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    asked = get(client)
    assert (asked["Content-Type"], b"%PDF" in asked.content) == ("text/html; charset=utf-8", False)

    answer = client.post(
        reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk]),
        {"password": "open sesame", "return_url": ADDRESS},
    )
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    assert opened(client).title == "Teacher training"


def test_a_page_for_whoever_is_logged_in_is_no_secret_to_them(client: Client, page: PathwayPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert get(client).status_code == 302
    client.force_login(UserFactory())
    assert get(client)["Content-Type"] == "application/pdf"


def test_the_template_is_told_of_nobody(page: PathwayPage, rf: RequestFactory) -> None:
    request = rf.get(ADDRESS + "?q=x", headers={"cookie": "a=b", "accept-language": "fr"}, secure=True)
    request.user = editor()
    anybody = composing.AnybodysRequest(request)

    assert (anybody.user, dict(anybody.GET), anybody.COOKIES) == (AnonymousUser(), {}, {})
    assert anybody.build_absolute_uri("/x/") == "https://testserver/x/"
    assert set(anybody.headers) == {"Host"}


# What fails


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (PDFUnavailable("no library"), 503, "It could not be made."),
        (PDFTooHeavy("400 pages"), 503, "It takes longer to make than it may."),
        (PDFFailed("traceback"), 500, "It could not be made."),
    ],
)
def test_where_there_is_none_a_page_says_so_and_leads_back(
    client: Client, page: PathwayPage, fails: Any, log: Any, error: Exception, status: int, says: str
) -> None:
    fails(error)
    response = get(client)
    html = response.content.decode()

    assert (response.status_code, response["Cache-Control"]) == (status, "no-store")
    assert says in html
    assert str(error) not in html
    assert 'href="/pathway/"' in html
    assert ("Retry-After" in response) is (status == 503)
    assert str(error) in log.text


def test_the_machine_mended_the_next_one_gets_it(
    client: Client, page: PathwayPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def failing(document: Any) -> bytes:
            raise PDFUnavailable("no library")

        broken.setattr(composing, "render_one_page", failing)
        assert get(client).status_code == 503

    assert get(client).status_code == 200
