"""Names that would like to be something else than names: on every screen and in every file they are text."""

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from imp_wagtail.letters import actions
from imp_wagtail.pathways.models import Stage
from tests.factories import registrar

from .conftest import issued
from .test_register import REGISTER, inspect, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

NAMES = {
    "html": "<b>Ana</b><script>alert(1)</script>",
    "attribute": "Ana\" onmouseover=\"alert(1)' x='",
    "css": "Ana</style><style>*{display:none}",
    "formula": '=HYPERLINK("https://evil.example";"Ana")',
    "wide formula": "＝1+1",
    "template": "{{ request.user.password }}{% load static %}{name}%(name)s",
    "bidi": "Ana \u202egnp.exe\u2066 Núñez",
}
each_name = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


def acting(page: str) -> list[str]:
    """What of these names has become a part of the page that does something."""
    parsed = BeautifulSoup(page, "html.parser")
    ran = [tag for tag in parsed.find_all(["script", "style"]) if re.search(r"alert\(|display:none", tag.text)]
    return [str(tag) for tag in [*ran, *parsed.find_all(onmouseover=True), *parsed.find_all("b", string="Ana")]]


def addresses(letter: Any) -> list[str]:
    """Every screen on which the name of a letter stands."""
    own = [reverse(f"imp_letters_admin:{action}", args=[letter.pk]) for action in ("replace", "withdraw", "send")]
    record = reverse("imp_participants:record", args=[letter.enrolment.participant_id])
    return [REGISTER, inspect(letter), record, *own]


@each_name
def test_on_screens_a_name_is_text(staff: Client, stage: Stage, name: str) -> None:
    letter = issued(stage, name)
    sent(letter, on=letter.issued_on)

    for address in addresses(letter):
        page = staff.get(address).text
        assert escape(name) in page or escape(letter.name) in page, address
        assert acting(page) == [], address
        assert "pbkdf2" not in page
        assert "argon2" not in page


def test_a_name_that_turns_the_direction_of_writing_turns_nothing_around_it(staff: Client, stage: Stage) -> None:
    letter = issued(stage, NAMES["bidi"])

    assert f"<bdi>{letter.name}</bdi>" in staff.get(REGISTER).text
    assert f"<bdi>{letter.name}</bdi>" in staff.get(inspect(letter)).text


@each_name
def test_in_exports_a_name_is_text(staff: Client, stage: Stage, name: str) -> None:
    issued(stage, name)

    response = staff.get(REGISTER, {"export": "csv"})
    [row] = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))
    workbook = b"".join(staff.get(REGISTER, {"export": "xlsx"}).streaming_content)
    cell = openpyxl.load_workbook(io.BytesIO(workbook)).active["B2"]

    assert cell.data_type == "s"
    assert cell.value == row["Name as printed"]
    assert not row["Name as printed"].startswith(("=", "＝"))
    assert not set("\u202e\u2066") & set(row["Name as printed"])
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@each_name
def test_a_download_is_named_by_number_alone(staff: Client, stage: Stage, name: str) -> None:
    letter = issued(stage, name)

    response = staff.get(reverse("imp_letters_admin:download", args=[letter.pk]))
    assert response.headers["Content-Disposition"] == 'attachment; filename="letter-2025-0001.pdf"'
    assert letter.file.name == f"letters/2025/2025-0001-{letter.code}.pdf"


@each_name
def test_a_reason_and_its_place_in_the_history_are_text(staff: Client, stage: Stage, name: str) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason=name, by=registrar())

    page = staff.get(inspect(letter)).text
    assert page.count(escape(name)) == 2
    assert acting(page) == []


@each_name
def test_a_search_for_such_a_name_breaks_nothing(staff: Client, stage: Stage, name: str) -> None:
    letter = issued(stage, name)

    response = staff.get(REGISTER, {"q": name})
    assert response.status_code == 200
    assert f'value="{escape(name)}"' in response.text
    assert list(response.context_data["object_list"]) in ([letter], [])
