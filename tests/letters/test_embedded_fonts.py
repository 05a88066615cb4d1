"""Fonts that are cut to what a letter shows still draw, measure and tell every sign of it, in every script."""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.basePen import NullPen
from fontTools.ttLib import TTFont

from imp_wagtail.core.pdf import MissingCharacters
from imp_wagtail.letters.rendering import render_letter

from .snapshots import LONG_NAME, snapshot

NAMES = {
    "Latin": LONG_NAME,
    "Arabic": "عائشة بنت عبد الرحمن",
    "Hebrew": "דבורה לוי",
    "Chinese": "王小明",
    "Japanese": "山田さくら",
    "Korean": "김민준",
}
#: A font whose signs are numbered, without the tables around its shapes.
BARE_SHAPES = "/CIDFontType0C"
#: A comma and a full stop have another form in vertical lines, which is no reason to keep the whole font.
CHINESE = "<p>她参加了全部九天的课程，也带领了对话。</p>"


def printed(**changes: str) -> bytes:
    try:
        return render_letter(snapshot(**changes))
    except MissingCharacters as error:
        pytest.skip(f"no font of this machine has {error.characters}")


def codes_by_font(page: pikepdf.Page) -> dict[str, set[int]]:
    """The signs that a page shows, by the name of the font that draws them: two bytes each."""
    shown: dict[str, set[int]] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                signs = shown.setdefault(str(operands[0]), set())
            case "Tj" | "TJ":
                parts = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
                for text in (bytes(part) for part in parts if isinstance(part, pikepdf.String)):
                    signs |= {int.from_bytes(text[place : place + 2]) for place in range(0, len(text), 2)}
    return shown


def fonts_of(content: bytes) -> Iterator[tuple[pikepdf.Object, set[int]]]:
    """Each font of a letter, with the signs that the letter shows in it."""
    with pikepdf.open(BytesIO(content)) as letter:
        for page in letter.pages:
            for name, codes in codes_by_font(page).items():
                yield page.Resources.Font[name], codes


def told(font: pikepdf.Object) -> set[int]:
    """The signs of which the file says what they mean, so that they can be copied, searched and read out."""
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,})>", font.ToUnicode.read_bytes())
    return {int(code, 16) for code, meaning in pairs if int(meaning, 16)}


def widths_told(drawn_by: pikepdf.Object) -> dict[int, float]:
    """What the file says of the signs' widths: a first sign, and the widths of it and those after it."""
    told = list(drawn_by.W)
    return {
        int(first) + place: float(width)
        for first, widths in zip(told[::2], told[1::2], strict=True)
        for place, width in enumerate(widths)
    }


def widths_drawn(drawn_by: pikepdf.Object, codes: set[int]) -> dict[int, float]:
    """How wide the embedded font itself makes them; in thousandths, as the file tells it."""
    descriptor = drawn_by.FontDescriptor
    file = descriptor.get("/FontFile2") or descriptor.FontFile3
    if file.get("/Subtype") == BARE_SHAPES:
        return {code: width_of_numbered(file.read_bytes(), code) for code in codes}
    font = TTFont(BytesIO(file.read_bytes()))
    order, upem = font.getGlyphOrder(), font["head"].unitsPerEm
    return {code: font["hmtx"][order[code]][0] * 1000 / upem for code in codes}


def width_of_numbered(content: bytes, code: int) -> float:
    """Of a sign in bare shapes, which are named by numbers, a thousand units high."""
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(content), None)
    shape = fonts[0].CharStrings[f"cid{code:05}"]
    shape.draw(NullPen())
    return shape.width


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_sign_has_its_shape_its_width_and_its_meaning_in_the_file(name: str) -> None:
    for font, codes in fonts_of(printed(name=name)):
        (drawn_by,) = font.DescendantFonts

        assert codes
        assert 0 not in codes, "the empty box is shown"
        assert codes <= told(font)
        said = widths_told(drawn_by)
        assert {code: said[code] for code in codes} == pytest.approx(widths_drawn(drawn_by, codes), abs=1)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_signs_are_found_by_their_own_numbers(name: str) -> None:
    for font, _codes in fonts_of(printed(name=name)):
        (drawn_by,) = font.DescendantFonts

        assert font.Encoding == "/Identity-H"
        assert "/CIDSet" not in drawn_by.FontDescriptor
        if drawn_by.Subtype == "/CIDFontType2":
            assert drawn_by.CIDToGIDMap == "/Identity"
        else:
            assert drawn_by.FontDescriptor.FontFile3.Subtype in {BARE_SHAPES, "/OpenType"}


def test_a_text_in_chinese_is_cut_as_closely_as_a_name() -> None:
    content = printed(name=NAMES["Chinese"], language="zh", body=CHINESE)

    assert len(content) < 45_000
    assert all(codes <= told(font) for font, codes in fonts_of(content))
