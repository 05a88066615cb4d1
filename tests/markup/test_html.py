"""The markup of every public page, by the rules of HTML and of accessibility: html-validate."""

from pathlib import Path

import pytest

from .checkers import faults_of_markup
from .conftest import EVERY_PAGE, Pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_is_valid(pages: Pages, faults: dict[str, list[str]], name: str) -> None:
    assert pages[name].status == EVERY_PAGE[name]
    assert faults.get(name, []) == []


def test_arabic_pages_and_no_others_run_from_right_to_left(pages: Pages) -> None:
    for name, page in pages.items():
        language, direction = ("ar", "rtl") if ", ar: " in name else ("en", "ltr")
        assert f'<html lang="{language}" dir="{direction}">' in page.html, name


FAULTS = {
    "heading-level": ("h2>", "h4>"),
    "no-dup-id": ("<main>", '<main><p id="a"></p><p id="a"></p>'),
    "close-order": ("</h2>", "</h3>"),
    "element-permitted-content": ("</h2>", "<p>A paragraph</p></h2>"),
    "input-missing-label": ("</main>", '<input type="text" name="n"></main>'),
}

SOUND = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A page</title>
  </head>
  <body>
    <main>
      <h1>A page</h1>
      <h2>Of something</h2>
    </main>
  </body>
</html>
"""


def test_a_fault_is_found_and_told_with_its_page_and_line(tmp_path: Path) -> None:
    broken = {rule: SOUND.replace(*change) for rule, change in FAULTS.items()}
    found = faults_of_markup({"sound": SOUND, **broken}, tmp_path)

    assert set(found) == set(FAULTS)
    for rule in FAULTS:
        assert any(f": {rule}: " in fault for fault in found[rule]), found[rule]
    assert found["heading-level"][0].startswith("line 10: ")
