"""The interface in other languages than English: all of it is translated, and each translation holds its place."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[1]
LANGUAGES = ["ar", "de", "es", "fr", "it", "nl"]

#: Where there is a catalogue: each room of the package, and the reference site.
ROOMS = sorted(folder.parent for folder in ROOT.glob("imp_wagtail/*/apps.py"))
PLACES = [*ROOMS, ROOT / "site"]

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|%%")
MARKUP = re.compile(r"</?[a-z][^>]*>|&\w+;")

each_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(place: Path, language: str) -> polib.POFile:
    return polib.pofile(str(place / "locale" / language / "LC_MESSAGES" / "django.po"))


def keys(found: polib.POFile) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in found}


def forms(entry: polib.POEntry) -> list[str]:
    """What it says: one form, or one for each number that the language tells apart, the most general one last."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@each_place
@each_language
def test_everything_is_translated_and_has_been_read(place: Path, language: str) -> None:
    found = catalogue(place, language)

    assert [entry.msgid for entry in found if not all(form.strip() for form in forms(entry))] == []
    assert [entry.msgid for entry in found if entry.fuzzy or entry.obsolete] == []


@each_place
@each_language
def test_placeholders_and_markup_are_those_of_the_english(place: Path, language: str) -> None:
    for entry in catalogue(place, language):
        english = entry.msgid_plural or entry.msgid
        *others, general = forms(entry)
        assert Counter(PLACEHOLDER.findall(general)) == Counter(PLACEHOLDER.findall(english)), entry.msgid
        for form in others:  # "one person" may do without its number
            assert set(PLACEHOLDER.findall(form)) <= set(PLACEHOLDER.findall(english)), entry.msgid
        for form in forms(entry):
            assert Counter(MARKUP.findall(form)) == Counter(MARKUP.findall(english)), entry.msgid
            assert (form[0].isspace(), form[-1].isspace()) == (english[0].isspace(), english[-1].isspace()), (
                entry.msgid
            )


@each_place
@each_language
def test_what_is_installed_is_what_was_translated(place: Path, language: str) -> None:
    """Django reads the compiled catalogues, which "make messages" writes."""
    source = catalogue(place, language)
    compiled = polib.mofile(str(place / "locale" / language / "LC_MESSAGES" / "django.mo"))

    assert {(entry.msgctxt, entry.msgid): forms(entry) for entry in compiled} == {
        (entry.msgctxt, entry.msgid): forms(entry) for entry in source
    }


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's words as they stand in its code now, in a copy of it."""
    if not shutil.which("xgettext"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("GNU gettext is not installed")
    copy = tmp_path_factory.mktemp("words")
    for name in ("imp_wagtail", "site", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "locale", "static"))
    for room in ROOMS:
        extract(copy / room.relative_to(ROOT))
    extract(copy, "--ignore", "imp_wagtail")
    (copy / "locale").rename(copy / "site" / "locale")
    return copy


def extract(folder: Path, *ignored: str) -> None:
    (folder / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--verbosity", "0", *ignored]
    without_settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, check=True, env=without_settings)


@each_place
def test_the_catalogues_know_every_word_of_the_code_and_no_other(place: Path, extracted: Path) -> None:
    now = keys(catalogue(extracted / place.relative_to(ROOT), "fr"))

    for language in LANGUAGES:
        known = keys(catalogue(place, language))
        assert known == now, f"“make messages” brings {language} up to date"


def test_one_sentence_is_said_in_one_way() -> None:
    """Django has one catalogue for all rooms: of two translations of the same words, one would never be seen."""
    for language in LANGUAGES:
        said: dict[tuple[str | None, str], list[str]] = {}
        for place in PLACES:
            for entry in catalogue(place, language):
                assert said.setdefault((entry.msgctxt, entry.msgid), forms(entry)) == forms(entry), entry.msgid
