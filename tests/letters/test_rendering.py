"""The letter's page: what it says, how it is set, and what it does with what does not fit."""

import io
import subprocess
from itertools import pairwise

import pypdfium2
import pytest
import segno
import zxingcpp
from django.core.exceptions import ValidationError
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from imp_wagtail.core import pdf
from imp_wagtail.letters.actions import issue
from imp_wagtail.letters.layout import extra_foot, language_of
from imp_wagtail.letters.rendering import render_letter, renderer
from imp_wagtail.letters.wording import LONGEST

from .conftest import completed
from .snapshots import (
    FIRST_SCHEMA,
    LONG_NAME,
    LONG_TRAINING,
    SNAPSHOT,
    THREE_SIGNATORIES,
    picture,
    signed_by,
    snapshot,
)


def read(**changes):
    return PdfReader(io.BytesIO(render_letter(snapshot(**changes))))


def words(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


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


def figures(reader):
    """Where each picture stands on the page, in CSS pixels from its top left, by what it shows."""
    found = tagged(reader.root_object["/StructTreeRoot"], "/Figure")
    return {figure["/Alt"]: [float(side) for side in figure["/A"]["/BBox"]] for figure in found}


def missing_characters(caplog):
    return [record.getMessage() for record in caplog.records if record.name == pdf.__name__]


def colours(reader):
    """The colours in which the page fills shapes and letters, as whole numbers of 255."""
    operations = reader.pages[0].get_contents().operations
    return {tuple(round(float(part) * 255) for part in values) for values, name in operations if name == b"rg"}


def paper(content, dpi=300):
    """The page as a scanner would see it."""
    return pypdfium2.PdfDocument(content)[0].render(scale=dpi / 72).to_pil()


def has_ink_where_the_name_stands(content):
    """Whether a third of the room for a name of some letters is not white, with every sign drawn."""
    page = paper(content, dpi=25.4 * 4).convert("L")  # four pixels to a millimetre
    place = page.crop((58 * 4, 74 * 4, 186 * 4, 90 * 4))
    columns = [min(place.crop((x, 0, x + 12, place.height)).tobytes()) < 128 for x in range(0, 28 * 4, 12)]
    return columns.count(True) >= len(columns) - 2


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
        "Hours 54",
        "Radstock, 31 October 2027",
        "Phyllis Example For the training team",
        "Register number 2027-0001",
        "Verification code K7QF-2M9X-RT4WP",
        "https://example.org/verify/K7QF-2M9X-RT4WP/",
        "IMP Relational Mindfulness Collaborative 12 Abbey Lane, Radstock · post@example.org",
        "This letter is not a licence to teach.",
    ):
        assert said in text


def test_a_letter_without_training_hours_place_or_footer_leaves_no_empty_label():
    text = words(read(training=None, hours="", place="", footer="", letterhead=[]))

    assert "Training" not in text
    assert "Hours" not in text
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
    assert len(labels) == 6
    assert [set(cell["/A"]["/Headers"]) <= labels for cell in tagged(structure, "/TD")] == [True] * 6
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


@pytest.mark.parametrize("dpi", [100, 300])
def test_the_qr_code_is_read_off_the_page(dpi):
    (code,) = zxingcpp.read_barcodes(paper(render_letter(SNAPSHOT), dpi))

    assert code.text == SNAPSHOT["verify_url"]


def test_the_printed_address_is_a_link():
    (annotation,) = read().pages[0]["/Annots"]

    assert annotation.get_object()["/A"]["/URI"] == SNAPSHOT["verify_url"]


@pytest.mark.parametrize("name", ["Li", LONG_NAME, "Konstantinopolitanczyk" * 5, "Ширяева-Щукина " * 6])
@pytest.mark.parametrize(("characters", "sheet"), [(40, "a4"), (700, "letter"), (LONGEST, "a4"), (LONGEST, "letter")])
def test_a_letter_keeps_to_one_page(name, characters, sheet):
    half = sentences(characters // 2)

    reader = read(
        name=name,
        body=paragraphs(half, half),
        training=LONG_TRAINING,
        signatories=THREE_SIGNATORIES,
        paper=sheet,
    )

    assert len(reader.pages) == 1
    assert words(reader).count("she has explored") >= characters // 70


def test_a_text_that_fits_no_page_runs_on_and_loses_nothing():
    reader = read(body=paragraphs(sentences(4000), "The very last words."))

    assert len(reader.pages) == 2
    assert "The very last words." in words(reader)
    assert "K7QF-2M9X-RT4WP" in reader.pages[1].extract_text()


def test_a_letter_from_right_to_left_is_the_mirror_image():
    ((left, _, right, _),) = figures(read()).values()
    ((mirrored_left, _, mirrored_right, _),) = figures(read(language="ar", direction="rtl")).values()

    width = 210 / 25.4 * 96
    assert right < width / 2
    assert (mirrored_left, mirrored_right) == pytest.approx((width - right, width - left), abs=0.1)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "Jane & John <b>Doe</b>", "{{ letter.code }}", '"O\'Neill"', "&amp;"],
)
def test_markup_in_a_name_is_printed_as_it_was_typed(name):
    reader = read(name=name)

    assert f"Letter of completion {name} Ana has taken part" in words(reader)
    assert reader.metadata.title == f"Letter of completion: {name}"


def test_the_same_snapshot_gives_the_same_letter_and_another_gives_another():
    first = render_letter(SNAPSHOT)

    assert render_letter(snapshot()) == first
    assert render_letter(snapshot(number="2027-0002")) != first


@pytest.mark.parametrize("name", ["Łukasz Ağaoğlu Nguyễn", "Κωνσταντίνα Παπαδοπούλου", "Ганна Щукіна"])
def test_a_latin_greek_or_cyrillic_name_comes_out_whole(name, caplog):
    assert f"Letter of completion {name}" in words(read(name=name))
    assert missing_characters(caplog) == []


@pytest.mark.parametrize("name", ["عائشة بنت عبد الرحمن", "דבורה לוי", "王小明", "山田さくら", "김민준", "दीपा शर्मा"])
def test_a_name_in_another_script_is_drawn_or_refused_for_the_characters_that_no_font_has(name):
    refused, drawn = "", True
    try:
        content = render_letter(snapshot(name=name))
    except pdf.MissingCharacters as error:
        refused = error.characters
    else:
        drawn = has_ink_where_the_name_stands(content)
        assert len(content) < 45_000

    assert set(refused) == characters_without_a_font(name)
    assert drawn


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


def test_a_letter_of_the_first_schema_is_printed_as_it_was_said():
    text = words(PdfReader(io.BytesIO(render_letter(FIRST_SCHEMA))))

    assert "Ana has taken part in all nine days. <b>We</b> wish her well. Stage Engagement" in text
    assert "Phyllis Example For the training team" in text


def test_wording_has_paragraphs_lists_and_emphasis():
    body = "<p>She <b>has</b> <i>met</i>:</p><ul><li>silence</li><li>dialogue</li></ul><ol><li>first</li></ol>"

    reader = read(body=body)

    assert "met: silence dialogue first Stage" in words(reader)
    assert "– – 1." in words(reader)  # they hang before the text, and are drawn after it
    items = tagged(reader.root_object["/StructTreeRoot"], "/LI")
    assert len(items) == 3
    faces = {
        str(font["/BaseFont"]).partition("+")[2].rstrip(",")
        for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert faces == {"Source-Serif-4", "Source-Serif-4-Italic", "Source-Serif-4-Semi-Bold"}


def test_a_wide_logo_stands_on_the_axis_and_a_square_one_hangs_before_it():
    wide = figures(read(logo=picture(900, 300, alt="A wide logo")))["A wide logo"]
    square = figures(read(logo=picture(300, 300, alt="A square logo")))["A square logo"]

    axis = (24 + 34) / 25.4 * 96
    assert wide[0] == pytest.approx(axis, abs=0.1)
    assert square[2] <= axis - 6 / 25.4 * 96 + 0.1
    assert wide[3] - wide[1] == pytest.approx(16 / 25.4 * 96, abs=0.1)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_signature_stands_over_its_name_within_the_page(count):
    names = ["Phyllis Example", "Bart Example", "Juan Ejemplo"][:count]
    placed = figures(read(signatories=signed_by(*names)))

    boxes = [placed[f"Signature of {name}"] for name in names]
    assert all(box[0] < box[2] < (210 - 20) / 25.4 * 96 for box in boxes)
    assert all(box[2] < following[0] for box, following in pairwise(boxes))
    assert len({round(box[3]) for box in boxes}) == 1


def test_a_picture_that_has_been_altered_since_is_not_printed():
    altered = picture(900, 300, alt="Logo") | {"sha256": "0" * 64}

    with pytest.raises(OSError, match="0000"):
        read(logo=altered)


def test_long_names_and_roles_at_the_foot_take_room_from_the_text_and_never_stand_in_it():
    role = "Founder of the programme, lead trainer, and member of the international board for standards"
    signatories = [one | {"role": role} for one in THREE_SIGNATORIES]
    assert extra_foot(snapshot(signatories=signatories)) > 0

    reader = read(
        signatories=signatories, body=paragraphs(sentences(900)), footer=sentences(230), training=LONG_TRAINING
    )

    heights = {}
    reader.pages[0].extract_text(
        visitor_text=lambda text, cm, tm, _font, _size: heights.setdefault(text.strip(), cm[5] + cm[3] * tm[5])
    )
    assert len(reader.pages) == 1
    assert heights["Hours"] > heights["Radstock, 31 October 2027"] + 12


def test_us_letter_is_its_own_page_of_the_same_letter():
    reader = read(paper="letter")

    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    assert words(reader) == words(read())


def test_a_letter_has_the_colours_of_its_template():
    used = colours(read(accent="#7a2e1d", ink="#101820"))

    assert {(0x7A, 0x2E, 0x1D), (0x10, 0x18, 0x20)} <= used
    assert (0x2F, 0x5F, 0x5B) not in used


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#123456;}", "url(http://127.0.0.1/)", "#123456\n"])
def test_what_is_no_colour_is_never_printed_with(colour):
    with pytest.raises(ValueError, match="no colour"):
        read(accent=colour)


def test_a_specimen_says_so_across_the_page_and_a_letter_does_not():
    assert "Specimen" in words(read(specimen=True))
    assert "Specimen" not in words(read())


@pytest.mark.parametrize(
    ("name", "language"), [("山田さくら", "ja"), ("김민준", "ko"), ("王小明", ""), ("Ana Núñez", ""), ("", "")]
)
def test_a_name_tells_its_language_only_where_its_letters_do(name, language):
    assert language_of(name) == language


def test_a_number_stays_beside_a_name_that_runs_the_other_way():
    reader = read(language="ar", direction="rtl", issuer="Ana (2027)", stage="Seminar (2)")

    assert "Ana (2027)" in words(reader)
    assert "Seminar (2)" in words(reader)


def test_many_letters_are_the_same_as_each_by_itself_in_their_order():
    logo = picture(900, 300, alt="Logo")
    snapshots = [snapshot(number=f"2027-000{number}", logo=logo) for number in range(3)]

    assert renderer().render_many(snapshots) == [render_letter(one) for one in snapshots]


def test_whoever_issues_is_told_that_a_letter_takes_too_long_and_nothing_is_issued(settings, stage):
    enrolment = completed(stage)
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PDF_MAX_SECONDS": 0}

    with pytest.raises(ValidationError, match="takes longer or more memory"):
        issue(enrolment, stage, by=None)

    assert not enrolment.letters.exists()
