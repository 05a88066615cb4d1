"""Take the documentation's pictures of a running demo: ``python docs/screenshots.py http://localhost:8000``.

Needs the dependency group "test", Debian's Chromium, and pdftoppm (poppler-utils). It leaves one more person in the
demo, who is on record twice: a fresh demo has no duplicates to show.
"""

import io
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
WIDTH = 1280
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COLOURS = 128
#: Dots per inch of the picture of a letter.
LETTER_DPI = 80
#: Whose letter, and whose record is shown; both are invented.
LETTER_OF, LETTER_STAGE, RECORD_OF = "Katharina Wiesengrund", "Engagement", "Gareth Penhallow"
#: The group whose attendance is shown, and who is on record a second time, by another spelling.
COHORT, TWICE = "Supervision group 2026, mornings", "Gareth Penhalow"
#: A list with three mistakes.
LIST = """Name,E-mail,Town,Country,"An eight-week IMP course, taken as a participant: date"
Ida Nyström,ida@example.org,Uppsala,Sweden,4 May 2024
Paul Weller-Kahn,paul@example.org,Poseidonis,Atlantis,12 June 2024
Rosa Duarte,rosa@example.org,Évora,Portugal,03/04/2025
Sem de Boer,sem@example,Delft,Netherlands,
Yuki Arata,yuki@example.org,Kyoto,Japan,2 March 2025
"""


def save(name: str, picture: bytes) -> None:
    """Save a PNG with a palette, which is a third of the size."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def shoot(page: Page, name: str, address: str, *, height: int) -> None:
    """Take the picture of the first ``height`` pixels at an address."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    response = page.goto(address)
    if response is None or not response.ok:
        sys.exit(f"{address} cannot be shown.")
    shoot_as_it_is(page, name, height=height)


def shoot_as_it_is(page: Page, name: str, *, height: int) -> None:
    """Take the picture of what the page shows now."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("document.fonts.ready")
    save(name, page.screenshot())


def registrar(browser: Browser, site: str) -> Page:
    """A page of somebody who has logged in as the demo's registrar."""
    page = browser.new_page(base_url=site)
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("registrar")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def shoot_letter(page: Page) -> str:
    """Take the picture of a letter from the register; returns its code."""
    page.goto(f"/admin/training/letters/?q={LETTER_OF}")
    row = page.get_by_role("row").filter(has_text=LETTER_STAGE)
    code = re.search(r"\b\w{4}-\w{4}-\w{5}\b", row.inner_text())
    address = row.get_by_role("link", name="Download").get_attribute("href")
    if code is None or address is None:
        sys.exit(f"The register has no letter of {LETTER_OF} for {LETTER_STAGE}.")
    command = ["pdftoppm", "-r", str(LETTER_DPI), "-png", "-singlefile", "-"]
    pdf = page.request.get(address).body()
    save("letter", subprocess.run(command, input=pdf, capture_output=True, check=True).stdout)  # noqa: S603 (fixed)
    return code.group()


def shoot_record(page: Page) -> None:
    page.goto(f"/admin/training/participants/?q={RECORD_OF}")
    shoot(page, "record", page.get_by_role("link", name=RECORD_OF).first.get_attribute("href") or "", height=1175)


def shoot_cohort(page: Page) -> None:
    page.goto("/admin/training/cohorts/")
    shoot(page, "cohort", page.get_by_role("link", name=COHORT).get_attribute("href") or "", height=760)


def shoot_bulk(page: Page) -> None:
    """Who will change and who cannot, when a stage is completed for all that are ready."""
    page.goto("/admin/training/participants/?hand=ready")
    page.get_by_role("main").locator("thead").get_by_role("checkbox").check(force=True)
    page.get_by_role("link", name="Complete a stage").click()
    page.get_by_label("Stage").select_option(label="Completion")
    page.get_by_role("button", name="Show who will change").click()
    page.get_by_role("heading", name="will change").wait_for()
    shoot_as_it_is(page, "bulk", height=480)


def shoot_import(page: Page) -> None:
    """What a file with mistakes is refused for; the file is put away again."""
    page.goto("/admin/training/participants/import/")
    page.get_by_label("Pathway").select_option(label="IMP Teacher Training")
    file = {"name": "applications.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.locator("input[type=file]").set_input_files(files=[file])
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="To be mended").wait_for()
    address = page.url
    shoot(page, "import", address, height=610)
    page.goto(address)
    page.get_by_role("button", name="Do not import this file").click()


def shoot_duplicates(page: Page) -> None:
    page.goto(f"/admin/training/participants/?q={TWICE}")
    if not page.get_by_role("link", name=TWICE).count():
        page.goto("/admin/training/participants/new/")
        page.get_by_label("Name*", exact=True).fill(TWICE)
        page.get_by_label("Town").fill("Cardiff")
        page.get_by_role("button", name="Save").click()
    shoot(page, "duplicates", "/admin/training/participants/duplicates/", height=440)


def shoot_desk(page: Page) -> None:
    """The screens of the registrar, in the order of their guide."""
    shoot(page, "desk", "/admin/training/", height=820)
    shoot(page, "participants", "/admin/training/participants/?hand=overdue", height=880)
    shoot_record(page)
    shoot_cohort(page)
    shoot_bulk(page)
    shoot_import(page)
    shoot_duplicates(page)


def main(site: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        staff = registrar(browser, site)
        code = shoot_letter(staff)
        shoot_desk(staff)
        public = browser.new_page(base_url=site)
        shoot(public, "home", "/", height=1030)
        shoot(public, "training", "/trainings/united-kingdom-2027/", height=860)
        shoot(public, "teachers", "/teachers/", height=1000)
        shoot(public, "verification", f"/verify/{code}/", height=780)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
