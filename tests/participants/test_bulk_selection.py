"""Who is selected: exactly those who are ticked, or exactly those whom the list shows."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from imp_wagtail.participants.bulk.plans import unsealed
from imp_wagtail.participants.models import Participant
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    ParticipantFactory,
    UserFactory,
    registrar,
)
from tests.participants.bulk import address
from tests.participants.support import imp, retreat, stage
from tests.participants.test_access import with_permissions

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


@pytest.fixture
def pathway() -> Pathway:
    return imp()


@pytest.fixture(autouse=True)
def people(pathway: Pathway) -> None:
    """More than a page of them, so that "all" is not what a page shows."""
    Participant.objects.bulk_create(Participant(name=f"Ana {number}", country="NL") for number in range(32))
    enrolled = [EnrolmentFactory(pathway=pathway, participant=ana) for ana in Participant.objects.all()[:4]]
    cohort = CohortFactory(pathway=pathway)
    for enrolment in enrolled[:2]:
        retreat(enrolment)
        MembershipFactory(cohort=cohort, enrolment=enrolment)
    paused = EnrolmentFactory(pathway=pathway, participant__name="Ana paused", status="paused")
    EnrolmentFactory(pathway=imp(), participant=paused.participant)
    ParticipantFactory(name="Bo", country="ES", language="es")
    ParticipantFactory(name="Cleo", country="NL", language="")


def preview(client: Client, url: str) -> set[str]:
    """The names of all whom the preview speaks of; enrolling changes whoever is not enrolled yet."""
    response = client.post(url, {"pathway": imp().pk, "enrolled_on": "2024-05-01"})
    context = response.context
    assert context["so_already"].count == context["refused_count"] == 0
    assert response.status_code == 200
    keys = unsealed(context["plan"], act="enrol", by=response.wsgi_request.user).items
    return set(Participant.objects.filter(pk__in=keys).values_list("name", flat=True))


def listed(client: Client, **query: Any) -> set[str]:
    """The names on every page of the list."""
    pages: set[str] = set()
    for page in (1, 2):
        response = client.get(reverse("imp_participants:index"), {**query, "p": page})
        pages |= {person.name for person in response.context["object_list"]}
    return pages


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"country": "NL"},
        {"q": "ana"},
        {"q": "1 ana", "country": "NL"},
        {"state": "in_progress"},
        {"state": "not_started", "q": "ana"},
        {"status": "paused"},
        {"language": "es"},
        {"ordering": "-country"},
        {"p": "2"},
        {"email": "nobody declared this", "user__password__startswith": "x"},
    ],
)
def test_all_of_a_filter_is_exactly_whom_the_list_shows(staff: Client, query: dict[str, str]) -> None:
    everybody = Participant.objects.count()
    shown = listed(staff, **query)

    assert preview(staff, address("enrol", "all", **query)) == shown
    assert shown
    assert (len(shown) < everybody) == bool({"country", "q", "state", "status", "language"} & set(query))


def test_all_of_a_filter_by_pathway_stage_and_cohort_is_whom_the_list_shows(staff: Client, pathway: Pathway) -> None:
    cohort = pathway.cohorts.get()
    for query, count in (
        ({"pathway": pathway.pk}, 5),
        ({"stage": stage(pathway, "preparation").pk, "status": "active"}, 4),
        ({"cohort": cohort.pk}, 2),
    ):
        chosen = preview(staff, address("enrol", "all", **query))
        assert (query, chosen) == (query, listed(staff, **query))
        assert len(chosen) == count


@pytest.mark.parametrize("name", ["pathway", "stage", "state", "status", "country", "cohort", "language"])
@pytest.mark.parametrize("value", ["nonsense", "999999", "9" * 40])
def test_all_of_a_filter_that_means_nothing_is_nobody(staff: Client, name: str, value: str) -> None:
    response = staff.get(address("enrol", "all", **{name: value}), follow=True)

    assert "Nobody is selected." in response.text
    assert response.redirect_chain[0][0] == reverse("imp_participants:index")


@pytest.mark.parametrize("text", ["nobody at all", "%", "\0"])
def test_all_of_a_search_that_finds_nobody_is_nobody(staff: Client, text: str) -> None:
    assert "Nobody is selected." in staff.get(address("enrol", "all", q=text), follow=True).text


def test_who_is_ticked_is_selected_whatever_the_filter(staff: Client) -> None:
    bo, cleo = Participant.objects.get(name="Bo"), Participant.objects.get(name="Cleo")

    assert preview(staff, address("enrol", bo, cleo, country="ES")) == {"Bo", "Cleo"}


@pytest.mark.parametrize("keys", [[], ["nonsense"], ["0"], ["-1"], ["999999"], ["9" * 40], ["²"], [""]])
def test_keys_of_nobody_select_nobody(staff: Client, keys: list[str]) -> None:
    assert "Nobody is selected." in staff.get(address("enrol", *keys), follow=True).text


def test_the_way_back_leads_to_the_list_as_it_was_and_nowhere_else(staff: Client) -> None:
    bo = Participant.objects.get(name="Bo")
    for given, leads_to in (
        ("/admin/training/participants/?country=ES", "/admin/training/participants/?country=ES"),
        ("https://elsewhere.example.com/", reverse("imp_participants:index")),
        (f"/{'x' * 600}", reverse("imp_participants:index")),
    ):
        assert staff.get(address("enrol", bo, next=given)).context["cancel_url"] == leads_to


class TestTheList:
    """At its foot stand the bulk actions that somebody may use, with script and without."""

    OFFERED = [
        "Record evidence",
        "Record a decision",
        "Complete a stage",
        "Issue letters",
        "Add to a cohort",
        "Enrol on a pathway",
    ]

    def offered(self, client: Client, **query: Any) -> list[str]:
        context = client.get(reverse("imp_participants:index"), query).context
        return [str(label) for label, _url in context["bulk_offers"]]

    def test_offers_all_to_registrars(self, staff: Client) -> None:
        assert self.offered(staff) == [*self.OFFERED, "Export"]

    @pytest.mark.parametrize(
        ("permissions", "expected"),
        [
            (["view_participant"], ["Export"]),
            (["view_participant", "change_participant"], ["evidence", "decision", "stage", "pathway", "Export"]),
        ],
    )
    def test_offers_to_others_what_they_may(self, client: Client, permissions: list[str], expected: list[str]) -> None:
        client.force_login(with_permissions(*permissions))

        assert [label.split()[-1] for label in self.offered(client)] == expected

    def test_has_a_box_for_each_person_that_wagtails_script_and_a_plain_form_both_know(self, staff: Client) -> None:
        response = staff.get(reverse("imp_participants:index"), {"country": "ES", "p": "1"})
        bo = Participant.objects.get(name="Bo")
        without_script = response.text.partition("<noscript>\n  <form id=")[2]

        assert f'name="id" value="{bo.pk}" form="imp-bulk"' in response.text
        assert f'data-object-id="{bo.pk}"' in response.text
        assert f'id="participant_{bo.pk}_title"' in response.text
        assert '<input type="hidden" name="country" value="ES">' in without_script
        assert 'name="p"' not in without_script
        assert "Select the 1 person the filter shows" in without_script
        for _label, url in response.context["bulk_offers"]:
            assert f'formaction="{url}"' in without_script
            assert f'href="{url}"' in response.text

    def test_has_boxes_also_where_the_script_loads_rows(self, staff: Client) -> None:
        bo = Participant.objects.get(name="Bo")

        assert f'data-object-id="{bo.pk}"' in staff.get(reverse("imp_participants:index_results"), {"q": "bo"}).text

    def test_leads_through_wagtails_own_address_to_the_page_with_the_selection(self, staff: Client) -> None:
        for _label, url in staff.get(reverse("imp_participants:index")).context["bulk_offers"]:
            response = staff.get(url, {"id": "all", "country": "ES"}, follow=True)

            assert response.redirect_chain[0][0].endswith("?id=all&country=ES")
            assert "1 person is selected." in response.text


def sheet(client: Client, kind: str, *keys: Any, address: str = "bulk_export", **query: Any) -> list[list[Any]]:
    """The rows of an export, headings first."""
    response = client.get(reverse(f"imp_participants:{address}"), {"id": keys, **query, "export": kind})
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    if kind == "csv":
        return list(csv.reader(StringIO(content.decode())))
    return [
        [value or "" for value in row] for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
class TestExport:
    def test_holds_whom_the_filter_shows_in_the_columns_of_the_list(self, staff: Client, kind: str) -> None:
        whole = sheet(staff, kind, q="ana", address="index")

        assert sheet(staff, kind, "all", q="ana") == whole
        assert len(whole) == 1 + 33

    def test_holds_who_was_ticked(self, staff: Client, kind: str) -> None:
        bo = Participant.objects.get(name="Bo")

        assert [row[0] for row in sheet(staff, kind, bo.pk)] == ["Name", "Bo"]

    def test_holds_no_formula(self, staff: Client, kind: str) -> None:
        eve = ParticipantFactory(name="=HYPERLINK(1)")

        assert sheet(staff, kind, eve.pk)[1][0] == "'=HYPERLINK(1)"

    def test_of_a_filter_that_means_nothing_holds_nobody(self, staff: Client, kind: str) -> None:
        response = staff.get(reverse("imp_participants:bulk_export"), {"id": "all", "state": "x", "export": kind})

        assert response.status_code == 302


def test_the_page_of_the_export_leads_to_both_files(staff: Client) -> None:
    response = staff.get(reverse("imp_participants:bulk_export"), {"id": "all", "country": "ES"})

    assert "1 person is selected." in response.text
    for kind, url in response.context["files"]:
        assert url == f"?id=all&country=ES&export={kind.lower()}"


def test_nobody_without_the_right_gets_the_export(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get(reverse("imp_participants:bulk_export"), {"id": "all", "export": "csv"}).status_code == 302
