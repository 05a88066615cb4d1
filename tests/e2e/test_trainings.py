"""Trainings in every state as visitors meet them: accessible, fitting a phone, and whole without JavaScript."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import ReferenceSite, Visit

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

ANNOUNCE = """
import datetime as dt
from io import BytesIO
from PIL import Image
from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import FAQPage, TrainingIndexPage, TrainingPage, TrainingPicture, TrainingPrice

index, pathway = TrainingIndexPage.objects.get(), Pathway.objects.get(key="imp")
usual = {
    "starts": dt.date(2096, 5, 12), "ends": dt.date(2096, 5, 21), "town": "Lyon", "country": "FR", "pathway": pathway,
    "languages": ["fr", "en"], "summary": "By the river.", "application_email": "apply@example.org",
    "time_zone": "Europe/Paris", "start_time": dt.time(17), "end_time": dt.time(13), "capacity": 24,
    "audience": "<p>For teachers of MBSR.</p>", "price_includes": "<ul><li>All meals</li></ul>",
    "application_url": "https://example.org/apply", "application_closes": dt.date(2096, 3, 1),
}
past = {"starts": dt.date(2018, 5, 1), "ends": dt.date(2018, 5, 9), "application_closes": None}
moved = {"previous_starts": dt.date(2096, 4, 1), "previous_ends": dt.date(2096, 4, 9), "notice": "The house was full."}
states = {
    "open": {"status": "open"},
    "waiting": {"status": "waiting_list", **moved},
    "cancelled": {"status": "cancelled", "notice": "Too few people could come."},
    "past": past,
}
content = BytesIO()
Image.new("RGB", (900, 600), "#7a9").save(content, "JPEG")
content.seek(0)
picture = get_image_model().objects.create(title="Hall", file=ImageFile(content, "hall.jpg"))
for name, values in states.items():
    page = TrainingPage(title=f"A training, {name}", slug=f"e2e-{name}", **{**usual, **values})
    page.prices = [TrainingPrice(label="shared room", amount=1450, currency="EUR")]
    if name == "past":
        page.report = [("paragraph", "<p>Twenty-two teachers came.</p>")]
        page.pictures = [TrainingPicture(image=picture, alternative="A hall", caption="In the morning")]
    index.add_child(instance=page)
    page.save_revision().publish()
for year in range(2008, 2016):
    days = {"starts": dt.date(year, 5, 1), "ends": dt.date(year, 5, 9), "application_closes": None}
    index.add_child(instance=TrainingPage(title=f"Training {year}", slug=f"e2e-{year}", **{**usual, **days}))
FAQPage.objects.filter(slug="faq").update(has_search=True)
"""
WITHDRAW = """
from imp_wagtail.trainings.models import CalendarEntry, FAQPage, TrainingPage
for page in TrainingPage.objects.filter(slug__startswith="e2e-"):
    page.delete()
CalendarEntry.objects.filter(is_gone=True).delete()
FAQPage.objects.filter(slug="faq").update(has_search=False)
"""
PAGES = [
    "/trainings/",
    "/trainings/years/2010/",
    "/trainings/e2e-open/",
    "/trainings/e2e-waiting/",
    "/trainings/e2e-cancelled/",
    "/trainings/e2e-past/",
    "/faq/?q=training",
    "/faq/?q=nothing+of+this",
]


@pytest.fixture(scope="module", autouse=True)
def announced(site: ReferenceSite) -> Iterator[None]:
    """A training in each state, and enough of earlier years, for as long as these tests run."""
    site.manage("shell", "-c", ANNOUNCE)
    yield
    site.manage("shell", "-c", WITHDRAW)


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone, light", "desk, dark"]
)
def test_axe_finds_nothing_wrong(visit: Visit, viewport: dict[str, int], scheme: str) -> None:
    page = visit(viewport=viewport, color_scheme=scheme)
    for address in PAGES:
        page.goto(address)
        results = Axe().run(page, options=AXE)
        assert results.violations_count == 0, f"{address}\n{results.generate_report()}"


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_the_screen(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_without_javascript_one_finds_applies_and_looks_back(visit: Visit) -> None:
    page: Page = visit(java_script_enabled=False)
    page.goto("/trainings/")
    page.get_by_role("link", name="A training, open").click()
    expect(page.get_by_role("link", name="Apply", exact=True)).to_have_attribute("href", "https://example.org/apply")
    expect(page.get_by_text("Applications are taken until 1 March 2096.")).to_be_visible()
    page.goto("/trainings/")
    page.get_by_role("navigation", name="Earlier trainings by year").get_by_role("link", name="2010").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trainings in 2010")
    page.goto("/trainings/e2e-past/")
    expect(page.get_by_role("img", name="A hall")).to_be_visible()


def test_the_calendar_file_is_saved(visit: Visit) -> None:
    page: Page = visit()
    page.goto("/trainings/e2e-open/")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Put it into your calendar").click()
    assert saving.value.suggested_filename.endswith(".ics")
    assert "BEGIN:VEVENT" in saving.value.path().read_text()


def test_a_question_is_found_without_javascript(visit: Visit) -> None:
    page: Page = visit(java_script_enabled=False)
    page.goto("/faq/")
    page.get_by_role("searchbox").fill("silent")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("found for “silent”")
    expect(page.locator("details[open]").first).to_be_visible()
