"""List, map and profile by what Lighthouse looks at for accessibility and best practices, and by their weight.

The site's photos are nobody's, so one is made for a teacher here: otherwise nothing would be said of images.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from .conftest import ReferenceSite, Visit

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LIST, MAP, PROFILE = "/teachers/", "/teachers/map/", "/teachers/anneke-de-wildt/"
CONTACT = f"{PROFILE}contact/"
#: The most that a page may weigh without its images, in bytes: its text, styles, scripts and fonts.
MOST = 100_000
#: Pages of every kind, the list of teachers with nothing filtered: names with letters of many languages.
WEIGHED = [
    LIST,
    PROFILE,
    "/",
    "/trainings/",
    "/trainings/spain-2025/",
    "/trainings/years/2025/",
    "/faq/",
    "/pathway/",
    "/verify/",
]
#: Types of which a server sends a compressed copy; fonts and photos are compressed already.
TEXT = ("text/", "application/json", "application/javascript", "image/svg")
#: All of axe's rules but the experimental ones, and the size of what a finger has to hit.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

ADD_PHOTO = """
from io import BytesIO
from PIL import Image as Picture
from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from imp_wagtail.directory.actions import update_teacher
from imp_wagtail.directory.models import Teacher
file = BytesIO()
Picture.effect_noise((900, 1200), 60).convert("RGB").save(file, "JPEG")
photo = get_image_model().objects.create(title="A photo", file=ContentFile(file.getvalue(), "photo.jpg"))
update_teacher(Teacher.objects.get(slug="anneke-de-wildt"), photo=photo, by=None)
"""
TAKE_PHOTO = """
from imp_wagtail.directory.actions import update_teacher
from imp_wagtail.directory.models import Teacher
update_teacher(Teacher.objects.get(slug="anneke-de-wildt"), photo=None, by=None)
"""


@pytest.fixture(scope="module", autouse=True)
def photo(site: ReferenceSite) -> Iterator[None]:
    """A teacher with a photo, for as long as these tests run."""
    site.manage("shell", "-c", ADD_PHOTO)
    yield
    site.manage("shell", "-c", TAKE_PHOTO)


@dataclass
class Visited:
    """A page that has been loaded, with all that the browser had to say meanwhile."""

    page: Page
    response: Response | None = None
    complaints: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)


def visited(visit: Visit, address: str, **options: Any) -> Visited:
    """Load a page, noting each response, each message and each of the issues that browsers show to developers."""
    page = visit(**{"viewport": PHONE, "device_scale_factor": 2, **options})
    found = Visited(page)
    page.on("response", lambda response: found.responses.append(response))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: found.complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    devtools = page.context.new_cdp_session(page)
    devtools.on("Audits.issueAdded", lambda event: found.complaints.append(str(event["issue"])))
    devtools.on("Log.entryAdded", lambda event: found.complaints.append(event["entry"]["text"]))
    for domain in ("Audits", "Log"):
        devtools.send(f"{domain}.enable")
    found.response = page.goto(address, wait_until="networkidle")
    return found


@pytest.fixture(params=[LIST, MAP, PROFILE], ids=["list", "map", "profile"])
def address(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_wrong(visit: Visit, address: str, viewport: dict[str, int], scheme: str) -> None:
    page = visited(visit, address, viewport=viewport, color_scheme=scheme).page
    for summary in page.locator("details > summary").all():
        summary.click()

    results = Axe().run(page, options=AXE)
    assert results.violations_count == 0, results.generate_report()


def test_the_browser_complains_of_nothing(visit: Visit, address: str) -> None:
    """Neither errors nor warnings, nothing deprecated, no mixed content, no cookie or policy that it objects to."""
    assert visited(visit, address).complaints == []


def test_what_would_be_complained_of_is_noticed(visit: Visit) -> None:
    found = visited(visit, LIST)
    found.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    found.page.evaluate("fetch('/no-such-file.js')")
    found.page.evaluate("console.warn('Look at this.')")
    found.page.wait_for_timeout(500)

    told = "\n".join(found.complaints)
    assert all(words in told for words in ("ContentSecurityPolicyIssue", "404", "Look at this."))


def test_the_head_says_what_a_page_has_to_say_of_itself(visit: Visit, address: str) -> None:
    found = visited(visit, address)
    page, start = found.page, found.response.body()[:1024].lower()

    assert start.lstrip().startswith(b"<!doctype html>")
    assert b'<meta charset="utf-8">' in start
    assert page.evaluate("document.compatMode") == "CSS1Compat"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title().strip()
    assert page.locator("meta[name=description]").get_attribute("content").strip()
    viewport = page.locator("meta[name=viewport]").get_attribute("content")
    assert viewport == "width=device-width, initial-scale=1", "who has to zoom must be able to"


def test_descriptions_and_titles_are_of_one_page_only(visit: Visit) -> None:
    pages = [visited(visit, address).page for address in (LIST, MAP, PROFILE)]

    assert len({page.title() for page in pages}) == 3
    assert len({page.locator("meta[name=description]").get_attribute("content") for page in pages}) == 3


def test_a_strict_policy_is_sent(visit: Visit, address: str) -> None:
    sent = visited(visit, address).response.headers["content-security-policy"]
    policy = dict(directive.split(" ", 1) for directive in sent.split("; "))

    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "object-src" not in policy
    assert policy["frame-ancestors"] == "'self'"


@pytest.mark.parametrize("address", [LIST, PROFILE], ids=["list", "profile"])
def test_images_have_their_shape_and_the_sharpness_of_the_screen(visit: Visit, address: str) -> None:
    images = visited(visit, address).page.evaluate(
        """[...document.images].map((image) => ({
          shown: [image.clientWidth, image.clientHeight],
          file: [image.naturalWidth, image.naturalHeight],
          said: [image.getAttribute("width"), image.getAttribute("height"), image.getAttribute("alt")],
        }))"""
    )

    assert images
    for image in images:
        (width, height), (file_width, file_height) = image["shown"], image["file"]
        assert abs(width / height - file_width / file_height) < 0.05, image
        assert file_width >= 2 * width, image
        assert None not in image["said"], "without its size, what is below it jumps"


@pytest.mark.parametrize("address", [LIST, MAP, CONTACT], ids=["list", "map", "contact"])
def test_each_control_has_a_label_and_takes_what_is_pasted(visit: Visit, address: str) -> None:
    controls = visited(visit, address).page.evaluate(
        """[...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")].map((control) => ({
          label: control.labels[0]?.textContent.trim() ?? "",
          takes: control.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true })),
        }))"""
    )

    assert len(controls) >= 4
    assert [control for control in controls if not control["label"] or not control["takes"]] == []


def test_no_script_or_style_names_a_source_map_that_is_not_there(visit: Visit, address: str) -> None:
    texts = [each for each in visited(visit, address).responses if each.headers["content-type"].startswith("text/")]

    assert len(texts) > 4
    assert [each.url for each in texts if b"sourceMappingURL=" in each.body()] == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("light", WEIGHED)
def test_a_page_weighs_little_with_everything(visit: Visit, viewport: dict[str, int], light: str) -> None:
    """What a first visitor's browser takes for a page: the text, styles, scripts and fonts.

    Sizes are those of the bodies, as the browser counts them. The demo's server compresses nothing, so texts are
    compressed here, with gzip at its usual level 6, as servers do it: WhiteNoise for static files in production, and
    the web server for pages (docs/how-to/deploy.md). Headers are not counted.
    """
    found = visited(visit, light, viewport=viewport)
    assert not any("content-encoding" in each.headers for each in found.responses)
    counted = found.page.evaluate(
        """Object.fromEntries(["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
          .map(({ name, encodedBodySize }) => [name, encodedBodySize]))"""
    )
    raw = {each.url: counted.get(each.url, len(each.body())) for each in found.responses}
    sent = {
        each.url: len(gzip.compress(each.body(), 6))
        if each.headers["content-type"].startswith(TEXT)
        else raw[each.url]
        for each in found.responses
        if not each.headers["content-type"].startswith("image/")
    }

    assert counted.keys() <= raw.keys()
    assert min(raw.values()) > 0
    assert sum(sent.values()) < MOST, f"{sum(raw.values())} bytes, {sum(sent.values())} compressed: {sent}"
