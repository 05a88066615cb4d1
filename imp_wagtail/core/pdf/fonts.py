"""Fonts of tens of thousands of signs, cut to those that a page shows.

WeasyPrint keeps a place in the file for each sign that it leaves out, which for Chinese, Japanese or Korean is a
hundred kilobytes of nothing. The fonts of these scripts mostly name each sign by its number, and so need no places.
"""

from io import BytesIO
from typing import Any

#: Tables that say nothing to whoever draws what was laid out already.
NEEDLESS = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"OS/2", b"VORG", b"cmap", b"name", b"vhea", b"vmtx")

#: What a PDF calls the bare shapes of a font whose signs are numbered.
NUMBERED = "/CIDFontType0C"


def cut_closely(font_class: Any) -> None:
    """Have WeasyPrint's fonts cut like this, where that is possible."""
    if hasattr(font_class, "cut_as_before"):
        return
    font_class.cut_as_before = font_class.subset

    def subset(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        if not (to_unicode and "CFF " in font.tables and _cut(font, sorted(to_unicode))):
            font.cut_as_before(to_unicode, hinting)

    font_class.subset = subset


def embed_closely(document: Any, pdf: Any) -> None:
    """Leave of each font that was cut like this its shapes alone: some programs look for places otherwise."""
    import pydyf

    cut = [font.file_content for font in document.fonts.values() if getattr(font, "is_cut_closely", False)]
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and any(part is content for part in stream.stream for content in cut):
            stream.stream[:] = [_shapes(part) for part in stream.stream]
            stream.extra["Subtype"] = NUMBERED


def _cut(font: Any, glyphs: list[int]) -> bool:
    """Cut the font to these signs; whether they are still found by their numbers."""
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
    from weasyprint.text.fonts import get_hb_object_data

    if not harfbuzz_subset or font.missing:
        return False
    order = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)

    def add(members: Any, values: list[int]) -> None:
        harfbuzz.hb_set_add_sorted_array(members, ffi.new("hb_codepoint_t[]", values), len(values))

    add(harfbuzz_subset.hb_subset_input_glyph_set(order), glyphs)
    needless = harfbuzz_subset.hb_subset_input_set(order, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    add(needless, sorted(harfbuzz.hb_tag_from_string(name, -1) for name in NEEDLESS))
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    harfbuzz_subset.hb_subset_input_set_flags(order, flags)
    face = ffi.gc(harfbuzz_subset.hb_subset_or_fail(font.hb_face, order), harfbuzz.hb_face_destroy)
    content = get_hb_object_data(face) if face else None
    # HarfBuzz adds what a sign becomes in vertical lines; a full stop in Chinese has such a form.
    if not content or not _numbers(content).issuperset(glyphs):
        return False
    font.file_content, font.is_cut_closely = content, True
    return True


def _numbers(content: bytes) -> set[int]:
    """The numbers that a font names its signs by; none where it names them otherwise."""
    from fontTools.ttLib import TTFont

    try:
        font = TTFont(BytesIO(content), lazy=True)
        top = font["CFF "].cff.topDictIndex[0]
        return (
            {int(name[3:]) for name in top.charset if name.startswith("cid")} | {0} if hasattr(top, "ROS") else set()
        )
    except Exception:  # a font that nobody can read that way is left as it is
        return set()


def _shapes(content: bytes) -> bytes:
    from fontTools.ttLib import TTFont

    shapes: bytes = TTFont(BytesIO(content), lazy=True).getTableData("CFF ")
    return shapes
