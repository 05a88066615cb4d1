"""Selecting people in the list, with Wagtail's script for listings and without any. Nothing is changed here."""

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from .conftest import Visit

pytestmark = pytest.mark.e2e

LIST = "/admin/training/participants/"


@pytest.fixture
def found(registrar: Page) -> Page:
    """The list, in which somebody has just typed a search that finds a few people."""
    registrar.goto(LIST)
    registrar.locator('input[name="q"]').press_sequentially("ma", delay=50)
    expect(registrar.get_by_text("matches")).to_be_visible()
    return registrar


def ticked(page: Page) -> int:
    return page.locator("[data-bulk-action-checkbox]:checked").count()


def test_who_was_found_can_be_ticked_at_once_and_stays_ticked(found: Page) -> None:
    found.locator("[data-bulk-action-checkbox]").first.check(force=True)
    with pytest.raises(TimeoutError), found.expect_request(lambda request: "/results/" in request.url, timeout=1500):
        pass

    assert ticked(found) == 1
    expect(found.get_by_text("1 item selected")).to_be_visible()


def test_everybody_the_search_shows_is_selected_and_nobody_else(found: Page) -> None:
    shown = found.locator("[data-bulk-action-checkbox]").count()
    found.locator("th [data-bulk-action-select-all-checkbox]").check(force=True)
    found.get_by_role("button", name="Select everybody the filter shows").click()
    found.get_by_role("link", name="Record evidence").click()

    expect(found.get_by_text(f"{shown} people are selected.")).to_be_visible()
    found.get_by_label("Requirement").select_option(label="A regular silent meditation practice of your own")
    found.get_by_role("button", name="Show who will change").click()
    names = found.locator(".imp-names li")
    expect(names).to_have_count(shown)


def test_people_are_selected_without_any_script(visit: Visit) -> None:
    page = visit(user="registrar", java_script_enabled=False)
    page.goto(f"{LIST}?country=NL")
    boxes = page.locator('tbody input[name="id"]')
    for place in (0, 1):
        boxes.nth(place).check()
    page.get_by_role("button", name="Complete a stage").click()
    expect(page.get_by_text("2 people are selected.")).to_be_visible()

    page.goto(f"{LIST}?country=NL")
    shown = boxes.count()
    page.get_by_label("people the filter shows").check()
    page.get_by_role("button", name="Enrol on a pathway").click()
    expect(page.get_by_text(f"{shown} people are selected.")).to_be_visible()
