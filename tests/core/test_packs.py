"""Content packs: how they are read, refused and loaded, whichever room their files belong to."""

import re
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail import hooks
from wagtail.models import Locale, Page, PageLogEntry, Site

from imp_wagtail.core.packs import (
    PACK_LOADER_HOOK,
    Loading,
    Outcome,
    PackError,
    PackLoader,
    Part,
    Text,
    load_pack,
    merged_order,
    rich_text,
)
from imp_wagtail.core.packs.folder import PackAbout
from imp_wagtail.core.packs.loaders import registered_loaders
from imp_wagtail.core.packs.reader import MAX_BYTES, read
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import ContentPage, FAQPage, Trainer, TrainingIndexPage, TrainingPage
from tests.packs import FILES, line_of, write_pack


def read_text(folder: Path, content: bytes) -> Any:
    file = folder / "pathway.yaml"
    file.write_bytes(content)
    return read(file).data


def everything() -> dict[str, list[tuple]]:
    """Every row of every table but the sequences'."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows[table] = cursor.fetchall()
    return rows


def refused(folder: Path) -> str:
    """Why a pack is refused, after making sure that it left nothing behind."""
    before = everything()
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert everything() == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (b"country: NO", {"country": "NO"}),
        (b"answer: yes", {"answer": "yes"}),
        (b"time: 1:30", {"time": "1:30"}),
        (b"starts: 2027-10-21", {"starts": "2027-10-21"}),
        (b"code: 0x10", {"code": "0x10"}),
        (b"a: true\nb: False", {"a": True, "b": False}),
        (b"a: 8\nb: 1.5\nc: -2", {"a": 8, "b": 1.5, "c": -2}),
        (b"a:\nb: ~\nc: null", {"a": None, "b": None, "c": None}),
        (b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        (b"a: [x, {b: y}]", {"a": ["x", {"b": "y"}]}),
    ],
)
def test_a_file_means_what_it_seems_to_mean(tmp_path: Path, content: bytes, data: dict) -> None:
    assert read_text(tmp_path, content) == data


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1: The file is empty."),
        (b"# nothing but this\n", "line 1: The file is empty."),
        (b"- a\n- b\n", "line 1: The file must hold lines of the form “name: value”."),
        (b"a: 1\nb:\n\tc: 2\n", "line 3: This line is indented with a tab. Use spaces instead."),
        (b"a: 1\nb: \tc\n", "line 2: A tab stands here. Use spaces instead."),
        (b"a: 1\nb: 2\na: 3\n", "line 3: “a” stands here a second time; the first is in line 1."),
        (b"a: 1\nb: caf\xe9\n", "line 2: This line is not UTF-8 text. Save the file as UTF-8."),
        (b"a: 1\nb: \x00\n", "line 2: This line has a character that text files do not have."),
        (b"a: 1\nb: 'open\nc: 2\n", "line 2: A quotation mark is opened here and never closed."),
        (b"a: 1\nb: [1, 2\nc: 3\n", "line 2: A bracket is opened and never closed, or a comma is missing."),
        (b"a: 1\nb: @c\n", "line 2: Text cannot begin with this character. Put it in quotes."),
        (b"a: 1\nb\nc: 2\n", "line 2: A colon is missing after a name, or the indentation is wrong."),
        (b"a:\n  - b\n c: 1\n", "line 3: The indentation is wrong, or a hyphen or a quotation mark is missing."),
        (b"a: 1\n---\nb: 2\n", "line 2: A line of three hyphens begins a second document. A file holds one."),
        (b"? [a]\n: 1\n", "line 1: A name was expected here, as in “name: value”."),
        (b"a: 1\n%TAG\n", "line 2: This cannot be read as YAML: expected"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    with pytest.raises(PackError) as caught:
        read_text(tmp_path, content)

    assert str(caught.value).startswith(f"pathway.yaml, {complaint}")


@pytest.mark.parametrize(
    ("escape", "code"),
    [
        (r"\0", "0000"),
        (r"\a", "0007"),
        (r"\e", "001B"),
        (r"\x0b", "000B"),
        (r"\ud800", "D800"),
        (r"\uFFFE", "FFFE"),
        (r"\U0000ffff", "FFFF"),
        (r"\U00110000", "00110000"),
        (r"\UFFFFFFFF", "FFFFFFFF"),
    ],
)
@pytest.mark.parametrize(
    "content", ['a: 1\nb: "Q{}A"\n', 'a: 1\n"Q{}A": b\n', 'a: 1\nb: [{{"{}": c}}]\n', 'a: "one\n  two{}"\n']
)
def test_an_escape_for_what_is_no_character_is_refused_with_its_line(
    tmp_path: Path, content: str, escape: str, code: str
) -> None:
    with pytest.raises(PackError) as caught:
        read_text(tmp_path, content.format(escape).encode())

    assert str(caught.value) == (
        f"pathway.yaml, line 2: The backslash stands for a character here that texts do not have (U+{code}). "
        "Use single quotes, or two backslashes."
    )


def test_other_escapes_mean_what_yaml_says(tmp_path: Path) -> None:
    content = rb"""{a: "\t\n\r\"\\ \x41\u00e9\U0001F600\N", b: 'C:\art'}"""

    assert read_text(tmp_path, content) == {"a": '\t\n\r"\\ Aé😀\x85', "b": "C:\\art"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: !!python/object/apply:os.getcwd []\n", "Tags such as"),
        (b"a: !!int four\n", "Tags such as"),
        (b"a: !!bool four\n", "Tags such as"),
        (b"a: !!set {b}\n", "Tags such as"),
        (b"a: &all [x, x]\nb: *all\n", "Anchors (&) and aliases (*)"),
        (b"a: " + b"[" * 2000, "nested too deeply"),
    ],
)
def test_what_yaml_has_for_programs_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(PackError) as caught:
        read_text(tmp_path, content)

    assert caught.value.line == 1
    assert reason in caught.value.reason


def test_a_file_of_any_size_costs_no_more_than_the_largest_allowed(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="The file is larger than 1000 kilobytes"):
        read_text(tmp_path, b"a: " + b"x" * MAX_BYTES)


def test_a_folder_named_like_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pathway.yaml").mkdir()

    with pytest.raises(PackError, match=r"^pathway\.yaml: This is not a file\.$"):
        read(tmp_path / "pathway.yaml")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n", "<p>One.</p>"),
        ("One\nline.\n\nTwo.", "<p>One line.</p><p>Two.</p>"),
        ("- a\n- b\n  goes on", "<ul><li>a</li><li>b goes on</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("Tea & <b>\n\n- x < y", "<p>Tea &amp; &lt;b&gt;</p><ul><li>x &lt; y</li></ul>"),
        ("5 - 3 is two", "<p>5 - 3 is two</p>"),
        ("", ""),
    ],
)
def test_plain_text_becomes_rich_text(text: str, html: str) -> None:
    assert rich_text(text) == html


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        ("abc", "abc", "abc"),
        ("abc", "axbc", "axbc"),
        ("abc", "xabc", "xabc"),
        ("acb", "abxc", "acbx"),
        ("", "ab", "ab"),
    ],
)
def test_an_order_takes_in_what_another_has_besides(first: str, second: str, merged: str) -> None:
    assert "".join(merged_order(first, second)) == merged


@pytest.mark.django_db
class TestRefusing:
    @pytest.mark.parametrize(
        ("file", "old", "new", "complaint"),
        [
            ("pathway.yaml", "amount: 3", "amount: three", "“three” is not a number."),
            ("pathway.yaml", "amount: 5", "amount: true", "“True” is not a number."),
            ("pathway.yaml", "amount: 3", "amuont: 3", "“amuont” is not known here. Did you mean “amount”?"),
            (
                "pathway.yaml",
                "kind: count",
                "kind: cuont",
                "“kind” cannot be “cuont”. It is one of these: confirmation, count, hours, sessions, "
                "earlier_stages. Did you mean “count”?",
            ),
            ("pathway.yaml", "title: Clay\n", "title:\n", "“title” is empty."),
            ("pathway.yaml", "title: Clay\n", "title: ''\n", "“title” is empty."),
            ("pathway.yaml", "title: Clay\n", "title: 12\n", "“title” must be text. Put it in quotes if it is."),
            ("pathway.yaml", "key: clay", "key: Clay!", "“Clay!” is no name for “key”."),
            (
                "pathway.yaml",
                "opens_after_months: 1",
                "opens_after_months: 1.5",
                "“opens_after_months” must be a whole number, not “1.5”.",
            ),
            (
                "pathway.yaml",
                "opens_after_months: 1",
                "opens_after_months: -1",
                "“opens_after_months” must be 0 or more, not -1.",
            ),
            (
                "pathway.yaml",
                "is_required: false",
                "is_required: perhaps",
                "“is_required” must be true or false, not “perhaps”.",
            ),
            ("trainings.yaml", "starts: 2099-05-01", "starts: 2099", "“2099” is not a date."),
            ("trainings.yaml", "starts: 2099-05-01", "starts: 2099-02-30", "“2099-02-30” is not a date."),
            ("trainings.yaml", "trainers: [P. Otter]", "trainers: P. Otter", "“trainers” must be a list"),
            ("trainings.yaml", "trainers: [P. Otter]", "trainers: [1]", "“trainers” must be text."),
            (
                "pages.yaml",
                "home:\n  title: Pottery\n  lead: All about pots.\n  body:",
                "home:",
                "“home” must hold lines",
            ),
            ("pack.yaml", "language: en", "language: fr", "The pack is in “fr”, but the site's default language"),
            ("pages.yaml", "directory:", "directry:", "“directry” is not known here. Did you mean “directory”?"),
        ],
    )
    def test_what_has_the_wrong_shape_is_refused_with_file_line_and_reason(
        self, tmp_path: Path, file: str, old: str, new: str, complaint: str
    ) -> None:
        message = refused(write_pack(tmp_path, (file, old, new)))

        assert message.startswith(f"{file}, line {line_of(file, old)}: {complaint}")

    def test_what_is_missing_is_named_beside_what_it_is_missing_from(self, tmp_path: Path) -> None:
        message = refused(write_pack(tmp_path, ("pathway.yaml", "        kind: count\n", "")))

        assert message == f"pathway.yaml, line {line_of('pathway.yaml', 'key: bowls')}: “kind” is missing."

    def test_of_several_faults_in_a_file_the_first_is_named(self, tmp_path: Path) -> None:
        folder = write_pack(
            tmp_path, ("pathway.yaml", "amount: 5", "amount: x"), ("pathway.yaml", "key: bowls", "key: B")
        )

        assert refused(folder).startswith(f"pathway.yaml, line {line_of('pathway.yaml', 'key: bowls')}:")

    @pytest.mark.parametrize(
        ("file", "old", "new", "complaint"),
        [
            ("pathway.yaml", "closes_after_months: 4", "closes_after_months: 0", "The window cannot close before"),
            ("pathway.yaml", "each_max: 2", "each_max: 0.1", "This is less than the lower bound."),
            ("trainings.yaml", "ends: 2099-05-07", "ends: 2099-04-30", "The last day cannot come before the first"),
            ("trainings.yaml", "country: NL", "country: XX", "Value 'XX' is not a valid choice."),
            ("trainings.yaml", "languages: [nl, en]", "languages: [double-dutch]", "“double-dutch” is not the code"),
            ("letters.yaml", '"{name} fired at {training}."', '"{nmae} fired."', "There is no field “{nmae}”."),
        ],
    )
    def test_what_the_models_refuse_is_refused_at_its_line_and_nothing_is_half_loaded(
        self, tmp_path: Path, file: str, old: str, new: str, complaint: str
    ) -> None:
        message = refused(write_pack(tmp_path, (file, old, new)))

        assert message.startswith(f"{file}, line {line_of(file, old)}: {complaint}")

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("pathway.yaml", "title: Bowls", 'title: "Bow\\nls"'),
            ("pathway.yaml", "programme: Pottery", 'programme: "Pot\\u2028tery"'),
            ("letters.yaml", "heading: Letter of fire", 'heading: "Letter\\rof fire"'),
            ("trainings.yaml", "title: Trainings", 'title: "Train\\r\\nings"'),
        ],
    )
    def test_a_line_break_in_a_text_of_one_line_is_refused(
        self, tmp_path: Path, file: str, old: str, new: str
    ) -> None:
        message = refused(write_pack(tmp_path, (file, old, new)))

        reason = "This text is to stand on one line. Take the line break out of it."
        assert message == f"{file}, line {line_of(file, old)}: {reason}"

    def test_a_text_of_several_lines_keeps_them(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path, ("pathway.yaml", "summary: Know your clay.", 'summary: "Know\\nit."')))

        assert Pathway.objects.get().stages.get(key="clay").summary == "Know\nit."

    def test_a_fault_in_the_last_file_keeps_the_first_from_being_loaded(self, tmp_path: Path) -> None:
        folder = write_pack(tmp_path)
        (folder / "trainings.yaml").write_bytes(b"index:\n\tslug: x\n")

        with pytest.raises(CommandError) as caught:
            call_command("imp_load", folder, stdout=StringIO())

        assert str(caught.value) == (
            "trainings.yaml, line 2: This line is indented with a tab. Use spaces instead.\nNothing was loaded."
        )
        assert not Pathway.objects.exists()

    def test_a_fault_in_a_pack_that_is_loaded_already_changes_nothing(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))
        write_pack(tmp_path, ("pathway.yaml", "title: Clay\n", "title: Earth\n"), ("trainings.yaml", "NL", "XX"))
        before = everything()

        with pytest.raises(PackError, match="XX"):
            load_pack(tmp_path, overwrite=True)

        assert everything() == before

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "nowhere") == f"{tmp_path / 'nowhere'}: There is no such folder."

    def test_a_folder_that_cannot_be_read_is_named_with_the_reason(self, tmp_path: Path) -> None:
        folder = tmp_path / ("x" * 300)

        assert refused(folder) == f"{folder}: The folder cannot be read: File name too long."

    def test_a_file_in_place_of_a_folder_is_refused(self, tmp_path: Path) -> None:
        file = write_pack(tmp_path) / "pack.yaml"

        assert refused(file) == f"{file}: This is a file. A pack is a folder; give its path."

    def test_an_empty_folder_is_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path).startswith(f"{tmp_path}: There is no pack here")

    def test_a_folder_without_the_pack_s_own_file_is_refused(self, tmp_path: Path) -> None:
        assert refused(write_pack(tmp_path, without=("pack.yaml",))).startswith("pack.yaml: The file is missing.")

    @pytest.mark.parametrize("name", ["pathways.yaml", "Pathway.yaml", "pathway.yml"])
    def test_a_misspelt_file_is_refused_and_not_passed_over(self, tmp_path: Path, name: str) -> None:
        (write_pack(tmp_path) / "pathway.yaml").rename(tmp_path / name)

        assert refused(tmp_path) == f"{name}: No part of a pack has this name. Did you mean “pathway.yaml”?"

    def test_other_files_may_lie_beside_the_pack(self, tmp_path: Path) -> None:
        folder = write_pack(tmp_path)
        (folder / "README.md").write_text("About this pack")
        (folder / "._pathway.yaml").write_bytes(b"\xff")

        assert load_pack(folder).changed

    def test_a_site_without_a_default_is_named(self, tmp_path: Path) -> None:
        Site.objects.update(is_default_site=False)

        assert refused(write_pack(tmp_path)) == "pack.yaml: There is no default site to load the pack into."


@pytest.mark.django_db
class TestLoading:
    def test_a_pack_from_a_folder_anywhere_is_loaded(self, tmp_path: Path) -> None:
        result = load_pack(write_pack(tmp_path / "somewhere else"))

        assert result.name == "Pottery"
        assert {line.outcome for line in result.lines} == {Outcome.ADDED}
        assert Pathway.objects.get().title == "Pottery pathway"

    def test_every_file_but_the_pack_s_own_may_be_left_out(self, tmp_path: Path) -> None:
        result = load_pack(write_pack(tmp_path, without=tuple(set(FILES) - {"pack.yaml"})))

        assert result.lines == []

    def test_loading_a_second_time_writes_nothing(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))
        before = everything()

        with CaptureQueriesContext(connection) as queries:
            result = load_pack(tmp_path)

        assert {line.outcome for line in result.lines} == {Outcome.KEPT}
        assert everything() == before
        assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []

    def test_overwriting_what_says_the_same_writes_nothing(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))
        before = everything()

        result = load_pack(tmp_path, overwrite=True)

        assert result.changed == 0
        assert everything() == before

    def test_pages_are_published_with_a_revision_and_an_entry_in_the_log(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))

        page = FAQPage.objects.get()
        assert page.live
        assert not page.has_unpublished_changes
        assert page.latest_revision == page.live_revision
        assert set(PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)) == {
            "wagtail.create",
            "wagtail.publish",
        }

    def test_the_pages_stand_in_the_menu_in_the_order_of_the_rooms(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))

        menu = Site.objects.get().root_page.get_children().live().in_menu()
        assert list(menu.values_list("slug", flat=True)) == ["trainings", "pathway", "faq", "teachers"]

    def test_a_page_that_an_editor_moved_to_another_address_is_not_made_again(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))
        for page in (FAQPage.objects.get(), TrainingPage.objects.get()):
            page.slug = f"{page.slug}-moved"
            page.save_revision().publish()

        result = load_pack(tmp_path)

        assert result.changed == 0
        assert FAQPage.objects.count() == TrainingPage.objects.count() == 1

    def test_a_page_that_an_editor_unpublished_stays_unpublished(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))
        FAQPage.objects.get().unpublish()
        FAQPage.objects.update(title="Edited")

        load_pack(tmp_path, overwrite=True)

        page = FAQPage.objects.get()
        assert (page.title, page.live) == ("Questions", False)

    def test_what_was_deleted_is_added_again(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path))
        FAQPage.objects.get().delete()

        result = load_pack(tmp_path)

        assert result.changed == 1
        assert FAQPage.objects.get().slug == "faq"

    def test_a_page_of_another_kind_at_the_same_address_is_left_alone(self, tmp_path: Path) -> None:
        home = Site.objects.get().root_page
        home.add_child(instance=ContentPage(title="Mine", slug="faq"))

        message = refused(write_pack(tmp_path))

        assert message == (
            f"questions.yaml, line {line_of('questions.yaml', 'slug: faq')}: "
            "There is another kind of page at /faq/ already."
        )

    def test_a_second_pack_shares_the_index_that_is_there(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path / "first"))
        second = write_pack(
            tmp_path / "second",
            ("pack.yaml", "key: pottery", "key: glass"),
            ("trainings.yaml", "slug: trainings", "slug: courses"),
            ("trainings.yaml", "slug: kiln-2099", "slug: furnace-2099"),
            without=("pathway.yaml", "questions.yaml", "letters.yaml", "pages.yaml"),
        )

        load_pack(second)

        index = TrainingIndexPage.objects.get()
        assert [page.slug for page in index.get_children()] == ["kiln-2099", "furnace-2099"]

    def test_a_pack_in_a_variety_of_the_site_s_language_is_welcome(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path, ("pack.yaml", "language: en", "language: en-GB")))

        assert Pathway.objects.get().locale == Locale.get_default()


@pytest.mark.django_db
class TestCommand:
    def run(self, *arguments: Any, **options: Any) -> list[str]:
        output = StringIO()
        call_command("imp_load", *arguments, stdout=output, **options)
        return output.getvalue().splitlines()

    def test_it_prints_a_line_for_each_thing_and_ends_with_a_count(self, tmp_path: Path) -> None:
        lines = self.run(write_pack(tmp_path))

        assert "added   pathway “Pottery pathway”" in lines
        assert "added   training “Kiln weeks” (/trainings/kiln-2099/)" in lines
        assert lines[-1] == f"Pottery: {len(lines) - 1} added, 0 updated, 0 kept."

    def test_it_says_what_it_kept_and_what_it_updated(self, tmp_path: Path) -> None:
        self.run(write_pack(tmp_path))
        Pathway.objects.update(title="Edited")

        kept = self.run(tmp_path)
        updated = self.run(tmp_path, "--overwrite")

        assert "kept    pathway “Edited”" in kept
        assert "updated pathway “Pottery pathway”" in updated
        assert updated[-1] == f"Pottery: 0 added, 1 updated, {len(updated) - 2} kept."

    def test_it_can_be_told_to_be_silent(self, tmp_path: Path) -> None:
        assert self.run(write_pack(tmp_path), verbosity=0) == []
        assert Page.objects.filter(slug="faq").exists()

    def test_it_reports_nothing_that_did_not_stay(self, tmp_path: Path) -> None:
        output = StringIO()

        with pytest.raises(CommandError):
            call_command("imp_load", write_pack(tmp_path, ("trainings.yaml", "NL", "XX")), stdout=output)

        assert output.getvalue() == ""


def names_in(schema: type[Part]) -> set[str]:
    """The names of all fields of a shape, and of the shapes in it."""
    names = set(schema.model_fields)
    waiting: list[Any] = [field.annotation for field in schema.model_fields.values()]
    while waiting:
        annotation = waiting.pop()
        if isinstance(annotation, type) and issubclass(annotation, Part):
            names |= names_in(annotation)
        waiting.extend(get_args(annotation))
    return names


def test_the_reference_names_every_file_and_every_field() -> None:
    reference = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "content-packs.md").read_text()
    loaders = registered_loaders()
    names = {loader.file for loader in loaders} | names_in(PackAbout)
    names = names.union(*(names_in(loader.schema) for loader in loaders))

    assert {"pathway.yaml", "each_min", "year_only", "anchor", "source"} <= names
    assert sorted(name for name in names if not re.search(rf"`{re.escape(name)}`|\b{name}:", reference)) == []


@pytest.mark.django_db
def test_an_app_of_the_site_s_own_can_load_files_of_its_own(tmp_path: Path) -> None:
    class Glossary(Part):
        trainers: list[Text]

    class GlossaryLoader(PackLoader[Glossary]):
        file = "glossary.yaml"
        schema = Glossary

        def load(self, data: Glossary, loading: Loading) -> None:
            for name in data.trainers:
                found = Trainer.objects.filter(name=name).first()
                loading.put(data, Trainer, found, {"locale": loading.locale}, {"name": name})

    (write_pack(tmp_path) / "glossary.yaml").write_text("trainers: [Engobe, P. Otter]\n")

    with hooks.register_temporarily(PACK_LOADER_HOOK, GlossaryLoader, order=70):
        load_pack(tmp_path)

    assert set(Trainer.objects.values_list("name", flat=True)) == {"Engobe", "P. Otter"}
