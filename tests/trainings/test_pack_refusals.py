"""Every kind of fault that a pack's trainings and blocks can have: refused with its file, its line and the reason."""

from pathlib import Path

import pytest

from imp_wagtail.core.packs import PackError, load_pack
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import ContentPage
from tests.full_pack import QUESTIONS, TRAININGS, write_full_pack

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("start_time: 17:00", "start_time: 25:00", "“25:00” is not a time of day."),
        ("start_time: 17:00", "start_time: 9:00", "“9:00” is not a time of day."),
        ("start_time: 17:00", "start_time: 5 pm", "“5 pm” is not a time of day."),
        ("time_zone: Europe/Amsterdam", "time_zone: Europe/Delft", "Value 'Europe/Delft' is not a valid choice."),
        ("previous_starts: 2099-04-01", "previous_starts: 2099-04-31", "“2099-04-31” is not a date."),
        ("amount: 1450.5, currency: EUR", "amount: 1450.5, currency: EURO", "Value 'EURO' is not a valid choice."),
        ("amount: 1450.5, currency: EUR", "amount: -1, currency: EUR", "greater than or equal to 0"),
        ("amount: 1450.5, currency: EUR", "amount: dear, currency: EUR", "“dear” is not a number."),
        ("amount: 1450.5, currency: EUR", "amount: 1450.555, currency: EUR", "no more than 2 decimal places"),
        ("capacity: 12", "capacity: 0", "“capacity” must be 1 or more, not 0."),
        ("capacity: 12", "capacity: a dozen", "“capacity” must be a whole number"),
        ("status: waiting_list", "status: waitinglist", "Did you mean “waiting_list”?"),
        ("status: waiting_list", "status: over", "“status” cannot be “over”."),
        ("format: hybrid", "format: hybird", "Did you mean “hybrid”?"),
        ("application_closes: 2099-03-31", "application_closes: 2098-12-31", "cannot end before they begin"),
        ("application_closes: 2099-03-31", "application_closes: 2099-06-01", "when the training is over"),
        ("application_url: https://example.org/apply?a=1&b=2", "application_url: here", "Enter a valid URL"),
        ("{image: otter.png, caption: At the wheel}", "{image: toter.png}", "There is no picture “toter.png”"),
        ("    capacity: 12", "    picture: a.png", "“picture” is not known here."),
        ("      - heading: What to bring", "      - figure: {image: kilm.jpg}", "Did you mean “kiln.jpg”?"),
        ("photo: otter.png", "photo: ../otter.png", "There is no picture “../otter.png” in images.yaml."),
        (
            "      - heading: What to bring",
            "      - haeding: What",
            "“haeding” is not known here. Did you mean “heading”?",
        ),
        ("      - heading: What to bring", "      - {heading: A, text: B}", "A block is one of these"),
        (
            "      - question: {anchor: wet}",
            "      - question: {anchor: wett}",
            "no question “wett”. Did you mean “wet”?",
        ),
        ("      - training: {slug: kiln-2099}", "      - training: {slug: kiln-2097}", "no training “kiln-2097”"),
        (
            "{text: The pathway, page: pathway}",
            "{text: Way, page: pathwya}",
            "no page /pathwya/. Did you mean “pathway”?",
        ),
        ("      - courses: {language: nl}", "      - courses: {langauge: nl}", "“langauge” is not known here."),
        ("      - courses: {language: nl}", "      - courses: {number: 0}", "“number” must be 1 or more, not 0."),
        ("      - courses: {language: nl}", "      - courses: {pathway: potery}", "Did you mean “pottery”?"),
        ("      - courses: {language: nl}", "      - course: {language: nl}", "Did you mean “courses”?"),
        ("trainers: [Zoë Müller-Śmith, P. Otter]", "trainers: [P. Oter]", "Did you mean “P. Otter”?"),
    ],
)
def test_a_fault_in_a_training(tmp_path: Path, old: str, new: str, reason: str) -> None:
    folder = write_full_pack(tmp_path)
    assert TRAININGS.count(old) == 1
    (folder / "trainings.yaml").write_text(TRAININGS.replace(old, new), encoding="utf-8")
    line = TRAININGS[: TRAININGS.index(old)].count("\n") + 1

    with pytest.raises(PackError) as caught:
        load_pack(folder)

    assert (caught.value.file, caught.value.line) == ("trainings.yaml", line)
    assert reason in caught.value.reason
    assert not Pathway.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("- text: Soon.", "- heading: Soon", "“heading” is not known here."),
        ("- text: Soon.", "- question: {anchor: wet}", "“question” is not known here."),
        ("- next_training: {sentence: Any}", "- next_training: {pathway: potery}", "Did you mean “pottery”?"),
        ("stage: clay, recommended: true", "stage: clay, recommended: often", "must be true or false, not “often”."),
    ],
)
def test_a_fault_in_an_answer(tmp_path: Path, old: str, new: str, reason: str) -> None:
    folder = write_full_pack(tmp_path)
    assert QUESTIONS.count(old) == 1
    (folder / "questions.yaml").write_text(QUESTIONS.replace(old, new), encoding="utf-8")
    line = QUESTIONS[: QUESTIONS.index(old)].count("\n") + 1

    with pytest.raises(PackError) as caught:
        load_pack(folder)

    assert (caught.value.file, caught.value.line) == ("questions.yaml", line)
    assert reason in caught.value.reason


def with_link(folder: Path, address: str) -> Path:
    """The pack, whose home page leads to one more address."""
    pages = write_full_pack(folder) / "pages.yaml"
    link = f'    - link: {{text: Check a letter, url: "{address}"}}\n'
    pages.write_text(pages.read_text().replace("  body:\n", f"  body:\n{link}", 1))
    return folder


def test_a_link_leads_to_a_path_of_the_site(tmp_path: Path) -> None:
    load_pack(with_link(tmp_path, "/verify/"))

    home = ContentPage.objects.get()
    assert home.body[0].value["url"] == "/verify/"
    assert 'href="/verify/"' in home.body.render_as_block()


@pytest.mark.parametrize("address", ["verify", "/\\\\example.org/", "javascript:alert(1)", "/a b"])
def test_a_link_leads_nowhere_else_by_half_an_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(PackError, match=r"^pages.yaml, line 4: .*valid URL"):
        load_pack(with_link(tmp_path, address))
