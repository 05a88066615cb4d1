"""The list of participants: found, at a glance, in order, and exported. Its filters are in ``test_filters``."""

import csv
import datetime as dt
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.exports import InChunks
from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Enrolment, Participant, StageProgress
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory, ParticipantFactory, PathwayFactory, RequirementFactory
from tests.participants.screens import listed, queries_of
from tests.participants.support import PAST, asked, complete, imp, retreat, stage

pytestmark = pytest.mark.django_db


class TestSearch:
    @pytest.fixture(autouse=True)
    def people(self) -> None:
        ParticipantFactory(name="Ana María Núñez", printed_name="Dr. A. M. Núñez Ortega", email="anmn@example.org")
        ParticipantFactory(name="Maria Nowak", email="mn@example.com")
        ParticipantFactory(name="山田 花子", email="hy@example.org")

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("ana", ["Ana María Núñez"]),
            ("núñez ana", ["Ana María Núñez"]),
            ("NÚÑ", ["Ana María Núñez"]),
            ("ortega", ["Ana María Núñez"]),
            ("ana anmn@example.org", ["Ana María Núñez"]),
            ("花子", ["山田 花子"]),
            ("nowak maria", ["Maria Nowak"]),
            ("example.com", ["Maria Nowak"]),
            ("maria", ["Ana María Núñez", "Maria Nowak"]),
            ("ana nowak", []),
            ("nobody", []),
            ("%", []),
            ("_", []),
            ("' OR 1=1 --", []),
        ],
    )
    def test_finds_every_part_of_name_and_address_in_any_order(
        self, staff: Client, text: str, found: list[str]
    ) -> None:
        assert listed(staff, q=text) == found
        assert listed(staff, "index_results", q=text) == found

    @pytest.mark.parametrize("text", ["", "   "])
    def test_for_nothing_finds_everybody(self, staff: Client, text: str) -> None:
        assert len(listed(staff, q=text)) == 3

    def test_goes_together_with_filters(self, staff: Client) -> None:
        ParticipantFactory(name="Ana in Spain", country="ES")

        assert listed(staff, q="ana", country="ES") == ["Ana in Spain"]


class TestAtAGlance:
    def test_every_stage_has_its_state_in_words(self, staff: Client, pathway: Pathway) -> None:
        enrolment = EnrolmentFactory(pathway=pathway)
        complete(enrolment, "preparation")
        text = staff.get(reverse("imp_participants:index")).text

        for words in ("Preparation: completed", "Engagement: not started", "Completion: not started"):
            assert f">{words}</span>" in text
        assert "IMP: Engagement (not started)" in text

    @pytest.mark.parametrize(("status", "words"), [("paused", "IMP: paused"), ("withdrawn", "IMP: withdrawn")])
    def test_who_is_not_active_is_said_to_be_so(
        self, staff: Client, pathway: Pathway, status: str, words: str
    ) -> None:
        actions.set_status(EnrolmentFactory(pathway=pathway), status, why="At their wish.", by=None)

        assert words in staff.get(reverse("imp_participants:index")).text

    @pytest.mark.parametrize(("status", "words"), [("active", "completed"), ("withdrawn", "withdrawn")])
    def test_who_completed_is_said_to_have_unless_withdrawn(self, pathway: Pathway, status: str, words: str) -> None:
        enrolment = EnrolmentFactory(pathway=pathway, status=status)
        Enrolment.objects.update(current_stage=None, completed_on="2024-05-01")
        enrolment.refresh_from_db()

        assert enrolment.standing == f"IMP: {words}"

    def test_who_is_on_no_pathway_is_said_to_be_so(self, staff: Client) -> None:
        ParticipantFactory()

        assert "Not enrolled" in staff.get(reverse("imp_participants:index")).text


def in_window(name: str, pathway: Pathway, closes_in: int, **fields: Any) -> Enrolment:
    """Somebody whose window of the last stage, open for long, closes in so many days."""
    enrolment = EnrolmentFactory(participant=ParticipantFactory(name=name), pathway=pathway)
    day = timezone.localdate()
    window = {"opens_on": day - dt.timedelta(400), "closes_on": day + dt.timedelta(closes_in)}
    StageProgress.objects.filter(enrolment=enrolment, stage__key="completion").update(**{**window, **fields})
    return enrolment


def cells(client: Client, column: str) -> dict[str, Any]:
    """What a column of the list shows for everybody."""
    response = client.get(reverse("imp_participants:index"))
    shown = response.context["table"].columns[column]
    return {person.name: shown.get_value(person) for person in response.context["object_list"]}


class TestNextStep:
    def test_is_the_first_thing_that_is_open(self, staff: Client, pathway: Pathway) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway)
        assert cells(staff, "next_step") == {"Ana": [("", "Two retreats")]}

        for _number in range(2):
            retreat(ana, detail=f"Retreat {_number}")
        assert cells(staff, "next_step") == {"Ana": [("", "Own practice")]}

    def test_is_to_complete_a_stage_that_is_ready(self, staff: Client, pathway: Pathway) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway)
        for key in ("retreats", "practice"):
            actions.decide(ana, asked(pathway, key), outcome="met", reason="Seen.", by=None)

        assert cells(staff, "next_step") == {"Ana": [("", "Complete “Preparation”")]}

    @pytest.mark.parametrize("status", ["paused", "withdrawn"])
    def test_is_nothing_for_who_is_not_active(self, staff: Client, pathway: Pathway, status: str) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway)
        actions.set_status(ana, status, why="At their wish.", by=None)

        assert cells(staff, "next_step") == {"Ana": []}

    def test_is_nothing_for_who_has_completed_everything(self, staff: Client, pathway: Pathway) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway)
        complete(ana, "preparation", "engagement", "completion")

        assert cells(staff, "next_step") == {"Ana": []}

    def test_names_the_pathway_where_there_are_several(self, staff: Client, pathway: Pathway) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway)
        second = RequirementFactory(title="A talk", stage__pathway__title="Other").stage.pathway
        EnrolmentFactory(participant=ana.participant, pathway=second)

        assert cells(staff, "next_step") == {"Ana": [("IMP", "Two retreats"), ("Other", "A talk")]}
        assert "Other:</span> A talk" in staff.get(reverse("imp_participants:index")).text


class TestWindow:
    def test_says_until_or_since_when_and_of_which_stage(self, staff: Client, pathway: Pathway) -> None:
        overdue = in_window("Ana", pathway, -1)
        in_window("Bo", pathway, 500)
        Enrolment.objects.filter(pk=overdue.pk).update(current_stage=stage(pathway, "completion"))
        day = timezone.localdate()
        shown = cells(staff, "window")

        assert shown["Ana"] == [("", ("overdue", f"overdue since {long_date(day - dt.timedelta(1))}"))]
        [(_pathway, (state, words))] = shown["Bo"]
        assert (state, words) == ("open", f"Completion: open until {long_date(day + dt.timedelta(500))}")

    def test_is_the_one_that_closes_first(self, staff: Client, pathway: Pathway) -> None:
        ana = in_window("Ana", pathway, 500)
        day = timezone.localdate() + dt.timedelta(300)
        rows = StageProgress.objects.filter(enrolment=ana, stage__key="preparation")
        rows.update(opens_on=timezone.localdate(), closes_on=day)

        assert cells(staff, "window") == {"Ana": [("", ("open", f"open until {long_date(day)}"))]}

    def test_says_nothing_where_nobody_has_to_hurry(self, staff: Client, pathway: Pathway) -> None:
        in_window("Completed", pathway, -1, state="completed")
        in_window("Ready", pathway, -1, state="ready")
        EnrolmentFactory(participant__name="Without", pathway=pathway)
        paused = in_window("Paused", pathway, -1)
        Enrolment.objects.filter(pk=paused.pk).update(status="paused")

        assert cells(staff, "window") == {"Completed": [], "Paused": [], "Ready": [], "Without": []}


class TestOrder:
    def test_names_are_sorted_whatever_their_capitals_and_accents(self, staff: Client) -> None:
        for name in ("zoe", "Ávila", "Bo", "anna"):
            ParticipantFactory(name=name)

        assert listed(staff) == ["anna", "Ávila", "Bo", "zoe"]
        assert listed(staff, ordering="-folded") == ["zoe", "Bo", "Ávila", "anna"]

    def test_countries_are_sorted_by_name_and_not_by_code(self, staff: Client) -> None:
        for name, country in (("Ana", "ES"), ("Bo", "DE"), ("Cleo", "CH"), ("Dee", ""), ("Eva", "DE"), ("Fay", "CL")):
            ParticipantFactory(name=name, country=country)

        # Chile, Germany, Spain, Switzerland.
        assert listed(staff, ordering="country") == ["Fay", "Bo", "Eva", "Ana", "Cleo", "Dee"]
        assert listed(staff, ordering="-country") == ["Cleo", "Ana", "Bo", "Eva", "Fay", "Dee"]

    def test_windows_are_sorted_by_the_day_on_which_they_close(self, staff: Client, pathway: Pathway) -> None:
        for name, days in (("Ana", 30), ("Bo", -5), ("Cleo", 400)):
            in_window(name, pathway, days)
        ParticipantFactory(name="Dee")
        in_window("Eva", pathway, 1, state="completed")
        paused = in_window("Fay", pathway, 1)
        Enrolment.objects.filter(pk=paused.pk).update(status="paused")

        assert listed(staff, ordering="closes") == ["Bo", "Ana", "Cleo", "Dee", "Eva", "Fay"]
        assert listed(staff, ordering="-closes") == ["Cleo", "Ana", "Bo", "Dee", "Eva", "Fay"]

    @pytest.mark.parametrize("ordering", ["user__password", "notes", "nonsense", "-country", "country", "closes"])
    def test_no_order_is_an_error(self, staff: Client, ordering: str) -> None:
        ParticipantFactory()

        assert len(listed(staff, ordering=ordering)) == 1

    @pytest.mark.parametrize("page", ["0", "-1", "999", "nonsense"])
    def test_no_page_is_an_error(self, staff: Client, page: str) -> None:
        ParticipantFactory()

        assert len(listed(staff, p=page)) == 1

    @pytest.mark.parametrize("ordering", ["folded", "-folded", "country", "-closes"])
    def test_nobody_is_lost_or_shown_twice_between_pages(self, staff: Client, ordering: str) -> None:
        ParticipantFactory.create_batch(65, name="Same", country="NL")
        seen = [
            person.pk
            for page in (1, 2, 3)
            for person in staff.get(reverse("imp_participants:index"), {"p": page, "ordering": ordering}).context[
                "object_list"
            ]
        ]

        assert len(seen) == len(set(seen)) == 65


def sheet(client: Client, kind: str, **query: Any) -> list[list[str]]:
    """The rows of an export, headings first."""
    response = client.get(reverse("imp_participants:index"), {"export": kind, **query})
    content = b"".join(response.streaming_content)
    if kind == "csv":
        return list(csv.reader(StringIO(content.decode())))
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    return [[value or "" for value in row] for row in rows]


def day(kind: str, *parts: int) -> Any:
    """A day as a sheet holds it: a text in CSV, a real day in XLSX."""
    return dt.date(*parts).isoformat() if kind == "csv" else dt.date(*parts)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
class TestExports:
    def test_hold_contact_details_and_where_people_stand(self, staff: Client, pathway: Pathway, kind: str) -> None:
        ana = ParticipantFactory(name="Ana", email="ana@example.org", town="Utrecht", country="NL", language="en")
        EnrolmentFactory(participant=ana, pathway=pathway)
        Enrolment.objects.update(trained_on="2024-05-02", may_teach_on="2024-06-03", may_be_listed_on="2024-07-04")

        assert dict(zip(*sheet(staff, kind), strict=True)) == {
            "Name": "Ana",
            "Name on letters": "",
            "E-mail": "ana@example.org",
            "Town": "Utrecht",
            "Country": "NL",
            "Language": "en",
            "Pathways and stages": "IMP: Preparation (not started)",
            "Next step": "Two retreats",
            "Window": "",
            "Enrolled on": day(kind, 2024, 1, 15),
            "Training taken until": day(kind, 2024, 5, 2),
            "May teach since": day(kind, 2024, 6, 3),
            "May be listed since": day(kind, 2024, 7, 4),
        }

    def test_hold_one_row_a_person_whatever_the_number_of_pathways(
        self, staff: Client, pathway: Pathway, kind: str
    ) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway).participant
        EnrolmentFactory(participant=ana, pathway=PathwayFactory(title="Other"), status="withdrawn")
        ParticipantFactory(name="Bo")
        first, second = (dict(zip(sheet(staff, kind)[0], row, strict=True)) for row in sheet(staff, kind)[1:])

        assert first["Pathways and stages"] == "IMP: Preparation (not started); Other: withdrawn"
        assert first["Next step"] == "IMP: Two retreats"
        assert first["Enrolled on"] == "IMP: 2024-01-15; Other: 2024-01-15"
        assert [second[name] for name in ("Pathways and stages", "Next step", "Enrolled on")] == ["", "", ""]

    def test_keep_private_notes_out(self, staff: Client, kind: str) -> None:
        ParticipantFactory(notes="Private and leakable")

        assert "leakable" not in str(sheet(staff, kind))

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\n="])
    def test_hold_no_formula(self, staff: Client, kind: str, start: str) -> None:
        ParticipantFactory(name="Ana", town=f"{start}HYPERLINK(1)")

        assert sheet(staff, kind)[1][3] == f"'{start}HYPERLINK(1)"

    def test_are_written_whatever_was_pasted_into_a_field(self, staff: Client, kind: str) -> None:
        ParticipantFactory(name="Ana", town="Utre\x0bcht\x07")

        assert sheet(staff, kind)[1][3] == "Utrecht"

    def test_respect_filters_and_search(self, staff: Client, kind: str) -> None:
        for name, country in (("Ana", "NL"), ("Ana", "ES"), ("Bo", "NL")):
            ParticipantFactory(name=name, country=country)

        assert [row[:1] + row[4:5] for row in sheet(staff, kind, country="NL", q="ana")[1:]] == [["Ana", "NL"]]

    def test_hold_everybody_whatever_the_length_of_a_page(self, staff: Client, kind: str) -> None:
        ParticipantFactory.create_batch(35)

        assert len(sheet(staff, kind)) == 1 + 35


def queries(client: Client, **query: Any) -> int:
    return queries_of(client, reverse("imp_participants:index"), **query)


#: Every kind of query that the list answers.
QUERIES = [
    {},
    {"q": "a", "status": "active", "state": "in_progress"},
    {"hand": "overdue", "window": "overdue", "ordering": "closes"},
    {"hand": "letters-due", "ordering": "country"},
    {"export": "csv"},
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_list_takes_as_many_queries_for_thirty_as_for_one(
    staff: Client, pathway: Pathway, query: dict[str, str]
) -> None:
    second = imp()

    def add(count: int) -> None:
        for _number in range(count):
            person = ParticipantFactory(name="Ana", country="NL")
            for own in (pathway, second):
                enrolment = EnrolmentFactory(participant=person, pathway=own)
                complete(enrolment, "preparation")
                actions.record_evidence(
                    enrolment,
                    asked(own, "hours"),
                    date=PAST,
                    amount=Decimal(2),
                    detail="",
                    note="",
                    file=None,
                    by=None,
                )
                overdue = {"opens_on": PAST, "closes_on": PAST, "state": "in_progress"}
                StageProgress.objects.filter(enrolment=enrolment, stage__key="completion").update(**overdue)

    add(1)
    assert len(listed(staff, **query) if "export" not in query else ["Ana"]) == 1
    for_one = queries(staff, **query)
    assert for_one <= 15
    add(29)

    assert Participant.objects.count() == 30
    assert queries(staff, **query) == for_one


def test_an_export_reads_people_in_chunks(staff: Client, pathway: Pathway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InChunks, "SIZE", 10)
    for _number in range(25):
        EnrolmentFactory(pathway=pathway)

    assert len(sheet(staff, "csv")) == 1 + 25
    # Enrolments and progress for each of three chunks, not two more queries for each person.
    assert queries(staff, export="csv") - queries(staff, export="csv", q="nobody") == 3 * 2
