"""The block that shows a few teachers in the body of a page."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from wagtail import blocks
from wagtail.models import Locale, Page, Site

from imp_wagtail.directory import actions
from imp_wagtail.directory.blocks import keys_of_today
from imp_wagtail.directory.finding.search import Question, ask
from imp_wagtail.directory.models import DirectoryPage, Teacher
from imp_wagtail.trainings.blocks import BodyBlock, register_body_block
from imp_wagtail.trainings.models import ContentPage
from tests.factories import DirectoryPageFactory, PathwayFactory, TeacherFactory, registrar

from .public import queries_of, rich_teacher, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory() -> DirectoryPage:
    return DirectoryPageFactory()


def listed_teacher(**values: Any) -> Teacher:
    """Somebody whom search engines may find, as the page of a teaser is open to them."""
    return TeacherFactory(**{"agrees_to": ["indexing"], **values})


def page_with(*teasers: dict[str, Any]) -> Page:
    """A page of blocks with these teasers."""
    body = [{"type": "teachers", "value": {"number": 3, **teaser}} for teaser in teasers]
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ContentPage(title="Welcome", slug="welcome", body=json.dumps(body)))


def names_in(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*><bdi>(.*?)</bdi>", html)


class TestATeaser:
    def test_shows_listed_teachers_and_the_way_to_all(self, client: Client, directory: DirectoryPage) -> None:
        for name in ("Ada", "Bo"):
            listed_teacher(name=name, slug=name.lower())
        listed_teacher(name="Nobody", consent=False)
        html = client.get(page_with({"heading": "Meet them"}).url).text

        assert names_in(html) == ["Ada", "Bo"]
        assert "<h2>\n      Meet them" in html
        assert 'href="/teachers/ada/"' in html
        assert "See all 2 teachers" in words_of(html)
        assert re.search(r'href="/teachers/">\s*See all', html)

    def test_names_nobody_who_did_not_agree_to_search_engines(self, client: Client, directory: DirectoryPage) -> None:
        listed_teacher(name="Ada")
        listed_teacher(name="Bo", agrees_to=[])
        html = client.get(page_with({}).url).text

        assert names_in(html) == ["Ada"]
        assert "See all 2 teachers" in words_of(html)

    def test_without_a_heading_has_one_for_those_who_hear_the_page(
        self, client: Client, directory: DirectoryPage
    ) -> None:
        listed_teacher()

        assert re.search(r'<h2 class="imp-hidden">\s*Teachers', client.get(page_with({}).url).text)

    def test_of_a_country_leads_to_the_list_of_that_country(self, client: Client, directory: DirectoryPage) -> None:
        listed_teacher(name="Ada", country="FR")
        listed_teacher(name="Bo", country="NL")
        html = client.get(page_with({"country": "FR"}).url).text

        assert names_in(html) == ["Ada"]
        assert 'href="/teachers/?country=FR"' in html
        assert names_in(client.get("/teachers/?country=FR").text) == ["Ada"]

    def test_of_a_pathway_leads_to_the_list_of_that_pathway(self, client: Client, directory: DirectoryPage) -> None:
        pathway = PathwayFactory()
        teacher = listed_teacher(name="Ada")
        listed_teacher(name="Bo")
        teacher.participant.enrolments.update(pathway=pathway)
        actions.publish(teacher)
        html = client.get(page_with({"pathway": pathway.pk}).url).text
        (link,) = re.findall(r'href="(/teachers/\?pathway=[^"]+)"', html)

        assert names_in(html) == names_in(client.get(link).text) == ["Ada"]

    def test_forgets_a_teacher_at_once(self, client: Client, directory: DirectoryPage) -> None:
        teacher = listed_teacher(name="Ada")
        page = page_with({})
        before = client.get(page.url).text
        actions.end_consent(teacher, why="Asked.", by=registrar())

        assert names_in(before) == ["Ada"]
        assert names_in(client.get(page.url).text) == []

    @pytest.mark.parametrize("teaser", [{}, {"country": "FR"}])
    def test_of_nobody_is_nothing(self, client: Client, directory: DirectoryPage, teaser: dict[str, Any]) -> None:
        if teaser:
            listed_teacher(country="NL")

        assert "imp-teaser" not in client.get(page_with(teaser).url).text

    def test_without_a_directory_is_nothing(self, client: Client) -> None:
        listed_teacher()

        assert "imp-teaser" not in client.get(page_with({}).url).text

    def test_leads_to_the_directory_in_the_language_of_the_page(self, directory: DirectoryPage) -> None:
        listed_teacher(slug="ada")
        french = directory.copy_for_translation(
            Locale.objects.create(language_code="fr"), copy_parents=True, alias=False
        )
        french.slug = "enseignants"
        french.save_revision().publish()
        block, value = BodyBlock().child_blocks["teachers"], {"number": 3}
        with override("fr"):
            assert "/enseignants/ada/" in block.render(block.to_python(value))
        assert "/teachers/ada/" in block.render(block.to_python(value))

    def test_takes_as_many_queries_for_twelve_as_for_one(self, client: Client, directory: DirectoryPage) -> None:
        rich_teacher()
        page = page_with({"number": 12}, {"number": 12, "country": "NL"})
        one = queries_of(client, page.url)
        for _number in range(11):
            rich_teacher()

        assert queries_of(client, page.url) == one


class TestWhoseTurnItIs:
    @pytest.fixture
    def found(self) -> Any:
        for name in "abcdefg":
            listed_teacher(name=name)
        return ask(Question())

    def test_is_everybody_s_in_time(self, found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        shown = []
        for day in range(7):
            monkeypatch.setattr("django.utils.timezone.localdate", lambda day=day: dt.date(2027, 3, 1 + day))
            shown += keys_of_today(found, 3)

        assert {shown.count(key) for key in found.keys(0, 7)} == {3}

    def test_is_the_same_all_day_and_nobody_s_twice(self, found: Any) -> None:
        keys = keys_of_today(found, 5)

        assert len(set(keys)) == 5
        assert keys == keys_of_today(found, 5)

    def test_is_all_of_theirs_where_there_are_few(self, found: Any) -> None:
        assert keys_of_today(found, 12) == found.keys(0, 7)


class TestTheBodyOfAPage:
    def test_offers_the_block_beside_its_own(self) -> None:
        offered = list(ContentPage.body.field.stream_block.child_blocks)

        assert offered == [
            "paragraph",
            "next_training",
            "training",
            "question",
            "pathway_stages",
            "stage_requirements",
            "heading",
            "figure",
            "quote",
            "link",
            "teachers",
            "courses",
        ]

    def test_keeps_the_names_of_its_own_blocks(self) -> None:
        with pytest.raises(ValueError, match="quote"):
            register_body_block("quote", blocks.CharBlock())

    def test_is_the_same_to_migrations_whatever_is_offered(self) -> None:
        field = ContentPage._meta.get_field("body")
        _name, path, (own,), kwargs = field.deconstruct()

        assert path == "wagtail.fields.StreamField"
        assert [name for name, _place in own] == list(BodyBlock.base_blocks)
        assert "directory" not in str(kwargs)
        assert field.clone().deconstruct() == (None, path, [own], kwargs)

    def test_refuses_more_teachers_than_a_teaser_holds(self) -> None:
        block = BodyBlock().child_blocks["teachers"]

        with pytest.raises(blocks.StructBlockValidationError):
            block.clean(block.to_python({"number": 13}))
