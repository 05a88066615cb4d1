"""The editor of letter templates: fields from a menu by keyboard alone, marked in the text, and the page beside it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Visit

pytestmark = pytest.mark.e2e

ADD = "/admin/snippets/imp_letters/lettertemplate/add/"


@pytest.fixture
def editor(visit: Visit) -> Page:
    page = visit(user="registrar", viewport={"width": 1280, "height": 900})
    page.goto(ADD)
    return page


def test_a_field_is_inserted_at_the_cursor_with_the_keyboard_alone(editor: Page) -> None:
    wording = editor.locator("[contenteditable=true]").first
    wording.click()
    editor.keyboard.press("Control+A")
    editor.keyboard.type("Dear ")
    editor.get_by_role("button", name="Insert a field").focus()
    for key in ("Enter", "ArrowDown", "End", "ArrowUp", "Home", "Enter"):
        editor.keyboard.press(key)
    editor.keyboard.type(", {nmae}")

    expect(wording).to_have_text("Dear {name}, {nmae}")
    expect(wording.locator(".imp-field")).to_have_text(["{name}", "{nmae}"])
    expect(wording.locator(".imp-field--unknown")).to_have_text("{nmae}")


def test_the_menu_closes_without_inserting_anything(editor: Page) -> None:
    wording = editor.locator("[contenteditable=true]").first
    before = wording.inner_text()
    button = editor.get_by_role("button", name="Insert a field")

    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    editor.keyboard.press("Escape")

    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    assert wording.inner_text() == before


def test_the_preview_beside_the_form_is_the_page(visit: Visit) -> None:
    page = visit(user="registrar", viewport={"width": 1280, "height": 900})
    page.goto("/admin/snippets/imp_letters/lettertemplate/")
    page.get_by_role("link", name=re.compile("Engagement")).first.click()

    page.get_by_role("button", name="Toggle preview").click()

    shown = page.frame_locator("#w-preview-iframe").locator("img.page")
    expect(shown).to_have_attribute("alt", re.compile("Maria Lindqvist"), timeout=30_000)


def test_form_and_preview_are_accessible(editor: Page) -> None:
    editor.get_by_role("button", name="Insert a field").click()
    found = Axe().run(editor, context=".imp-field-menu").response["violations"]
    assert [violation["id"] for violation in found] == []
