"""A teacher's page: what was agreed to, told apart, at one address."""

import datetime as dt
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import DirectoryPage, Purpose, Qualification, Teacher
from imp_wagtail.directory.profiles.reading import for_profile
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    ParticipantFactory,
    PathwayFactory,
    QualificationFactory,
    TeacherFactory,
    TownFactory,
    registrar,
)

from .public import EVERY_PURPOSE, nodes_of, photo, queries_of, rich_teacher, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> DirectoryPage:
    return DirectoryPageFactory()


def html_of(client: Client, page: DirectoryPage, teacher: Teacher) -> str:
    response = client.get(page.teacher_url(teacher))
    assert response.status_code == 200
    return response.text


def listed(name: str) -> Teacher:
    """Somebody whose address was made from the name."""
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


class TestWhatItShows:
    def test_is_what_the_entry_says_and_no_address_to_write_to(self, client: Client, page: DirectoryPage) -> None:
        teacher = rich_teacher(name="Anna de Vries", about="Small groups.", town="Zwolle", teaches_online=True)
        words = words_of(html_of(client, page, teacher))

        for said in (
            "Anna de Vries",
            "Small groups.",
            "Zwolle, Netherlands",
            "Dutch, English",
            "In person and online",
        ):
            assert said in words
        assert teacher.participant.email not in html_of(client, page, teacher)

    def test_is_the_region_too_where_the_town_is_in_the_table(self, client: Client, page: DirectoryPage) -> None:
        lyon = TownFactory(name="Lyon", country="FR", region="FR.84")
        teacher = TeacherFactory(town="Lyon", country="FR", located_in=lyon)

        assert "Lyon, Auvergne-Rhône-Alpes, France" in words_of(html_of(client, page, teacher))

    def test_is_the_town_once_where_the_region_has_its_name(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(town="Utrecht", located_in=TownFactory())

        assert "Utrecht, Netherlands" in words_of(html_of(client, page, teacher))

    def test_is_the_photo_only_while_that_is_agreed_to(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(name="Anna", photo=photo(), agrees_to=["photo"])
        file = teacher.photo.get_rendition("fill-448x448").url
        before = html_of(client, page, teacher)
        actions.end_consent(teacher, Purpose.PHOTO, why="Asked.", by=registrar())
        after = html_of(client, page, teacher)

        assert f'src="{file}"' in before
        assert 'alt="Photo of Anna"' in before
        assert "og:image" in before
        assert "<img" not in after
        assert "og:image" not in after

    def test_is_a_way_back_and_a_way_to_what_the_words_mean(self, client: Client, page: DirectoryPage) -> None:
        html = html_of(client, page, TeacherFactory())

        assert re.search(r'href="/teachers/">\s*All teachers', html)
        assert 'href="/teachers/qualifications/"' in html

    def test_is_the_same_page_for_a_name_that_would_be_markup(self, client: Client, page: DirectoryPage) -> None:
        html = html_of(
            client, page, TeacherFactory(name="<b>A</b>", about="<script>1</script>", agrees_to=["indexing"])
        )

        assert "<b>A</b>" not in html
        assert "<script>1" not in html

    def test_takes_as_many_queries_for_much_as_for_little(self, client: Client, page: DirectoryPage) -> None:
        little = queries_of(client, page.teacher_url(rich_teacher()))
        much = rich_teacher()
        CourseFactory.create_batch(5, teacher=much)
        QualificationFactory.create_batch(5, teacher=much)

        assert queries_of(client, page.teacher_url(much)) == little
        assert little <= 10


class TestQualifications:
    def test_stand_each_below_its_sort(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory()
        for sort in Qualification.Sort:
            QualificationFactory(teacher=teacher, sort=sort, title=f"Title of {sort.value}")
        html = html_of(client, page, teacher)
        parts = re.split(r'<div class="imp-sort imp-sort-(\w+)">', html)
        held = dict(zip(parts[1::2], parts[2::2], strict=True))

        assert list(held) == ["completed", "accredited", "attended"]
        for sort, part in held.items():
            assert re.findall(r"Title of (\w+)", part) == [sort]
        assert len({re.search(r"<svg.*?</svg>", part, re.DOTALL).group() for part in held.values()}) == 3

    def test_of_a_sort_that_nobody_holds_are_not_spoken_of(self, client: Client, page: DirectoryPage) -> None:
        words = words_of(html_of(client, page, TeacherFactory()))

        assert "Teacher training completed" in words
        assert "Independently accredited" not in words
        assert "Attended as a participant" not in words

    def test_from_outside_say_by_whom_at_which_level_until_when_and_when_checked(
        self, client: Client, page: DirectoryPage
    ) -> None:
        teacher = TeacherFactory()
        QualificationFactory(
            teacher=teacher,
            title="Certified teacher",
            body="The Register",
            level="Professional",
            awarded_on=dt.date(2024, 2, 1),
            valid_until=dt.date(2099, 1, 31),
            checked_on=dt.date(2026, 3, 2),
        )

        assert (
            "Certified teacher Accredited by The Register Level Professional Since 1 February 2024"
            " Valid until 31 January 2099 Checked 2 March 2026, by Test Collaborative"
        ) in words_of(html_of(client, page, teacher))

    @pytest.mark.parametrize("why", [{}, {"valid_until": dt.date(2020, 5, 1)}])
    def test_that_nobody_checked_are_not_shown_nor_once_they_ended(
        self, client: Client, page: DirectoryPage, why: dict[str, Any]
    ) -> None:
        teacher = TeacherFactory()
        QualificationFactory(teacher=teacher, title="Certified teacher", checked_on=None, **why)

        assert "ccredited" not in html_of(client, page, teacher)
        assert "Certified teacher" not in html_of(client, page, teacher)

    def test_that_ended_stand_apart_with_their_last_day(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(agrees_to=["indexing"])
        QualificationFactory(teacher=teacher, title="Certified", body="A", valid_until=dt.date(2020, 5, 1))
        QualificationFactory(teacher=teacher, title="Certified", body="B")
        html = html_of(client, page, teacher)
        parts = re.split(r'<div class="imp-sort imp-sort-(\w+)">', html)
        held = {sort: words_of(f"<body>{part}") for sort, part in zip(parts[1::2], parts[2::2], strict=True)}

        assert list(held) == ["completed", "accredited", "ended"]
        assert "Accredited by B" in held["accredited"]
        assert "Accredited by A" not in held["accredited"]
        assert "Accredited in the past It has ended" in held["ended"]
        assert "Certified A · ended on 1 May 2020" in held["ended"]
        assert [one["recognizedBy"]["name"] for one in nodes_of(html)["ProfilePage"]["mainEntity"]["hasCredential"]][
            1:
        ] == ["B"]

    def test_that_ended_count_nowhere_else(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(name="Anna")
        QualificationFactory(teacher=teacher, title="Certified", valid_until=dt.date(2020, 5, 1))
        QualificationFactory(sort=Qualification.Sort.ACCREDITED)

        assert "Certified" not in client.get(page.url).text
        assert "Anna" not in client.get(f"{page.url}?accredited=on").text

    def test_that_were_renewed_have_not_ended(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory()
        for valid_until in (dt.date(2020, 5, 1), dt.date(2099, 5, 1)):
            QualificationFactory(teacher=teacher, title="Certified", body="A", valid_until=valid_until)

        assert "Accredited in the past" not in html_of(client, page, teacher)

    def test_that_end_today_have_not_ended(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory()
        QualificationFactory(teacher=teacher, valid_until=timezone.localdate())

        assert "Accredited in the past" not in html_of(client, page, teacher)

    def test_tell_of_a_decision_where_nothing_was_completed_here(self, client: Client, page: DirectoryPage) -> None:
        by_decision = TeacherFactory(standing=False, recognised_on=dt.date(2026, 4, 1), recognised_why="Private.")
        both = TeacherFactory(recognised_on=dt.date(2026, 4, 1))
        told = "Listed by a decision of Test Collaborative of 1 April 2026. No pathway was completed here."

        assert told in words_of(html_of(client, page, by_decision))
        assert "Private." not in html_of(client, page, by_decision)
        assert "Listed by a decision" not in html_of(client, page, both)

    @pytest.mark.parametrize(
        ("language", "title"), [("en", "Pathway"), ("fr", "Parcours"), ("ar", "Pathway"), ("xx", "Pathway")]
    )
    def test_by_pathway_are_in_the_reader_s_language_where_it_is_translated(self, language: str, title: str) -> None:
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
            shown = for_profile(Teacher.objects.listed())

            assert [enrolment.pathway_title for enrolment in shown.participant.completed_enrolments] == [title]


class TestCourses:
    def test_stand_in_the_order_of_their_days_and_past_ones_are_gone(
        self, client: Client, page: DirectoryPage
    ) -> None:
        teacher = TeacherFactory()
        for title, year in (("Later", 2099), ("Sooner", 2098), ("Long ago", 2020)):
            day = dt.date(year, 3, 1)
            CourseFactory(teacher=teacher, title=title, starts=day, ends=day)
        words = words_of(html_of(client, page, teacher))

        assert words.index("Sooner") < words.index("Later")
        assert "Long ago" not in words

    @pytest.mark.parametrize(("state", "said"), [("open", "Open"), ("full", "Full"), ("cancelled", "Cancelled")])
    def test_say_in_words_how_they_stand(self, client: Client, page: DirectoryPage, state: str, said: str) -> None:
        teacher = TeacherFactory()
        day = dt.date(2099, 3, 1)
        CourseFactory(
            teacher=teacher,
            title="Evenings",
            state=state,
            starts=day,
            ends=day,
            language="nl",
            format="hybrid",
            place="Ede",
        )

        assert f"1 March 2099 {said} Evenings In person and online · Ede · Dutch" in words_of(
            html_of(client, page, teacher)
        )

    def test_lead_to_where_one_can_book(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory()
        CourseFactory(teacher=teacher, title="Evenings", url="https://example.org/8?a=1&b=2")

        assert '<a href="https://example.org/8?a=1&amp;b=2" rel="external nofollow">' in html_of(client, page, teacher)

    def test_are_not_promised_where_there_are_none(self, client: Client, page: DirectoryPage) -> None:
        assert "No course is announced at the moment." in html_of(client, page, TeacherFactory())


class TestItsAddress:
    @pytest.mark.parametrize("address", ["nobody", "no/body", "%00", "..", "a b", "x" * 3000, "😀"])
    def test_of_nobody_is_not_found(self, client: Client, page: DirectoryPage, address: str) -> None:
        TeacherFactory()

        assert client.get(page.url + quote(address, safe="/%") + "/").status_code == 404

    @pytest.mark.parametrize(
        "name", ["王小明", "فاطمة الزهراء", "Μαρία Παπαδοπούλου", "हिन्दी नाम", "Zoë O’Brien", "···", "Qualifications"]
    )
    def test_works_for_a_name_in_any_script(self, client: Client, page: DirectoryPage, name: str) -> None:
        teacher = listed(name)
        link = page.teacher_url(teacher)

        assert quote(link, safe="/%-") == link
        assert name in words_of(client.get(link).text)

    def test_is_not_that_of_a_namesake(self, client: Client, page: DirectoryPage) -> None:
        slugs = [listed("王小明").slug for _number in range(3)]

        assert slugs == ["王小明", "王小明-2", "王小明-3"]
        assert {client.get(page.url + quote(slug) + "/").status_code for slug in slugs} == {200}

    def test_typed_with_capitals_leads_to_the_one_address(self, client: Client, page: DirectoryPage) -> None:
        TeacherFactory(name="Zoë Vries", slug="zoë-vries")

        response = client.get(page.url + "ZO\u00cb-Vries/")

        assert (response.status_code, response.url) == (301, page.url + quote("zoë-vries") + "/")

    def test_is_told_as_the_one_address_of_the_page(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(slug="王小明")
        html = client.get(page.teacher_url(teacher) + "?utm_source=letter").text

        assert f'<link rel="canonical" href="{page.full_url}{quote("王小明")}/">' in html


class TestWhoMayFindIt:
    """Search engines may have the page of whoever agreed to that, and of nobody else."""

    def test_is_told_in_the_page_and_beside_it(self, client: Client, page: DirectoryPage) -> None:
        shown = client.get(page.teacher_url(TeacherFactory(agrees_to=["indexing"])))
        hidden = client.get(page.teacher_url(TeacherFactory()))

        assert "X-Robots-Tag" not in shown.headers
        assert 'name="robots"' not in shown.text
        assert hidden.headers["X-Robots-Tag"] == "noindex, noarchive"
        assert '<meta name="robots" content="noindex, noarchive">' in hidden.text

    def test_ends_with_the_consent(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(agrees_to=["indexing"])
        actions.end_consent(teacher, Purpose.INDEXING, why="Asked.", by=registrar())

        assert client.get(page.teacher_url(teacher)).headers["X-Robots-Tag"] == "noindex, noarchive"

    def test_is_kept_by_no_cache_without_asking(self, client: Client, page: DirectoryPage) -> None:
        assert client.get(page.teacher_url(TeacherFactory())).headers["Cache-Control"] == "no-cache"

    def test_is_who_stands_in_the_sitemap(self, page: DirectoryPage) -> None:
        teacher = TeacherFactory(slug="王小明", agrees_to=["indexing"])
        TeacherFactory()
        TeacherFactory(agrees_to=["photo", "map", "sharing"])
        TeacherFactory(consent=False, agrees_to=["indexing"])
        TeacherFactory(standing=False, agrees_to=["indexing"])
        TeacherFactory(suspended_on=dt.date(2026, 1, 1), agrees_to=["indexing"])
        TeacherFactory(listed_until=dt.date(2026, 1, 1), agrees_to=["indexing"])
        entries = page.get_sitemap_urls(RequestFactory().get("/"))

        assert [entry["location"] for entry in entries] == [
            page.full_url,
            page.full_url + quote("王小明") + "/",
            page.full_url + "qualifications/",
        ]
        assert entries[1]["lastmod"] == teacher.updated_at

    def test_takes_one_query_for_a_sitemap_of_any_length(
        self, page: DirectoryPage, django_assert_num_queries: Any
    ) -> None:
        for _number in range(3):
            TeacherFactory(agrees_to=EVERY_PURPOSE)
        request = RequestFactory().get("/")
        page.get_sitemap_urls(request)

        with django_assert_num_queries(1):
            assert len(page.get_sitemap_urls(request)) == 5


class TestWhatOthersShowOfIt:
    @pytest.mark.parametrize(
        ("about", "description"),
        [
            ("Small\n\ngroups.", "Small groups."),
            ("word " * 100, "word " * 39 + "word…"),
            ("", "Utrecht, Netherlands · Dutch · in person"),
        ],
    )
    def test_is_what_it_says_about_itself_else_the_facts(
        self, client: Client, page: DirectoryPage, about: str, description: str
    ) -> None:
        html = html_of(client, page, TeacherFactory(about=about, speaks=["nl"]))

        assert f'<meta name="description" content="{description}">' in html
        assert f'<meta property="og:description" content="{description}">' in html

    def test_is_its_name_and_its_photo(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(name='Anna "Ann" & Co', photo=photo(), agrees_to=["photo"])
        html = html_of(client, page, teacher)
        file = teacher.photo.get_rendition("fill-640x640").url

        assert '<meta property="og:title" content="Anna &quot;Ann&quot; &amp; Co">' in html
        assert f'<meta property="og:image" content="http://localhost{file}">' in html

    def test_is_nothing_where_the_photo_s_file_is_lost(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(photo=photo(), agrees_to=["photo"])
        teacher.photo.file.storage.delete(teacher.photo.file.name)

        assert "og:image" not in html_of(client, page, teacher)


class TestTheExplanation:
    def test_stands_where_nobody_s_entry_can(self, client: Client, page: DirectoryPage) -> None:
        TeacherFactory(slug="qualifications", name="Nobody")
        html = client.get("/teachers/qualifications/").text

        assert "What the qualifications mean" in html
        assert "Nobody" not in html

    def test_speaks_of_all_three_and_leads_to_the_check_of_letters(self, client: Client, page: DirectoryPage) -> None:
        html = client.get("/teachers/qualifications/").text

        for name in ("Teacher training completed", "Independently accredited", "Attended as a participant"):
            assert name in html
        assert 'href="/verify/"' in html
        assert f'<link rel="canonical" href="{page.full_url}qualifications/">' in html
