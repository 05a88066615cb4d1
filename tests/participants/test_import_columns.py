"""The columns that a pathway's rules make, the template that is made of them, and how a file's headings are known."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from imp_wagtail.participants.importing.columns import MOST_SETS, Scheme, scheme_of
from imp_wagtail.participants.importing.matching import Match, as_stored, match
from imp_wagtail.participants.importing.template import template
from imp_wagtail.pathways.models import Pathway
from tests.factories import PathwayFactory, RequirementFactory, StageFactory
from tests.participants.support import asked, imp

pytestmark = pytest.mark.django_db


def keys(pathway: Pathway, beginning: str = "") -> list[str]:
    return [column.key for column in scheme_of(pathway).columns if column.key.startswith(beginning)]


def labels(pathway: Pathway, beginning: str = "") -> list[str]:
    return [column.label for column in scheme_of(pathway).columns if column.key.startswith(beginning)]


def test_there_are_columns_for_the_person_the_enrolment_and_each_stage() -> None:
    assert [key for key in keys(imp()) if key.count(".") < 2] == [
        "name",
        "printed_name",
        "email",
        "town",
        "country",
        "language",
        "notes",
        "enrolled_on",
        "status",
        "preparation.completed_on",
        "engagement.completed_on",
        "completion.completed_on",
    ]


def test_two_retreats_are_two_sets_of_columns_with_their_unit() -> None:
    assert labels(imp(), "preparation.retreats") == [
        "Two retreats 1: date",
        "Two retreats 1: days",
        "Two retreats 1: what and where",
        "Two retreats 2: date",
        "Two retreats 2: days",
        "Two retreats 2: what and where",
    ]


def test_what_adds_up_is_one_set_and_a_confirmation_has_no_amount() -> None:
    pathway = imp()

    assert labels(pathway, "engagement.hours") == [
        f"Hours of practice: {part}" for part in ("date", "hours", "what and where")
    ]
    assert labels(pathway, "completion.supervision")[1] == "Supervision: sessions"
    assert labels(pathway, "completion.cycles")[1] == "Cycles taught: how many"
    assert labels(pathway, "preparation.practice") == ["Own practice: date", "Own practice: what and where"]


def test_nothing_is_recorded_for_earlier_stages() -> None:
    assert keys(imp(), "engagement.earlier") == []


def test_the_columns_follow_a_rule_that_staff_change() -> None:
    pathway = imp()
    retreats = asked(pathway, "retreats")
    retreats.amount, retreats.title = 40, "Retreats"
    retreats.save()

    assert len(labels(pathway, "preparation.retreats")) == 3 * MOST_SETS
    assert labels(pathway, "preparation.retreats")[0] == "Retreats 1: date"


def test_two_requirements_of_one_title_are_told_apart_by_their_stages() -> None:
    pathway = PathwayFactory()
    for title in ("Beginning", "End"):
        RequirementFactory(
            stage=StageFactory(pathway=pathway, title=title, key=title.lower()), title="A talk", key="talk"
        )

    assert labels(pathway, "end.talk")[0] == "End, A talk: date"
    assert len(set(labels(pathway))) == len(labels(pathway))


def queries_for_columns(pathway: Pathway) -> int:
    with CaptureQueriesContext(connection) as queries:
        scheme_of(pathway)
    return len(queries)


def test_reading_the_columns_takes_the_same_queries_for_any_number_of_them() -> None:
    small, large = PathwayFactory(), imp()
    RequirementFactory(stage=StageFactory(pathway=small))

    assert queries_for_columns(small) == queries_for_columns(large)


def headings_of(content: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_template_has_a_heading_for_every_column() -> None:
    pathway = imp()
    scheme = scheme_of(pathway)
    book = openpyxl.load_workbook(io.BytesIO(template(scheme, "xlsx")))

    assert headings_of(template(scheme, "csv")) == labels(pathway)
    assert [cell.value for cell in book["Participants"][1]] == labels(pathway)
    assert book["Participants"].max_row == 1


def test_the_template_explains_each_column_on_a_sheet_of_its_own() -> None:
    pathway = imp()
    notes = openpyxl.load_workbook(io.BytesIO(template(scheme_of(pathway), "xlsx")))["Notes"]
    explained = {row[0]: row[1:] for row in notes.iter_rows(min_row=2, values_only=True)}

    assert list(explained) == labels(pathway)
    assert explained["Name"] == (
        "Details",
        "The only column that must be there and filled in. At most 160 characters.",
    )
    assert explained["Two retreats 1: days"] == ("Preparation", "at least 2, 5–7 days each")
    assert "2027-10-31 or 31 October 2027" in explained["Own practice: date"][1]


def test_a_title_that_looks_like_a_formula_is_none_in_the_template() -> None:
    pathway = PathwayFactory()
    RequirementFactory(stage=StageFactory(pathway=pathway, key="a"), key="b", title="=1+1")
    sheet = openpyxl.load_workbook(io.BytesIO(template(scheme_of(pathway), "xlsx")))["Participants"]

    assert [cell.data_type for cell in sheet[1]] == ["s"] * sheet.max_column
    assert "'=1+1: date" in [cell.value for cell in sheet[1]]


@pytest.fixture
def scheme() -> Scheme:
    return scheme_of(imp())


def matched(scheme: Scheme, *headings: str) -> list[str]:
    return [found.key for found in match(list(headings), scheme)]


def test_every_heading_of_the_template_is_known_again(scheme: Scheme) -> None:
    assert matched(scheme, *headings_of(template(scheme, "csv"))) == [column.key for column in scheme.columns]


def test_headings_are_known_by_key_label_and_everyday_words_however_they_are_written(scheme: Scheme) -> None:
    assert matched(scheme, "NAME", "e-mail address", "City", "préparation: Completed on", "two_retreats 2  DAYS") == [
        "name",
        "email",
        "town",
        "preparation.completed_on",
        "preparation.retreats.2.amount",
    ]
    assert matched(scheme, "preparation.retreats.1.date") == ["preparation.retreats.1.date"]


def test_headings_are_known_in_english_whatever_the_reader_s_language(scheme: Scheme) -> None:
    with override("ar"):
        assert matched(scheme_of(scheme.pathway), "Country", "Enrolled on") == ["country", "enrolled_on"]


def test_each_field_is_found_once(scheme: Scheme) -> None:
    assert matched(scheme, "name", "Name", "", "Full name") == ["name", "", "", ""]


def test_a_heading_that_is_nearly_a_field_is_asked_back(scheme: Scheme) -> None:
    assert match(["Contry", "Shoe size"], scheme) == [Match(nearly="Country"), Match()]


def test_the_matching_is_kept_by_the_columns_places(scheme: Scheme) -> None:
    assert as_stored(match(["Shoe size", "Name", "E-mail"], scheme)) == {"1": "name", "2": "email"}
