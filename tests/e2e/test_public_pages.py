"""Every public page as visitors meet it: accessible, fitting a phone, quiet, and whole without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import ReferenceSite, Visit

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PAGES = [
    "/",
    "/trainings/",
    "/pathway/",
    "/faq/",
    "/teachers/",
    "/teachers/?country=NL&language=nl&format=online&upcoming=on",
    "/teachers/?country=Atlantis&page=999",
    "/teachers/?name=nobody-of-this-name",
    "/teachers/qualifications/",
    "/teachers/map/",
    "/verify/",
    "/verify/?code=12",
    "/verify/0000-0000-00000/",
    "/no-such-page/",
]
#: Pages that are reached by a link: where it stands, and its words.
LINKED = [("/trainings/", "IMP Teacher Training in the United Kingdom 2027"), ("/teachers/", "Anneke de Wildt")]


@pytest.fixture(params=[(PHONE, "light"), (DESK, "light"), (DESK, "dark")], ids=["phone", "desk", "dark"])
def visitor(visit: Visit, request: pytest.FixtureRequest) -> Page:
    viewport, scheme = request.param
    return visit(viewport=viewport, color_scheme=scheme)


def assert_no_violations(page: Page) -> None:
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def addresses(page: Page) -> list[str]:
    """All pages to look at, those behind a link included."""
    found = list(PAGES)
    for start, words in LINKED:
        page.goto(start)
        found.append(page.get_by_role("link", name=words).first.get_attribute("href"))
    return found


def test_axe_finds_no_violation_on_any_public_page(visitor: Page) -> None:
    for address in addresses(visitor):
        visitor.goto(address)
        for summary in visitor.locator("details > summary").all():
            summary.click()
        assert_no_violations(visitor)


def test_no_page_is_wider_than_the_screen(visitor: Page) -> None:
    for address in addresses(visitor):
        visitor.goto(address)
        wide = visitor.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"


def test_no_page_breaks_the_content_security_policy_or_asks_for_what_is_not_there(visit: Visit) -> None:
    page = visit(viewport=DESK)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in addresses(page):
        page.goto(address)
    wrong = [line for line in complaints if "404" not in line and "400" not in line]
    assert wrong == []


def test_the_skip_link_is_first_and_leads_to_the_content(visit: Visit) -> None:
    page = visit(viewport=DESK)
    page.goto("/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_in_viewport()
    assert page.url.endswith("#main") or "#" in page.url


def test_everything_works_without_javascript(visit: Visit, site: ReferenceSite) -> None:
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto("/faq/")
    answer = page.locator("details").first
    assert answer.get_attribute("open") is None
    answer.locator("summary").click()
    assert answer.get_attribute("open") is not None
    page.goto("/teachers/")
    page.get_by_label("Country").select_option("NL")
    page.get_by_role("button", name="Find teachers").click()
    assert "country=NL" in page.url
    expect(page.get_by_role("main")).to_contain_text("Anneke de Wildt")
    expect(page.get_by_role("main")).not_to_contain_text("Chiara Bellandi")


def test_a_question_has_an_address_that_opens_it(visit: Visit) -> None:
    page = visit(viewport=DESK)
    page.goto("/faq/")
    anchors = [answer.get_attribute("id") for answer in page.locator("details > [id]").all()]
    assert len(anchors) == len(set(anchors)) == 8
    page.goto(f"/faq/#{anchors[-1]}")
    expect(page.locator(f"#{anchors[-1]}")).to_be_visible()
    expect(page.locator(f"#{anchors[0]}")).not_to_be_visible()
