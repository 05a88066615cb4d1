"""The PDFs of a training and of a page of questions, opened."""

import datetime as dt
import logging
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Locale, PageViewRestriction

from imp_wagtail.core.printed.markup import for_paper, with_anchors
from imp_wagtail.core.printed.pictures import bytes_of, with_own_pictures
from imp_wagtail.trainings.models import FAQPage, TrainingPage
from imp_wagtail.trainings.rules import Status
from tests.factories import (
    FAQPageFactory,
    PathwayFactory,
    PathwayPageFactory,
    QuestionFactory,
    RequirementFactory,
    StageFactory,
    TrainerFactory,
    TrainingPageFactory,
    section_of,
)
from tests.opened_pdfs import Opened

pytestmark = pytest.mark.django_db

LONG = "<p>" + "The days unfold slowly, and part of them in silence. " * 120 + "</p>"


def picture(title: str, colour: str, size: tuple[int, int] = (1600, 900), kind: str = "PNG") -> Any:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return get_image_model().objects.create(
        title=title, file=ContentFile(file.getvalue(), f"{title}.{kind.lower()}"), width=size[0], height=size[1]
    )


def opened(client: Client, address: str) -> Opened:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return Opened(response.content)


def figures(pdf: Opened) -> list[str]:
    return [str(element.Alt) for element in pdf.elements() if element.S == "/Figure"]


def images(pdf: Opened) -> list[tuple[int, int]]:
    """The sizes of the pictures that are embedded."""
    return [
        (int(found.Width), int(found.Height)) for found in pdf.pdf.objects if getattr(found, "Subtype", "") == "/Image"
    ]


@pytest.fixture
def training() -> TrainingPage:
    """Open for applications, on a pathway with a stage before it, led by somebody with a photograph."""
    pathway = PathwayFactory(title="Teacher training")
    before = StageFactory(pathway=pathway, key="before", title="Preparation", sort_order=0)
    RequirementFactory(stage=before, title="Own practice")
    at = StageFactory(pathway=pathway, key="at", title="Engagement", sort_order=1)
    RequirementFactory(stage=at, title="Nine days", kind="sessions", amount=9, cohort_kind="training")
    PathwayPageFactory(pathway=pathway)
    page = TrainingPageFactory(
        title="Training in England",
        slug="england",
        summary="Nine days together.",
        pathway=pathway,
        status=Status.OPEN,
        application_email="apply@example.org",
        application_url="https://apply.example.org/",
        body=[("heading", "How it goes"), ("paragraph", "<p>In silence.</p>")],
    )
    page.training_trainers.create(trainer=TrainerFactory(name="Ada Example", photo=picture("ada", "navy")))
    page.prices.create(amount=1450, currency="EUR", label="shared room")
    page.save()
    return page


ENGLAND = "/trainings/england/pdf/"


# A training


def test_a_training_says_all_that_its_page_says(client: Client, training: TrainingPage) -> None:
    pdf = opened(client, ENGLAND)

    assert (pdf.title, pdf.language, pdf.faults()) == ("Training in England", "en", [])
    assert [title for _level, title, _page in pdf.outline()] == [
        "Training in England",
        "How it goes",
        "Price",
        "Preparation",
        "Led by",
        "How to apply",
    ]
    for words in (
        "Nine days together.",
        "21–30 October 2099",
        "Ammerdown, United Kingdom",
        "Residential",
        "In silence.",
        "1,450",
        "shared room",
        "Own practice",
        "Ada Example",
        "Open for applications",
    ):
        assert words in pdf.text
    assert pdf.addresses() == {
        "http://testserver/pathway/",
        "http://testserver/trainings/england/",
        "https://apply.example.org/",
        "mailto:apply@example.org",
    }


def test_a_long_training_has_contents_and_a_cover_with_its_facts(client: Client, training: TrainingPage) -> None:
    training.body = [("heading", "How it goes"), ("paragraph", LONG), ("heading", "And then"), ("paragraph", LONG)]
    training.save()
    pdf = opened(client, ENGLAND)
    places = {title: page for _level, title, page in pdf.outline()[1:]}

    assert pdf.contents() == places
    assert list(places) == ["How it goes", "And then", "Price", "Preparation", "Led by", "How to apply"]
    assert "21–30 October 2099" in pdf.pages[0]
    assert pdf.faults() == []


def test_an_earlier_training_says_that_it_is_over_and_how_it_was(client: Client) -> None:
    page = TrainingPageFactory(past=True, slug="then", report=[("paragraph", "<p>It was good.</p>")])
    page.pictures.create(image=picture("meadow", "green"), alternative="A meadow")
    page.save()
    pdf = opened(client, "/trainings/then/pdf/")

    assert ("This training is over." in pdf.text, "It was good." in pdf.text) == (True, True)
    assert figures(pdf) == ["A meadow"]
    assert pdf.faults() == []


def test_a_cancelled_training_says_so_before_anything_else(client: Client, training: TrainingPage) -> None:
    before = client.get(ENGLAND)["ETag"]
    training.status = Status.CANCELLED
    training.save()
    pdf = opened(client, ENGLAND)

    assert "This training is cancelled." in pdf.pages[0]
    assert "apply@example.org" not in pdf.text
    assert client.get(ENGLAND)["ETag"] != before


def test_a_training_of_another_day_is_in_the_next_download(client: Client, training: TrainingPage) -> None:
    opened(client, ENGLAND)
    training.ends = dt.date(2099, 10, 31)
    training.save()

    assert "21–31 October 2099" in opened(client, ENGLAND).text


# Questions


@pytest.fixture
def faq() -> FAQPage:
    first = section_of(
        "Before", QuestionFactory(question="For whom?", says="<p>For all.</p>"), QuestionFactory(question="When?")
    )
    return FAQPageFactory(
        title="Questions", has_search=True, sections=[first, section_of("After", QuestionFactory(question="Then?"))]
    )


def test_questions_are_all_open_numbered_and_in_their_sections(client: Client, faq: FAQPage) -> None:
    pdf = opened(client, "/faq/pdf/")

    assert (pdf.title, pdf.language, pdf.faults()) == ("Questions", "en", [])
    assert [(level, title) for level, title, _page in pdf.outline()] == [
        (1, "Questions"),
        (2, "Before"),
        (3, "For whom?"),
        (3, "When?"),
        (2, "After"),
        (3, "Then?"),
        (2, "Current version"),
    ]
    assert "1 For whom? For all. 2 When? Yes. After 3 Then? Yes." in pdf.text


def test_what_is_looked_for_on_the_page_leaves_nothing_out_of_its_pdf(client: Client, faq: FAQPage) -> None:
    assert client.get("/faq/pdf/?q=whom")["ETag"] == client.get("/faq/pdf/")["ETag"]


def test_many_questions_are_listed_with_their_pages(client: Client) -> None:
    questions = [QuestionFactory(question=f"What is number {number:02}?", says=LONG[:900]) for number in range(12)]
    FAQPageFactory(sections=[section_of("Before", *questions[:6]), section_of("After", *questions[6:])])
    pdf = opened(client, "/faq/pdf/")
    places = {title: page for _level, title, page in pdf.outline()[1:]}

    # The list is read as text, in which a number may be that of a question or of a page.
    listed = pdf.pages[0].partition("Contents")[2]
    for number, question in enumerate(questions, start=1):
        assert f"{number} {question.question} {places[question.question]}" in listed
    leads = [to for page, _address, to in pdf.links() if page == 1 and to]
    assert set(leads) == set(places.values())
    assert len(set(places.values())) > 2


def test_a_question_may_have_any_address_of_its_own(client: Client) -> None:
    odd = [QuestionFactory(question=words) for words in ("Contact", "imp contact", "C++ & <b>more</b>?")]
    FAQPageFactory(questions=odd)
    pdf = opened(client, "/faq/pdf/")

    assert [title for level, title, _page in pdf.outline() if level == 3] == [question.question for question in odd]
    assert pdf.faults() == []


# Pictures


def test_pictures_of_the_page_are_in_its_pdf_as_large_as_paper_shows(client: Client, training: TrainingPage) -> None:
    found = picture("lake", "teal", (3000, 2000))
    training.body = [("figure", {"image": found, "alternative": 'A "lake"', "caption": "By day"})]
    training.save()
    pdf = opened(client, ENGLAND)

    assert figures(pdf) == ['A "lake"']
    assert sorted(images(pdf), reverse=True)[0][0] in range(1200, 1441)
    assert len(images(pdf)) == 2
    assert pdf.faults() == []


def test_a_picture_that_cannot_be_read_leaves_a_pdf_without_it_for_a_while(
    client: Client, training: TrainingPage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    found = picture("gone", "teal")
    training.body = [("figure", {"image": found, "alternative": "A lake", "caption": "By day"})]
    training.save()
    client.get("/trainings/england/")
    for rendition in found.renditions.all():
        rendition.file.storage.delete(rendition.file.name)
    pdf = opened(client, ENGLAND)

    assert "A lake" in pdf.text
    assert len(images(pdf)) == 1
    assert "A PDF is made without" in caplog.text


def test_what_is_no_picture_for_paper_is_told_from_what_cannot_be_read() -> None:
    rendition = picture("lake", "teal").get_rendition("width-480")
    storage, name = rendition.file.storage, rendition.file.name
    assert bytes_of(rendition)
    storage.delete(name)
    storage.save(name, ContentFile(b"<svg/>"))
    assert bytes_of(rendition) == b""
    storage.delete(name)
    assert bytes_of(rendition) is None


def test_a_replaced_picture_is_another(client: Client) -> None:
    found = picture("lake", "teal")
    rendition = found.get_rendition("width-480")
    tag = f'<img src="{rendition.url}" alt="">'
    before, _pictures = with_own_pictures(tag)
    type(found).objects.update(file_hash="0" * 40)

    assert with_own_pictures(tag)[0] != before


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="https://elsewhere.example/images/x.png" alt="">',
        '<img src="/media/original_images/secret.png">',
        '<img src="/media/../settings.py">',
        '<img src="file:///etc/passwd" srcset="x">',
        "<img>",
    ],
)
def test_pictures_that_the_library_does_not_know_are_left_alone(tag: str) -> None:
    assert with_own_pictures(tag) == (tag, {})


def test_the_largest_of_a_pictures_sizes_is_printed() -> None:
    found = picture("lake", "teal")
    small, large = (found.get_rendition(f"width-{width}") for width in (480, 960))
    html, pictures = with_own_pictures(
        f'<p><img class="x" srcset="{large.url} 960w, {small.url} 480w" sizes="92vw" src="{small.url}" alt="&quot;>">'
    )

    [(name, rendition)] = pictures.items()
    assert (rendition, html) == (large, f'<p><img src="image:{name}" class="x" alt="&quot;>">')


# Markup


def test_headings_become_contents_with_their_numbers() -> None:
    html, entries = with_anchors(
        '<h2>A &amp; <i>b</i></h2><h3>no</h3><h3 id="q" data-number="1">Yes?</h3><h2 id="c">C</h2>'
    )

    assert html.startswith('<h2 id="imp-heading-1">A')
    assert [(entry.title, entry.anchor, entry.number, len(entry.below)) for entry in entries] == [
        ("A & b", "imp-heading-1", "", 1),
        ("C", "c", "", 0),
    ]
    assert [(entry.title, entry.anchor, entry.number) for entry in entries[0].below] == [("Yes?", "q", "1")]


def test_what_is_for_browsers_is_left_out() -> None:
    assert for_paper('<p>A<link rel="stylesheet" href="/x.css"><script>1</script> \n</p>') == "<p>A</p>"


# For whom, and in which language


def test_a_training_for_some_has_a_pdf_for_the_same(client: Client, training: TrainingPage) -> None:
    assert client.get(ENGLAND).status_code == 200
    PageViewRestriction.objects.create(page=training.get_parent(), restriction_type=PageViewRestriction.LOGIN)

    response = client.get(ENGLAND)
    assert (response.status_code, b"%PDF" in response.content) == (302, False)


def test_an_arabic_page_begins_on_the_right(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    arabic = Locale.objects.create(language_code="ar")
    asked = QuestionFactory(question="لمن هذا التدريب؟", says="<p>لمعلمي اليقظة الذهنية.</p>", locale=arabic)
    FAQPageFactory(title="أسئلة وأجوبة", slug="ar", locale=arabic, questions=[asked])
    pdf = opened(client, "/ar/pdf/")
    places: dict[str, float] = {}

    def note(text: str, _cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            places.setdefault(text.strip(), tm[4])

    pdf.reader.pages[0].extract_text(visitor_text=note)
    middle = float(pdf.reader.pages[0].mediabox.width) / 2
    assert (pdf.title, pdf.language, pdf.faults()) == ("أسئلة وأجوبة", "ar", [])
    assert places["1"] > middle, "the number hangs in the margin on the right"
    assert "empty boxes" not in caplog.text


def test_each_page_leads_to_its_pdf(client: Client, training: TrainingPage, faq: FAQPage) -> None:
    for address in ("/trainings/england/", "/faq/", "/pathway/"):
        assert f'href="{address}pdf/"' in client.get(address).content.decode()
