"""The register: read by those who may, asked nothing else, changed by nobody."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from imp_wagtail.core.menus import training_menu
from imp_wagtail.core.models import Job
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.letters.register.filters import LATEST
from imp_wagtail.pathways.models import Stage
from tests.factories import (
    CohortFactory,
    LetterTemplateFactory,
    MembershipFactory,
    StageFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)

from .conftest import issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

REGISTER = "/admin/training/letters/"


def inspect(letter: Letter) -> str:
    return f"{REGISTER}inspect/{letter.pk}/"


def listed(client: Client, **query: Any) -> list[str]:
    """The numbers on the register's first page."""
    response = client.get(REGISTER, query)
    assert response.status_code == 200
    return [letter.number for letter in response.context_data["object_list"]]


def sent(letter: Letter, *, on: dt.date, hour: int = 12, state: str = Sending.State.SENT, **values: Any) -> Sending:
    """An e-mail with the letter, to its holder unless told otherwise."""
    moment = dt.datetime.combine(on, dt.time(hour), tzinfo=dt.UTC)
    values = {"to": "ana@example.org", "language": "en", "subject": "Your letter", "text": "Here it is.", **values}
    is_sent = state == Sending.State.SENT
    return Sending.objects.create(
        letter=letter, state=state, asked_at=moment, sent_at=moment if is_sent else None, **values
    )


def exported(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.get(REGISTER, {"export": "csv", **query})
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


# Who


@pytest.mark.parametrize("export", ["", "csv", "xlsx"])
def test_only_those_who_may_see_letters_see_the_register(client: Client, stage: Stage, export: str) -> None:
    letter = issued(stage)

    assert "login" in client.get(REGISTER).url
    for user, may in [(editor(), False), (facilitator(), False), (UserFactory(), False), (registrar(), True)]:
        client.force_login(user)
        assert (client.get(REGISTER, {"export": export}).status_code == 200) is may
        assert (client.get(inspect(letter)).status_code == 200) is may


def test_to_issue_letters_is_not_to_see_the_register(client: Client, stage: Stage) -> None:
    letter, issuer = issued(stage), UserFactory()
    issuer.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "issue_letter", "withdraw_letter"])
    )
    client.force_login(issuer)

    assert client.get(REGISTER).status_code == 302
    assert client.get(inspect(letter)).status_code == 302


def test_the_menu_training_holds_it_for_those_who_may_see_it(client: Client, rf: Any) -> None:
    def names(user: Any) -> set[str]:
        request = rf.get("/admin/")
        request.user = user
        return {item.name for item in training_menu.menu_items_for_request(request)}

    assert {"imp-letters", "imp-letter-templates"} <= names(registrar())
    for user in (editor(), facilitator()):
        assert not {"imp-letters", "imp-letter-templates"} & names(user)


# What it may be asked


@pytest.fixture
def secrets(stage: Stage) -> Letter:
    """Two letters whose issuers' passwords and whose participants' notes differ."""
    first = issued(stage, "Ana Núñez", notes="Owes the fee")
    second = issued(stage, "Bart de Vries", notes="Was ill in May")
    for letter, password in ((first, "argon$aaaa"), (second, "argon$bbbb")):
        Letter.objects.filter(pk=letter.pk).update(issued_by=UserFactory(password=password))
    return first


PROBES = [
    "issued_by__password__startswith=argon$a",
    "issued_by__password__startswith=x",
    "issued_by__is_superuser__exact=1",
    "enrolment__participant__notes__icontains=fee",
    "enrolment__participant__email__startswith=zzz",
    "reason__exact=",
    "sha256__startswith=0",
    "snapshot__name__startswith=Ana",
    "year__gt=2025",
    "state__exact=withdrawn",
    "stands=0",
    "p__user__password__startswith=x",
    "no_such_field=1",
    "no_such_field__regex=(",
    "e=1",
    "ot=asc",
    "o=99.-1.x.issued_by__password",
    "o=-1&o=issued_by__password",
    "p=999",
    "p=-1",
    "p=x",
    "page=7",
    "_to_field=password",
    "export=html",
]


@pytest.mark.parametrize("probe", PROBES)
def test_a_parameter_that_no_filter_owns_tells_nothing(staff: Client, secrets: Letter, probe: str) -> None:
    everything = {"2025-0001", "2025-0002"}

    response = staff.get(f"{REGISTER}?{probe}")
    assert response.status_code == 200
    assert {letter.number for letter in response.context_data["object_list"]} == everything
    if not probe.startswith("export"):
        rows = staff.get(f"{REGISTER}?export=csv&{probe}")
        assert {row.split(",")[0] for row in b"".join(rows.streaming_content).decode().split()} >= everything


def test_a_dropped_parameter_is_not_handed_on_by_the_page_s_links(staff: Client, secrets: Letter) -> None:
    page = staff.get(f"{REGISTER}?issued_by__password__startswith=argon&q=ana").content.decode()

    assert "password" not in page
    assert "q=ana" in page


def test_a_search_does_not_reach_beyond_name_number_and_code(staff: Client, secrets: Letter) -> None:
    for text in ("argon", "fee", "participant", "Engagement", secrets.sha256[:8], "password"):
        assert listed(staff, q=text) == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "%", "_", "'", '"', "\\", "(", "x" * 5000, "a " * 2500, "9" * 400, "2025-99999999999999999999"],
)
def test_no_search_breaks_the_list(staff: Client, stage: Stage, text: str) -> None:
    issued(stage)

    assert staff.get(REGISTER, {"q": text}).status_code == 200
    assert staff.get(REGISTER, {"q": text, "export": "csv"}).status_code == 200


# Finding


def test_the_newest_number_comes_first(staff: Client, stage: Stage) -> None:
    for day in (dt.date(2026, 1, 2), dt.date(2025, 6, 1), dt.date(2026, 1, 1)):
        issued(stage, on=day)

    assert listed(staff) == ["2026-0002", "2026-0001", "2025-0001"]
    assert listed(staff, o="3") == ["2025-0001", "2026-0002", "2026-0001"]


def test_a_search_takes_words_of_the_name_the_number_or_the_code(staff: Client, stage: Stage) -> None:
    letter = issued(stage, "Ana Núñez")
    issued(stage, "Anna Bakker")

    for text in (
        "Núñez",
        "núñez ana",
        "2025-0001",
        "2025-1",
        "ana 2025-0001",
        letter.code,
        letter.printed_code.lower(),
        letter.printed_code.replace("-", " "),
    ):
        assert listed(staff, q=text) == ["2025-0001"], text
    assert listed(staff, q="an") == ["2025-0002", "2025-0001"]
    assert listed(staff, q="ana bakker") == []


def test_filters_narrow_by_year_state_and_pathway(staff: Client, stage: Stage) -> None:
    other = StageFactory()
    LetterTemplateFactory(pathway=other.pathway)
    issued(stage, on=dt.date(2025, 6, 1))
    actions.withdraw(issued(stage, on=dt.date(2026, 1, 2)), reason="A mistake", by=None)
    issued(other, on=dt.date(2026, 1, 3))

    assert listed(staff, year="2025") == ["2025-0001"]
    assert listed(staff, state="withdrawn") == ["2026-0001"]
    assert listed(staff, pathway=other.pathway.key) == ["2026-0002"]
    assert listed(staff, year="2026", state="valid", pathway=stage.pathway.key) == []
    assert [row["Number"] for row in exported(staff, year="2026")] == ["2026-0002", "2026-0001"]


def test_filters_narrow_by_stage_and_by_run(staff: Client, stage: Stage) -> None:
    other = StageFactory(pathway=stage.pathway, title="Completion")
    first, second = issued(stage), issued(other)
    run = Job.objects.create(kind="imp_letters.issue", title="Letters for the cohort of May")
    Letter.objects.filter(pk=second.pk).update(run=run)

    assert listed(staff, stage=stage.pk) == [first.number]
    assert listed(staff, run=run.pk) == [second.number]
    assert "Letters for the cohort of May" in staff.get(REGISTER).text


def test_a_run_of_long_ago_is_answered_although_it_is_not_offered(staff: Client, stage: Stage) -> None:
    runs = [Job.objects.create(kind="imp_letters.issue", title=f"Run {n}") for n in range(LATEST + 1)]
    letters = [issued(stage) for _run in runs]
    for letter, run in zip(letters, runs, strict=True):
        Letter.objects.filter(pk=letter.pk).update(run=run)

    assert "Run 0," not in staff.get(REGISTER).text
    assert "Run 1," in staff.get(REGISTER).text
    assert listed(staff, run=runs[0].pk) == [letters[0].number]


def test_a_filter_narrows_by_the_language_that_letters_were_printed_in(staff: Client, stage: Stage) -> None:
    english = issued(stage)
    assert 'name="language"' not in staff.get(REGISTER).text
    LetterTemplateFactory(pathway=stage.pathway, locale=Locale.objects.create(language_code="fr"))
    french = issued(stage, "Zoé", language="fr")

    assert listed(staff, language="fr") == [french.number]
    assert listed(staff, language="en") == [english.number]
    assert listed(staff, language="de") == []
    assert ">French</option>" in staff.get(REGISTER).text


def test_a_filter_leaves_the_letters_of_a_cohort_s_members_whatever_they_are_for(staff: Client, stage: Stage) -> None:
    cohort, other = (CohortFactory(pathway=stage.pathway) for _each in range(2))
    letters = [issued(stage) for _each in range(3)]
    for letter in letters[:2]:
        MembershipFactory(cohort=cohort, enrolment=letter.enrolment)
    MembershipFactory(cohort=other, enrolment=letters[0].enrolment)
    actions.withdraw(letters[1], reason="A mistake", by=None)

    assert listed(staff, cohort=cohort.pk) == [letters[1].number, letters[0].number]
    assert listed(staff, cohort=other.pk) == [letters[0].number]
    assert listed(staff, cohort=cohort.pk, state="valid") == [letters[0].number]


def test_a_cohort_of_long_ago_is_answered_although_it_is_not_offered(staff: Client, stage: Stage) -> None:
    letter = issued(stage)
    cohorts = [CohortFactory(pathway=stage.pathway, title=f"Group {number}.") for number in range(LATEST + 1)]
    MembershipFactory(cohort=cohorts[0], enrolment=letter.enrolment)

    page = staff.get(REGISTER).text
    assert ("Group 0." in page, "Group 1." in page) == (False, True)
    assert listed(staff, cohort=cohorts[0].pk) == [letter.number]


def test_cohorts_are_named_to_those_only_who_may_see_them(client: Client, stage: Stage) -> None:
    letter, reader = issued(stage), UserFactory()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_letter"]))
    cohort = CohortFactory(pathway=stage.pathway, title="Group of the clinic")
    MembershipFactory(cohort=cohort, enrolment=letter.enrolment)
    client.force_login(reader)

    assert cohort.title not in client.get(REGISTER).text
    assert listed(client, cohort=cohort.pk) == []
    assert listed(client) == [letter.number]


def test_a_run_is_not_passed_over_where_there_is_none_to_choose(staff: Client, stage: Stage) -> None:
    issued(stage)

    for value in ("7", "x", "9" * 40):
        assert listed(staff, run=value) == []


def test_filters_narrow_by_what_became_of_sending(staff: Client, stage: Stage) -> None:
    day = dt.date(2025, 7, 1)
    never, once, given_up, perhaps, waiting = (issued(stage) for _each in range(5))
    sent(once, on=day, state=Sending.State.FAILED)
    sent(once, on=day)
    sent(given_up, on=day, state=Sending.State.FAILED)
    sent(perhaps, on=day, state=Sending.State.UNDER_WAY)
    sent(waiting, on=day, state=Sending.State.WAITING)

    assert listed(staff, sent="yes") == [once.number]
    assert listed(staff, sent="no") == [waiting.number, given_up.number, never.number]
    assert listed(staff, sent="failed") == [given_up.number]
    assert listed(staff, sent="perhaps") == [perhaps.number]
    page = staff.get(REGISTER).text
    for shown in ("1 July 2025", "perhaps sent", "failed", "waiting"):
        assert shown in page


def test_names_are_sorted_and_found_without_accents(staff: Client, stage: Stage) -> None:
    for name in ("Zoë O’Brien-Łuk", "Ángela Ruiz", "abel Tasman"):
        issued(stage, name)

    assert listed(staff, o="1") == ["2025-0003", "2025-0002", "2025-0001"]
    assert listed(staff, o="-1") == ["2025-0001", "2025-0002", "2025-0003"]
    for text in ("zoe obrien", "luk ZOE", "o'brien", "brien zoë luk"):
        assert listed(staff, q=text) == (["2025-0001"] if text != "zoe obrien" else []), text
    assert listed(staff, q="angela") == ["2025-0002"]


def test_a_year_is_offered_once_it_has_a_letter(staff: Client, stage: Stage) -> None:
    letter = issued(stage, on=dt.date(2026, 2, 1))
    with pytest.raises(ValidationError):  # it has one
        actions.issue(letter.enrolment, stage, on=dt.date(2025, 6, 1), by=None)

    text = staff.get(REGISTER).text
    assert '<option value="2026"' in text
    assert '<option value="2025"' not in text


@pytest.mark.parametrize("query", [{"year": "1066"}, {"year": "x"}, {"state": "forged"}, {"pathway": "<b>"}])
def test_a_value_that_is_no_choice_finds_nothing_and_the_page_says_so(
    staff: Client, stage: Stage, query: dict[str, str]
) -> None:
    issued(stage)
    (value,) = query.values()

    response = staff.get(REGISTER, query)

    assert list(response.context_data["object_list"]) == []
    shown = value.replace("<", "&lt;").replace(">", "&gt;")
    assert f"“{shown}” is not one of these." in response.content.decode()
    assert exported(staff, **query) == []


def test_the_list_takes_as_many_queries_for_a_hundred_letters_as_for_one(
    staff: Client, stage: Stage, settings: Any
) -> None:
    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = staff.get(REGISTER, query)
            if "export" in query:
                b"".join(response.streaming_content)
        return len(captured)

    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LIST_PER_PAGE": 100}
    sent(issued(stage), on=dt.date(2025, 7, 1))
    staff.get(REGISTER)
    one, one_exported = queries(), queries(export="csv")
    user = registrar()
    for number in range(66):
        letter = issued(stage)
        sent(letter, on=dt.date(2025, 7, 1))
        if number % 2 == 0:
            actions.replace(letter, reason="A misspelt name", by=user)

    assert len(listed(staff)) == 100
    assert queries() == one
    assert queries(export="csv") == one_exported


# Reading


def test_a_letter_s_page_shows_all_that_is_kept_of_it(staff: Client, stage: Stage) -> None:
    old = issued(stage, "Ana <b>Núñez</b>")
    new = actions.replace(old, reason="A misspelt name", by=registrar())

    page = staff.get(inspect(old)).content.decode()
    for shown in ("2025-0001", "A misspelt name", old.printed_code, old.sha256, inspect(new), "1 June 2025"):
        assert shown in page
    assert "Ana &lt;b&gt;Núñez&lt;/b&gt;" in page
    assert inspect(old) in staff.get(inspect(new)).content.decode()


def test_a_letter_s_page_names_the_training_whatever_order_the_database_keeps_it_in(
    staff: Client, stage: Stage
) -> None:
    letter = issued(stage)
    letter.snapshot["training"] = {"dates": "21–30 October 2027", "place": "Ammerdown", "title": "Retreat"}
    letter.save()

    page = staff.get(inspect(letter)).text
    places = [page.index(part) for part in ("Retreat", "Ammerdown", "21–30 October 2027")]
    assert places == sorted(places)


@pytest.mark.parametrize("pk", ["0", "999", "x", "-1", "9" * 40])
def test_a_letter_that_there_is_not_is_not_found(staff: Client, pk: str) -> None:
    assert staff.get(f"{REGISTER}inspect/{pk}/").status_code == 404


def test_the_export_holds_no_formula(staff: Client, stage: Stage) -> None:
    for name in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "Ana"):
        issued(stage, name)

    assert [row["Name as printed"] for row in exported(staff)] == [
        "Ana",
        "'@SUM(A1)",
        "'-1",
        "'+1",
        "'=cmd|' /C calc'!A0",
    ]


def test_the_export_says_what_the_register_does(staff: Client, stage: Stage) -> None:
    letter = issued(stage)

    assert exported(staff) == [
        {
            "Number": "2025-0001",
            "Name as printed": "Ana Núñez",
            "Pathway": stage.pathway.title,
            "Stage": "Engagement",
            "Language": "en",
            "Date of issue": "2025-06-01",
            "Issued by": "",
            "State": "valid",
            "Replaced or withdrawn on": "",
            "Replaces": "",
            "Replaced by": "",
            "Sent": "",
            "Sent to": "",
            "Verification code": letter.printed_code,
            "SHA-256 of the PDF": letter.sha256,
        }
    ]


def test_the_export_says_what_stands_in_place_of_what_and_to_whom_it_was_sent(staff: Client, stage: Stage) -> None:
    old = issued(stage, email="ana@example.org")
    user = UserFactory(first_name="Rosa", last_name="Duarte")
    new = actions.replace(old, reason="Misspelt", by=user)
    sent(new, on=dt.date(2025, 7, 1))

    successor, predecessor = exported(staff)
    assert (successor["Replaces"], successor["Issued by"]) == (old.number, "Rosa Duarte")
    assert (successor["Sent"], successor["Sent to"]) == ("1 July 2025", "ana@example.org")
    assert (predecessor["Replaced by"], predecessor["Sent"]) == (new.number, "")


def test_the_export_is_in_the_reader_s_language_and_time_zone(staff: Client, stage: Stage) -> None:
    """A CSV file is written while it is sent, when the page's own language is over."""
    letter = issued(stage)
    sent(letter, on=dt.date(2025, 7, 1), hour=20)  # the 2nd in Auckland
    reader = registrar()
    UserProfile.objects.create(user=reader, preferred_language="de", current_time_zone="Pacific/Auckland")
    staff.force_login(reader)

    [row] = exported(staff)
    assert "2. Juli 2025" in row.values()


def test_the_export_is_a_workbook_too(staff: Client, stage: Stage) -> None:
    issued(stage)
    workbook = staff.get(REGISTER, {"export": "xlsx"})
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="letters.xlsx"'


# Changing nothing


@pytest.mark.parametrize("action", ["create", "edit", "delete", "history", "choose_parent"])
def test_there_is_no_address_to_add_change_or_delete_a_letter(staff: Client, stage: Stage, action: str) -> None:
    letter = issued(stage)
    staff.force_login(UserFactory(superuser=True))

    with pytest.raises(NoReverseMatch):
        reverse(f"training_letters_modeladmin_{action}", args=[letter.pk])
    for path in (f"{REGISTER}{action}/", f"{REGISTER}{action}/{letter.pk}/"):
        assert staff.get(path).status_code == 404
        assert staff.post(path).status_code == 404


def test_the_buttons_follow_permission_and_state(client: Client, stage: Stage) -> None:
    valid, ended = issued(stage), issued(stage)
    actions.withdraw(ended, reason="A mistake", by=None)
    reader = UserFactory()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_letter"]))

    def offered(user: Any, letter: Letter) -> list[str]:
        client.force_login(user)
        page = client.get(inspect(letter)).content.decode()
        return [name for name in ("download", "send", "replace", "withdraw") if f"/{letter.pk}/{name}/" in page]

    assert offered(registrar(), valid) == ["download", "send", "replace", "withdraw"]
    assert offered(registrar(), ended) == ["download"]
    assert offered(reader, valid) == ["download"]
    for permission, names in (("send_letter", ["send"]), ("withdraw_letter", ["replace", "withdraw"])):
        user = UserFactory()
        codenames = ["access_admin", "view_letter", permission]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert offered(user, valid) == ["download", *names]


def test_the_admin_leads_to_a_letter_s_page_from_elsewhere(stage: Stage) -> None:
    letter = issued(stage)

    assert AdminURLFinder(registrar()).get_edit_url(letter) == inspect(letter)
    assert AdminURLFinder(editor()).get_edit_url(letter) is None
    assert AdminURLFinder().get_edit_url(letter) == inspect(letter)
