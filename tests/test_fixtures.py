"""This project's own content packs: what they load is what the programmes say, to the number."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Page, Site

from imp_wagtail.core.packs import load_pack
from imp_wagtail.letters.merge import fields_in
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import CohortKind, Kind
from imp_wagtail.trainings.models import ContentPage, FAQPage, Question, TrainingPage

PACKS = Path(__file__).resolve().parents[1] / "fixtures"
FILES = sorted(file for name in ("imp", "mcmi") for file in (PACKS / name).glob("*.yaml"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def imp() -> Pathway:
    load_pack(PACKS / "imp")
    return Pathway.objects.get(key="imp")


@pytest.fixture
def mcmi() -> Pathway:
    load_pack(PACKS / "mcmi")
    return Pathway.objects.get(key="mcmi")


@pytest.fixture
def autumn_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which every training that the packs announce is still ahead."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))


def requirement(stage: str, key: str) -> Requirement:
    return Requirement.objects.get(stage__key=stage, key=key)


def facts(item: Requirement) -> tuple[Any, ...]:
    return item.kind, item.amount, item.each_min, item.each_max, item.unit


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def answers(page: FAQPage) -> dict[str, Any]:
    return {item.question: item.answer for section in page.numbered_sections() for item in section.questions}


def text_of(answer: Any) -> str:
    return plain(" ".join(block.value.source for block in answer if block.block_type == "paragraph"))


def rows() -> dict[str, list[tuple]]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchall()
    return found


class TestPathwayOfImp:
    def test_it_has_four_stages(self, imp: Pathway) -> None:
        assert [stage.title for stage in imp.stages.all()] == [
            "Preparation",
            "Engagement",
            "Support and Continuity",
            "Completion",
        ]

    def test_preparation_asks_for_the_six_prerequisites_with_their_numbers(self, imp: Pathway) -> None:
        prerequisites = {item.key: facts(item) for item in Requirement.objects.filter(stage__key="preparation")}

        assert prerequisites == {
            "personal-practice": (Kind.CONFIRMATION, 1, None, None, ""),
            "silent-retreat": (Kind.COUNT, 1, 5, 10, "days"),
            "insight-dialogue-retreats": (Kind.COUNT, 2, 5, 7, "days"),
            "imp-course": (Kind.CONFIRMATION, 1, None, None, ""),
            "teacher-training": (Kind.CONFIRMATION, 1, None, None, ""),
            "teaching-experience": (Kind.COUNT, 4, None, None, ""),
        }

    def test_prerequisites_are_required_and_may_be_open_at_the_training(self, imp: Pathway) -> None:
        for item in Requirement.objects.filter(stage__key="preparation"):
            assert (item.is_required, item.open_at_training) == (True, True)
        assert not Requirement.objects.exclude(stage__key="preparation").filter(open_at_training=True).exists()

    def test_the_eight_week_course_and_the_cases_looked_at_singly_are_named(self, imp: Pathway) -> None:
        assert "eight-week" in requirement("preparation", "imp-course").title
        assert "native language" in requirement("preparation", "imp-course").note
        for key in ("teacher-training", "teaching-experience"):
            assert "each case" in requirement("preparation", key).note

    def test_engagement_is_nine_days_of_training(self, imp: Pathway) -> None:
        (item,) = Requirement.objects.filter(stage__key="engagement")

        assert (item.kind, item.cohort_kind, item.amount) == (Kind.SESSIONS, CohortKind.TRAINING, 9)

    def test_support_is_a_seminar_of_two_days_and_eight_supervisions(self, imp: Pathway) -> None:
        seminar = requirement("support-and-continuity", "seminar")
        supervision = requirement("support-and-continuity", "supervision")

        assert (seminar.kind, seminar.cohort_kind, seminar.amount) == (Kind.SESSIONS, CohortKind.SEMINAR, 2)
        assert supervision.cohort_kind == CohortKind.SUPERVISION
        assert facts(supervision) == (Kind.SESSIONS, 8, Decimal("1.5"), 2, "hours")
        assert supervision.in_words == "8 sessions, 1.5–2 hours each"

    def test_support_is_offered_six_to_twelve_months_after_the_training(self, imp: Pathway) -> None:
        windows = Stage.objects.exclude(opens_after_months=None)

        assert list(windows.values_list("key", "opens_after_months", "closes_after_months")) == [
            ("support-and-continuity", 6, 12)
        ]

    def test_completion_asks_for_every_earlier_stage(self, imp: Pathway) -> None:
        (item,) = Requirement.objects.filter(stage__key="completion")

        assert item.kind == Kind.EARLIER_STAGES


class TestTrainingsOfImp:
    def test_the_next_one_is_at_ammerdown(self, imp: Pathway) -> None:
        page = TrainingPage.objects.get(slug="united-kingdom-2027")

        assert (page.dates, page.place) == ("21–30 October 2027", "Ammerdown, United Kingdom")
        assert (page.format, page.pathway) == ("residential", imp)

    def test_of_the_earlier_ones_country_and_year_are_known(self, imp: Pathway) -> None:
        earlier = TrainingPage.objects.filter(year_only=True).order_by("starts")

        assert [(page.place, page.dates) for page in earlier] == [
            ("Netherlands", "2017"),
            ("Italy", "2019"),
            ("France", "2023"),
            ("Spain", "2025"),
        ]
        assert all(page.pathway == imp for page in earlier)


class TestQuestionsOfImp:
    #: Each question in its place, with what only the right answer says.
    RIGHT = [
        ("Whom is the training meant for?", ["have taught mindfulness", "MBSR", "MBCT", "comparable experience"]),
        (
            "What do you ask of those who apply?",
            ["meditation practice", "Insight Dialogue", "after you have been accepted"],
        ),
        ("Do we live together during the training?", ["Yes.", "lives together"]),
        ("How many days does it last?", ["Nine days", "evening", "two and a half", "silent retreat"]),
        (
            "What follows the days together?",
            ["6 and 12 months", "online seminar of two days", "eight supervision sessions"],
        ),
        ("Are the seminar and the supervision a must?", ["strongly recommend", "full development pathway"]),
        ("What do I have in my hands at the end?", ["letter of completion for each stage", "courses listed"]),
        ("When may I begin to teach the programme?", ["all required prerequisites", "may offer the IMP course"]),
    ]

    def test_all_eight_stand_in_order(self, imp: Pathway) -> None:
        assert list(answers(FAQPage.objects.get())) == [question for question, _words in self.RIGHT]

    def test_each_has_its_right_answer(self, imp: Pathway) -> None:
        found = answers(FAQPage.objects.get())

        wrong = [
            (question, word)
            for question, words in self.RIGHT
            for word in words
            if word not in text_of(found[question])
        ]
        assert wrong == []

    def test_no_answer_has_the_date_of_a_training_typed_into_it(self, imp: Pathway) -> None:
        page = FAQPage.objects.get()
        stored = [block for question in Question.objects.all() for block in question.answer.raw_data]
        typed = " ".join(plain(block["value"]) for block in stored if block["type"] == "paragraph")
        shown = [
            question
            for question, answer in answers(page).items()
            if "next_training" in [block.block_type for block in answer]
        ]

        assert re.findall(r"20\d\d|October|Ammerdown", typed) == []
        assert shown == ["Do we live together during the training?"]

    def test_the_page_says_when_and_where_and_follows_the_training(
        self, imp: Pathway, client: Client, autumn_2026: None
    ) -> None:
        before = plain(client.get("/faq/").content.decode())
        page = TrainingPage.objects.get(slug="united-kingdom-2027")
        page.starts, page.ends = dt.date(2028, 3, 2), dt.date(2028, 3, 11)
        page.save_revision().publish()
        after = plain(client.get("/faq/").content.decode())

        assert "The next one is held at Ammerdown, United Kingdom, 21–30 October 2027" in before
        assert "The next one is held at Ammerdown, United Kingdom, 2–11 March 2028" in after
        assert "2027" not in after


class TestMcmi:
    def test_it_has_other_stages_and_every_kind_of_rule(self, imp: Pathway, mcmi: Pathway) -> None:
        keys = {stage.key for stage in mcmi.stages.all()}

        assert keys == {"admission", "curriculum", "teaching-practice", "trauma-aware-protocol", "certification"}
        assert keys.isdisjoint(stage.key for stage in imp.stages.all())
        assert set(Requirement.objects.filter(stage__pathway=mcmi).values_list("kind", flat=True)) == set(Kind)

    def test_the_curriculum_takes_twelve_weeks(self, mcmi: Pathway) -> None:
        weeks = requirement("curriculum", "weeks")

        assert (weeks.cohort_kind, weeks.in_words) == (CohortKind.TRAINING, "12 weeks")
        (page,) = TrainingPage.objects.all()
        assert (page.days, page.format) == (12 * 7, "online")

    def test_it_is_independently_accredited(self, mcmi: Pathway) -> None:
        assert mcmi.accredited_by == "IMTA"

    def test_teaching_is_supervised_and_the_community_recommended(self, mcmi: Pathway) -> None:
        assert requirement("teaching-practice", "teaching-hours").kind == Kind.HOURS
        assert requirement("trauma-aware-protocol", "written-protocol").is_required
        assert not requirement("certification", "teaching-circle").is_required

    def test_its_questions_say_that_attending_is_not_being_qualified(self, mcmi: Pathway) -> None:
        found = answers(FAQPage.objects.get(slug="mcmi-faq"))

        first = text_of(found["I have completed an MBSR course. Am I qualified to teach mindfulness?"])
        assert "not a qualification to teach" in first
        assert "IMTA" in text_of(found["What does “independently accredited” mean?"])

    def test_it_can_be_loaded_alone(self, mcmi: Pathway, client: Client, autumn_2026: None) -> None:
        for path in ("/trainings/", "/mcmi-pathway/", "/mcmi-faq/", "/teachers/"):
            assert client.get(path).status_code == 200

    def test_its_training_leads_to_its_own_pathway_and_questions(self, imp: Pathway, mcmi: Pathway) -> None:
        body = TrainingPage.objects.get(slug="mcmi-autumn-2027").body

        links = [block.value["page"].slug for block in body if block.block_type == "link"]
        assert links == ["mcmi-pathway", "mcmi-faq"]


class TestBoth:
    def test_loading_them_again_changes_nothing(self, imp: Pathway, mcmi: Pathway) -> None:
        before = rows()

        results = [load_pack(PACKS / name) for name in ("imp", "mcmi", "imp")]

        assert [result.changed for result in results] == [0, 0, 0]
        assert rows() == before

    def test_overwriting_with_either_leaves_the_other_s_words_alone(self, imp: Pathway, mcmi: Pathway) -> None:
        before = rows()

        results = [load_pack(PACKS / name, overwrite=True) for name in ("mcmi", "imp")]

        assert [result.changed for result in results] == [0, 0]
        assert rows() == before

    def test_the_reference_site_s_addresses_are_served(
        self, imp: Pathway, mcmi: Pathway, client: Client, autumn_2026: None
    ) -> None:
        assert isinstance(Site.objects.get().root_page.specific, ContentPage)
        _head, said = client.get("/").content.decode().split("Becoming a teacher")
        led_to = re.findall(r'href="(/[^"]+)"', said)[:4]
        assert led_to == ["/verify/", "/faq/", "/pathway/", "/teachers/"]
        assert [client.get(address).status_code for address in led_to] == [200] * 4
        for page in Page.objects.live().filter(depth__gt=1):
            assert client.get(page.url).status_code == 200, page.url
        for path in ("/", "/trainings/", "/pathway/", "/faq/", "/teachers/"):
            assert client.get(path).status_code == 200, path

    def test_every_stage_has_a_letter_and_the_training_s_letter_names_the_training(
        self, imp: Pathway, mcmi: Pathway
    ) -> None:
        for stage in Stage.objects.all():
            wording = LetterTemplate.objects.for_stage(stage, "en").body
            named = fields_in(wording) & {"training", "training_place", "training_dates"}
            assert "{name}" in wording
            assert bool(named) == stage.takes_training

    @pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
    def test_every_file_begins_by_saying_what_it_holds(self, file: Path) -> None:
        assert re.match(r"# \S.*\n(?:#.*\n)*\n", file.read_text(encoding="utf-8"))

    def test_both_packs_have_every_file(self) -> None:
        names = ["letters", "pack", "pages", "pathway", "questions", "trainings"]
        assert [f"{file.parent.name}/{file.stem}" for file in FILES] == [
            f"{pack}/{name}" for pack in ("imp", "mcmi") for name in names
        ]

    def test_no_address_is_anybody_s(self) -> None:
        addresses = re.findall(r"[\w.-]+@([\w.-]+)|https?://([\w.-]+)", "".join(file.read_text() for file in FILES))

        assert addresses
        assert {mail or web for mail, web in addresses} == {"example.org"}
