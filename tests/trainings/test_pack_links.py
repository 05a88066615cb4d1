"""Links and facts in texts of packs: to whatever file makes them, found again, and refused if they lead nowhere."""

from pathlib import Path

import pytest
from django.test import Client
from wagtail.models import Page, Site

from imp_wagtail.core.packs import Outcome, PackError, dump_pack, load_pack
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.pathways.models import Pathway, PathwayPage, Stage
from imp_wagtail.trainings.models import ContentPage, FAQPage, Question, TrainingPage
from tests.packs import line_of, write_pack

pytestmark = pytest.mark.django_db

INTRODUCTION = ("pathway.yaml", "introduction: Clay comes first.")
ANSWER = ("questions.yaml", "        answer: Yes.")
TEXT = ("trainings.yaml", "      - text: Clay.")
BODY = ("letters.yaml", '    body: "{name} completed {stage}."')


def pack_with(folder: Path, place: tuple[str, str], text: str) -> Path:
    """The pack, with another text in one place."""
    file, old = place
    name = old.split(":")[0]
    indent = " " * (len(name) - len(name.lstrip(" -")) + 2)
    lines = "\n".join(indent + line for line in text.split("\n"))
    return write_pack(folder, (file, old, f"{name}: |\n{lines}"))


def link(page: Page, words: str) -> str:
    return f'<a linktype="page" id="{page.pk}">{words}</a>'


def test_a_text_leads_to_pages_of_files_that_are_loaded_after_it(tmp_path: Path) -> None:
    text = "[a](page:faq) [b](page:trainings/kiln-2099) [c](page:pathway) [d](page:/) [e](page:trainings)"
    load_pack(pack_with(tmp_path, INTRODUCTION, text))

    training = TrainingPage.objects.get()
    pages = (FAQPage.objects.get(), training, PathwayPage.objects.get(), Site.objects.get().root_page)
    said = [link(page, words) for page, words in zip([*pages, training.get_parent()], "abcde", strict=True)]
    assert Pathway.objects.get().introduction == f"<p>{' '.join(said)}</p>"


def test_what_is_published_is_what_the_editor_finds(tmp_path: Path) -> None:
    load_pack(pack_with(tmp_path, ANSWER, "[a](page:trainings/kiln-2099) and {question:next-firing.link}"))

    question = Question.objects.get(anchor="wet")
    number = Question.objects.get(anchor="next-firing").pk
    fact = f'<embed embedtype="imp-fact" source="question" of="{number}" tell="link"/>'
    assert question.answer[0].value.source == f"<p>{link(TrainingPage.objects.get(), 'a')} and {fact}</p>"
    drafted = question.get_latest_revision_as_object()
    assert drafted.answer.get_prep_value() == question.answer.get_prep_value()
    assert not question.has_unpublished_changes and question.revisions.count() == 1


def test_trainings_lead_to_each_other_in_any_order(tmp_path: Path) -> None:
    folder = pack_with(tmp_path, TEXT, "[next](page:trainings/second) {training:second.dates} [it](training:second)")
    trainings = folder / "trainings.yaml"
    more = "  - {slug: second, title: B, starts: 2099-06-01, ends: 2099-06-02, format: online, audience: A}\n"
    more = more.replace("audience: A", "audience: '[a](page:trainings/kiln-2099)'")
    trainings.write_text(trainings.read_text() + more)

    load_pack(folder)

    first, second = TrainingPage.objects.order_by("path")
    assert link(second, "next") in first.body[1].value.source
    assert f'of="{second.pk}" tell="dates"' in first.body[1].value.source
    assert second.audience == f"<p>{link(first, 'a')}</p>"
    assert dump_pack(tmp_path / "new", "pottery").losses == []
    assert "[next](page:trainings/second) {training:second.dates} [it](training:second)" in (
        tmp_path / "new" / "trainings.yaml"
    ).read_text().replace("\n          ", " ")


def test_pages_that_an_editor_has_renamed_are_found_again(tmp_path: Path) -> None:
    text = "[a](page:faq) [b](page:trainings/kiln-2099) {training:kiln-2099.place} {question:wet.link}"
    load_pack(pack_with(tmp_path, INTRODUCTION, text))
    for page, slug in ((FAQPage.objects.get(), "asked"), (TrainingPage.objects.get(), "fire")):
        page.slug = slug
        page.save_revision().publish()
    Question.objects.filter(anchor="wet").update(anchor="how-wet")
    before = Pathway.objects.get().introduction

    result = load_pack(tmp_path, overwrite=True)

    assert Pathway.objects.get().introduction == before
    assert "pathway “Pottery pathway”" in [line.what for line in result.lines if line.outcome == Outcome.KEPT]


def test_a_page_is_not_taken_for_another_whose_path_ends_alike(tmp_path: Path) -> None:
    """The pathway's page and a training; a page of the pack and one that an editor made elsewhere."""
    folder = pack_with(tmp_path, TEXT, "[a](page:trainings/pathway) [b](page:pathway) [c](page:about/faq)")
    trainings = folder / "trainings.yaml"
    more = "  - {slug: pathway, title: B, starts: 2099-06-01, ends: 2099-06-02, format: online}\n"
    trainings.write_text(trainings.read_text() + more)
    home = Site.objects.get().root_page
    about = home.add_child(instance=ContentPage(title="About", slug="about"))
    asked = about.add_child(instance=ContentPage(title="Asked elsewhere", slug="faq"))

    for _time in range(2):
        load_pack(folder, overwrite=True)
        first, second = TrainingPage.objects.order_by("path")
        pathway = PathwayPage.objects.get()
        said = [link(page, words) for page, words in ((second, "a"), (pathway, "b"), (asked, "c"))]
        assert first.body[1].value.source == f"<p>{' '.join(said)}</p>"


def test_the_aliases_of_a_page_lead_to_the_same(tmp_path: Path, client: Client) -> None:
    load_pack(write_pack(tmp_path))
    faq, training = FAQPage.objects.get(), TrainingPage.objects.get()
    alias = training.create_alias(parent=training.get_parent(), update_slug="again")
    folder = pack_with(tmp_path, TEXT, "[to them](page:faq) and {question:wet.link}")
    with (folder / "questions.yaml").open("a") as file:
        file.write('      - {question: "New?", anchor: new, answer: "Yes."}\n')
    folder = write_in(folder, "trainings.yaml", "{question:wet.link}", "{question:new.link}")

    load_pack(folder, overwrite=True)

    alias.refresh_from_db()
    training.refresh_from_db()
    assert link(faq, "to them") in alias.body[1].value.source
    assert alias.body[1].value.source == training.body[1].value.source
    assert client.get("/trainings/again/").status_code == 200


def write_in(folder: Path, name: str, old: str, new: str) -> Path:
    """Something else in one file of a pack."""
    file = folder / name
    file.write_text(file.read_text().replace(old, new))
    return folder


def test_readers_find_links_and_facts(tmp_path: Path, client: Client) -> None:
    load_pack(pack_with(tmp_path, ANSWER, "**Yes**, in [the kiln](page:trainings/kiln-2099), {next-training.dates}."))

    page = client.get("/faq/").content.decode()

    assert '<b>Yes</b>, in <a href="/trainings/kiln-2099/">the kiln</a>, <time datetime="2099-05-01">' in page


def test_letters_have_emphasis_and_lists_beside_their_fields(tmp_path: Path) -> None:
    load_pack(pack_with(tmp_path, BODY, "**{name}** completed\n\n- {stage}"))

    template = LetterTemplate.objects.get(stage=None)
    assert template.body == "<p><b>{name}</b> completed</p><ul><li>{stage}</li></ul>"
    assert dump_pack(tmp_path / "new", "pottery").losses == []
    assert "      **{name}** completed\n\n      - {stage}\n" in (tmp_path / "new" / "letters.yaml").read_text()


def test_a_link_of_its_own_line_leads_to_a_training_too(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, ("pages.yaml", "page: faq}", "page: trainings/kiln-2099}"))

    load_pack(folder)

    assert Site.objects.get().root_page.specific.body[1].value["page"].specific == TrainingPage.objects.get()


@pytest.mark.parametrize(
    ("place", "text", "line", "reason"),
    [
        (INTRODUCTION, "One.\n\n[a](page:fqa)", 3, "“page:fqa” is not known here. Did you mean “page:faq”?"),
        (INTRODUCTION, "[a](javascript:alert(1))", 1, "A text cannot lead to “javascript:alert(1)”."),
        (INTRODUCTION, "## Head", 1, "This text cannot have headings."),
        (ANSWER, "One\n{next-training:potery.dates}", 2, "Did you mean “next-training:pottery”?"),
        (ANSWER, "{requirement:pottery/clay/bowl.amount}", 1, "Did you mean “requirement:pottery/clay/bowls”?"),
        (ANSWER, "{training:kiln-2098.dates}", 1, "Did you mean “training:kiln-2099”?"),
        (ANSWER, "{question:wett.link}", 1, "Did you mean “question:wet”?"),
        (ANSWER, "{pathway:poetry.title}", 1, "“pathway:poetry” is not known here."),
        (TEXT, "- one\n- **two", 2, "Emphasis begins here and never ends."),
        (TEXT, "[a](page:trainings/kiln-2098)", 1, "Did you mean “page:trainings/kiln-2099”?"),
        (BODY, "See [there](https://example.org/)", 1, "This text cannot have such a link."),
    ],
)
def test_what_a_text_cannot_say_is_refused_with_its_own_line(
    tmp_path: Path, place: tuple[str, str], text: str, line: int, reason: str
) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(pack_with(tmp_path, place, text))

    assert (caught.value.file, caught.value.line) == (place[0], line_of(*place) + line)
    assert reason in caught.value.reason
    assert not Pathway.objects.exists()


def test_a_text_that_is_not_written_line_by_line_is_refused_where_it_begins(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, (*INTRODUCTION, "introduction: >\n  One\n\n  [a](page:fqa)"))

    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert caught.value.line == line_of(*INTRODUCTION)


def test_what_an_editor_has_written_comes_back_and_changes_nothing(tmp_path: Path) -> None:
    load_pack(write_pack(tmp_path / "pack"))
    stage = Stage.objects.get(key="clay")
    stage.description = (
        '<p data-block-key="a1">A <b>bold </b>word, <i>a </i><b><i>b</i></b> <b>f </b><b><embed embedtype="imp-fact" '
        f'source="next-training" of="" tell="dates"/></b><b> g</b></p><ul><li data-block-key="a2">'
        f"{link(FAQPage.objects.get(), 'x')}"
        '<ol><li data-block-key="a3">y</li></ol></li></ul><p data-block-key="a4"></p>'
    )
    stage.save()

    assert dump_pack(tmp_path / "new", "pottery").losses == []

    assert {line.outcome for line in load_pack(tmp_path / "new", overwrite=True).lines} == {Outcome.KEPT}
