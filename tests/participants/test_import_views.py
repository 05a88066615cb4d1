"""The pages of an import: from a file to what came of it, and who may see them."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from imp_wagtail.participants.importing import steps
from imp_wagtail.participants.importing.views import urlpatterns
from imp_wagtail.participants.models import Participant, PeopleImport
from imp_wagtail.pathways.models import Pathway
from tests.factories import ParticipantFactory, UserFactory, editor, facilitator, registrar
from tests.participants.importing import begun, checked, csv_of, upload
from tests.participants.screens import with_permissions
from tests.participants.support import unchanged

pytestmark = pytest.mark.django_db

ANA = {"Name": "Ana Example", "E-mail": "ana@example.org", "Wohnort": "Porto"}


def address(name: str, *args: Any) -> str:
    return reverse(f"imp_people_import:{name}", args=args)


def text_of(response: HttpResponse) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def begin(client: Client, pathway: Pathway, content: bytes, name: str = "people.csv") -> HttpResponse:
    data = {"pathway": pathway.pk, "file": upload(content, name)}
    return client.post(address("begin"), data, follow=True)


# The way through


def test_a_list_goes_from_a_file_to_the_record(
    staff: Client, pathway: Pathway, registrar_user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = begin(staff, pathway, csv_of(ANA))
    people_import = PeopleImport.objects.get()
    assert "1 row read." in text_of(page)
    assert people_import.created_by == registrar_user
    assert page.context["form"]["2"].label == "Wohnort"

    with django_capture_on_commit_callbacks(execute=True):
        page = staff.post(address("columns", people_import.pk), {"0": "name", "1": "email", "2": "town"}, follow=True)
    assert "Nothing is wrong with this file." in text_of(staff.get(address("import", people_import.pk)))

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(address("import", people_import.pk), {"known": "add", "namesakes": "leave", "import": ""})
    assert Participant.objects.values_list("name", "town").get() == ("Ana Example", "Porto")
    done = text_of(staff.get(address("import", people_import.pk)))
    assert "Imported on" in done
    assert "New people 1" in done


def test_the_list_of_participants_leads_to_the_import_for_those_who_may(staff: Client) -> None:
    assert address("begin") in staff.get(reverse("imp_participants:index")).content.decode()

    viewer = Client()
    viewer.force_login(with_permissions("view_participant", "add_participant"))
    assert address("begin") not in viewer.get(reverse("imp_participants:index")).content.decode()


@pytest.mark.parametrize(("ending", "opens"), [("csv", b"\xef\xbb\xbfName,"), ("xlsx", b"PK")])
def test_the_template_can_be_had(staff: Client, pathway: Pathway, ending: str, opens: bytes) -> None:
    response = staff.get(address("template", pathway.pk, ending))

    assert response.content.startswith(opens)
    assert response["Content-Disposition"] == f'attachment; filename="participants-{pathway.key}.{ending}"'


def test_there_is_no_template_of_another_kind(staff: Client, pathway: Pathway) -> None:
    assert staff.get(address("template", pathway.pk, "exe")).status_code == 404
    assert staff.get(address("template", pathway.pk + 1, "csv")).status_code == 404


def test_the_template_filled_in_with_a_spreadsheet_program_needs_no_matching(staff: Client, pathway: Pathway) -> None:
    book = openpyxl.load_workbook(io.BytesIO(staff.get(address("template", pathway.pk, "xlsx")).content))
    book.worksheets[0].append(["Ana Example"])
    out = io.BytesIO()
    book.save(out)

    page = begin(staff, pathway, out.getvalue(), "people.xlsx")

    scheme = page.context["form"].scheme
    assert list(PeopleImport.objects.get().matching.values()) == [column.key for column in scheme.columns]


@pytest.mark.parametrize(
    ("content", "saying"),
    [(b"", "empty"), (b"name\n", "nobody below"), (b"PK\x03\x04", "damaged"), (b"%PDF\0", "not a table")],
)
def test_what_is_no_list_is_refused_beside_the_file(
    staff: Client, pathway: Pathway, content: bytes, saying: str
) -> None:
    page = begin(staff, pathway, content)

    assert saying in " ".join(page.context["form"].errors["file"])
    assert not PeopleImport.objects.exists()


# The columns


def test_the_columns_are_shown_with_what_stands_in_them_and_what_they_may_be(staff: Client, pathway: Pathway) -> None:
    page = begin(staff, pathway, csv_of(ANA, {"Name": "Bea", "Contry": "Spain"}))

    rows = {field.label: (field.value(), field.help_text, values) for field, values in page.context["form"].rows()}
    assert rows == {
        "Name": ("name", "", ["Ana Example", "Bea"]),
        "E-mail": ("email", "", ["ana@example.org"]),
        "Wohnort": ("", "", ["Porto"]),
        "Contry": ("", "Did you mean “Country”?", ["Spain"]),
    }


def test_a_field_is_one_column_and_a_name_there_must_be(staff: Client, pathway: Pathway) -> None:
    begin(staff, pathway, csv_of(ANA))

    page = staff.post(address("columns", PeopleImport.objects.get().pk), {"0": "town", "1": "town", "2": ""})

    assert page.context["form"].errors == {
        "1": ["“Name” is “Town” already."],
        "__all__": ["Choose the column that is “Name”."],
    }


def test_values_of_a_file_are_text_on_every_page(staff: Client, pathway: Pathway, registrar_user: Any) -> None:
    bad = "<script>alert(1)</script>"
    people_import = checked(pathway, {"name": bad, "country": bad}, by=registrar_user)

    for page in (staff.get(address("import", people_import.pk)), staff.get(address("columns", people_import.pk))):
        assert bad not in page.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


# What was found


def test_problems_are_listed_by_row_and_column_and_keep_the_file_out(
    staff: Client, pathway: Pathway, registrar_user: Any
) -> None:
    people_import = checked(
        pathway, {"name": "Ana", "country": "Germny"}, {"name": "", "country": "Spain"}, by=registrar_user
    )

    page = text_of(staff.get(address("import", people_import.pk)))
    assert "2 problems keep this file from being imported." in page
    assert "2 Country Germny This is not a country. Give its name or its code. Did you mean “Germany”?" in page
    assert "3 Name – This must be filled in." in page

    with unchanged():
        staff.post(address("import", people_import.pk), {"known": "add", "namesakes": "leave", "import": ""})


def test_the_problems_can_be_had_as_a_file_whose_cells_are_no_formulas(
    staff: Client, pathway: Pathway, registrar_user: Any
) -> None:
    people_import = checked(pathway, {"name": "Ana", "country": "=1+1"}, by=registrar_user)

    response = staff.get(address("problems", people_import.pk))

    assert response["Content-Disposition"] == f'attachment; filename="problems-{people_import.pk}.csv"'
    assert response.content.decode("utf-8-sig").splitlines() == [
        "Row,Column,Value,What is wrong,Keeps the file from being imported",
        "2,Country,'=1+1,This is not a country. Give its name or its code.,yes",
    ]


def test_the_choices_change_what_the_import_comes_to(staff: Client, pathway: Pathway, registrar_user: Any) -> None:
    ParticipantFactory(name="Ana", email="old@example.org")
    people_import = checked(pathway, {"name": "Ana", "email": "ana@example.org"}, by=registrar_user)
    url = address("import", people_import.pk)

    assert "There is nothing to import: all of this is on record, or left out." in text_of(staff.get(url))

    page = staff.post(url, {"known": "add", "namesakes": "others", "show": ""}, follow=True)
    assert "Import 1 person" in text_of(page)
    assert Participant.objects.count() == 1


def test_while_it_is_at_work_the_page_shows_how_far_it_is(
    staff: Client, pathway: Pathway, registrar_user: Any
) -> None:
    people_import = begun(pathway, {"name": "Ana"}, {"name": "Bea"}, by=registrar_user)
    steps.check(people_import, people_import.matching, by=registrar_user)

    assert "Checking: 0 of 2 rows" in text_of(staff.get(address("import", people_import.pk)))
    assert "Checking: 0 of 2 rows" in text_of(staff.get(address("status", people_import.pk)))
    assert staff.post(address("columns", people_import.pk), {"0": "name"}).status_code == 302

    moved = staff.post(address("go_on", people_import.pk) + "?fragment")
    assert f'data-next-url="{address("import", people_import.pk)}"' in moved.content.decode()
    assert "Nothing is wrong with this file." in text_of(staff.get(address("import", people_import.pk)))


def test_going_on_works_without_a_script(staff: Client, pathway: Pathway, registrar_user: Any) -> None:
    people_import = begun(pathway, {"name": "Ana"}, by=registrar_user)
    steps.check(people_import, people_import.matching, by=registrar_user)

    page = staff.post(address("go_on", people_import.pk), follow=True)

    assert "Nothing is wrong with this file." in text_of(page)


def test_a_file_that_is_not_to_be_imported_is_forgotten(staff: Client, pathway: Pathway, registrar_user: Any) -> None:
    people_import = checked(pathway, {"name": "Ana"}, by=registrar_user)

    page = staff.post(address("cancel", people_import.pk), follow=True)

    assert "Nothing was imported, and nothing of “people.csv” is kept." in text_of(page)
    assert staff.get(address("import", people_import.pk)).status_code == 404


def test_what_is_begun_and_not_finished_is_offered_to_go_on_with(
    staff: Client, pathway: Pathway, registrar_user: Any
) -> None:
    mine, others = (
        checked(pathway, {"name": "Ana"}, by=registrar_user),
        checked(pathway, {"name": "Bea"}, by=registrar()),
    )
    page = staff.get(address("begin")).content.decode()

    assert address("import", mine.pk) in page
    assert address("import", others.pk) not in page


# Who may


OUTSIDERS: list[Callable[[], Any]] = [
    editor,
    facilitator,
    UserFactory,
    lambda: with_permissions("add_participant", "view_participant"),
    lambda: with_permissions("change_participant", "view_participant"),
]
GET = {"begin": 0, "import": 1, "columns": 1, "status": 1, "problems": 1, "template": 2}
POST = {"begin": 0, "import": 1, "columns": 1, "go_on": 1, "check_again": 1, "cancel": 1}


def test_every_address_is_in_the_tables() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(GET) | set(POST)


def visit(client: Client, pathway: Pathway, people_import: PeopleImport) -> dict[str, int]:
    """Every address of an import, and what came back."""
    arguments: dict[int, list[Any]] = {0: [], 1: [people_import.pk], 2: [pathway.pk, "csv"]}
    got = {name: client.get(address(name, *arguments[count])).status_code for name, count in GET.items()}
    return got | {
        f"post {name}": client.post(address(name, *arguments[count])).status_code for name, count in POST.items()
    }


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_imports_without_the_right_to_add_and_to_change(who: Callable[[], Any], pathway: Pathway) -> None:
    user = who()
    client = Client()
    client.force_login(user)
    people_import = checked(pathway, {"name": "Ana"}, by=user)

    with unchanged():
        codes = visit(client, pathway, people_import)
    # Whom Wagtail's admin does not let in is led back or to the way in; nobody is told whether there is an import.
    assert set(codes.values()) <= {302, 403}
    missing = PeopleImport(pk=people_import.pk + 1)
    assert visit(client, pathway, missing) == codes


def test_whoever_is_not_logged_in_is_led_to_the_way_in(pathway: Pathway) -> None:
    people_import = checked(pathway, {"name": "Ana"})

    with unchanged():
        assert set(visit(Client(), pathway, people_import).values()) == {302}


def test_another_s_import_is_not_there_but_for_superusers(staff: Client, pathway: Pathway) -> None:
    people_import = checked(pathway, {"name": "Ana"}, by=registrar())
    mighty = Client()
    mighty.force_login(UserFactory(superuser=True))

    with unchanged():
        codes = visit(staff, pathway, people_import)
    own = {name for name, count in (GET | POST).items() if count == 1}
    assert {codes[name] for name in codes if name.removeprefix("post ") in own} == {404}
    assert mighty.get(address("import", people_import.pk)).status_code == 200


def test_a_file_with_a_wicked_name_is_kept_under_another(staff: Client, pathway: Pathway) -> None:
    file = SimpleUploadedFile("../../etc/<b>people</b>.csv", csv_of(ANA))

    staff.post(address("begin"), {"pathway": pathway.pk, "file": file})

    people_import = PeopleImport.objects.get()
    assert re.fullmatch(r"imports/[0-9a-f]{32}\.jsonl", people_import.file.name)
    assert "<b>" not in staff.get(address("columns", people_import.pk)).content.decode()
