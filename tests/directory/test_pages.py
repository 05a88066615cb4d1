"""The public pages of the directory: the list, a teacher's page, the sitemap."""

import datetime as dt
from typing import Any
from urllib.parse import quote

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import DirectoryPage, Teacher
from imp_wagtail.directory.models.pages import nearest_page
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    ParticipantFactory,
    PathwayFactory,
    QualificationFactory,
    TeacherFactory,
    registrar,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> DirectoryPage:
    return DirectoryPageFactory()


def rich_teacher(**values: Any) -> Teacher:
    """Everything that a page shows, several of each."""
    photo = Image.objects.create(title="Photo", file=get_test_image_file(size=(20, 20)))
    teacher = TeacherFactory(photo=photo, **values)
    teacher.languages.create(language="nl")
    teacher.languages.create(language="en")
    CourseFactory.create_batch(2, teacher=teacher)
    QualificationFactory.create_batch(2, teacher=teacher)
    EnrolmentFactory(participant=teacher.participant)
    teacher.participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    return teacher


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def listed(name: str) -> Teacher:
    enrolment = EnrolmentFactory(participant=ParticipantFactory(name=name))
    type(enrolment).objects.filter(pk=enrolment.pk).update(
        completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1)
    )
    return actions.list_teacher(
        enrolment.participant,
        consented_on=dt.date(2025, 1, 1),
        country="NL",
        languages=["en"],
        teaches_online=True,
        by=registrar(),
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_list_takes_as_many_queries_for_thirty_teachers_as_for_one(
    client: Client, page: DirectoryPage, settings: Any, language: str
) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "TEACHERS_PER_PAGE": 50}
    if language == "fr":
        french = page.copy_for_translation(Locale.objects.get_or_create(language_code="fr")[0], copy_parents=True)
        french.save_revision().publish()
        page = french
    rich_teacher()
    one = queries_of(client, page.url)
    for _number in range(29):
        rich_teacher()

    assert queries_of(client, page.url) == one
    assert client.get(page.url).context["count"] == 30


def test_the_list_stays_within_its_queries(client: Client, page: DirectoryPage) -> None:
    rich_teacher()

    assert queries_of(client, page.url) <= 14


def test_the_list_is_in_the_order_of_names_whatever_their_accents_and_capitals(
    client: Client, page: DirectoryPage
) -> None:
    for name in ("Zoë", "Émile", "anna", "Eva", "Ängla", "Anna"):
        TeacherFactory(name=name)

    shown = [teacher.name for teacher in client.get(page.url).context["teachers"]]

    assert shown == ["Ängla", "anna", "Anna", "Émile", "Eva", "Zoë"]


def test_the_pages_of_the_list_hold_everybody_once(client: Client, page: DirectoryPage, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "TEACHERS_PER_PAGE": 2}
    for _number in range(5):
        TeacherFactory(name="Namesake")

    shown = [
        teacher.pk for number in (1, 2, 3) for teacher in client.get(page.url, {"page": number}).context["teachers"]
    ]

    assert shown == sorted(Teacher.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("asked", "got"),
    [(None, 1), ("", 1), ("2", 2), ("abc", 1), ("0", 1), ("-1", 1), ("9999", 3), ("9" * 5000, 1), ("2.5", 1)],
)
def test_a_page_that_there_is_not_gives_the_nearest(asked: str | None, got: int) -> None:
    assert nearest_page(Paginator(range(6), 2), asked).number == got


def test_a_teacher_s_page_shows_what_the_entry_says(client: Client, page: DirectoryPage) -> None:
    teacher = rich_teacher(name="Anna de Vries", slug="anna", about="Teaches in small groups.", town="Zwolle")
    CourseFactory(teacher=teacher, title="Long ago", starts=dt.date(2020, 1, 1), ends=dt.date(2020, 2, 1))
    text = client.get(page.teacher_url(teacher)).text

    for said in ("Anna de Vries", "Teaches in small groups.", "Zwolle", "Dutch", "Accredited teacher"):
        assert said in text
    assert "Long ago" not in text
    assert teacher.participant.email not in text


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Pathway"), ("fr", "Parcours"), ("ar", "Pathway"), ("xx", "Pathway")]
)
def test_a_completed_pathway_is_named_in_the_reader_s_language_where_it_is_translated(
    language: str, title: str
) -> None:
    pathway = PathwayFactory(title="Pathway")
    french = pathway.copy_for_translation(Locale.objects.create(language_code="fr"))
    french.title = "Parcours"
    french.save()
    teacher = TeacherFactory(standing=False)
    enrolment = EnrolmentFactory(participant=teacher.participant, pathway=pathway)
    type(enrolment).objects.filter(pk=enrolment.pk).update(
        completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1)
    )

    with override(language):
        shown = Teacher.objects.listed().for_display().get()

        assert [enrolment.pathway_title for enrolment in shown.participant.completed_enrolments] == [title]


def test_a_teacher_s_page_takes_few_queries(client: Client, page: DirectoryPage) -> None:
    teacher = rich_teacher()

    assert queries_of(client, page.teacher_url(teacher)) <= 14


@pytest.mark.parametrize("address", ["nobody", "no/body", "%00", "..", "a b", "x" * 3000, "😀"])
def test_an_address_of_nobody_is_not_found(client: Client, page: DirectoryPage, address: str) -> None:
    TeacherFactory()

    assert client.get(page.url + quote(address, safe="/%") + "/").status_code == 404


@pytest.mark.parametrize("name", ["王小明", "فاطمة الزهراء", "Μαρία Παπαδοπούλου", "हिन्दी नाम", "Zoë O’Brien", "···"])
def test_a_name_in_any_script_has_an_address_that_works(client: Client, page: DirectoryPage, name: str) -> None:
    teacher = listed(name)

    link = page.teacher_url(teacher)
    assert quote(link, safe="/%-") == link
    assert link in client.get(page.url).text
    assert name in client.get(link).text


def test_namesakes_have_addresses_of_their_own(client: Client, page: DirectoryPage) -> None:
    slugs = [listed("王小明").slug for _number in range(3)]

    assert slugs == ["王小明", "王小明-2", "王小明-3"]
    assert {client.get(page.url + quote(slug) + "/").status_code for slug in slugs} == {200}


def test_an_address_typed_with_capitals_leads_to_the_one_address(client: Client, page: DirectoryPage) -> None:
    TeacherFactory(name="Zoë Vries", slug="zoë-vries")

    response = client.get(page.url + "ZO\u00cb-Vries/")

    assert (response.status_code, response.url) == (301, page.url + quote("zoë-vries") + "/")


def test_the_sitemap_has_the_list_and_those_who_are_listed(page: DirectoryPage) -> None:
    teacher = TeacherFactory(slug="王小明")
    TeacherFactory(without_consent=True)
    TeacherFactory(standing=False)
    entries = page.get_sitemap_urls(RequestFactory().get("/"))

    assert [entry["location"] for entry in entries] == [
        page.full_url,
        page.full_url + quote("王小明") + "/",
    ]
    assert entries[1]["lastmod"] == teacher.updated_at


def test_the_preview_of_the_page_shows_the_list(page: DirectoryPage) -> None:
    TeacherFactory(name="Anna de Vries")

    response = page.make_preview_request(preview_mode=page.default_preview_mode)

    assert "Anna de Vries" in response.render().text if hasattr(response, "render") else response.text
