import base64
import io
import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from imp_wagtail.core import checks, pdf
from imp_wagtail.core.assets import MAX_DATA_IMAGE, AssetRefusedError, read_asset, read_url
from imp_wagtail.core.pdf import Document, PDFFailed, render_one_page, render_pdf

#: A PNG of one white pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)

FONTS = ["imp_core/pdf-fonts.css"]

#: Makes the PDF of its standard input in a process of its own, and writes it to standard output.
RENDER_SCRIPT = """
import sys, django
django.setup()
from imp_wagtail.core.pdf import render_pdf
sys.stdout.buffer.write(render_pdf(sys.stdin.read(), stylesheets=["imp_core/pdf-fonts.css"]))
"""


def document(body: str, *, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="de"><head><title>Ein Titel</title>'
        f"<style>body {{ font-family: 'Source Serif 4' }}</style>{head}</head><body>{body}</body></html>"
    )


def data_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def in_own_process(script: str, html: str = "", **environment: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", script],
        input=html.encode(),
        capture_output=True,
        check=True,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "testapp.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
        | {name: str(value) for name, value in environment.items()},
    )


# What comes out


def test_the_pdf_says_what_the_html_says():
    content = render_pdf(document("<h1>Grüße</h1><p>Ein Satz.</p>"), stylesheets=FONTS)

    assert text_of(content).split() == ["Grüße", "Ein", "Satz."]


def test_the_pdf_is_tagged_and_knows_its_title_and_language():
    reader = PdfReader(io.BytesIO(render_pdf(document("<p>Ein Satz.</p>"), stylesheets=FONTS)))

    assert reader.metadata.title == "Ein Titel"
    assert reader.root_object["/Lang"] == "de"
    assert reader.root_object["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf's own boolean object)
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid" in reader.root_object["/Metadata"].get_data()


def test_the_packaged_faces_are_the_ones_embedded():
    html = document("<p>roman <i>italic</i> <b style='font-weight: 600'>semibold</b></p>")

    fonts = PdfReader(io.BytesIO(render_pdf(html, stylesheets=FONTS))).pages[0]["/Resources"]["/Font"]

    # Pango ends a family's name in a comma where it would otherwise read the "4" as a size.
    names = {str(font["/BaseFont"]).partition("+")[2].rstrip(",") for font in fonts.values()}
    assert names == {"Source-Serif-4", "Source-Serif-4-Italic", "Source-Serif-4-Semi-Bold"}


#: Sets the words of a document so large that they fit on no page, or so that they do.
SIZES = ".huge p { font-size: 300pt } .large p { font-size: 150pt } .small p { font-size: 10pt }"


def sized(*body_classes: str, fits_pages: int = 1) -> str:
    """The size in which it is set when these classes may be chosen from."""
    html = document("<p>eins zwei drei vier</p>")
    made = render_one_page(Document(html, FONTS, css=SIZES, body_classes=body_classes, fits_pages=fits_pages))
    reader = PdfReader(io.BytesIO(made))
    sizes = set()
    reader.pages[0].extract_text(visitor_text=lambda text, _cm, _tm, _font, size: text.strip() and sizes.add(size))
    return f"{len(reader.pages)} pages, {max(sizes) * 0.75:.0f} pt"


def test_the_first_classes_with_which_a_document_fits_on_one_page_are_taken():
    assert sized("huge", "small", "large") == "1 pages, 10 pt"


def test_a_document_that_never_fits_on_one_page_is_set_with_the_last_classes():
    assert sized("huge", "large") == "2 pages, 150 pt"


def test_a_document_may_be_said_to_fit_on_more_than_one_page():
    assert sized("large", "small", fits_pages=2) == "2 pages, 150 pt"


def test_classes_are_added_to_those_that_the_body_has():
    html = "<html lang=de><title>Titel</title><style>.own.small { page: own } @page own { size: A5 }</style>"
    made = render_one_page(Document(f"{html}<body class=own><p>Satz", FONTS, body_classes=["small"]))

    assert round(PdfReader(io.BytesIO(made)).pages[0].mediabox.height) == 595


def test_a_changed_stylesheet_is_read_again(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    sheet = tmp_path / "page.css"
    pages = []
    for size, changed in (("A4", 1), ("A5", 2)):
        sheet.write_text(f"@page {{ size: {size} }}")
        os.utime(sheet, (changed, changed))
        content = render_pdf(document("<p>Ein Satz.</p>"), stylesheets=["page.css"])
        pages.append(round(PdfReader(io.BytesIO(content)).pages[0].mediabox.height))

    assert pages == [842, 595]


# The same bytes


def test_the_same_document_gives_the_same_bytes_whatever_was_made_in_between():
    html = document("<p>Ein <i>Satz</i>.</p>")

    first = render_pdf(html, stylesheets=FONTS)
    render_pdf(document("<p><b>Etwas anderes</b>: Ωμέγα</p>"), stylesheets=FONTS)

    assert render_pdf(html, stylesheets=FONTS) == first


def test_the_same_document_gives_the_same_bytes_in_every_process():
    html = document(f"<h1>Ein <i>Satz</i></h1><p>Ωμέγα</p><img alt='Punkt' src='{data_url(PIXEL)}'>")

    made = {in_own_process(RENDER_SCRIPT, html, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}

    assert made == {render_pdf(html, stylesheets=FONTS)}


def test_threads_make_the_same_pdfs_side_by_side():
    html = document("<p>Ein <i>Satz</i>.</p>")
    expected = sha256(render_pdf(html, stylesheets=FONTS)).hexdigest()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: render_pdf(html, stylesheets=FONTS), range(12)))

    assert {sha256(content).hexdigest() for content in made} == {expected}


# What may be embedded


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "https://example.org/a.png",
        "ftp://example.org/a.png",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "asset:../settings.py",
        "asset:imp_core/../../settings.py",
        "asset:/etc/passwd.png",
        "asset://example.org/a.png",
        "asset:imp_core/fonts/%2e%2e/a.png",
        "asset:imp_core/.hidden.png",
        "asset:imp_core/fonts/source-serif-4-OFL.txt",
        "asset:imp_core/fonts/absent.ttf",
        "asset:imp_core/fonts/source-serif-4-regular.ttf\n",
        "asset:",
        "relative.png",
        "data:text/css,p{color:red}",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "data:image/png,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "data:image/png;base64,AAA",
        "data:image/png",
    ],
)
def test_an_address_outside_the_allow_list_is_refused(url):
    with pytest.raises(AssetRefusedError):
        read_url(url)


def test_a_packaged_static_file_is_read_with_its_type():
    asset = read_asset("imp_core/fonts/source-serif-4-regular.ttf")

    assert asset.media_type == "font/ttf"
    assert asset.content[:4] == b"\x00\x01\x00\x00"


def test_a_data_image_is_read_up_to_its_limit_and_refused_beyond():
    largest = PIXEL.ljust(MAX_DATA_IMAGE, b"\0")

    assert read_url(data_url(largest)).content == largest
    with pytest.raises(AssetRefusedError, match="too large"):
        read_url(data_url(largest + b"\0"))
    with pytest.raises(AssetRefusedError, match="too large"):
        read_url(data_url(largest * 4))


@pytest.fixture
def secret(tmp_path):
    """A local file that would show, in one way or another, if a document could reach it."""
    file = tmp_path / "secret.png"
    file.write_bytes(PIXEL)
    return file.as_uri()


@pytest.mark.parametrize(
    "leak",
    [
        "<img alt='x' src='{url}'>",
        "<object data='{url}'></object>",
        "<embed src='{url}'>",
        "<svg viewBox='0 0 9 9'><title>x</title><image href='{url}' width='9' height='9'/></svg>",
        "<p style='background: url({url})'>x</p>",
        "<p style='list-style: url({url}); display: list-item'>x</p>",
        "<style>p::before {{ content: url({url}) }}</style>",
        "<link rel='stylesheet' href='{url}'>",
        "<style>@import '{url}';</style>",
        "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style>",
        "<link rel='attachment' href='{url}'>",
        "<a rel='attachment' href='{url}'>x</a>",
        "<base href='{url}'><img alt='x' src='secret.png'>",
    ],
)
def test_a_document_embeds_no_local_file_and_is_made_without_it(leak, secret, caplog):
    content = render_pdf(document("<p>Ein Satz.</p>" + leak.format(url=secret)), stylesheets=FONTS)

    reader = PdfReader(io.BytesIO(content))
    assert "Ein Satz." in reader.pages[0].extract_text()
    assert list(reader.pages[0].images) == []
    assert dict(reader.attachments) == {}
    refusals = [record.getMessage() for record in caplog.records if record.name == pdf.__name__]
    assert refusals
    assert all(secret in refusal for refusal in refusals)


def test_a_stylesheet_embeds_no_local_file_either(tmp_path, settings, secret, caplog):
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "page.css").write_text(f"body {{ background: url('{secret}') }}")

    content = render_pdf(document("<p>Ein Satz.</p>"), stylesheets=["page.css"])

    assert list(PdfReader(io.BytesIO(content)).pages[0].images) == []
    assert f"without {secret}" in caplog.text


def test_a_data_image_is_embedded():
    html = document(f"<img alt='Punkt' src='{data_url(PIXEL)}'>")

    assert len(PdfReader(io.BytesIO(render_pdf(html))).pages[0].images) == 1


WIDTH = "<style>img { width: 20mm }</style>"


def given_image(size: tuple[int, int] = (60, 20), ink: str = "navy", **own: object) -> Document:
    """A document with a picture that comes along: a stroke on nothing."""
    picture, file = Image.new("RGBA", size), io.BytesIO()
    ImageDraw.Draw(picture).line((0, 0, *size), fill=ink, width=3)
    picture.save(file, "PNG")
    name = sha256(file.getvalue()).hexdigest()
    html = document(f"<img alt='Strich' src='image:{name}'>", head=WIDTH)
    return Document(html, images={name: file.getvalue()}, **own)


def test_a_picture_that_comes_with_the_document_is_embedded_as_it_looks_on_paper():
    (image,) = PdfReader(io.BytesIO(render_one_page(given_image()))).pages[0].images

    shown = image.image.convert("RGB")
    assert shown.size == (60, 20)
    assert shown.getpixel((59, 0)) == (255, 255, 255)
    assert shown.getpixel((30, 10)) == (0, 0, 128)
    assert "/SMask" not in image.indirect_reference.get_object()


def embedded(picture: Image.Image) -> tuple[tuple[int, int], str]:
    """The size in which a picture is embedded 20 mm wide, and how it is packed."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    name = sha256(file.getvalue()).hexdigest()
    made = render_one_page(
        Document(document(f"<img alt='x' src='image:{name}' ", head=WIDTH), images={name: file.getvalue()})
    )
    (image,) = PdfReader(io.BytesIO(made)).pages[0].images
    return image.image.size, image.indirect_reference.get_object()["/Filter"]


def test_a_picture_is_embedded_no_finer_than_paper_shows():
    shades = Image.radial_gradient("L").resize((900, 300))

    assert embedded(shades)[0] == (189, 63)  # 20 mm at 240 to the inch


def test_lines_without_shades_are_embedded_whole_and_photographs_as_such():
    lines = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(lines).rectangle((30, 30, 600, 200), fill="navy")
    assert embedded(lines) == ((900, 300), "/FlateDecode")
    noise = Image.merge("RGB", [Image.effect_noise((900, 300), 90) for _band in "RGB"])
    assert embedded(noise) == ((189, 63), "/DCTDecode")


def test_a_picture_in_two_sizes_is_the_same_whatever_was_printed_before():
    small, large = (f".a img {{ width: {width}mm !important }}" for width in (10, 40))
    other = given_image((900, 300), css=large)
    pdf.close()
    first = render_one_page(given_image((900, 300), css=small))

    render_one_page(replace(other, html=other.html.replace("<body>", "<body class=a>")))

    assert render_one_page(given_image((900, 300), css=small)) == first


def test_a_picture_that_is_none_is_an_error_and_not_left_out():
    with pytest.raises(PDFFailed, match="cannot identify image"):
        render_one_page(replace(given_image(), images={"broken": b"no picture"}))


def test_an_unknown_stylesheet_is_an_error():
    with pytest.raises(AssetRefusedError, match=r"imp_core/absent\.css"):
        render_pdf(document("<p>Ein Satz.</p>"), stylesheets=["imp_core/absent.css"])


# Characters without a font


def test_latin_greek_and_cyrillic_need_no_font_but_the_packaged_ones(tmp_path):
    no_fonts = tmp_path / "fonts.conf"
    no_fonts.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>')
    html = document("<p>Ana Núñez Łukasz Nguyễn Ağaoğlu</p><p>Κωνσταντίνα Παπαδοπούλου</p><p>Ганна Щукіна</p>")

    made = in_own_process(RENDER_SCRIPT, html, FONTCONFIG_FILE=no_fonts)

    assert b"empty boxes" not in made.stderr
    assert text_of(made.stdout).splitlines() == [
        "Ana Núñez Łukasz Nguyễn Ağaoğlu",
        "Κωνσταντίνα Παπαδοπούλου",
        "Ганна Щукіна",
    ]


def test_a_character_that_no_font_has_is_reported(caplog):
    render_pdf(document("<p>a\U0010fffd</p>"), stylesheets=FONTS)

    assert [record.getMessage() for record in caplog.records if record.name == pdf.__name__] == [
        "A PDF was made with empty boxes, for want of a font with: \U0010fffd (U+10FFFD)"
    ]


def test_characters_without_a_font_are_known_before_anything_is_printed():
    assert pdf.missing_characters("Ana Núñez, Ωμέγα & <b>Щука</b>") == ""
    assert pdf.missing_characters("b\U0010fffda\U0010fffe\U0010fffd") == "\U0010fffd\U0010fffe"


# Machines without the libraries


def test_the_check_is_silent_where_the_libraries_are_installed():
    assert checks.check_pdf_libraries(None) == []


def test_the_check_names_a_missing_library_and_what_to_run(monkeypatch):
    monkeypatch.setattr(checks, "PDF_LIBRARIES", ("pangoft2-1.0", "absent-library"))

    (warning,) = checks.check_pdf_libraries(None)

    assert warning.id == "imp_core.W001"
    assert warning.msg.endswith("missing: absent-library.")
    assert pdf.APT_GET in warning.hint
    assert warning.level == logging.WARNING
