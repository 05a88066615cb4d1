"""Whatever is written in a letter, printing it fetches nothing, and does not hang: the next letter is printed."""

import struct
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from pypdf import PdfReader

from imp_wagtail.core.pdf import PDFFailed, PDFTooHeavy
from imp_wagtail.letters.merge import FIELDS
from imp_wagtail.letters.rendering import render_letter
from imp_wagtail.letters.wording import fill_wording

from .snapshots import snapshot

#: What would fetch from an address, as markup.
FETCHING = [
    '<img src="{url}" alt="x">',
    '<img srcset="{url} 2x" src="{url}">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<style>@import "{url}";</style>',
    "<style>* {{ background: url({url}); list-style-image: url({url}); border-image: url({url}) 1 }}</style>",
    "<style>@font-face {{ font-family: x; src: url({url}) }} * {{ font-family: x !important }}</style>",
    "<style>@page {{ background: url({url}); @top-center {{ content: url({url}) }} }}</style>",
    "<style>@color-profile x {{ src: url({url}) }}</style>",
    '<p style="background: url({url})">x</p>',
    '<object data="{url}"></object><embed src="{url}"><iframe src="{url}"></iframe>',
    '<svg viewBox="0 0 9 9"><image href="{url}" width="9" height="9"/><use href="{url}#x"/></svg>',
    '<svg><style>@import "{url}";</style><rect fill="url({url}#x)" width="9" height="9"/></svg>',
    '<base href="{url}"><img src="x.png">',
    '<?xml-stylesheet href="{url}"?><!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]>&e;',
]


def picture_bomb() -> str:
    """A PNG of a few kilobytes that is 40,000 pixels high and wide."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(5_001 * 40_000), 9)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return f'<img src="data:image/png;base64,{b64encode(png).decode()}">'


def uses_bomb() -> str:
    """A picture that is ten pictures, each of which is ten pictures, and so on."""
    layers = "".join(f'<g id="l{level}">{f"""<use href="#l{level - 1}"/>""" * 10}</g>' for level in range(1, 12))
    return f'<svg viewBox="0 0 9 9"><g id="l0"><path d="M0 0h9v9z"/></g>{layers}<use href="#l11"/></svg>'


BOMBS = {
    "boxes in boxes": '<div style="display: flex">' * 14 + "x",
    "tables in tables": "<table><tr><td>" * 60 + "x",
    "a hundred thousand elements": "<b>x" * 100_000,
    "elements within elements": "<div>" * 20_000 + "x",
    "a picture of many pixels": picture_bomb(),
    "a picture of pictures": uses_bomb(),
    "a drawing behind data": '<img src="data:image/svg+xml,<svg xmlns=%27http://www.w3.org/2000/svg%27/>">',
    "a long word": "x" * 500_000,
    "columns": '<div style="columns: 500; column-gap: 0">' + "x " * 20_000,
}


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    """A server that notes what it is asked for, and sends whoever asks on to itself."""

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/again")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def addresses(server: ThreadingHTTPServer, tmp_path) -> Iterator[list[str]]:
    """Addresses of a file and of a server; afterwards, that the server was not asked is made sure of."""
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    server.asked.clear()
    host = f"127.0.0.1:{server.server_port}"
    yield [secret.as_uri(), f"http://{host}/x.png", f"//{host}/x", f"ftp://{host}/x", "/etc/passwd"]
    assert server.asked == []


def everywhere(text: str) -> dict[str, object]:
    """A snapshot with a text wherever one is typed."""
    values = (
        "name",
        "pathway",
        "programme",
        "stage",
        "issuer",
        "heading",
        "place",
        "footer",
        "hours",
        "issued_on_text",
    )
    return snapshot(
        **dict.fromkeys(values, text),
        training={"title": text, "place": text, "dates": text},
        letterhead=[text],
        signatories=[{"name": text, "role": text, "signature": None}],
        body=fill_wording("".join(f"<p>{{{name}}}</p>" for name in FIELDS), dict.fromkeys(FIELDS, text)),
    )


def read(letter: dict[str, object]) -> PdfReader:
    return PdfReader(BytesIO(render_letter(letter)))


def shows_only_its_own(reader: PdfReader) -> bool:
    """Nothing but the QR code is a picture, nothing is attached, and the text of the file is not there."""
    text = "".join(page.extract_text() for page in reader.pages)
    shown = {image.indirect_reference.idnum for page in reader.pages for image in page.images}
    return len(shown) <= 1 and not dict(reader.attachments) and ">secret<" not in text and "root:" not in text


@pytest.mark.parametrize("markup", FETCHING)
def test_markup_in_every_field_is_text_and_fetches_nothing(markup, addresses):
    text = " ".join(markup.format(url=url) for url in addresses[:2])

    reader = read(everywhere(text))

    printed = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert printed.count("".join(text.split())) >= 10
    assert shows_only_its_own(reader)


@pytest.mark.parametrize("markup", FETCHING)
def test_markup_in_the_wording_fetches_nothing(markup, addresses):
    wording = f"<p>She has met all.</p>{''.join(markup.format(url=url) for url in addresses)}<p>We wish her well.</p>"

    reader = read(snapshot(body=fill_wording(wording, {})))

    assert "She has met all." in reader.pages[0].extract_text()
    assert shows_only_its_own(reader)


@pytest.mark.parametrize("markup", FETCHING)
def test_markup_that_came_past_every_check_fetches_nothing_either(markup, addresses):
    body = "".join(markup.format(url=url) for url in addresses)

    assert shows_only_its_own(read(snapshot(body=body)))


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_would_keep_the_printer_busy_for_ever_is_given_up_and_the_next_letter_is_printed(bomb, settings):
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PDF_MAX_SECONDS": 2}
    began = time.monotonic()
    try:
        render_letter(snapshot(body=bomb))
    except (PDFTooHeavy, PDFFailed) as error:
        assert str(error)
    assert time.monotonic() - began < 15

    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PDF_MAX_SECONDS": 20}
    assert "We wish her well." in read(snapshot()).pages[0].extract_text()


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_the_wording_lets_none_of_it_through(bomb):
    body = fill_wording(f"<p>We wish her well.</p>{bomb[:20_000]}", {})

    assert "style" not in body
    assert "<svg" not in body
    assert "<img" not in body
