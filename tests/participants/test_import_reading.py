"""Files that come in, whoever made them: their encodings, separators and cells, and those that are none."""

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from imp_wagtail.participants.importing import spreadsheets
from imp_wagtail.participants.importing.errors import UnreadableFileError
from imp_wagtail.participants.importing.reading import read

NAMES = ["Zoë Núñez", "Łukasz Wójcik", "Ольга Иванова", "李小龍", "عائشة", "נועה", "สมชาย"]


def xlsx(*rows: list[Any], **sheet: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, value in sheet.items():
        book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """A spreadsheet of which one part says something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, text)
    return out.getvalue()


def cells(content: bytes, name: str = "") -> list[list[str]]:
    return [row.cells for row in read(content, name).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_names_in_every_script_come_in_in_every_usual_encoding(encoding: str) -> None:
    text = "name,town\r\n" + "".join(f"{name},Paris\r\n" for name in NAMES)

    assert cells(text.encode(encoding)) == [[name, "Paris"] for name in NAMES]


def test_a_file_of_old_windows_programs_is_read() -> None:
    assert cells("name;town\r\nZoë;Düsseldorf – Köln\r\n".encode("cp1252")) == [["Zoë", "Düsseldorf – Köln"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_out_although_the_others_stand_in_cells(separator: str) -> None:
    lines = ['name|"what, and; where"|town', '"Jansen, Zoë"|"a;b,c"|Utrecht']
    content = "\n".join(line.replace("|", separator) for line in lines)

    assert read(content.encode()).headings == ["name", "what, and; where", "town"]
    assert cells(content.encode()) == [["Jansen, Zoë", "a;b,c", "Utrecht"]]


def test_excel_s_line_that_names_the_separator_is_none_of_the_rows() -> None:
    table = read(b"sep=;\r\nname;town\r\nAna;Porto\r\n")

    assert (table.headings, [(row.number, row.cells) for row in table.rows]) == (
        ["name", "town"],
        [(2, ["Ana", "Porto"])],
    )


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    table = read(b'\n,\nname,notes\n\nAna,"two\nlines"\n,,\nBea,\n')

    assert [(row.number, row.cells) for row in table.rows] == [(5, ["Ana", "two\nlines"]), (7, ["Bea", ""])]


def test_every_row_is_as_wide_as_the_widest() -> None:
    table = read(b"name\nAna,Porto\nBea\n")

    assert (table.headings, [row.cells for row in table.rows]) == (["name", ""], [["Ana", "Porto"], ["Bea", ""]])


def test_a_spreadsheet_s_own_types_come_in_as_they_are_seen() -> None:
    content = xlsx(
        ["date", "with time", "whole", "part", "sum", "truth", "time", "text"],
        [dt.date(2027, 10, 31), dt.datetime(2027, 10, 31, 9, 30), 6, 5.5, 0.1 + 0.2, True, dt.time(9, 30), "=no"],
    )

    assert cells(content)[0][:-1] == ["2027-10-31", "2027-10-31 09:30", "6", "5.5", "0.3", "True", "09:30:00"]


def test_numbers_that_are_whole_have_no_point() -> None:
    assert cells(xlsx(["n"], [6.0], [1e15]))[0:2] == [["6"], ["1000000000000000"]]


def test_a_formula_is_never_run_and_never_lost() -> None:
    content = xlsx(["name", "town"], ['=HYPERLINK("http://example.org")', "Porto"])

    assert cells(content) == [['=HYPERLINK("http://example.org")', "Porto"]]


def test_of_a_formula_the_value_is_taken_where_the_file_has_it() -> None:
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>
        <row r="2"><c r="A2" t="str"><f>CONCATENATE("A","na")</f><v>Ana</v></c></row></sheetData></worksheet>"""

    assert cells(with_part(xlsx(["x"]), "xl/worksheets/sheet1.xml", sheet)) == [["Ana"]]


def refusal(content: bytes, name: str = "") -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(content, name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "saying"),
    [
        (b"", "This file is empty."),
        (b"\n  \n\n", "This file is empty."),
        (b"name,town\n", "nobody below"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file, or one with a password"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"%PDF-1.7\0\0\0\x01\x02", "not a table"),
        (b"name\n\x81\x8d\x8f", "letters of this file cannot be read"),
        (b'name\n"' + b"a" * 200_000, "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, saying: str) -> None:
    assert saying in refusal(content)


def test_another_zip_is_no_spreadsheet() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<a/>")

    assert "This is no XLSX file." in refusal(out.getvalue())


def test_a_text_that_is_called_xlsx_is_told_so() -> None:
    assert "This is no XLSX file, although it is called one." in refusal(b"name\nAna\n", "people.XLSX")


def test_a_file_that_is_too_large_is_not_read(settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "IMPORT_MAX_MB": 0}

    assert "larger than 0 MB" in refusal(b"name\nAna\n")


def test_a_file_with_too_many_rows_is_refused(settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "IMPORT_MAX_ROWS": 2}

    assert len(read(b"name\nAna\nBea\n").rows) == 2
    assert "more than 2 rows" in refusal(b"name\nAna\nBea\nCid\n")


def test_a_file_that_is_wider_than_any_list_is_refused() -> None:
    wide = ["x"] * 301

    assert "more than 300 columns" in refusal(",".join(wide).encode())
    assert "more than 300 columns" in refusal(xlsx(wide))
    assert len(read(xlsx(wide[:300], ["Ana"])).headings) == 300


def test_a_spreadsheet_that_bursts_when_unpacked_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_part(xlsx(["name"], ["Ana"]), "xl/media/bomb.bin", b"\0" * 5_000_000)
    assert len(bomb) < 20_000
    assert cells(bomb) == [["Ana"]]

    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 4_000_000)

    assert "unpacks to more than can be read" in refusal(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_spreadsheet_that_defines_entities_is_refused(encoding: str) -> None:
    text = '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst xmlns="a"><si><t>&a;</t></si></sst>'

    assert "holds what no list needs" in refusal(
        with_part(xlsx(["name"], ["Ana"]), "xl/sharedStrings.xml", text.encode(encoding))
    )


@pytest.mark.parametrize("row", ["1048577", "99999999999", "-5", "x"])
def test_a_spreadsheet_that_lies_about_its_rows_is_refused_in_time(row: str) -> None:
    sheet = f"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>
        <row r="{row}"><c r="A{row}" t="inlineStr"><is><t>Ana</t></is></c></row></sheetData></worksheet>"""

    assert refusal(with_part(xlsx(["x"]), "xl/worksheets/sheet1.xml", sheet.encode()))


def test_a_sheet_that_says_it_is_wider_than_it_is_costs_nothing() -> None:
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>Ana</t></is></c></row></sheetData></worksheet>"""

    table = read(with_part(xlsx(["x"]), "xl/worksheets/sheet1.xml", sheet))

    assert (table.headings, [row.cells for row in table.rows]) == (["name"], [["Ana"]])


def is_read_or_refused(content: bytes) -> bool:
    """Whether a file gives a table or a refusal; any other exception goes on."""
    try:
        table = read(content)
    except UnreadableFileError as error:
        return bool(str(error))
    return all(len(row.cells) == len(table.headings) for row in table.rows)


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    assert is_read_or_refused(content)


SPREADSHEET = xlsx(["name", "date"], ["Ana", dt.date(2027, 10, 31)], ["Bea", 4.5])


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SPREADSHEET) - 1), st.binary(min_size=1, max_size=12))
def test_no_damage_to_a_spreadsheet_breaks_the_reader(place: int, damage: bytes) -> None:
    assert is_read_or_refused(SPREADSHEET[:place] + damage + SPREADSHEET[place + len(damage) :])


SHEET = zipfile.ZipFile(io.BytesIO(SPREADSHEET)).read("xl/worksheets/sheet1.xml")


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SHEET) - 1), st.text('<>/"=rcstv0123456789A &;', min_size=1, max_size=8))
def test_no_damage_to_the_parts_of_a_spreadsheet_breaks_the_reader(place: int, damage: str) -> None:
    broken = SHEET[:place] + damage.encode() + SHEET[place + len(damage) :]

    assert is_read_or_refused(with_part(SPREADSHEET, "xl/worksheets/sheet1.xml", broken))
