"""The register, by keyboard: a misspelt name corrected, a letter withdrawn, one downloaded."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .desk_work import tab_to
from .test_registrar import assert_accessible

pytestmark = pytest.mark.e2e

Visit = Callable[..., Page]

REGISTER = "/admin/training/letters/"
#: Presses of Tab from the top of a page past the menu and the filters, and within a form.
INTO_THE_LIST, INTO_THE_FORM = 60, 30


@pytest.fixture
def registrar(visit: Visit) -> Page:
    return visit(user="registrar")


def press(page: Page, target: Locator, *, within: int = INTO_THE_FORM) -> None:
    """Go to a link or button with the Tab key and press Enter."""
    expect(target).to_be_visible()
    tab_to(page, target, within=within)
    page.keyboard.press("Enter")


def find(page: Page, name: str) -> None:
    """Look a name up in the register."""
    page.goto(REGISTER)
    tab_to(page, page.get_by_role("searchbox", name="Name, number or code"), within=INTO_THE_LIST)
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/letters/?q=**")


def open_first_valid(page: Page, name: str) -> str:
    """A valid letter of somebody, opened from the list; returns its number."""
    find(page, name)
    row = page.get_by_role("main").locator("tbody tr").filter(has_text="valid").first
    number = row.locator("td").first.inner_text()
    press(page, row.get_by_role("link", name=re.compile(name.split()[0])).first, within=INTO_THE_LIST)
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    return number


def test_a_misspelt_name_is_corrected_with_the_keyboard_alone(registrar: Page, visit: Visit) -> None:
    page = registrar
    old = open_first_valid(page, "Amara Desrosiers")
    code = page.get_by_role("main").get_by_role("link", name=re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-")).inner_text()
    assert_accessible(page)
    press(page, page.get_by_role("link", name="Replace"))
    expect(page.get_by_text("the new letter will say the same")).to_be_visible()
    press(page, page.get_by_role("link", name="Correct the person's details"))
    tab_to(page, page.get_by_role("textbox", name="Name on letters"), within=INTO_THE_FORM)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Amára Desrosiers")
    page.keyboard.press("Enter")

    table = page.get_by_role("table", name="What the new letter will say otherwise")
    expect(table.get_by_role("row", name=re.compile("^Name"))).to_contain_text("Amára Desrosiers")
    assert_accessible(page)
    tab_to(page, page.get_by_role("textbox", name="Reason*"), within=INTO_THE_FORM)
    page.keyboard.type("An accent was missing.")
    press(page, page.get_by_role("button", name="Replace letter"))

    expect(page.get_by_text(re.compile(rf"Letter {old} replaced by "))).to_be_visible()
    expect(page.get_by_role("main").get_by_text("An accent was missing.").first).to_be_visible()
    public = visit()
    public.goto(f"/verify/{code}/")
    expect(public.get_by_text("This letter has been replaced").first).to_be_visible()
    find(page, "amara")
    expect(page.get_by_role("main").get_by_text("Amára Desrosiers").first).to_be_visible()


def test_a_letter_is_withdrawn_with_the_keyboard_alone(registrar: Page) -> None:
    page = registrar
    number = open_first_valid(page, "Caleb Thorntree")
    press(page, page.get_by_role("link", name="Withdraw"))
    assert_accessible(page)
    tab_to(page, page.get_by_role("textbox", name="Reason*"), within=INTO_THE_FORM)
    page.keyboard.type("Issued for the wrong stage.")
    press(page, page.get_by_role("button", name="Withdraw letter"))

    expect(page.get_by_text(f"Letter {number} withdrawn.")).to_be_visible()
    facts = page.get_by_role("main")
    expect(facts).to_contain_text(f"withdrawn on {dt.date.today():%-d %B %Y}")
    expect(facts.get_by_role("link", name="Replace")).to_have_count(0)
    assert_accessible(page)


def test_a_letter_is_downloaded_with_the_keyboard_alone(registrar: Page, tmp_path: Path) -> None:
    page = registrar
    number = open_first_valid(page, "Ximena Barrientos")
    sha256 = page.locator(".imp-letter-hash").inner_text()
    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="Download"))

    assert download.value.suggested_filename == f"letter-{number}.pdf"
    download.value.save_as(tmp_path / "letter.pdf")
    assert hashlib.sha256((tmp_path / "letter.pdf").read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")], ids=["desk", "dark", "phone"]
)
def test_every_screen_of_the_register_is_accessible_and_fits(visit: Visit, width: int, scheme: str) -> None:
    page = visit(user="registrar", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{REGISTER}?state=valid")
    letter = page.get_by_role("main").locator("tbody tr").first.get_by_role("link").first.get_attribute("href") or ""
    own = f"{REGISTER}{letter.rstrip('/').rpartition('/')[2]}/"
    for address in (REGISTER, f"{REGISTER}?q=nobody&year=1066", letter, f"{own}replace/", f"{own}withdraw/"):
        page.goto(address)
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
