"""Take the README's pictures of a running demo: ``python docs/screenshots.py http://localhost:8000``.

Needs the dependency group "test", Debian's Chromium, and pdftoppm (poppler-utils).
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


def save(name: str, picture: bytes) -> None:
    """Save a PNG with a palette, which is a third of the size."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def shoot(page: Page, name: str, address: str, *, height: int) -> None:
    """Take the picture of the first ``height`` pixels at an address."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address)
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


def main(site: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        staff = registrar(browser, site)
        code = shoot_letter(staff)
        shoot_record(staff)
        public = browser.new_page(base_url=site)
        shoot(public, "home", "/", height=1030)
        shoot(public, "training", "/trainings/united-kingdom-2027/", height=860)
        shoot(public, "teachers", "/teachers/", height=1000)
        shoot(public, "verification", f"/verify/{code}/", height=780)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
