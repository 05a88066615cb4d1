"""Letters are archivable (PDF/A-3a) and accessible (PDF/UA-1) at once: what is in the file says so, and is so."""

import os
import subprocess
import sys
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest

from imp_wagtail.letters.rendering import render_letter

from .snapshots import SNAPSHOT, picture, signed_by, snapshot

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}

#: Prints the snapshot that the other process's tests know, and writes the PDF to standard output.
PRINT_SCRIPT = """
import django, sys
django.setup()
from letters.snapshots import SNAPSHOT
from imp_wagtail.letters.rendering import render_letter
sys.stdout.buffer.write(render_letter(SNAPSHOT))
"""


@pytest.fixture
def letter():
    content = render_letter(
        snapshot(
            logo=picture(900, 300, alt="The logo"),
            signatories=signed_by("Phyllis Example", "Bart Example"),
            body="<p>She <b>has</b> <i>met</i>:</p><ul><li>silence</li></ul>",
        )
    )
    with pikepdf.open(BytesIO(content)) as opened:
        yield opened


def metadata(letter):
    return ElementTree.fromstring(letter.Root.Metadata.read_bytes())


def attributes(tree, namespace):
    """The properties of a namespace that stand as attributes of descriptions."""
    prefix = f"{{{NAMESPACES[namespace]}}}"
    return {
        key.removeprefix(prefix): value
        for description in tree.iter(f"{{{NAMESPACES['rdf']}}}Description")
        for key, value in description.attrib.items()
        if key.startswith(prefix)
    }


def elements(node):
    """All elements of the structure tree below a node, in the order of reading."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_the_file_says_that_it_is_both_and_describes_the_word_that_archives_do_not_know(letter):
    tree = metadata(letter)

    assert attributes(tree, "pdfaid") == {"part": "3", "conformance": "A"}
    assert attributes(tree, "pdfuaid") == {"part": "1"}
    described = {node.tag.partition("}")[2]: node.text for node in tree.iter() if "pdfa/ns" in node.tag}
    assert described["namespaceURI"] == NAMESPACES["pdfuaid"]
    assert (described["prefix"], described["name"], described["valueType"]) == ("pdfuaid", "part", "Integer")


def test_title_and_language_are_set_and_shown(letter):
    assert str(letter.docinfo["/Title"]) == "Letter of completion: Ana María Núñez"
    assert str(letter.Root.Lang) == "en"
    assert letter.Root.ViewerPreferences.DisplayDocTitle is True
    assert letter.Root.MarkInfo.Marked is True


def test_colours_are_defined_by_a_profile_in_the_file(letter):
    (intent,) = letter.Root.OutputIntents

    assert intent.S == "/GTS_PDFA1"
    assert "sRGB" in str(intent.OutputConditionIdentifier)
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
    assert str(letter.trailer.ID[0])


def test_every_font_is_in_the_file_cut_to_what_it_prints(letter):
    fonts = [font.DescendantFonts[0].FontDescriptor for font in letter.pages[0].Resources.Font.values()]

    assert len(fonts) == 3
    for font in fonts:
        assert "+" in str(font.FontName)
        file = font.get("/FontFile2") or font.get("/FontFile3")
        assert 0 < len(file.read_bytes()) < 60_000


def test_the_structure_has_everything_in_the_order_of_reading(letter):
    found = list(elements(letter.Root.StructTreeRoot))

    tags = [str(one.S) for one in found]
    assert tags[0] == "/Document"
    assert tags.count("/H1") == 1
    assert {"/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Figure", "/Link"} <= set(tags)
    assert [str(one.Alt) for one in found if one.S == "/Figure"] == [
        "The logo",
        "Signature of Phyllis Example",
        "Signature of Bart Example",
        "QR code that leads to https://example.org/verify/K7QF-2M9X-RT4WP/",
    ]


def test_everything_on_the_page_belongs_to_an_element_or_to_none_on_purpose(letter):
    depth, shown_outside = 0, []
    for operands, operator in pikepdf.parse_content_stream(letter.pages[0]):
        match str(operator):
            case "BDC" | "BMC":
                depth += 1
            case "EMC":
                depth -= 1
            case "Tj" | "TJ" | "Do" if not depth:
                shown_outside.append(operands)

    assert shown_outside == []


def test_nothing_in_the_file_is_smoothed_seen_through_scripted_or_kept_elsewhere(letter):
    images = [
        image for image in letter.objects if isinstance(image, pikepdf.Stream) and image.get("/Subtype") == "/Image"
    ]

    assert len(images) == 4
    assert [bool(image.Interpolate) for image in images] == [False] * 4
    assert not any("/SMask" in image for image in images)
    assert not {"/AA", "/OpenAction", "/AcroForm", "/Names"} & set(letter.Root.keys())
    assert not letter.is_encrypted
    assert letter.trailer.get("/Encrypt") is None


def test_the_link_is_printed_and_part_of_the_structure(letter):
    (link,) = letter.pages[0].Annots

    assert link.F == 4
    assert "/StructParent" in link
    assert letter.pages[0].Tabs == "/S"


def test_a_letter_is_the_same_to_the_byte_in_every_process():
    made = {
        subprocess.run(
            [sys.executable, "-c", PRINT_SCRIPT],
            capture_output=True,
            check=True,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "testapp.settings",
                "PYTHONPATH": os.pathsep.join(sys.path),
                "PYTHONHASHSEED": seed,
            },
        ).stdout
        for seed in ("1", "2")
    }

    assert made == {render_letter(SNAPSHOT)}
