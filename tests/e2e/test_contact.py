"""To write to a teacher as a visitor does: on a phone, by keyboard, with JavaScript and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Visit

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
TEXT = "Is there a place left in your course?\n\nWith kind regards\nSam"
#: What no message is written sooner than, in milliseconds.
READ_AND_WRITE = 3_500


@pytest.fixture(params=["with JavaScript", "without"])
def visitor(visit: Visit, request: pytest.FixtureRequest) -> Page:
    return visit(viewport=PHONE, java_script_enabled=request.param == "with JavaScript")


def open_form(page: Page) -> None:
    """From a teacher's page, as one comes there."""
    page.goto("/teachers/anneke-de-wildt/")
    page.get_by_role("link", name="Write to Anneke de Wildt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write to Anneke de Wildt")


def fill(page: Page, sender: str) -> None:
    page.get_by_label("Your name").fill("Sam Sender")
    page.get_by_label("Your e-mail address").fill(sender)
    page.get_by_label("Your message").fill(TEXT)


def test_a_visitor_writes_to_a_teacher_and_staff_see_that_but_not_what(
    visitor: Page, registrar: Page, request: pytest.FixtureRequest
) -> None:
    sender = re.sub(r"\W+", ".", request.node.callspec.id) + "@example.org"
    open_form(visitor)
    fill(visitor, sender)
    visitor.wait_for_timeout(READ_AND_WRITE)
    visitor.get_by_role("button", name="Send").click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text("Thank you")
    visitor.reload()
    registrar.goto("/admin/training/enquiries/")
    expect(registrar.get_by_role("link", name=sender)).to_have_count(1)
    registrar.get_by_role("link", name=sender).click()
    expect(registrar.get_by_text("What was written is between the two of them.")).to_be_visible()
    expect(registrar.get_by_text("place left in your course")).to_have_count(0)


def test_what_is_missing_is_said_beside_its_field_and_what_is_there_stays(visitor: Page) -> None:
    open_form(visitor)
    fill(visitor, "sam")
    visitor.get_by_role("button", name="Send").click()

    expect(visitor.get_by_text("This is not a whole e-mail address.")).to_be_visible()
    expect(visitor.get_by_label("Your e-mail address")).to_be_focused()
    expect(visitor.get_by_label("Your message")).to_have_value(TEXT)


def test_the_form_is_filled_in_by_keyboard_and_nobody_meets_the_field_for_machines(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    open_form(page)
    page.get_by_label("Your name").focus()
    for words in ("Sam Sender", "sam@example.org", TEXT):
        page.keyboard.type(words)
        page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Send")).to_be_focused()
    assert page.get_by_role("textbox").count() == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_the_form(visit: Visit, scheme: str) -> None:
    page = visit(viewport=PHONE, color_scheme=scheme)
    open_form(page)
    for _time in range(2):
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_role("button", name="Send").click()
