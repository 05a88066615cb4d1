"""How packs are written: readable, always the same, and read back to the same parts."""

import datetime as dt
import re
import tempfile
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field

from imp_wagtail.core.packs import Count, Day, DumpError, Key, Number, Part, Text, Time, rich_text
from imp_wagtail.core.packs.parts import shaped
from imp_wagtail.core.packs.plain import plain
from imp_wagtail.core.packs.reader import read
from imp_wagtail.core.packs.saving import save
from imp_wagtail.core.packs.writing import written, written_sections
from imp_wagtail.core.words import printable


class Look(StrEnum):
    ROUND = "round"
    FLAT = "flat"


class Inner(Part):
    key: Key
    words: str = ""
    names: list[Text] = []
    more: list["Inner"] = []


class Outer(Part):
    """A part of every shape that packs have."""

    title: Text
    words: str = ""
    day: Day | None = None
    time: Time | None = None
    number: Number = Decimal(1)
    count: Count | None = None
    look: Look = Look.ROUND
    is_so: bool = True
    names: list[Text] = []
    inner: Inner | None = None
    entries: list[Inner] = Field(default=[])


def read_back(text: str, section: str = "") -> Outer:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.yaml"
        path.write_text(f"# A comment.\n\n{text}", encoding="utf-8", newline="\n")
        return shaped(Outer, read(path), section)


def says(part: Part) -> dict:
    return part.model_dump()


#: Text in any script. What no UTF-8 file can hold is no text; signs that control machines are left out of packs.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(printable)
#: What YAML takes for something else.
AWKWARD = st.text(st.sampled_from(" \n\t-#:'\"|>{}[]&*!%@`?,~1.0a\r\x85\u2028\ufeff\xa0é😀"), max_size=150)
LONG = st.lists(st.sampled_from(["clay", "-", "#", "a:", "- b", "1.", " ", "\n", "\n\n", "wörter"]), max_size=80)
TEXTS = ANY_TEXT | AWKWARD | LONG.map(" ".join)


@given(TEXTS, TEXTS, st.lists(TEXTS.filter(lambda text: text.strip()), max_size=3))
@example("NO", "1:30", ["yes", "null", "~", "0x1", "2027-10-21", "12", "1.5", "true"])
@example("a: b", "  indented\n\ttabbed", ["- a", "# b"])
@example("x" * 300, "word " * 80, ["…"])
def test_whatever_a_text_holds_is_read_back(title: str, words: str, names: list[str]) -> None:
    # Space around a text is no part of it: packs take it away when they are read, and so do forms.
    names = [name for name in names if Inner(key="a", words=name).words]
    inner = Inner(key="a", words=words, names=names, more=[Inner(key="b", words=title)])
    part = Outer(title=f"t{title}", words=words, names=names, inner=inner, entries=[inner, inner])

    assert says(read_back(written(part))) == says(part)
    assert says(read_back(written_sections({"home": part, "other": part}), "other")) == says(part)


@given(
    st.dates(),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    st.decimals(Decimal("-999999.99"), Decimal("999999.99"), places=2),
    st.sampled_from(Look),
    st.booleans(),
)
def test_whatever_is_no_text_is_read_back(
    day: dt.date, time: dt.time, number: Decimal, look: Look, is_so: bool
) -> None:
    part = Outer(title="t", day=day, time=time, number=number, count=3, look=look, is_so=is_so)

    assert says(read_back(written(part))) == says(part)


def test_signs_that_control_machines_are_left_out_as_no_pack_is_read_with_them() -> None:
    assert read_back(written(Outer(title="Q\0A", words="one\a\ntwo\ufffe"))).words == "one\ntwo"


def test_a_file_looks_as_if_somebody_had_written_it() -> None:
    part = Outer(
        title="Tea: an introduction",
        words="One paragraph.\n\n- First\n- Second",
        day=dt.date(2099, 5, 1),
        time=dt.time(17),
        number=Decimal("1.50"),
        look=Look.FLAT,
        names=["NO", "true"],
        entries=[Inner(key="a", words="word " * 30), Inner(key="b", names=["x"])],
    )

    assert written(part) == (
        "title: 'Tea: an introduction'\n"
        "words: |\n"
        "  One paragraph.\n"
        "\n"
        "  - First\n"
        "  - Second\n"
        "day: 2099-05-01\n"
        "time: 17:00\n"
        "number: 1.5\n"
        "look: flat\n"
        "names:\n"
        "  - NO\n"
        "  - 'true'\n"
        "\n"
        "entries:\n"
        "  - key: a\n"
        "    words: >-\n"
        f"      {' '.join(['word'] * 23)}\n"
        f"      {' '.join(['word'] * 7)}\n"
        "\n"
        "  - key: b\n"
        "    names:\n"
        "      - x\n"
    )


@pytest.mark.parametrize(
    ("html", "text", "lost"),
    [
        ('<p data-block-key="a">One</p><p data-block-key="b"></p>', "One", []),
        ('<p>Go <a linktype="document" id="3">there</a>.</p>', "Go there.", ["a link (“there”)"]),
        ('<p>Go <a href="javascript:alert(1)">there</a>.</p>', "Go there.", ["a link (“there”)"]),
        ('<p>Go <a href="//example.org">there</a>.</p>', "Go there.", ["a link (“there”)"]),
        ("<h1>Head</h1><p>Text</p>", "Head\n\nText", ["a heading within a text"]),
        ('<p>a</p><embed embedtype="image" id="1"/>', "a", ["a picture or film in a text"]),
        ("<p>a</p><hr/><p>b</p>", "a\n\nb", ["a line across"]),
        ("loose", "loose", []),
        ("", "", []),
    ],
)
def test_what_packs_cannot_hold_of_a_text_is_said_and_its_words_stay(html: str, text: str, lost: list[str]) -> None:
    said: list[str] = []

    assert plain(html, said.append) == text
    assert said == lost


def test_long_paragraphs_are_broken_into_lines() -> None:
    text = plain(rich_text(f"{'word ' * 60}\n\n- {'point ' * 40}"), pytest.fail)

    assert max(map(len, text.split("\n"))) <= 100
    assert "\n  point" in text


class TestSaving:
    def nothing(self, folder: Path) -> None:
        """A check that finds nothing amiss."""

    def test_a_folder_is_made_with_those_around_it(self, tmp_path: Path) -> None:
        save(tmp_path / "a" / "b", {"pack.yaml": "key: a\n"}, force=False, check=self.nothing)

        assert (tmp_path / "a" / "b" / "pack.yaml").read_text() == "key: a\n"
        assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]

    def test_an_empty_folder_is_filled(self, tmp_path: Path) -> None:
        save(tmp_path, {"pack.yaml": "key: a\n"}, force=False, check=self.nothing)

        assert (tmp_path / "pack.yaml").exists()

    def test_a_folder_in_which_something_lies_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")

        with pytest.raises(DumpError, match="is not empty"):
            save(tmp_path, {"pack.yaml": "new"}, force=False, check=self.nothing)
        assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]

    def test_by_force_a_pack_is_replaced_and_everything_else_stays(self, tmp_path: Path) -> None:
        folder = tmp_path / "pack"
        (folder / "pictures").mkdir(parents=True)
        (folder / "pictures" / "a.png").write_bytes(b"png")
        (folder / "notes.txt").write_text("mine")
        (folder / "pack.yaml").write_text("old")

        save(folder, {"pack.yaml": "new"}, force=True, check=self.nothing)

        assert (folder / "pack.yaml").read_text() == "new"
        assert (folder / "notes.txt").read_text() == "mine"
        assert (folder / "pictures" / "a.png").read_bytes() == b"png"
        assert [path.name for path in tmp_path.iterdir()] == ["pack"]

    def test_a_file_is_not_written_through_a_link(self, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.write_text("mine")
        (tmp_path / "pack").mkdir()
        (tmp_path / "pack" / "pack.yaml").symlink_to(elsewhere)

        save(tmp_path / "pack", {"pack.yaml": "new"}, force=True, check=self.nothing)

        assert elsewhere.read_text() == "mine"
        assert (tmp_path / "pack" / "pack.yaml").read_text() == "new"

    def test_a_file_of_another_pack_is_not_mixed_in(self, tmp_path: Path) -> None:
        (tmp_path / "questions.yaml").write_text("old")

        with pytest.raises(DumpError, match=r"holds questions\.yaml, which would be taken for a part of this pack"):
            save(tmp_path, {"pack.yaml": "new"}, force=True, check=self.nothing)
        assert [path.name for path in tmp_path.iterdir()] == ["questions.yaml"]

    def test_what_does_not_pass_the_check_changes_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "pack").mkdir()
        (tmp_path / "pack" / "pack.yaml").write_text("old")

        def refuse(folder: Path) -> None:
            assert (folder / "pack.yaml").read_text() == "new"
            raise DumpError("No.")

        with pytest.raises(DumpError, match=re.escape("No.")):
            save(tmp_path / "pack", {"pack.yaml": "new"}, force=True, check=refuse)
        assert (tmp_path / "pack" / "pack.yaml").read_text() == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["pack"]

    def test_a_place_where_nothing_can_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")

        with pytest.raises(DumpError, match="cannot be written: File exists"):
            save(tmp_path / "file" / "pack", {"pack.yaml": "new"}, force=False, check=self.nothing)
        with pytest.raises(DumpError, match="cannot be written: File name too long"):
            save(tmp_path / ("x" * 300), {"pack.yaml": "new"}, force=False, check=self.nothing)
