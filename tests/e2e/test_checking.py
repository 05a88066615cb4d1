"""Checking a letter as an institution does: scanned from paper, sent as a file, typed with mistakes."""

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")
#: Each kind of character stands for one that is often read for it, and that is another one to the register.
MISREAD = {"8": "B", "B": "8", "5": "S", "S": "5", "2": "Z", "Z": "2", "6": "G", "G": "6", "V": "Y", "Y": "V"}


@pytest.fixture
def paper(visit: Callable[..., Page], tmp_path: Path) -> Path:
    """A letter as staff hand it out: the PDF of the first one in the register that stands."""
    registrar = visit(user="registrar")
    registrar.goto("/admin/training/letters/?state=valid")
    registrar.locator("#listing-results td a, #result_list td a, table td a").first.click()
    with registrar.expect_download() as download:
        registrar.get_by_role("link", name=re.compile("Download")).first.click()
    path = tmp_path / "letter.pdf"
    download.value.save_as(path)
    return path


@pytest.fixture(params=["with JavaScript", "without"])
def institution(visit: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """Somebody with a phone and without an account."""
    return visit(viewport=PHONE, java_script_enabled=request.param == "with JavaScript")


def text_of(letter: Path) -> str:
    return pypdfium2.PdfDocument(letter)[0].get_textpage().get_text_bounded()


def code_of(letter: Path) -> str:
    return CODE.search(text_of(letter))[0]


def scanned(letter: Path) -> str:
    """What a phone's camera reads from the printed page."""
    picture = pypdfium2.PdfDocument(letter)[0].render(scale=150 / 72).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


def mistyped(code: str) -> str:
    """The code with two characters misread, or else typed for their neighbours."""
    places = [place for place, character in enumerate(code) if character in MISREAD][:2]
    typed = "".join(MISREAD[character] if place in places else character for place, character in enumerate(code))
    return typed if len(places) == 2 else code[1] + code[0] + code[3] + code[2] + code[4:]


def send(page: Page, file: Path) -> None:
    page.goto("/verify/")
    page.get_by_label("PDF of the letter").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def test_what_is_printed_on_paper_is_scanned_and_compared(institution: Page, paper: Path) -> None:
    institution.goto(scanned(paper))

    expect(institution.get_by_role("heading", level=1)).to_have_text("This letter is genuine")
    printed = " ".join(text_of(paper).split())
    facts = institution.locator(".imp-printed dd").all_inner_texts()
    assert len(facts) > 8
    lines = [line for fact in facts for line in fact.splitlines() if line.strip()]
    missing = [line for line in lines if not all(word in printed for word in line.replace(",", " ").split())]
    assert missing == []
    expect(institution.get_by_text("Currently listed as a teacher")).to_be_visible()


def test_the_genuine_file_is_told_from_an_edited_one(institution: Page, paper: Path, tmp_path: Path) -> None:
    send(institution, paper)
    expect(institution.get_by_role("heading", level=1)).to_have_text("This letter is genuine")
    assert institution.url.endswith(f"/verify/{code_of(paper)}/")

    edited = tmp_path / "edited.pdf"
    with pikepdf.open(paper) as pdf:
        pdf.docinfo["/Title"] = "Letter of completion: Somebody Else"
        pdf.save(edited)
    send(institution, edited)

    expect(institution.get_by_role("heading", level=1)).to_have_text("This file is not one that we issued")
    institution.get_by_label("Verification code").fill(code_of(edited))
    institution.get_by_role("button", name="Check", exact=True).click()
    expect(institution.get_by_role("heading", level=1)).to_have_text("This letter is genuine")


def test_what_is_forgiven_is_forgiven_and_what_is_mistyped_is_explained(institution: Page, paper: Path) -> None:
    code = code_of(paper)
    careless = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    institution.goto("/verify/")
    institution.get_by_label("Verification code").fill(careless)
    institution.get_by_role("button", name="Check", exact=True).click()
    expect(institution.get_by_role("heading", level=1)).to_have_text("This letter is genuine")

    institution.goto("/verify/")
    institution.get_by_label("Verification code").fill(mistyped(code))
    institution.get_by_role("button", name="Check", exact=True).click()
    main = institution.get_by_role("main")
    expect(main).not_to_contain_text("genuine letter is")
    expect(main).to_contain_text("8 and B, 5 and S, 2 and Z")
    field = institution.get_by_label("Verification code")
    expect(field).to_have_value(re.compile(CODE.pattern))

    field.fill(code)
    institution.get_by_role("button", name="Check", exact=True).click()
    expect(institution.get_by_role("heading", level=1)).to_have_text("This letter is genuine")


def test_a_code_scanned_into_the_field_is_read_too(institution: Page, paper: Path) -> None:
    institution.goto("/verify/")
    institution.get_by_label("Verification code").fill(scanned(paper))
    institution.get_by_role("button", name="Check", exact=True).click()

    expect(institution.get_by_role("heading", level=1)).to_have_text("This letter is genuine")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_answer_is_accessible_and_fits_a_phone(
    visit: Callable[..., Page], paper: Path, tmp_path: Path, scheme: str
) -> None:
    page = visit(viewport=PHONE, color_scheme=scheme)
    other, picture = tmp_path / "other.pdf", tmp_path / "scan.png"
    other.write_bytes(b"%PDF-1.7 something else")
    picture.write_bytes(b"\x89PNG")
    ways = [
        lambda: page.goto(f"/verify/{code_of(paper)}/"),
        lambda: page.goto("/verify/0123-4567-89ABY/"),
        lambda: page.goto("/verify/?code=123"),
        lambda: send(page, other),
        lambda: send(page, picture),
    ]
    for way in ways:
        way()
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"


def test_a_refused_file_is_told_where_it_was_chosen(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(viewport=PHONE)
    picture = tmp_path / "scan.png"
    picture.write_bytes(b"\x89PNG")

    send(page, picture)

    field = page.get_by_label("PDF of the letter")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(page.get_by_text("This file is not a PDF.")).to_be_visible()
