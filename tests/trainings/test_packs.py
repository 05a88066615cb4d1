"""What packs say of the home page, of trainings and of questions, and what becomes of it."""

import datetime as dt
import re
from pathlib import Path

import pytest
from wagtail.models import Page, Site

from imp_wagtail.core.packs import Outcome, PackError, load_pack
from imp_wagtail.trainings.models import (
    ContentPage,
    FAQPage,
    Question,
    Trainer,
    TrainingIndexPage,
    TrainingPage,
    TrainingTrainer,
)
from tests.factories import QuestionFactory, TrainerFactory
from tests.packs import line_of, write_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def home() -> Page:
    return Site.objects.get().root_page.specific


def kinds(stream: list) -> list[str]:
    return [block.block_type for block in stream]


class TestHome:
    def test_it_takes_the_place_of_the_welcome_page(self, pack: Path) -> None:
        welcome = home()

        load_pack(pack)

        assert (home().title, home().lead, home().slug) == ("Pottery", "All about pots.", "home")
        assert isinstance(home(), ContentPage)
        assert not Page.objects.filter(pk=welcome.pk).exists()
        assert Page.find_problems() == ([], [], [], [], [])

    def test_its_links_lead_to_pages_that_are_made_after_it(self, pack: Path) -> None:
        load_pack(pack)

        assert kinds(home().body) == ["heading", "link"]
        assert home().body[1].value["page"].specific == FAQPage.objects.get()

    def test_what_is_published_is_what_the_editor_finds(self, pack: Path) -> None:
        load_pack(pack)

        drafted = home().get_latest_revision_as_object().body
        assert drafted.get_prep_value() == home().body.get_prep_value()
        assert not home().has_unpublished_changes

    def test_every_site_that_showed_the_welcome_page_shows_it(self, pack: Path) -> None:
        Site.objects.create(hostname="other.example.org", root_page=home())

        load_pack(pack)

        assert {site.root_page.specific for site in Site.objects.all()} == {ContentPage.objects.get()}

    def test_a_site_s_own_home_page_stays(self, pack: Path) -> None:
        own = home().get_parent().add_child(instance=ContentPage(title="Our own", slug="own"))
        Site.objects.update(root_page=own)

        load_pack(pack)
        load_pack(pack, overwrite=True)

        assert home() == own
        assert (home().title, home().lead) == ("Our own", "")
        assert FAQPage.objects.get().is_child_of(own)

    def test_a_bare_home_page_with_pages_below_it_stays(self, pack: Path) -> None:
        welcome = home()
        welcome.add_child(instance=ContentPage(title="About us", slug="about"))

        load_pack(pack)

        assert home() == welcome
        assert FAQPage.objects.get().is_child_of(welcome)

    def test_later_edits_are_kept_until_they_are_overwritten(self, pack: Path) -> None:
        load_pack(pack)
        page = home()
        page.lead, page.body = "Edited.", []
        page.save_revision().publish()

        load_pack(pack)
        kept = home().lead, kinds(home().body)
        load_pack(pack, overwrite=True)

        assert kept == ("Edited.", [])
        assert (home().lead, kinds(home().body)) == ("All about pots.", ["heading", "link"])


class TestTrainings:
    def test_a_training_says_what_the_pack_says(self, pack: Path) -> None:
        load_pack(pack)

        page = TrainingPage.objects.get()
        assert (page.starts, page.ends) == (dt.date(2099, 5, 1), dt.date(2099, 5, 7))
        assert (page.place, page.format, page.languages) == ("Delft, Netherlands", "in_person", ["nl", "en"])
        assert (page.pathway.key, page.year_only) == ("pottery", False)
        assert [trainer.name for trainer in page.leaders] == ["P. Otter"]
        assert page.is_child_of(TrainingIndexPage.objects.get())

    def test_its_body_has_every_kind_of_block(self, pack: Path) -> None:
        load_pack(pack)

        heading, text, quote, link, elsewhere = TrainingPage.objects.get().body
        assert (heading.block_type, heading.value) == ("heading", "What to bring")
        assert (text.block_type, text.value.source) == ("paragraph", "<p>Clay.</p>")
        assert (quote.value["text"], quote.value["source"]) == ("Slowly.", "A potter")
        assert link.value["page"].slug == "pathway"
        assert elsewhere.value["url"] == "https://example.org/"

    def test_a_training_of_which_only_the_year_is_known_needs_no_place(self, pack: Path) -> None:
        write_pack(pack, ("trainings.yaml", "    town: Delft\n", "    year_only: true\n"))

        load_pack(pack)

        page = TrainingPage.objects.get()
        assert (page.dates, page.place) == ("2099", "Netherlands")

    def test_later_edits_are_kept_until_they_are_overwritten(self, pack: Path) -> None:
        load_pack(pack)
        page = TrainingPage.objects.get()
        page.starts, page.ends = dt.date(2099, 6, 1), dt.date(2099, 6, 7)
        page.training_trainers = [TrainingTrainer(trainer=TrainerFactory(name="C. Lay"))]
        page.save_revision().publish()

        def facts() -> tuple:
            found = TrainingPage.objects.get(pk=page.pk)
            return found.starts.month, [trainer.name for trainer in found.leaders]

        load_pack(pack)
        kept = facts()
        load_pack(pack, overwrite=True)

        assert kept == (6, ["C. Lay"])
        assert facts() == (5, ["P. Otter"])

    def test_a_trainer_who_was_renamed_is_not_added_again(self, pack: Path) -> None:
        load_pack(pack)
        Trainer.objects.update(name="Petra Otter")

        load_pack(pack)

        assert Trainer.objects.get().name == "Petra Otter"

    def test_a_trainer_of_the_site_s_own_may_lead_a_training_of_the_pack(self, pack: Path) -> None:
        TrainerFactory(name="C. Lay")
        write_pack(pack, ("trainings.yaml", "[P. Otter]", "[C. Lay, P. Otter]"))

        load_pack(pack)

        assert [trainer.name for trainer in TrainingPage.objects.get().leaders] == ["C. Lay", "P. Otter"]

    def test_a_trainer_is_told_from_another_whose_name_has_an_accent_more(self, pack: Path) -> None:
        TrainerFactory(name="Ç. Lay")
        TrainerFactory(name="C. Lay")
        write_pack(pack, ("trainings.yaml", "[P. Otter]", "[C. Lay]"))

        load_pack(pack)

        assert [trainer.name for trainer in TrainingPage.objects.get().leaders] == ["C. Lay"]

    def test_a_second_pack_that_says_nothing_of_the_index_leaves_its_words_alone(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path / "first"))
        second = write_pack(
            tmp_path / "second",
            ("pack.yaml", "key: pottery", "key: glass"),
            ("trainings.yaml", "  introduction: All of them.\n", ""),
        )

        load_pack(second, overwrite=True)

        assert TrainingIndexPage.objects.get().introduction == "<p>All of them.</p>"


class TestQuestions:
    def test_sections_and_questions_keep_their_order_and_their_addresses(self, pack: Path) -> None:
        load_pack(pack)

        (section,) = FAQPage.objects.get().numbered_sections()
        assert section.title == "Clay"
        assert [(item.number, item.question, item.anchor) for item in section.questions] == [
            (1, "Is it wet?", "wet"),
            (2, "When is the next firing?", "next-firing"),
        ]

    def test_an_answer_is_text_or_blocks(self, pack: Path) -> None:
        load_pack(pack)

        wet, firing = FAQPage.objects.get().numbered_sections()[0].questions
        assert [(block.block_type, block.value.source) for block in wet.answer] == [("paragraph", "<p>Yes.</p>")]
        assert kinds(firing.answer) == ["paragraph", "next_training"]
        assert firing.answer[1].value["pathway"].key == "pottery"
        assert firing.answer[1].value["sentence"] == "It takes place at"

    def test_later_edits_are_kept_until_they_are_overwritten(self, pack: Path) -> None:
        load_pack(pack)
        question = Question.objects.get(anchor="wet")
        question.question = "Is it dry?"
        question.save_revision().publish()

        def first() -> str:
            return FAQPage.objects.get().numbered_sections()[0].questions[0].question

        load_pack(pack)
        kept = first()
        load_pack(pack, overwrite=True)

        assert (kept, first()) == ("Is it dry?", "Is it wet?")

    def test_a_page_s_order_is_kept_until_it_is_overwritten(self, pack: Path) -> None:
        load_pack(pack)
        page = FAQPage.objects.get()
        page.sections[0].value["questions"].reverse()
        page.save_revision().publish()

        def anchors() -> list[str]:
            return [item.anchor for item in FAQPage.objects.get().numbered_sections()[0].questions]

        load_pack(pack)
        kept = anchors()
        load_pack(pack, overwrite=True)

        assert (kept, anchors()) == (["next-firing", "wet"], ["wet", "next-firing"])

    def test_each_is_told_in_the_report(self, pack: Path) -> None:
        load_pack(pack)
        Question.objects.filter(anchor="wet").update(question="Is it dry?")

        lines = [str(line) for line in load_pack(pack, overwrite=True).lines if "question “" in str(line)]

        assert lines == ["updated question “Is it wet?”", "kept    question “When is the next firing?”"]

    def test_what_is_loaded_is_published_with_a_version_to_go_back_to(self, pack: Path) -> None:
        load_pack(pack)

        assert {(item.live, item.revisions.count()) for item in Question.objects.all()} == {(True, 1)}

    def test_one_whose_address_an_editor_changed_is_not_added_again(self, pack: Path) -> None:
        load_pack(pack)
        Question.objects.filter(anchor="wet").update(anchor="is-clay-wet")

        load_pack(pack, overwrite=True)

        assert set(Question.objects.values_list("anchor", flat=True)) == {"is-clay-wet", "next-firing"}

    def test_one_that_was_unpublished_stays_so(self, pack: Path) -> None:
        load_pack(pack)
        Question.objects.get(anchor="wet").unpublish()
        Question.objects.filter(anchor="wet").update(question="Is it dry?")

        load_pack(pack, overwrite=True)

        assert not Question.objects.get(question="Is it wet?").live

    def test_one_of_an_editor_s_at_the_same_address_is_the_pack_s(self, pack: Path) -> None:
        own = QuestionFactory(question="How wet?", anchor="wet")

        load_pack(pack)

        assert FAQPage.objects.get().numbered_sections()[0].questions[0].question == "How wet?"
        assert Question.objects.get(anchor="wet") == own

    def test_a_section_names_one_that_the_site_has_by_its_address_alone(self, pack: Path) -> None:
        QuestionFactory(question="Where?", anchor="where")
        write_pack(pack, ("questions.yaml", "    questions:\n", "    questions:\n      - anchor: where\n"))

        load_pack(pack)

        (section,) = FAQPage.objects.get().numbered_sections()
        assert [item.question for item in section.questions][:2] == ["Where?", "Is it wet?"]
        assert Question.objects.count() == 3

    def test_a_question_stands_on_two_pages_of_a_pack_and_is_kept_once(self, pack: Path) -> None:
        write_pack(pack, ("questions.yaml", "page:\n", FURTHER_PAGE + "page:\n"))

        load_pack(pack)
        wet = Question.objects.get(anchor="wet")
        wet.question = "How wet?"
        wet.save_revision().publish()

        shown = {page.slug: page.numbered_sections()[0].questions[0].question for page in FAQPage.objects.all()}
        assert shown == {"faq": "How wet?", "glazes": "How wet?"}
        assert FAQPage.objects.get(slug="glazes").has_search

    def test_two_packs_share_what_is_the_same_and_do_not_take_each_other_s_address(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path / "first"))
        others = ("pack.yaml", "key: pottery", "key: glass"), ("questions.yaml", "slug: faq", "slug: glass-faq")
        load_pack(write_pack(tmp_path / "same", *others))
        other = write_pack(tmp_path / "other", *others, ("questions.yaml", "Is it wet?", "Is glass wet?"))

        with pytest.raises(PackError) as caught:
            load_pack(other)

        assert Question.objects.filter(anchor="wet").count() == 1
        assert str(caught.value) == (
            f"questions.yaml, line {line_of('questions.yaml', 'anchor: wet')}: Another pack has brought the question "
            "“Is it wet?” to this address. Give this one another."
        )


FURTHER_PAGE = """\
further_pages:
  - page: {slug: glazes, title: Glazes, search: true}
    sections:
      - title: Before
        questions:
          - anchor: wet
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("trainings.yaml", "pathway: pottery", "pathway: pots", "There is no pathway “pots”."),
        ("trainings.yaml", "trainers: [P. Otter]", "trainers: [P. Ott]", "There is no trainer “P. Ott”. Did you"),
        ("trainings.yaml", "page: pathway}", "page: pathways}", "There is no page /pathways/. Did you mean “pathway”"),
        ("trainings.yaml", ", page: pathway}", "}", "A link leads either to a “page” of the site or to a “url”."),
        ("trainings.yaml", "- heading: What to bring", "- {}", "A block is one of these, with its content: text, "),
        ("trainings.yaml", "- text: Clay.", "- {text: Clay., heading: Clay}", "A block is one of these"),
        ("trainings.yaml", "- text: Clay.", "- video: Clay.", "“video” is not known here."),
        (
            "questions.yaml",
            "anchor: next-firing",
            "anchor: wet",
            "“wet” is here a second time; the first is in line 8",
        ),
        ("questions.yaml", "{pathway: pottery,", "{pathway: potery,", "There is no pathway “potery”. Did you mean"),
        ("pages.yaml", "page: faq}", "page: fqa}", "There is no page /fqa/. Did you mean “faq”?"),
    ],
)
def test_what_leads_nowhere_is_refused_with_file_line_and_reason(
    pack: Path, file: str, old: str, new: str, complaint: str
) -> None:
    write_pack(pack, (file, old, new))

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    assert str(caught.value).startswith(f"{file}, line {line_of(file, old)}: {complaint}")
    assert not TrainingPage.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("        answer: Yes.\n", "", "A question has a “question” and an “answer”; only one that is kept elsewhere"),
        ("        answer: Yes.\n", "        answer: []\n", "A question has a “question” and an “answer”; only one"),
        (
            " question: Is it wet?\n        anchor: wet\n        answer: Yes.",
            " anchor: wett",
            "There is no question “wett”.",
        ),
        (
            " question: Is it wet?\n        anchor: wet\n        answer: Yes.",
            " anchor: next-firin",
            "There is no question “next-firin”. Did you mean “next-firing”?",
        ),
    ],
)
def test_a_question_that_is_neither_whole_nor_somewhere_else_is_refused(
    pack: Path, old: str, new: str, complaint: str
) -> None:
    write_pack(pack, ("questions.yaml", old, new))

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    line = line_of("questions.yaml", "question: Is it wet?")
    assert str(caught.value).startswith(f"questions.yaml, line {line}: {complaint}")
    assert not Question.objects.exists()


def test_an_address_that_no_editor_could_enter_is_refused(pack: Path) -> None:
    write_pack(pack, ("trainings.yaml", '"https://example.org/"', "example"))

    with pytest.raises(PackError, match=r"^trainings.yaml, line \d+: .*[Vv]alid URL"):
        load_pack(pack)


def test_two_trainings_at_one_address_are_refused(pack: Path) -> None:
    again = "  - {slug: kiln-2099, title: Again, starts: 2099-01-01, ends: 2099-01-02, format: online}\n"
    write_pack(pack, ("trainings.yaml", "trainings:\n  - slug", f"trainings:\n{again}  - slug"))

    with pytest.raises(PackError, match="“kiln-2099” is here a second time"):
        load_pack(pack)


#: The beginning of the home page's body in the pack of these tests.
BODY = "  body:\n"


class TestFactsInBodies:
    def with_block(self, pack: Path, block: str) -> None:
        """The pack, whose home page begins with one more block."""
        pages = pack / "pages.yaml"
        assert BODY in pages.read_text()
        pages.write_text(pages.read_text().replace(BODY, f"{BODY}    - {block}\n", 1))

    def test_show_what_other_files_of_the_pack_hold(self, pack: Path) -> None:
        self.with_block(pack, "stage_requirements: {pathway: pottery, stage: clay, recommended: true}")
        self.with_block(pack, "pathway_stages: {pathway: pottery, look: list}")
        self.with_block(pack, "training: {slug: kiln-2099}")
        question = QuestionFactory(question="Shown?", anchor="shown")
        self.with_block(pack, "question: {anchor: shown}")
        load_pack(pack)
        shown = {block.block_type: block.value for block in home().body}

        assert shown["question"]["question"] == question
        assert shown["training"]["page"].specific == TrainingPage.objects.get(slug="kiln-2099")
        assert (shown["pathway_stages"]["pathway"].key, shown["pathway_stages"]["look"]) == ("pottery", "list")
        assert shown["stage_requirements"]["stage"] == "pottery/clay"
        assert shown["stage_requirements"]["recommended"] is True

    def test_are_the_same_when_the_pack_is_loaded_again(self, pack: Path) -> None:
        self.with_block(pack, "stage_requirements: {pathway: pottery, stage: clay}")
        self.with_block(pack, "training: {slug: kiln-2099}")
        load_pack(pack)
        before = home().body.get_prep_value()

        assert {line.outcome for line in load_pack(pack, overwrite=True).lines} == {Outcome.KEPT}
        assert home().body.get_prep_value() == before

    @pytest.mark.parametrize(
        ("block", "reason"),
        [
            ("training: {slug: kiln-2098}", "no training “kiln-2098” before this one. Did you mean “kiln-2099”?"),
            ("question: {anchor: nobody-asked-this}", "no question “nobody-asked-this”"),
            ("pathway_stages: {pathway: poetry}", "no pathway “poetry”. Did you mean “pottery”?"),
            ("stage_requirements: {pathway: pottery, stage: klay}", "no stage “klay”. Did you mean “clay”?"),
            ("pathway_stages: {pathway: pottery, look: spiral}", "diagram"),
        ],
    )
    def test_of_what_there_is_not_are_refused_with_their_line(self, pack: Path, block: str, reason: str) -> None:
        self.with_block(pack, block)

        with pytest.raises(PackError, match=re.escape(reason)) as refused:
            load_pack(pack)
        assert str(refused.value).startswith(f"pages.yaml, line {line_of('pages.yaml', '    - heading: Welcome')}: ")
        assert not TrainingPage.objects.exists()
