"""The directory's map as visitors use it: with the keyboard, with a finger, and with what strangers wrote."""

import json
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import Visit

pytestmark = pytest.mark.e2e

MAP = "/teachers/map/"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def marks(page: Page) -> Locator:
    return page.locator("#imp-map").get_by_role("button").and_(page.locator(".imp-map-mark"))


def opened(visit: Visit, address: str = MAP, **options: Any) -> Page:
    """A page with a map that has its marks."""
    page = visit(**{"viewport": DESK, "reduced_motion": "reduce", **options})
    page.goto(address)
    expect(marks(page).first).to_be_visible()
    return page


def answering(page: Page, *answers: dict[str, Any]) -> list[str]:
    """Give the script these answers, the last one for good; returns the addresses that it asks for."""
    asked: list[str] = []
    left = list(answers)

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        body = left.pop(0) if len(left) > 1 else left[0]
        route.fulfill(body=json.dumps(body), content_type="application/json")

    page.route("**/teachers/map/places/**", answer)
    return asked


def mark(latitude: float, longitude: float, *names: str, **values: Any) -> dict[str, Any]:
    people = [{"name": name, "url": f"/teachers/{number}/"} for number, name in enumerate(names)]
    return {"at": [latitude, longitude], "count": len(people), "place": "Utrecht", "people": people, **values}


def test_the_keyboard_leads_from_a_cluster_to_somebody_s_profile(visit: Visit) -> None:
    page = opened(visit)
    page.get_by_role("region", name="Map of the teachers").focus()
    page.keyboard.press("Tab")
    while "around" not in (page.locator(":focus").get_attribute("aria-label") or ""):
        page.keyboard.press("Tab")
        expect(marks(page).and_(page.locator(":focus"))).to_have_count(1)
    cluster = page.locator(":focus").get_attribute("aria-label")

    page.keyboard.press("Enter")
    expect(marks(page).and_(page.locator(":focus"))).to_have_count(1)
    expect(page.get_by_role("button", name=cluster, exact=True)).to_have_count(0)

    while "around" in (page.locator(":focus").get_attribute("aria-label") or ""):
        page.keyboard.press("Enter")
        expect(marks(page).and_(page.locator(":focus"))).to_have_count(1)
    person = page.locator(":focus").get_attribute("aria-label")
    page.keyboard.press("Enter")
    link = page.get_by_role("dialog").get_by_role("link").first
    expect(link).to_be_focused()
    name = link.inner_text()
    assert person.startswith(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_escape_closes_what_was_opened_and_leads_back_to_its_mark(visit: Visit, motion: str) -> None:
    page = opened(visit, reduced_motion=motion)
    one = marks(page).filter(has_not_text=re.compile("around")).first
    name = one.get_attribute("aria-label")
    one.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=name)).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()


def test_a_finger_opens_a_mark_and_closes_it(visit: Visit) -> None:
    page = opened(visit, viewport=PHONE, has_touch=True)
    answered = marks(page).filter(has_not_text=re.compile("around")).first
    answered.scroll_into_view_if_needed()
    answered.tap()
    expect(page.get_by_role("dialog").get_by_role("link").first).to_be_visible()
    page.get_by_role("button", name="Close").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "light"), (DESK, "dark")])
def test_axe_finds_no_violation_in_the_map_nor_in_what_it_opens(
    visit: Visit, viewport: dict[str, int], scheme: str
) -> None:
    page = opened(visit, viewport=viewport, color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    one = marks(page).filter(has_not_text=re.compile("around")).first
    one.focus()
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()

    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    assert complaints == []


def test_what_is_focused_can_be_seen(visit: Visit) -> None:
    page = opened(visit)
    page.get_by_role("region", name="Map of the teachers").focus()
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement.querySelector('.imp-map-dot')).outlineWidth"

    assert page.evaluate(outline) == "3px"
    expect(page.locator(":focus .imp-map-name")).to_be_visible()


def test_whoever_is_named_at_the_edge_of_a_small_map_is_seen_whole(visit: Visit) -> None:
    page = opened(visit, viewport=PHONE)
    marks(page).and_(page.locator("[aria-label*=Wiremu]")).press("Enter")
    box = page.get_by_role("dialog")
    expect(box.get_by_role("link")).to_be_focused()
    inner, outer = box.bounding_box(), page.locator("[data-map]").bounding_box()

    assert inner and outer
    assert outer["x"] <= inner["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def test_whoever_wants_no_motion_gets_none(visit: Visit) -> None:
    moving = opened(visit, reduced_motion="no-preference")
    expect(moving.locator(".leaflet-fade-anim")).to_have_count(1)
    expect(opened(visit, reduced_motion="reduce").locator(".leaflet-fade-anim")).to_have_count(0)


def test_without_javascript_the_map_leads_to_the_list_of_the_same(visit: Visit) -> None:
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto("/teachers/?country=NL")
    page.get_by_role("link", name="On a map").click()
    expect(page.locator("#imp-map")).to_contain_text("The list has the same teachers")
    page.get_by_role("link", name="To the list").click()
    assert page.url.endswith("/teachers/?country=NL")
    expect(page.get_by_role("main")).to_contain_text("Anneke de Wildt")


def test_the_map_shows_whom_the_form_finds(visit: Visit) -> None:
    page = opened(visit, f"{MAP}?country=NL")
    expect(marks(page)).to_have_count(1)
    expect(marks(page)).to_have_accessible_name(re.compile("Anneke de Wildt"))


def test_names_are_text_whatever_is_in_them(visit: Visit) -> None:
    page = visit(viewport=DESK, reduced_motion="reduce")
    hostile = "<img src=x onerror=alert(1)>"
    where = mark(52, 5, hostile, place=hostile)
    where["people"][0]["url"] = "javascript:alert(1)"
    answering(page, {"complete": True, "marks": [where, mark(10, 10, "Bo")]})
    page.goto(MAP)
    one = marks(page).filter(has_text="onerror")
    one.click()

    expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text(hostile)
    expect(page.get_by_role("dialog").get_by_text(hostile)).to_have_count(2)
    expect(page.locator("#imp-map img")).to_have_count(0)
    expect(page.locator("#imp-map a[href^=javascript]")).to_have_count(0)


def test_a_world_with_too_much_in_it_is_asked_for_in_parts(visit: Visit) -> None:
    page = visit(viewport=DESK, reduced_motion="reduce")
    many = mark(52, 5, "Anna", count=900, spread=True)
    near = [mark(52.1, 5.1, "Anna"), mark(51, 4, "Bo")]
    far = {"complete": False, "marks": [many, mark(-30, -60, "Cleo")]}
    # Of the world, of the part that shows all of them, and of the part that is come nearer to.
    asked = answering(page, far, far, {"complete": False, "marks": near})
    page.goto(MAP)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Utrecht and around, teachers: 900").press("Enter")

    expect(page.get_by_role("button", name="Bo, Utrecht")).to_be_visible()
    assert ["bbox" in address for address in asked] == [False, True, True]
    assert re.search(r"bbox=-?[\d.]+%2C-?[\d.]+%2C-?[\d.]+%2C-?[\d.]+$", asked[-1])


def test_several_at_one_place_are_told_apart_and_lead_on_to_the_list(visit: Visit) -> None:
    page = visit(viewport=PHONE, reduced_motion="reduce")
    answering(page, {"complete": True, "marks": [mark(52, 5, "Anna", "Bo", count=30, list="/teachers/?near=Utrecht")]})
    page.goto(MAP)
    page.get_by_role("button", name="Utrecht, teachers: 30").press("Enter")
    dialog = page.get_by_role("dialog", name="Utrecht, teachers: 30")

    expect(dialog.get_by_role("listitem")).to_have_text(["Anna", "Bo"])
    expect(dialog.get_by_role("link", name="All of them in the list")).to_have_attribute(
        "href", re.compile(r"/teachers/\?near=Utrecht$")
    )


def test_a_map_that_cannot_be_loaded_says_so(visit: Visit) -> None:
    page = visit(viewport=DESK)
    page.route("**/teachers/map/places/**", lambda route: route.abort())
    page.goto(MAP)
    expect(page.get_by_role("status").filter(has_text="could not be loaded")).to_be_visible()
