"""Finding a teacher as the public does: with and without JavaScript, by keyboard, on a phone, back and forth."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from .conftest import Visit

pytestmark = pytest.mark.e2e

LIST = "/teachers/"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def page(visit: Visit) -> Page:
    found = visit(viewport=DESK)
    found.goto(LIST)
    return found


def loads(page: Page) -> list[str]:
    """The addresses to which the browser itself goes from now on."""
    gone: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            gone.append(request.url)

    page.on("request", note)
    return gone


def count(page: Page) -> int:
    return int(page.locator("#results").inner_text().split()[0])


def names(page: Page) -> list[str]:
    return page.locator(".imp-teacher h3").all_inner_texts()


def choose_near_lyon(page: Page) -> None:
    """An English-speaking teacher near Lyon with a course to come."""
    page.get_by_label("Near", exact=True).fill("lyon")
    page.get_by_label("Within").select_option("100")
    page.get_by_label("Language").select_option("en")
    page.get_by_text("More choices").click()
    page.get_by_label("Has upcoming courses").check()
    page.get_by_role("button", name="Find teachers").click()
    page.wait_for_url("**near=lyon**upcoming=on**")
    expect(page.get_by_role("heading", name="1 teacher")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_an_english_speaking_teacher_near_lyon_with_a_course_to_come(
    visit: Visit, javascript: bool, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport, java_script_enabled=javascript)
    page.goto(LIST)
    choose_near_lyon(page)

    assert names(page) == ["Camille Darrieux"]
    expect(page.locator(".imp-chip")).to_have_count(3)
    expect(page.locator("#imp-chosen")).to_contain_text("Within 100 km of Lyon, France")
    page.get_by_role("link", name="Remove English").click()
    page.wait_for_url(lambda url: "language" not in url)
    page.get_by_role("link", name="Remove all").click()
    page.wait_for_url(f"**{LIST}")
    expect(page.locator(".imp-chip")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_named_person_is_found_by_any_part_of_the_name_by_keyboard_alone(visit: Visit, javascript: bool) -> None:
    page = visit(viewport=DESK, java_script_enabled=javascript)
    page.goto(LIST)
    page.get_by_label("Name").focus()
    page.keyboard.type("WISNIEWSKA malg")
    page.keyboard.press("Enter")
    page.wait_for_url("**name=WISNIEWSKA**")
    expect(page.get_by_role("heading", name="1 teacher")).to_be_visible()
    page.get_by_role("link", name="Małgorzata Wiśniewska").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Małgorzata Wiśniewska")


def test_a_choice_changes_the_results_in_place_and_keeps_the_focus_at_it(page: Page) -> None:
    everybody, gone = count(page), loads(page)
    language = page.get_by_label("Language")
    language.focus()
    offered = next(label for label in language.locator("option").all_inner_texts() if label.startswith("Dutch"))
    language.select_option("nl")
    page.wait_for_url("**/teachers/?language=nl")

    expect(page.locator("#results")).not_to_contain_text(f"{everybody} ")
    assert offered == f"Dutch ({count(page)})"
    expect(language).to_be_focused()
    expect(language).to_have_value("nl")
    expect(page.get_by_role("status")).to_have_text(page.locator("#results").inner_text())
    assert gone == []


def test_a_country_brings_its_regions_and_takes_them_along(page: Page) -> None:
    expect(page.get_by_label("Region")).to_have_count(0)
    page.get_by_label("Country").select_option("ES")
    expect(page.get_by_label("Region")).to_be_visible()
    region = page.get_by_label("Region").locator("option").nth(1).get_attribute("value")
    page.get_by_label("Region").select_option(region)
    page.wait_for_url(f"**region={region}**")
    expect(page.locator(".imp-chip")).to_have_count(2)

    page.get_by_label("Country").select_option("IE")
    page.wait_for_url("**country=IE**")
    expect(page.locator(".imp-chip")).to_have_count(1)


def test_back_and_forth_go_through_what_was_asked(page: Page) -> None:
    everybody = count(page)
    page.get_by_label("Language").focus()
    page.get_by_label("Language").select_option("nl")
    page.wait_for_url("**language=nl")
    expect(page.locator("#results")).not_to_contain_text(f"{everybody} ")
    few = count(page)
    page.go_back()
    expect(page.locator("#results")).to_contain_text(f"{everybody} ")
    expect(page.get_by_label("Language")).to_have_value("")
    page.go_forward()
    expect(page.locator("#results")).to_contain_text(f"{few} ")
    expect(page.get_by_label("Language")).to_have_value("nl")
    page.reload()
    assert count(page) == few


def test_the_next_page_and_a_removed_choice_lead_to_the_results(page: Page) -> None:
    gone = loads(page)
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2")
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(page.locator("#results")).to_be_focused()
    page.get_by_label("Language").select_option("nl")
    page.get_by_role("link", name="Remove Dutch").click()
    expect(page.locator("#results")).to_be_focused()
    assert gone == []


def test_a_message_stands_at_its_field_while_somebody_is_there(page: Page) -> None:
    near = page.get_by_label("Near", exact=True)
    near.fill("Nowhereville")
    near.press("Enter")

    expect(page.get_by_text("No town of this name is known, so it was left out.")).to_be_visible()
    expect(near).to_be_focused()
    expect(near).to_have_value("Nowhereville")
    near.fill("Utrecht")
    near.press("Enter")
    expect(page.get_by_text("No town of this name is known")).to_have_count(0)
    expect(page.locator("#imp-chosen")).to_contain_text("Within 50 km of Utrecht, Netherlands")


def test_where_the_answer_fails_the_browser_goes_there_by_itself(page: Page) -> None:
    page.route(re.compile(r"language=nl"), lambda route: route.abort(), times=1)
    gone = loads(page)
    page.get_by_label("Language").select_option("nl")

    expect(page.get_by_role("link", name="Remove Dutch")).to_be_visible()
    assert [url.partition(LIST)[2] for url in gone] == ["?language=nl"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_after_the_results_changed(visit: Visit, scheme: str) -> None:
    page = visit(viewport=PHONE, color_scheme=scheme)
    page.goto(LIST)
    choose_near_lyon(page)

    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
