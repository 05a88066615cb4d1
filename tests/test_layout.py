"""What holds for the project as a whole, whichever file one opens."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import imp_wagtail

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "imp_wagtail"
SITE = ROOT / "site"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

#: Folders of what is made or installed within the project's.
MADE = {"__pycache__", "node_modules"}

#: Paths that exist on one person's machine only.
MACHINE_PATH = re.compile(r"/(?:work|root|Users)/\w|/home/\w+/(?:\.|src|code|projects)|[A-Z]:\\\\?Users")

#: Ways to make an account, or to give one a password.
ACCOUNT_MAKING = re.compile(r"create_(?:super)?user\(|[mM]ake_password\(|set_password\(|createsuperuser")

#: What a browser would fetch from elsewhere: a link that a person may follow is none of these.
THIRD_PARTY_REQUEST = re.compile(
    r"""<(?:link|script|img|iframe|source)\b[^>]*(?:src|href)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)

#: What a strict Content-Security-Policy forbids. A JSON-LD block is data: no browser runs it.
INLINE_CODE = re.compile(
    r"""<style\b|\sstyle=|\son[a-z]+=["']|<script(?![^>]*(?:src=|type="application/(?:ld\+)?json"))[^>]*>"""
)

#: Properties that name a side of the page, which is another one in Arabic or Hebrew.
ONE_SIDED = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|(?:text-align|float)\s*:\s*(?:left|right))",
    re.MULTILINE,
)
#: A rule that says for which direction of writing it holds may name a side.
FOR_ONE_DIRECTION = re.compile(r"[^{}]*\[dir=[^{}]*\{[^{}]*\}")


def files(*folders: str, suffixes: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the project's own files below folders that have one of the suffixes (any, if none is given)."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and MADE.isdisjoint(path.parts) and (not suffixes or path.suffix in suffixes):
                yield path


def findings(pattern: re.Pattern[str], paths: Iterator[Path]) -> list[str]:
    """Return each place where the pattern is found, as ``file:line: text``."""
    return [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {found.group().strip()}"
        for path in paths
        for text in [path.read_bytes().decode(errors="replace")]
        for found in pattern.finditer(text)
    ]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "/" + "root/project"),
        (ACCOUNT_MAKING, "User.objects.create_superuser('a')"),
        (THIRD_PARTY_REQUEST, '<script src="https://cdn.example.com/a.js">'),
        (THIRD_PARTY_REQUEST, "src: url(//fonts.example.com/a.woff2)"),
        (INLINE_CODE, '<p style="color: red">'),
        (INLINE_CODE, "<script>alert()</script>"),
        (INLINE_CODE, '<a onclick="go()">'),
        (ONE_SIDED, "  margin-left: 1em;"),
        (ONE_SIDED, "  text-align: right;"),
    ],
)
def test_each_pattern_finds_what_it_forbids(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_the_top_level_is_laid_out_as_the_owner_set_it() -> None:
    folders = ("imp_wagtail", "site", "templates", "fixtures", "tests", "docs", ".ci")
    papers = ("pyproject.toml", "setup.cfg", "README.md", "CHANGELOG.md", "LICENSE", "Makefile")

    assert [name for name in folders if not (ROOT / name).is_dir()] == []
    assert [name for name in papers if not (ROOT / name).is_file()] == []


def test_the_folder_site_never_hides_the_standard_library_s_module() -> None:
    assert not (SITE / "__init__.py").exists()


def test_the_package_and_its_metadata_agree_on_the_version() -> None:
    assert imp_wagtail.__version__ == PROJECT["project"]["version"]


def test_every_room_is_an_app_and_stands_in_the_contract_in_the_same_order() -> None:
    (contract,) = PROJECT["tool"]["importlinter"]["contracts"]

    assert sorted(imp_wagtail.APPS) == [f"imp_wagtail.{room}" for room in ROOMS]
    assert contract["layers"] == imp_wagtail.APPS[::-1]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_the_files_in_which_people_look_first(room: str) -> None:
    assert (PACKAGE / room / "apps.py").is_file()
    assert (PACKAGE / room / "wagtail_hooks.py").is_file()


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "core"])
def test_a_room_but_for_core_has_models_and_brings_their_tables(room: str) -> None:
    folder = PACKAGE / room

    assert (folder / "models.py").is_file() or (folder / "models" / "__init__.py").is_file()
    assert (folder / "migrations" / "0001_initial.py").is_file()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_keeps_its_templates_and_static_files_under_its_own_name(room: str) -> None:
    for kind in ("templates", "static"):
        names = {path.name for path in (PACKAGE / room).glob(f"{kind}/*")}
        assert names <= {f"imp_{room}"}


def test_no_file_knows_a_path_of_one_machine() -> None:
    everything = files("imp_wagtail", "site", "templates", "fixtures", "tests", "docs", ".ci")
    papers = (path for path in sorted(ROOT.glob("*")) if path.suffix in {".md", ".toml", ".cfg"})

    assert findings(MACHINE_PATH, everything) == []
    assert findings(MACHINE_PATH, papers) == []


def test_only_the_demo_makes_accounts() -> None:
    code = (path for path in files("imp_wagtail", "site", suffixes=(".py",)) if SITE / "demo" not in path.parents)

    assert findings(ACCOUNT_MAKING, code) == []


def test_only_the_demo_s_settings_install_the_demo() -> None:
    settings = (path for path in files("site/reference/settings", suffixes=(".py",)) if path.stem != "demo")

    assert findings(re.compile(r"""["']demo\b"""), settings) == []


def test_no_page_asks_a_third_party_for_anything() -> None:
    pages = files("imp_wagtail", "site", "templates", suffixes=(".html", ".css", ".js", ".svg"))

    assert findings(THIRD_PARTY_REQUEST, pages) == []


def test_no_template_has_code_that_a_strict_content_security_policy_forbids() -> None:
    assert findings(INLINE_CODE, files("imp_wagtail", "templates", suffixes=(".html",))) == []


def test_no_stylesheet_names_a_side_of_the_page() -> None:
    own = (path for path in files("imp_wagtail", "site", suffixes=(".css",)) if "vendor" not in path.parts)
    for sheet in own:
        sides = ONE_SIDED.findall(FOR_ONE_DIRECTION.sub("", sheet.read_text()))
        assert sides == [], sheet
