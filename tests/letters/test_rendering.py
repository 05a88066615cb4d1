import io
import subprocess

import pytest
import segno
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from imp_wagtail.core import pdf
from imp_wagtail.letters.rendering import render_letter

SNAPSHOT = {
    "schema": 1,
    "number": "2027-0001",
    "code": "K7QF-2M9X-RT4WP",
    "verify_url": "https://example.org/verify/K7QF-2M9X-RT4WP/",
    "language": "en",
    "direction": "ltr",
    "name": "Ana María Núñez",
    "pathway": "Interpersonal Mindfulness Program",
    "stage": "Engagement",
    "stage_position": 2,
    "stage_count": 4,
    "heading": "Letter of completion",
    "paragraphs": ["Ana has taken part in all nine days.", "We wish her well."],
    "training": {
        "title": "Teacher training",
        "place": "Ammerdown, United Kingdom",
        "dates": "21–30 October 2027",
    },
    "issued_on": "2027-10-31",
    "issued_on_text": "31 October 2027",
    "place": "Radstock",
    "issuer": "IMP Relational Mindfulness Collaborative",
    "signatories": [{"name": "Phyllis Example", "role": "For the training team"}],
    "footer": "This letter is not a licence to teach.",
}

LONG_NAME = "Maria Aleksandra Wilhelmina Konstantinopolitańczykowianeczka-Featherstonehaugh van der Berghe-Hendriks"
LONG_TRAINING = {
    "title": "Residential teacher training in interpersonal mindfulness, with the seminar on guided dialogue",
    "place": "Monasterio de Nuestra Señora de las Batuecas, La Alberca, Spain",
    "dates": "27 September – 6 October 2027",
}
THREE_SIGNATORIES = [
    {"name": "Phyllis Featherstonehaugh-Example", "role": "Founder of the programme and lead trainer"},
    {"name": "Bart van der Example-Hendriks", "role": "Trainer, the Netherlands"},
    {"name": "Juan Example Ejemplo", "role": "Registrar of the collaborative"},
]


def snapshot(**changes):
    return SNAPSHOT | changes


def read(**changes):
    return PdfReader(io.BytesIO(render_letter(snapshot(**changes))))


def words(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def sentences(characters):
    return ("In silence and in dialogue she has explored how awareness grows. " * 100)[: characters - 1] + "."


def tagged(node, tag):
    """The elements of a PDF's structure tree with this tag."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for child in node for found in tagged(child, tag)]
    if not isinstance(node, DictionaryObject):
        return []
    return ([node] if node.get("/S") == tag else []) + (tagged(node["/K"], tag) if "/K" in node else [])


def missing_characters(caplog):
    return [record.getMessage() for record in caplog.records if record.name == pdf.__name__]


def characters_without_a_font(text):
    """Those that neither the packaged faces nor a font of this machine can draw, as fontconfig sees it."""
    return {
        character
        for character in text
        if not character.isspace()
        and not subprocess.run(
            ["fc-list", f":charset={ord(character):x}", "family"], capture_output=True, check=True
        ).stdout
    }


def test_a_letter_says_everything_in_its_snapshot():
    text = words(read())

    for said in (
        "Letter of completion Ana María Núñez",
        "Ana has taken part in all nine days. We wish her well.",
        "Stage Engagement 2 of 4",
        "Pathway Interpersonal Mindfulness Program",
        "Training Teacher training Ammerdown, United Kingdom · 21–30 October 2027",
        "Radstock, 31 October 2027",
        "Phyllis Example For the training team",
        "Register number 2027-0001",
        "Verification code K7QF-2M9X-RT4WP",
        "https://example.org/verify/K7QF-2M9X-RT4WP/",
        "IMP Relational Mindfulness Collaborative",
        "This letter is not a licence to teach.",
    ):
        assert said in text


def test_a_letter_without_training_place_or_footer_leaves_no_empty_label():
    text = words(read(training=None, place="", footer=""))

    assert "Training" not in text
    assert "Program 31 October 2027 Phyllis" in text
    assert text.endswith("https://example.org/verify/K7QF-2M9X-RT4WP/")


def test_every_signatory_is_named():
    text = words(read(signatories=THREE_SIGNATORIES))

    assert all(signatory["role"].split()[0] in text for signatory in THREE_SIGNATORIES)
    assert "Juan Example Ejemplo Registrar of the collaborative" in text


def test_a_letter_is_an_a4_page_with_title_language_author_and_the_date_of_issue():
    reader = read(language="fr")

    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.metadata.title == "Letter of completion: Ana María Núñez"
    assert reader.metadata.author == "IMP Relational Mindfulness Collaborative"
    assert reader.root_object["/Lang"] == "fr"
    assert reader.metadata.creation_date.date().isoformat() == "2027-10-31"
    assert reader.metadata.modification_date.date().isoformat() == "2027-10-31"


def test_a_letter_is_tagged_for_screen_readers():
    structure = read().root_object["/StructTreeRoot"]

    assert len(tagged(structure, "/H1")) == 1
    labels = {label["/ID"] for label in tagged(structure, "/TH")}
    assert len(labels) == 5
    assert [set(cell["/A"]["/Headers"]) <= labels for cell in tagged(structure, "/TD")] == [True] * 5
    assert [figure["/Alt"] for figure in tagged(structure, "/Figure")] == [
        "QR code that leads to https://example.org/verify/K7QF-2M9X-RT4WP/"
    ]


def test_the_qr_code_holds_the_address_at_one_sharp_pixel_a_module():
    (image,) = read().pages[0].images

    pixels = image.image.convert("1")
    modules = segno.make_qr(SNAPSHOT["verify_url"], error="m", mask=2).matrix
    assert pixels.size == (len(modules), len(modules))
    assert [[not pixels.getpixel((x, y)) for x in range(pixels.width)] for y in range(pixels.height)] == [
        [bool(module) for module in row] for row in modules
    ]
    assert image.indirect_reference.get_object()["/Interpolate"] == False  # noqa: E712 (pypdf's own boolean)


def test_the_printed_address_is_a_link():
    (annotation,) = read().pages[0]["/Annots"]

    assert annotation.get_object()["/A"]["/URI"] == SNAPSHOT["verify_url"]


@pytest.mark.parametrize("name", ["Li", LONG_NAME, "Konstantinopolitanczyk" * 5, "Ширяева-Щукина " * 6, "عائشة " * 16])
@pytest.mark.parametrize("characters", [40, 500, 1000, 1400])
def test_a_letter_keeps_to_one_page(name, characters):
    half = sentences(characters // 2)

    reader = read(
        name=name,
        paragraphs=[half, half],
        training=LONG_TRAINING,
        signatories=THREE_SIGNATORIES,
    )

    assert len(reader.pages) == 1
    assert words(reader).count("she has explored") >= characters // 70


def test_a_text_that_fits_no_page_runs_on_and_loses_nothing():
    reader = read(paragraphs=[sentences(4000), "The very last words."])

    assert len(reader.pages) == 2
    assert "The very last words." in words(reader)
    assert "K7QF-2M9X-RT4WP" in reader.pages[1].extract_text()


def test_a_letter_from_right_to_left_is_the_mirror_image():
    def left_edge_of_qr_code(reader):
        (figure,) = tagged(reader.root_object["/StructTreeRoot"], "/Figure")
        return figure["/A"]["/BBox"][0], figure["/A"]["/BBox"][2]

    left, right = left_edge_of_qr_code(read())
    mirrored_left, mirrored_right = left_edge_of_qr_code(read(language="ar", direction="rtl"))

    width = 210 / 25.4 * 96
    assert right < width / 2
    assert (float(mirrored_left), float(mirrored_right)) == pytest.approx((width - right, width - left), abs=0.1)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "Jane & John <b>Doe</b>", "{{ letter.code }}", '"O\'Neill"', "&amp;"],
)
def test_markup_in_a_name_is_printed_as_it_was_typed(name):
    reader = read(name=name, paragraphs=[f"{name} has taken part."])

    assert f"Letter of completion {name} {name} has taken part." in words(reader)
    assert reader.metadata.title == f"Letter of completion: {name}"


def test_markup_in_a_text_reaches_no_file_and_no_network(caplog):
    reader = read(paragraphs=["<img src='file:///etc/passwd'><link rel=attachment href='http://127.0.0.1/'>"])

    assert len(reader.pages[0].images) == 1
    assert missing_characters(caplog) == []
    assert "<img src='file:///etc/passwd'>" in words(reader)


def test_the_same_snapshot_gives_the_same_letter_and_another_gives_another():
    first = render_letter(SNAPSHOT)

    assert render_letter(snapshot()) == first
    assert render_letter(snapshot(number="2027-0002")) != first


@pytest.mark.parametrize("name", ["Łukasz Ağaoğlu Nguyễn", "Κωνσταντίνα Παπαδοπούλου", "Ганна Щукіна"])
def test_a_latin_greek_or_cyrillic_name_comes_out_whole(name, caplog):
    assert f"Letter of completion {name}" in words(read(name=name))
    assert missing_characters(caplog) == []


@pytest.mark.parametrize("name", ["عائشة بنت عبد الرحمن", "王小明", "दीपा शर्मा", "דבורה לוי"])
def test_a_name_in_another_script_is_printed_or_refused_for_the_characters_that_no_font_has(name):
    refused = ""
    try:
        read(name=name)
    except pdf.MissingCharacters as error:
        refused = error.characters

    assert set(refused) == characters_without_a_font(name)


def test_a_letter_is_never_printed_with_an_empty_box():
    with pytest.raises(pdf.MissingCharacters, match="\U0010fffd"):
        render_letter(snapshot(name="Ana \U0010fffd"))


def test_a_letter_speaks_its_own_language_and_a_site_can_give_it_another_shape(settings):
    shape = "{% load i18n %}{% get_current_language as spoken %}<html lang=x><p>{{ spoken }}: {{ letter.name }}"
    loader = ("django.template.loaders.locmem.Loader", {"imp_letters/letter.html": shape})
    engine = settings.TEMPLATES[0] | {"APP_DIRS": False, "DIRS": [], "OPTIONS": {"loaders": [loader]}}
    settings.TEMPLATES = [engine]

    assert words(read(language="fr")) == "fr: Ana María Núñez"


def test_a_snapshot_of_an_unknown_schema_is_refused():
    with pytest.raises(ValueError, match="schema 99"):
        render_letter(snapshot(schema=99))
