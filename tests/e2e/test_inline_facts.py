"""Facts in texts: put in with the keyboard, previewed and published, and true when the training's page changes."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import ReferenceSite, Visit

pytestmark = pytest.mark.e2e

TEXT = "[contenteditable=true]"
TRAINING = "IMP Teacher Training in the United Kingdom 2027"


@pytest.fixture(scope="module")
def own_site(site: ReferenceSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceSite]:
    """A site whose training may be moved: other tests know its dates."""
    copy = site.copied(tmp_path_factory.mktemp("facts"))
    with copy.served():
        yield copy


@pytest.fixture
def editor(visit: Visit, own_site: ReferenceSite) -> Page:
    """The form of the page of trainings, whose introduction is a rich text."""
    page = visit(user="editor", at=own_site, viewport={"width": 1280, "height": 900})
    open_form(page, "Trainings")
    return page


def open_form(page: Page, title: str) -> None:
    """The form of a page, found by its title."""
    page.goto(f"/admin/pages/search/?q={title}")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_url("**/edit/")


def insert_fact(page: Page, words: str, times_down: int) -> None:
    """With the keyboard alone: ask for a fact, find what it is about, go down to it and take it."""
    page.keyboard.type("/fact")
    expect(page.get_by_role("option", name="Insert a fact")).to_be_visible()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="Insert a fact")
    expect(window.get_by_label("Find")).to_be_focused()
    page.keyboard.type(words)
    expect(window.get_by_role("heading", level=3)).to_have_count(1)
    expect(window.get_by_role("heading", level=3)).to_contain_text(words)
    for _time in range(times_down):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(window).to_have_count(0)
    expect(page.locator(TEXT).first).to_be_focused()


def publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("published")


def test_dates_put_in_with_the_keyboard_are_previewed_published_and_kept_true(
    editor: Page, visit: Visit, own_site: ReferenceSite
) -> None:
    text = editor.locator(TEXT).first
    text.focus()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" The next one takes place ")
    insert_fact(editor, "The next training of “IMP", times_down=1)
    editor.keyboard.type(", in silence.")
    expect(text.locator(".imp-fact")).to_have_text("21–30 October 2027")
    # The editor hands over what was typed a moment later.
    expect(editor.locator("input[name=introduction]")).to_have_value(re.compile("in silence"))

    editor.get_by_role("button", name="Toggle preview").click()
    preview = editor.frame_locator("#w-preview-iframe").locator(".imp-lead")
    expect(preview).to_contain_text("The next one takes place 21–30 October 2027, in silence.", timeout=30_000)

    publish(editor)
    reader = visit(at=own_site)
    reader.goto("/trainings/")
    dates = reader.locator(".imp-lead time")
    expect(dates).to_have_text("21–30 October 2027")
    expect(dates).to_have_attribute("datetime", "2027-10-21")

    open_form(editor, TRAINING)
    editor.get_by_label("Last day").first.fill("2027-11-02")
    publish(editor)
    reader.goto("/trainings/")
    expect(dates).to_have_text("21 October – 2 November 2027")


def test_a_saved_fact_is_there_when_the_form_is_opened_again(editor: Page) -> None:
    editor.locator(TEXT).first.focus()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" At ")
    insert_fact(editor, "The next training of “IMP", times_down=2)
    expect(editor.locator("input[name=introduction]")).to_have_value(re.compile('"tell":"place"'))
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.locator(".messages")).to_contain_text("updated")
    editor.reload()

    fact = editor.locator(f"{TEXT} .imp-fact").last
    expect(fact).to_have_text("Ammerdown, United Kingdom")
    expect(fact).to_have_attribute("title", re.compile("^The next training of .*: Place$"))


def test_selected_words_become_the_link(editor: Page) -> None:
    text = editor.locator(TEXT).first
    text.focus()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" come along")
    expect(text).to_contain_text("come along")
    for _sign in "come along":
        editor.keyboard.press("Shift+ArrowLeft")
    editor.locator(".Draftail-ToolbarButton[name=IMP_FACT]").click()
    window = editor.get_by_role("dialog", name="Insert a fact")
    expect(window).to_contain_text("The selected words become the link.")
    window.get_by_role("button", name="Link").first.click()

    expect(text.locator(".imp-fact--link")).to_have_text("come along")


def test_the_window_closes_without_inserting_anything(editor: Page) -> None:
    text = editor.locator(TEXT).first
    text.focus()
    before = text.inner_text()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" /fact")
    editor.keyboard.press("Enter")
    window = editor.get_by_role("dialog", name="Insert a fact")
    expect(window).to_be_visible()
    editor.keyboard.press("Escape")

    expect(window).to_have_count(0)
    expect(text).to_be_focused()
    assert text.inner_text().strip() == before.strip()


def test_a_fact_is_taken_away_again(editor: Page) -> None:
    text = editor.locator(TEXT).first
    text.focus()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" On ")
    insert_fact(editor, "The next training of “IMP", times_down=1)
    there = text.locator(".imp-fact").count()
    text.locator(".imp-fact").last.click()
    editor.get_by_role("dialog").get_by_role("button", name="Remove").click()

    expect(text.locator(".imp-fact")).to_have_count(there - 1)


def test_the_window_is_accessible(editor: Page) -> None:
    editor.locator(TEXT).first.focus()
    editor.keyboard.type("/fact")
    editor.keyboard.press("Enter")
    expect(editor.locator(".imp-facts__fact").first).to_be_visible()

    found = Axe().run(editor, context=".imp-facts").response["violations"]
    assert [violation["id"] for violation in found] == []
