"""The documentation, held against the code: nothing in it leads nowhere, and nothing that it must name is missing."""

import ast
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Group, Permission
from django.dispatch import Signal

from imp_wagtail import APPS
from imp_wagtail.core.conf import DEFAULTS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "imp_wagtail"
REFERENCE = ROOT / "docs" / "reference"
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"")
EXAMPLE = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
DOTTED = re.compile(r"`(imp_wagtail(?:\.\w+)+)")
#: Blocks that the package fills and does not offer: they are the site's, or Wagtail's.
OTHERS_BLOCKS = {"bulk_actions", "title", "body_class", "extra_css", "extra_js", "content", "css", "main_content"}

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def reference(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text()


def found_in(pattern: str, files: Iterator[Path]) -> set[Any]:
    """What a pattern finds in files; at least something, or the pattern has grown old."""
    found = {match for path in files for match in re.findall(pattern, path.read_text(), re.MULTILINE)}
    assert found
    return found


def anchors(markdown: str) -> set[str]:
    """The fragments by which headings are linked to."""
    headings = re.findall(r"^#+ (.+)$", re.sub(EXAMPLE, "", markdown), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_every_link_and_picture_leads_to_something(path: Path) -> None:
    text = re.sub(CODE, "", re.sub(EXAMPLE, "", path.read_text()))
    for target in filter(None, (part for parts in LINK.findall(text) for part in parts)):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text()), target


@each_document
def test_every_example_can_be_read_as_what_it_is(path: Path) -> None:
    for language, text in EXAMPLE.findall(path.read_text()):
        if language == "python":
            ast.parse(text)
        if language == "yaml":
            yaml.safe_load(text)


@each_document
def test_every_dotted_name_leads_to_something(path: Path) -> None:
    for name in DOTTED.findall(path.read_text()):
        pkgutil.resolve_name(name)


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in DOCUMENTS if path.parent.parent == ROOT / "docs"}

    assert pages == set(re.findall(r"\]\(([^)#]+\.md)\)", index))


def test_the_pictures_are_small_and_all_shown() -> None:
    pictures = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    shown = {name for path in DOCUMENTS for name in re.findall(r"\bimages/([\w-]+\.png)\)", path.read_text())}

    assert pictures == shown
    assert [name for name in pictures if (ROOT / "docs" / "images" / name).stat().st_size > 200_000] == []


def test_the_reference_has_every_setting_with_its_default() -> None:
    def shown(default: Any) -> str:
        return ", ".join(f"`{part}`" for part in default) if isinstance(default, tuple) else f"`{json.dumps(default)}`"

    table = reference("settings").partition("\n## ")[0]

    assert re.findall(r"^\| `(\w+)` \| (.+?) \|", table, re.MULTILINE) == [
        (name, shown(default)) for name, default in DEFAULTS.items()
    ]


def test_the_reference_has_every_system_check() -> None:
    checks = found_in(r'id="(imp_\w+\.[EW]\d+)"', PACKAGE.rglob("*.py"))

    assert set(re.findall(r"`(imp_\w+\.[EW]\d+)`", reference("settings"))) == checks


@pytest.mark.django_db
def test_the_reference_has_every_role_with_every_permission() -> None:
    text = reference("roles")
    made = Group.objects.filter(permissions__content_type__app_label__startswith="imp_").distinct()
    granted = (
        Permission.objects.filter(group__in=made)
        | Permission.objects.filter(grouppagepermission__group__in=made)
        | Permission.objects.filter(groupcollectionpermission__group__in=made)
    )

    assert set(re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.MULTILINE)) == set(made.values_list("name", flat=True))
    named = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+_\w+)`", text.partition("## Permissions")[2])}
    assert named == set(granted.values_list("codename", flat=True))


def test_the_reference_has_every_hook_by_its_name_and_its_constant() -> None:
    hooks = found_in(r'^(\w+_HOOK) = "(\w+)"', PACKAGE.rglob("*.py"))
    text = reference("hooks-and-signals")

    for constant, hook in hooks:
        assert f"`{hook}`" in text
        assert f".{constant}`" in text
    for hook in found_in(r'construct_hook_name="(\w+)"', PACKAGE.rglob("*.py")):
        assert f"`{hook}`" in text


def test_the_reference_has_every_signal() -> None:
    signals = {
        f"{module}.{name}"
        for module in (f"{room}.signals" for room in APPS if (PACKAGE / room.split(".")[1] / "signals.py").exists())
        for name, value in vars(pkgutil.resolve_name(module)).items()
        if isinstance(value, Signal)
    }

    assert set(re.findall(r"^\| `([\w.]+\.signals\.\w+)`", reference("hooks-and-signals"), re.MULTILINE)) == signals


def test_every_action_of_the_reference_is_one() -> None:
    rows = re.findall(r"^\| `([\w.]+actions)` \| (.+) \|$", reference("hooks-and-signals"), re.MULTILINE)

    assert {module for module, _names in rows} == {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in [*PACKAGE.rglob("*actions.py"), *PACKAGE.rglob("actions")]
    }
    for module, names in rows:
        for name in re.findall(r"`(\w+)`", names):
            assert callable(pkgutil.resolve_name(f"{module}:{name}"))


def test_the_reference_has_every_command() -> None:
    commands = {path.stem for path in ROOT.glob("*/*/management/commands/[!_]*.py")}
    commands |= {f"make {name}" for name in re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)}

    assert commands
    assert [name for name in commands - {"make help"} if name not in reference("commands")] == []


def test_the_reference_has_every_block_and_every_custom_property() -> None:
    text = reference("templates-and-blocks")
    blocks = found_in(r"\{% block (\w+)", PACKAGE.rglob("*.html")) - OTHERS_BLOCKS
    properties = found_in(r"^ *(--[\w-]+):", PACKAGE.rglob("*.css")) | found_in(
        r"var\((--imp-[\w-]+)", PACKAGE.rglob("*.css")
    )

    assert sorted(name for name in blocks | properties if f"`{name}`" not in text) == []
