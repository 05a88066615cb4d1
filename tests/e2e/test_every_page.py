"""What holds for every public page in each state: by keyboard, on paper, in large letters, in one's own colours."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import PROJECT, ReferenceSite, Visit

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
SMALL_DESK = {"width": 900, "height": 700}
DESK = {"width": 1280, "height": 900}
#: What is left of a desk's screen at 400 %.
NARROW = {"width": 320, "height": 256}
MAP = "/en/teachers/map/"
CONTACT = "/en/teachers/anneke-de-wildt/contact/"
ENGLISH = {
    "home": "/en/",
    "trainings": "/en/trainings/",
    "a year": "/en/trainings/years/2025/",
    "open": "/en/trainings/united-kingdom-2027/",
    "cancelled": "/en/trainings/cancelled/",
    "moved": "/en/trainings/moved/",
    "past": "/en/trainings/spain-2025/",
    "questions": "/en/faq/",
    "questions found": "/en/faq/?q=letter",
    "pathway": "/en/pathway/",
    "teachers": "/en/teachers/",
    "teachers found": "/en/teachers/?country=NL&language=nl&format=online&upcoming=on",
    "nobody found": "/en/teachers/?name=nobody-of-this-name",
    "map": MAP,
    "qualifications": "/en/teachers/qualifications/",
    "teacher": "/en/teachers/anneke-de-wildt/",
    "contact": CONTACT,
    "contact with errors": CONTACT,
    "verify": "/en/verify/",
    "no code": "/en/verify/?code=12",
    "unknown": "/en/verify/0000-0000-00000/",
    "nothing here": "/en/no-such-page/",
}
ARABIC = {
    "home": "/ar/",
    "trainings": "/ar/trainings/",
    "open": "/ar/trainings/united-kingdom-2027/",
    "moved": "/ar/trainings/moved/",
    "questions": "/ar/faq/",
    "pathway": "/ar/pathway/",
    "teachers found": "/ar/teachers/?country=NL&language=nl&format=online&upcoming=on",
    "map": "/ar/teachers/map/",
    "teacher": "/ar/teachers/anneke-de-wildt/",
    "contact": "/ar/teachers/anneke-de-wildt/contact/",
    "verify": "/ar/verify/",
}
NOT_FOUND = ("unknown", "nothing here")
#: All of axe's rules but the experimental ones, and the size of what a finger has to hit.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
#: Room to read in, as WCAG's criterion 1.4.12 has it.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
LARGE = "html { font-size: 200% !important; }"

#: In which a page is looked at: the screen, and a style of the reader's.
SIZES = {
    "at 400 %": (NARROW, ""),
    "on a tablet": (TABLET, ""),
    "between tablet and desk": (SMALL_DESK, ""),
    "in letters of 200 %": (DESK, LARGE),
    "in those on a phone": (PHONE, LARGE),
    "with more room to read": (PHONE, SPACING),
}
#: A walk by Tab ends before so many steps.
STEPS = 200
Wrong = dict[str, list[str]]


@pytest.fixture(scope="module")
def addresses(site: ReferenceSite) -> dict[str, str]:
    """The public pages in English, those included that no link leads to."""
    return {**ENGLISH, **json.loads((site.folder / "addresses.json").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def site(site: ReferenceSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceSite]:
    """A copy of the demo in English and Arabic, with a page in each state."""
    copy = site.copied(tmp_path_factory.mktemp("every_page"))
    shutil.copytree(site.folder / "media", copy.folder / "media")
    copy.env |= {"DJANGO_SETTINGS_MODULE": "tests.e2e.arabic_settings", "PYTHONPATH": str(PROJECT)}
    file = str(copy.folder / "addresses.json")
    copy.manage("shell", "-c", f"from tests.e2e.every_page import make; make({file!r})")
    with copy.served():
        yield copy


def opened(visit: Visit, addresses: dict[str, str], **options: object) -> Iterator[tuple[str, Page]]:
    """Each page in turn, in one browser, with all that can be unfolded unfolded."""
    page = visit(**options)
    page.add_init_script(path=Path(__file__).with_name("every_page.js"))
    for name, address in addresses.items():
        response = page.goto(address)
        assert response and (response.status == 404) is (name in NOT_FOUND), address
        if name == "map":
            page.locator("[data-map] .imp-map-mark").first.wait_for()
        if name == "contact with errors":
            page.get_by_role("button", name="Send").click()
            page.locator(".imp-field-wrong").first.wait_for()
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        yield name, page


def asked(page: Page, check: str) -> list[str]:
    return page.evaluate(f"checks.{check}()")


def walked(page: Page) -> list[str]:
    """Press Tab to the end of the page; what is wrong on the way."""
    asked(page, "begin")
    page.keyboard.press("Tab")
    wrong = [] if page.locator(":focus").get_attribute("class") == "skip-link" else ["the skip link is not the first"]
    for _ in range(STEPS):
        found = asked(page, "step")
        if found == ["the end"]:
            return wrong + [f"{each} cannot be reached" for each in asked(page, "forgotten")]
        wrong += found
        page.keyboard.press("Tab")
    return [*wrong, "there is no end to it"]


def test_tab_leads_through_all_in_order_and_is_always_seen(visit: Visit, addresses: dict[str, str]) -> None:
    """Forwards in light, and back in dark and in forced colours."""
    wrong: Wrong = {}
    for name, page in opened(visit, addresses, viewport=DESK, reduced_motion="reduce"):
        page.emulate_media(color_scheme="light", forced_colors="none")
        wrong[name] = walked(page)
        page.emulate_media(color_scheme="dark")
        wrong[f"{name}, dark"] = asked(page, "stepsBack")
        page.emulate_media(color_scheme="light", forced_colors="active")
        wrong[f"{name}, forced colours"] = asked(page, "stepsBack")

    assert {name: found for name, found in wrong.items() if found} == {}


def test_nothing_moves_for_whoever_wants_no_motion(visit: Visit, addresses: dict[str, str]) -> None:
    wrong = {name: asked(page, "moving") for name, page in opened(visit, addresses, reduced_motion="reduce")}

    assert {name: found for name, found in wrong.items() if found} == {}


def test_boxes_fields_and_chosen_links_are_told_in_forced_colours(visit: Visit, addresses: dict[str, str]) -> None:
    wrong: Wrong = {}
    for name, page in opened(visit, addresses, viewport=DESK):
        page.emulate_media(forced_colors="none")
        assert asked(page, "note")
        page.emulate_media(forced_colors="active")
        wrong[name] = asked(page, "edgeless") + asked(page, "unmarked")

    assert {name: found for name, found in wrong.items() if found} == {}


def test_nothing_is_cut_off_and_nobody_scrolls_sideways(visit: Visit, addresses: dict[str, str]) -> None:
    wrong: Wrong = {}
    for name, page in opened(visit, addresses):
        for size, (viewport, style) in SIZES.items():
            page.set_viewport_size(viewport)
            page.evaluate("(style) => checks.dress(style)", style)
            wrong[f"{name}, {size}"] = asked(page, "lost")

    assert {name: found for name, found in wrong.items() if found} == {}


def test_paper_shows_no_navigation_and_no_white_on_white(visit: Visit, addresses: dict[str, str]) -> None:
    wrong: Wrong = {}
    for name, page in opened(visit, addresses, viewport=DESK, color_scheme="dark"):
        page.emulate_media(media="print")
        wrong[name] = asked(page, "onPaper")
        page.emulate_media(media="screen")

    assert {name: found for name, found in wrong.items() if found} == {}


def test_from_right_to_left_pages_are_mirrored_and_fit(visit: Visit) -> None:
    wrong: Wrong = {}
    for name, page in opened(visit, ARABIC):
        for size, (viewport, style) in SIZES.items():
            page.set_viewport_size(viewport)
            page.evaluate("(style) => checks.dress(style)", style)
            wrong[f"{name}, {size}"] = asked(page, "lost") + asked(page, "notMirrored")

    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("language", ["English", "Arabic"])
def test_axe_finds_nothing_wrong(visit: Visit, addresses: dict[str, str], language: str) -> None:
    wrong: Wrong = {}
    for name, page in opened(visit, addresses if language == "English" else ARABIC, viewport=TABLET):
        results = Axe().run(page, options=AXE)
        wrong[name] = [results.generate_report()] if results.violations_count else []

    assert {name: found for name, found in wrong.items() if found} == {}
