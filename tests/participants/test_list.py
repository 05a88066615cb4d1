"""The list of participants: found, filtered, at a glance, and exported."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory, ParticipantFactory, PathwayFactory, registrar
from tests.participants.support import asked, complete, imp, retreat, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


@pytest.fixture
def pathway() -> Pathway:
    return imp()


def listed(client: Client, address: str = "index", **query: Any) -> list[str]:
    response = client.get(reverse(f"imp_participants:{address}"), query)
    assert response.status_code == 200
    return [person.name for person in response.context["object_list"]]


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


class TestFilters:
    @pytest.fixture
    def other(self) -> Pathway:
        return imp()

    @pytest.fixture(autouse=True)
    def people(self, pathway: Pathway, other: Pathway) -> None:
        """Ana: begun here, completed and withdrawn there. Bo: ready here, paused. Cleo: nothing begun there."""
        ana, bo, cleo = (ParticipantFactory(name=name, country=land) for name, land in TestFilters.PEOPLE)
        ParticipantFactory(name="Dee", country="")
        retreat(EnrolmentFactory(participant=ana, pathway=pathway))
        done = EnrolmentFactory(participant=ana, pathway=other)
        complete(done, "preparation", "engagement", "completion")
        actions.set_status(done, "withdrawn", why="At their wish.", by=None)
        ready = EnrolmentFactory(participant=bo, pathway=pathway)
        for key in ("retreats", "practice"):
            actions.decide(ready, asked(pathway, key), outcome="met", reason="Seen.", by=None)
        actions.set_status(ready, "paused", why="At their wish.", by=None)
        EnrolmentFactory(participant=cleo, pathway=other)

    PEOPLE = (("Ana", "ES"), ("Bo", "NL"), ("Cleo", "NL"))

    def test_by_pathway(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        assert listed(staff, pathway=pathway.pk) == ["Ana", "Bo"]
        assert listed(staff, pathway=other.pk) == ["Ana", "Cleo"]

    def test_by_the_stage_at_which_people_stand(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        assert listed(staff, stage=stage(pathway, "preparation").pk) == ["Ana", "Bo"]
        assert listed(staff, stage=stage(pathway, "engagement").pk) == []
        assert listed(staff, stage=stage(other, "preparation").pk) == ["Cleo"]

    @pytest.mark.parametrize(
        ("state", "found"),
        [("not_started", ["Cleo"]), ("in_progress", ["Ana"]), ("ready", ["Bo"]), ("completed", ["Ana"])],
    )
    def test_by_the_state_of_the_current_stage_or_of_all(self, staff: Client, state: str, found: list[str]) -> None:
        assert listed(staff, state=state) == found

    def test_by_the_state_of_one_stage(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        assert listed(staff, stage=stage(other, "preparation").pk, state="completed") == ["Ana"]
        assert listed(staff, stage=stage(pathway, "preparation").pk, state="completed") == []
        assert listed(staff, stage=stage(pathway, "engagement").pk, state="not_started") == ["Ana", "Bo"]

    def test_by_status(self, staff: Client) -> None:
        assert [listed(staff, status=status) for status in ("active", "paused", "withdrawn")] == [
            ["Ana", "Cleo"],
            ["Bo"],
            ["Ana"],
        ]

    def test_by_country(self, staff: Client) -> None:
        assert (listed(staff, country="NL"), listed(staff, country="FR")) == (["Bo", "Cleo"], [])

    def test_together_speak_of_one_and_the_same_enrolment(
        self, staff: Client, pathway: Pathway, other: Pathway
    ) -> None:
        # Ana is on this pathway, and withdrawn, and has completed: but not here.
        assert listed(staff, pathway=pathway.pk, status="withdrawn") == []
        assert listed(staff, pathway=pathway.pk, state="completed") == []
        assert listed(staff, status="active", state="completed") == []
        assert listed(staff, pathway=other.pk, stage=stage(pathway, "preparation").pk) == []
        assert listed(staff, pathway=other.pk, state="in_progress") == []
        assert listed(staff, status="withdrawn", state="in_progress") == []
        # And of hers that fit:
        assert listed(staff, pathway=other.pk, status="withdrawn", state="completed") == ["Ana"]
        assert listed(staff, pathway=pathway.pk, status="active", state="in_progress", country="ES") == ["Ana"]

    def test_list_nobody_twice(self, staff: Client) -> None:
        assert listed(staff) == ["Ana", "Bo", "Cleo", "Dee"]
        assert listed(staff, status="active") == ["Ana", "Cleo"]

    @pytest.mark.parametrize("name", ["pathway", "stage", "state", "status", "country"])
    @pytest.mark.parametrize("value", ["nonsense", "0", "999999", "-1", "' OR 1=1", "é", "9" * 40])
    def test_with_a_nonsense_value_are_no_error_and_say_so(self, staff: Client, name: str, value: str) -> None:
        response = staff.get(reverse("imp_participants:index"), {name: value})

        assert response.status_code == 200
        assert list(response.context["filters"].form.errors) == [name]
        assert "Everybody is shown, because a filter could not be used." in response.text

    def test_that_nobody_declared_are_not_looked_up(self, staff: Client) -> None:
        assert len(listed(staff, user__password__startswith="pbkdf2", email="leak", notes__contains="x")) == 4

    def test_are_shown_with_what_takes_them_off(self, staff: Client, pathway: Pathway) -> None:
        query = {"pathway": pathway.pk, "stage": stage(pathway, "preparation").pk, "status": "active"}
        text = staff.get(reverse("imp_participants:index"), query).text

        assert text.count("w-pill") >= 3

    def test_offer_pathways_of_the_source_language_only(self, staff: Client, pathway: Pathway) -> None:
        filters = staff.get(reverse("imp_participants:index")).context["filters"]

        assert [str(label) for _value, label in filters.form.fields["pathway"].choices][1:] == ["IMP", "IMP"]
        assert str(list(filters.form.fields["stage"].choices)[1][1]) == "IMP · Preparation"


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

    def test_names_are_sorted_whatever_their_capitals_and_accents(self, staff: Client) -> None:
        for name in ("zoe", "Ávila", "Bo", "anna"):
            ParticipantFactory(name=name)

        assert listed(staff) == ["anna", "Ávila", "Bo", "zoe"]
        assert listed(staff, ordering="-folded") == ["zoe", "Bo", "Ávila", "anna"]

    @pytest.mark.parametrize("ordering", ["user__password", "notes", "nonsense", "-country", "country"])
    def test_no_order_is_an_error(self, staff: Client, ordering: str) -> None:
        ParticipantFactory()

        assert len(listed(staff, ordering=ordering)) == 1

    @pytest.mark.parametrize("page", ["0", "-1", "999", "nonsense"])
    def test_no_page_is_an_error(self, staff: Client, page: str) -> None:
        ParticipantFactory()

        assert len(listed(staff, p=page)) == 1

    def test_nobody_is_lost_or_shown_twice_between_pages(self, staff: Client) -> None:
        ParticipantFactory.create_batch(65, name="Same", country="NL")
        seen = [
            person.pk
            for page in (1, 2, 3)
            for person in staff.get(reverse("imp_participants:index"), {"p": page, "ordering": "country"}).context[
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


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
class TestExports:
    def test_hold_contact_details_and_standing(self, staff: Client, pathway: Pathway, kind: str) -> None:
        ana = ParticipantFactory(name="Ana", email="ana@example.org", town="Utrecht", country="NL", language="en")
        EnrolmentFactory(participant=ana, pathway=pathway)
        EnrolmentFactory(participant=ana, pathway=PathwayFactory(title="Other"), status="withdrawn")

        assert sheet(staff, kind) == [
            ["Name", "Name on letters", "E-mail", "Town", "Country", "Language", "Pathways and stages"],
            ["Ana", "", "ana@example.org", "Utrecht", "NL", "en", "IMP: Preparation (not started); Other: withdrawn"],
        ]

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
    address = reverse("imp_participants:index")
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, query)
        if response.streaming:
            list(response.streaming_content)
    return len(captured)


@pytest.mark.parametrize("query", [{}, {"q": "a", "status": "active", "state": "in_progress"}, {"export": "csv"}])
def test_the_list_takes_as_many_queries_for_thirty_as_for_one(
    staff: Client, pathway: Pathway, query: dict[str, str]
) -> None:
    second = imp()

    def add(count: int) -> None:
        for _number in range(count):
            person = ParticipantFactory(name="Ana", country="NL")
            for own in (pathway, second):
                retreat(EnrolmentFactory(participant=person, pathway=own))

    add(1)
    for_one = queries(staff, **query)
    add(29)

    assert Participant.objects.count() == 30
    assert queries(staff, **query) == for_one
