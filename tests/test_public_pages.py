"""What the public sees, in the base template of somebody else's site."""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client, override_settings
from wagtail.models import Site

from imp_wagtail.directory.actions import update_qualification
from imp_wagtail.directory.models import DirectoryPage, Qualification
from imp_wagtail.pathways.models import Pathway, PathwayPage
from imp_wagtail.pathways.rules import CohortKind, Kind
from imp_wagtail.trainings.models import ContentPage, FAQPage, TrainingPage
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    FAQPageFactory,
    PathwayFactory,
    PathwayPageFactory,
    QualificationFactory,
    QuestionFactory,
    RequirementFactory,
    StageFactory,
    TeacherFactory,
    TrainerFactory,
    TrainingPageFactory,
    registrar,
    section_of,
)

pytestmark = pytest.mark.django_db


class Headings(HTMLParser):
    """The levels of a page's headings, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def words_of(html: str) -> str:
    """A page's text in one line, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body")[2]).split())


@pytest.fixture
def pathway() -> Pathway:
    """Three stages, in the second of which the training is attended."""
    pathway = PathwayFactory(title="Teacher training", programme="Programme", contact_email="ask@example.org")
    preparation = StageFactory(pathway=pathway, key="preparation", title="Preparation", summary="What you bring.")
    RequirementFactory(stage=preparation, title="Own practice")
    RequirementFactory(stage=preparation, title="Retreats", retreats=True, open_at_training=True)
    engagement = StageFactory(pathway=pathway, key="engagement", title="Engagement")
    RequirementFactory(
        stage=engagement, title="The training", kind=Kind.SESSIONS, amount=9, cohort_kind=CohortKind.TRAINING
    )
    support = StageFactory(
        pathway=pathway, key="support", title="Support", opens_after_months=6, closes_after_months=12
    )
    RequirementFactory(stage=support, title="Supervision", supervision=True, is_required=False)
    return pathway


@pytest.fixture
def training(pathway: Pathway) -> TrainingPage:
    training = TrainingPageFactory(
        title="Training in England",
        slug="england",
        pathway=pathway,
        status="open",
        application_email="apply@example.org",
    )
    training.training_trainers.create(trainer=TrainerFactory(name="Ada Example", biography="Teaches."))
    return training


@pytest.fixture
def pathway_page(pathway: Pathway) -> PathwayPage:
    return PathwayPageFactory(title="The pathway", pathway=pathway, introduction="<p>Introduced.</p>")


def next_training(pathway: Pathway, sentence: str = "") -> dict[str, Any]:
    return {"type": "next_training", "value": {"pathway": pathway.pk, "sentence": sentence}}


@pytest.fixture
def faq(pathway: Pathway) -> FAQPage:
    whom = QuestionFactory(question="For whom?", anchor="whom")
    when = QuestionFactory(question="And when?", anchor="when", answer=json.dumps([next_training(pathway)]))
    sentence = next_training(pathway, "It will be held at")
    then = QuestionFactory(question="Then what?", anchor="then", answer=json.dumps([sentence]))
    return FAQPageFactory(sections=[section_of("Before", whom, when), section_of("After", then)])


@pytest.fixture
def directory(pathway: Pathway) -> DirectoryPage:
    """A directory with one teacher who holds each sort of qualification, and has a course."""
    teacher = TeacherFactory(
        name="Anneke Example", slug="anneke", about="Teaches.", website="https://example.org/", standing=False
    )
    EnrolmentFactory(participant=teacher.participant, pathway=pathway)
    teacher.participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    for sort in Qualification.Sort:
        QualificationFactory(teacher=teacher, sort=sort, title=f"Title of {sort.value}")
    CourseFactory(teacher=teacher, title="Eight evenings")
    return DirectoryPageFactory()


@pytest.fixture
def welcome() -> ContentPage:
    body = [
        {"type": "heading", "value": "A heading"},
        {"type": "quote", "value": {"text": "Words.", "source": "Somebody"}},
        {"type": "link", "value": {"text": "Elsewhere", "page": None, "url": "https://example.org/"}},
        {"type": "teachers", "value": {"heading": "", "country": "NL", "pathway": None, "number": 3}},
    ]
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=ContentPage(title="Welcome", lead="The lead.", body=json.dumps(body)))


@pytest.fixture
def everything(
    training: TrainingPage,
    pathway_page: PathwayPage,
    faq: FAQPage,
    directory: DirectoryPage,
    welcome: ContentPage,
) -> None:
    TrainingPageFactory(title="Training in Italy", slug="italy", past=True, country="IT", town="Assisi")


EVERY_PAGE = pytest.mark.parametrize(
    "address",
    [
        "/welcome/",
        "/trainings/",
        "/trainings/england/",
        "/trainings/italy/",
        "/pathway/",
        "/faq/",
        "/teachers/",
        "/teachers/?name=nobody",
        "/teachers/anneke/",
        "/teachers/qualifications/",
        "/verify/",
        "/verify/?code=wrong",
    ],
)


@EVERY_PAGE
def test_a_page_stands_in_the_site_s_own_base(client: Client, everything: None, address: str) -> None:
    html = html_of(client, address)

    assert '<body class="somebodys-site imp-page' in html
    assert html.count('href="/static/imp_core/imp.css"') == 1


@EVERY_PAGE
def test_a_page_has_one_main_heading_and_leaves_no_level_out(client: Client, everything: None, address: str) -> None:
    levels = Headings(html_of(client, address)).levels

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


@EVERY_PAGE
def test_a_page_has_a_title_and_no_id_twice(client: Client, everything: None, address: str) -> None:
    html = html_of(client, address)
    ids = re.findall(r'\sid="([^"]*)"', html)

    assert re.search(r"<title>\s*\S", html)
    assert sorted(ids) == sorted(set(ids))


@EVERY_PAGE
def test_a_page_needs_no_inline_code(client: Client, everything: None, address: str) -> None:
    html = html_of(client, address)

    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! type=\"application/ld\+json\"|[^>]* src=)", html) == []


def test_the_pathway_page_shows_stages_requirements_and_the_way_to_the_pdf(
    client: Client, pathway_page: PathwayPage
) -> None:
    html = html_of(client, "/pathway/")
    words = words_of(html)

    assert '<a class="imp-button" href="/pathway/pdf/"' in html
    assert 'href="#stage-engagement"' in html
    assert 'id="stage-engagement"' in html
    assert "Retreats at least 2, 5–7 days each (may still be open when the training starts)" in words
    assert "6–12 months after the training" in words
    assert words.index("Recommended") < words.index("Supervision")


def test_what_a_ring_means_is_said_only_where_there_is_one(client: Client, pathway_page: PathwayPage) -> None:
    meaning = "and is then to be met before you teach"

    assert words_of(html_of(client, "/pathway/")).count(meaning) == 1


@pytest.mark.parametrize("address", ["/faq/", "/pathway/"])
def test_the_next_training_shows_its_page_s_dates_and_new_ones_once_published(
    client: Client, training: TrainingPage, faq: FAQPage, pathway_page: PathwayPage, address: str
) -> None:
    before = words_of(html_of(client, address))
    training.ends = dt.date(2099, 11, 2)
    training.save_revision().publish()
    after = words_of(html_of(client, address))

    assert "21–30 October 2099" in before
    assert "21 October – 2 November 2099" in after
    assert "21–30 October 2099" not in after


def test_where_no_training_is_announced_nothing_stands_in_its_place(
    client: Client, faq: FAQPage, pathway_page: PathwayPage
) -> None:
    assert "Next training" not in html_of(client, "/pathway/")
    assert "It will be held at" not in html_of(client, "/faq/")


def test_the_next_training_is_a_sentence_where_words_come_before_it(
    client: Client, training: TrainingPage, faq: FAQPage
) -> None:
    words = words_of(html_of(client, "/faq/"))

    assert "It will be held at Ammerdown, United Kingdom, 21–30 October 2099 ." in words


def test_an_online_training_has_no_place_for_a_sentence_and_gets_its_box(
    client: Client, training: TrainingPage, faq: FAQPage
) -> None:
    training.venue, training.country, training.format = "", "", "online"
    training.save_revision().publish()
    words = words_of(html_of(client, "/faq/"))

    assert "It will be held at" not in words
    assert words.count("Online · 21–30 October 2099") == 2


def test_questions_are_numbered_through_and_each_has_its_address(client: Client, faq: FAQPage) -> None:
    html = html_of(client, "/faq/")

    assert re.findall(r'imp-question-number">(\d+)<', html) == ["1", "2", "3"]
    assert re.findall(r'imp-permalink" href="#([^"]+)"', html) == ["whom", "when", "then"]
    assert re.findall(r'<ol [^>]*start="(\d+)"', html) == ["1", "3"]


def test_a_question_s_address_is_inside_what_opens_so_that_browsers_open_it(client: Client, faq: FAQPage) -> None:
    html = html_of(client, "/faq/")

    for details in re.findall(r"<details>(.*?)</details>", html, re.DOTALL):
        summary, _, rest = details.partition("</summary>")
        assert 'id="' not in summary
        assert re.search(r'id="(whom|when|then)"', rest)


def test_a_training_says_what_to_bring_and_leads_to_its_pathway(
    client: Client, training: TrainingPage, pathway_page: PathwayPage
) -> None:
    html = html_of(client, "/trainings/england/")
    words = words_of(html)

    assert "Dates 21–30 October 2099 Place Ammerdown, United Kingdom Format Residential Languages English" in words
    assert "Before the training Preparation Own practice" in words
    assert "Supervision" not in words
    assert '<a href="/pathway/">Teacher training</a>' in html
    assert 'href="mailto:apply@example.org"' in html


def test_a_training_that_is_over_says_so_and_takes_no_applications(client: Client, pathway: Pathway) -> None:
    TrainingPageFactory(slug="italy", past=True, pathway=pathway, application_email="apply@example.org")
    html = html_of(client, "/trainings/italy/")

    assert "This training is over." in html
    assert "mailto:" not in html
    assert "Before the training" not in html


def test_upcoming_and_earlier_trainings_are_kept_apart(client: Client, everything: None) -> None:
    words = words_of(html_of(client, "/trainings/"))

    assert words.index("Upcoming") < words.index("Training in England")
    assert words.index("Training in England") < words.index("Earlier trainings")
    assert words.index("Earlier trainings") < words.index("Training in Italy")


def test_the_three_sorts_of_qualification_differ_in_words_and_in_shape(
    client: Client, directory: DirectoryPage
) -> None:
    listed, own = html_of(client, "/teachers/"), html_of(client, "/teachers/anneke/")

    for html in (listed, own):
        marked = re.findall(r'(<svg class="imp-mark".*?</svg>)\s*(?:<span>)?\s*(\w+(?: \w+)*)', html, re.DOTALL)
        assert list(dict.fromkeys(words for _shape, words in marked)) == [
            "Teacher training completed",
            "Independently accredited",
            "Attended as a participant",
        ]
        assert len({" ".join(shape.split()) for shape, _words in marked}) == 3
    assert "Teacher training completed: Teacher training" in words_of(listed)
    assert "This alone qualifies nobody to teach it." in words_of(own)


def test_an_accreditation_that_has_run_out_is_in_no_list_and_the_profile_says_that_it_has(
    client: Client, directory: DirectoryPage
) -> None:
    qualification = Qualification.objects.get(sort="accredited")
    update_qualification(qualification, valid_until=dt.date(2020, 5, 1), by=registrar())

    assert "Title of completed" in html_of(client, "/teachers/")
    assert "Title of accredited" not in html_of(client, "/teachers/")
    before, _heading, after = html_of(client, "/teachers/anneke/").partition("Accredited in the past")
    assert "Title of accredited" not in before
    assert "Title of accredited" in after
    assert "ended on 1 May 2020" in after


def test_a_search_that_finds_nobody_shows_the_way_out(client: Client, directory: DirectoryPage) -> None:
    html = html_of(client, "/teachers/?name=nobody")

    assert "No teacher found" in html
    assert re.search(r'<a class="imp-button imp-button-quiet" href="/teachers/">', html)
    assert "Name: nobody" in words_of(html)


def test_a_choice_can_be_taken_away_and_the_others_stay(client: Client, directory: DirectoryPage) -> None:
    html = html_of(client, "/teachers/?country=NL&upcoming=on")

    assert re.findall(r'imp-chip" href="([^"]+)"', html) == ["/teachers/?upcoming=on", "/teachers/?country=NL"]


@override_settings(IMP_WAGTAIL={"TEACHERS_PER_PAGE": 1})
def test_going_through_the_pages_keeps_what_was_asked(client: Client, directory: DirectoryPage) -> None:
    TeacherFactory(name="Bo", slug="bo")
    html = html_of(client, "/teachers/?country=NL")

    assert 'href="?country=NL&amp;page=2"' in html
    assert "Page 1 of 2" in words_of(html)


def test_a_mistyped_code_gets_its_message_beside_the_field(client: Client) -> None:
    html = html_of(client, "/verify/?code=wrong")
    control = re.search(r"<input[^>]*>", html).group()

    assert 'aria-invalid="true"' in control
    assert re.search(r'aria-describedby="id_code_helptext id_code_error"', control)
    assert 'id="id_code_helptext"' in html
    assert 'id="id_code_error"' in html
