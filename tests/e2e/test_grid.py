"""The grid of attendance by keyboard and by mouse, in both directions of writing, with and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visit
from .desk_work import add_cohort, add_sessions, days_ago

pytestmark = pytest.mark.e2e

PEOPLE = 3
DAYS = 3
#: One more session lies ahead, and cannot be ticked.
TO_COME = 1


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(1, 100))


@pytest.fixture
def cohort(registrar: Page, numbers: Iterator[int]) -> str:
    """The path of a new cohort with three members, three sessions that are over, and one that is not."""
    page = registrar
    add_cohort(page, f"Grid {next(numbers)}", "supervision group")
    path = page.url
    page.get_by_role("link", name="Add members").click()
    for place in range(PEOPLE):
        page.get_by_role("checkbox").nth(place).check()
    page.get_by_role("button", name="Add", exact=True).click()
    add_sessions(page, first=days_ago(10 * DAYS - 5), sessions=DAYS + TO_COME, every=10)
    return path


def box(page: Page, row: int, column: int) -> Locator:
    return page.locator("[data-imp-grid] tbody tr").nth(row).get_by_role("checkbox").nth(column)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_arrow_keys_move_and_space_ticks(registrar: Page, cohort: str) -> None:
    page = registrar
    box(page, 0, 0).focus()
    press(page, "Space", "ArrowRight", "ArrowDown", "Space")
    expect(box(page, 1, 1)).to_be_focused()
    expect(box(page, 0, 0)).to_be_checked()
    expect(box(page, 1, 1)).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="Not saved yet: 2")).to_be_visible()
    press(page, "ArrowLeft", "ArrowUp")
    expect(box(page, 0, 0)).to_be_focused()
    page.get_by_role("button", name="Save attendance").click()
    expect(page.get_by_text("2 marks saved.")).to_be_visible()
    expect(box(page, 1, 1)).to_be_checked()


def test_home_and_end_go_to_the_ends_and_never_to_what_cannot_be_ticked(registrar: Page, cohort: str) -> None:
    page = registrar
    last = DAYS - 1
    expect(box(page, 0, DAYS)).to_be_disabled()
    box(page, 1, 1).focus()
    press(page, "End")
    expect(box(page, 1, last)).to_be_focused()
    press(page, "ArrowRight")
    expect(box(page, 1, last)).to_be_focused()
    press(page, "Home", "ArrowRight")
    expect(box(page, 1, 0)).to_be_focused()
    press(page, "Control+End")
    expect(box(page, PEOPLE - 1, last)).to_be_focused()
    press(page, "ArrowDown")
    expect(box(page, PEOPLE - 1, last)).to_be_focused()


def test_tab_leaves_the_grid_and_comes_back_to_the_same_box(registrar: Page, cohort: str) -> None:
    page = registrar
    box(page, 1, 1).focus()
    press(page, "Tab")
    expect(page.get_by_role("button", name="Save attendance")).to_be_focused()
    press(page, "Shift+Tab")
    expect(box(page, 1, 1)).to_be_focused()


def test_left_and_right_swap_where_one_writes_from_right_to_left(registrar: Page, cohort: str) -> None:
    page = registrar
    page.evaluate("document.documentElement.dir = 'rtl'")
    box(page, 0, 0).focus()
    press(page, "ArrowLeft")
    expect(box(page, 0, 1)).to_be_focused()
    press(page, "ArrowRight")
    expect(box(page, 0, 0)).to_be_focused()


def test_a_column_is_ticked_by_one_button_and_saved_with_the_rest(registrar: Page, cohort: str) -> None:
    page = registrar
    box(page, 0, 1).focus()
    press(page, "ArrowUp")
    expect(page.locator("[data-imp-grid] button").nth(1)).to_be_focused()
    press(page, "Space")
    expect(page.get_by_role("status").filter(has_text=f"Not saved yet: {PEOPLE}")).to_be_visible()
    page.get_by_role("button", name="Save attendance").click()
    expect(page.get_by_text(f"{PEOPLE} marks saved.")).to_be_visible()
    for row in range(PEOPLE):
        expect(box(page, row, 1)).to_be_checked()
        expect(box(page, row, 0)).not_to_be_checked()


def test_enter_in_a_box_saves_what_is_ticked_and_no_more(registrar: Page, cohort: str) -> None:
    page = registrar
    box(page, 0, 0).check()
    press(page, "Enter")
    expect(page.get_by_text("1 mark saved.")).to_be_visible()


def test_two_people_at_once_lose_nothing_and_are_told(registrar: Page, cohort: str, visit: Visit) -> None:
    leader = visit(user="facilitator")
    leader.goto(cohort)
    registrar.goto(cohort)
    box(leader, 0, 0).check()
    box(leader, 1, 0).check()
    leader.get_by_role("button", name="Save attendance").click()
    box(registrar, 0, 0).check()
    box(registrar, 2, 0).check()
    registrar.get_by_role("button", name="Save attendance").click()

    expect(registrar.get_by_text("1 mark saved.")).to_be_visible()
    expect(registrar.get_by_text("Somebody else had already marked the same")).to_be_visible()
    expect(registrar.get_by_text("Meanwhile somebody else changed 1 other mark")).to_be_visible()
    for row in range(PEOPLE):
        expect(box(registrar, row, 0)).to_be_checked()


def test_without_javascript_tab_and_space_do_the_same(visit: Visit, cohort: str) -> None:
    """And a column's button saves at once."""
    leader = visit(java_script_enabled=False)
    log_in(leader)
    leader.goto(cohort)
    box(leader, 0, 0).focus()
    press(leader, "Space", "Tab", "Space")
    leader.get_by_role("button", name="Save attendance").click()
    expect(leader.get_by_text("2 marks saved.")).to_be_visible()
    leader.locator("[data-imp-grid] button").nth(2).click()
    expect(leader.get_by_text(f"{PEOPLE} marks saved.")).to_be_visible()
    for row in range(PEOPLE):
        expect(box(leader, row, 2)).to_be_checked()


def log_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill("facilitator")
    page.locator("input[name=password]").fill("demo")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")


def test_a_narrow_screen_keeps_the_names_in_sight_and_the_page_in_its_width(visit: Visit, cohort: str) -> None:
    leader = visit(user="facilitator", viewport={"width": 390, "height": 800})
    leader.goto(cohort)
    width = leader.evaluate("document.documentElement.scrollWidth")
    box(leader, 0, 0).focus()
    press(leader, "End")
    name = leader.locator("[data-imp-grid] tbody th").first.bounding_box()
    ticked = box(leader, 0, DAYS - 1).bounding_box()

    assert width <= 390
    assert ticked["x"] >= name["x"] + name["width"]
    press(leader, "Home")
    assert box(leader, 0, 0).bounding_box()["x"] >= name["x"] + name["width"]
