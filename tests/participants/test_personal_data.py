"""The export of everything about one person: what is in it, for machines and for people, and who may have it."""

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.models import ModelLogEntry

from imp_wagtail.core.fields import EmailKeyField, FoldedField
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Attendance, Enrolment, Evidence, Participant
from imp_wagtail.participants.personal.data import PERSONAL_DATA_HOOK, personal_data
from imp_wagtail.participants.personal.facts import Section, entry_of, fact
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    SessionFactory,
    StageFactory,
    UserFactory,
    facilitator,
    registrar,
)
from tests.letters.conftest import issued
from tests.participants.support import asked, imp, retreat, unchanged
from tests.participants.whole_person import FILE, MARK, Whole, whole_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

MODELS = type[models.Model]


@pytest.fixture
def whole() -> Whole:
    return whole_person(by=registrar())


def address(person: Participant) -> str:
    return reverse("imp_participants:export_person", args=[person.pk])


def exported(client: Client, person: Participant) -> zipfile.ZipFile:
    client.force_login(registrar())
    response = client.post(address(person))
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def data_of(archive: zipfile.ZipFile) -> dict[str, list[dict[str, Any]]]:
    sections = json.loads(archive.read("data.json"))["sections"]
    return {key: section["entries"] for key, section in sections.items()}


def sections_of(person: Participant) -> dict[str, Section]:
    return {section.key: section for section in personal_data(person)}


# Nothing is forgotten


def leading_to(model: MODELS, found: set[MODELS] | None = None) -> set[MODELS]:
    """The model, and all whose records point at one of them, and so on."""
    found = found if found is not None else set()
    found.add(model)
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points_here and relation.related_model not in found:
            leading_to(relation.related_model, found)
    return found


def test_every_model_that_leads_to_a_participant_has_its_section() -> None:
    covered = [model for section in personal_data(ParticipantFactory()) for model in section.covers]

    assert len(covered) == len(set(covered))
    assert set(covered) == leading_to(Participant)


def test_everything_has_its_section_because_somebody_has_something_in_each(whole: Whole) -> None:
    assert [section.key for section in personal_data(whole.participant) if not section.entries] == []


def test_every_field_is_told_but_for_keys_and_relations_to_the_person_themselves(whole: Whole) -> None:
    told_otherwise = {
        "participant": {"user"},  # as "account"
        "enrolment": {"participant"},
        "membership": {"cohort"},
        "attendance": {"session"},
        "distinctpair": {"first", "second"},
        "letter": {"year", "running_number", "stands"},  # as "number" and "state"
        "teacher": {"participant"},
        "course": {"teacher"},
        "qualification": {"teacher"},
        "consent": {"teacher"},
        "listing": {"teacher", "mirrored", "number", "folded_name", "photo"},  # what it shows is told, and the photo
        "feedentry": {"teacher"},
        "enquiry": {"teacher", "sender_key", "token"},  # by what its sender is counted
        "directorymail": {"teacher", "enquiry"},
        "teacherlanguage": {"teacher", "language"},  # as "languages" of the teacher
    }
    for section in personal_data(whole.participant):
        told = {fact.key for fact in section.entries[0].facts}
        for model in section.covers:
            fields = {
                field.name
                for field in model._meta.concrete_fields
                if not field.primary_key and not isinstance(field, (FoldedField, EmailKeyField))
            }
            missing = fields - told - told_otherwise.get(model._meta.model_name, set())
            assert missing - {"enrolment"} == set(), model


def test_the_whole_history_is_told(whole: Whole) -> None:
    entries = ModelLogEntry.objects.for_instance(whole.participant).order_by("timestamp", "pk")
    told = sections_of(whole.participant)["history"].entries

    assert [entry.facts[2].shown for entry in told] == [str(entry.message) for entry in entries]
    assert len(told) > 20


def test_of_people_told_apart_the_other_is_not_named(whole: Whole) -> None:
    archive = exported(Client(), whole.participant)
    others = Participant.objects.exclude(pk=whole.participant.pk).values_list("name", "email")

    assert others
    for text in (archive.read("data.json").decode(), archive.read("data.html").decode()):
        assert not [name for pair in others for name in pair if name in text]


def test_nothing_of_anybody_else_is_in_it(client: Client) -> None:
    with_mark, other = whole_person(by=registrar()), whole_person("Bystander", by=registrar())

    for person, mark in ((with_mark, "Bystander"), (other, MARK)):
        archive = exported(client, person.participant)
        contents = "".join(f"{name}{archive.read(name)!r}" for name in archive.namelist())
        assert mark.lower() not in contents.lower()


# What is in it


def test_the_archive_has_the_data_twice_and_every_file(client: Client, whole: Whole) -> None:
    archive = exported(client, whole.participant)

    [evidence] = Evidence.objects.exclude(file="")
    numbers = [letter.number for letter in Letter.objects.order_by("running_number")]
    assert sorted(archive.namelist()) == sorted(
        [
            "data.html",
            "data.json",
            "directory/photo.png",
            f"evidence/{evidence.date}-{evidence.pk}.pdf",
            *(f"letters/{number}.pdf" for number in numbers),
        ]
    )
    assert archive.testzip() is None
    assert archive.read(f"evidence/{evidence.date}-{evidence.pk}.pdf") == FILE + MARK.encode()
    assert archive.read(f"letters/{whole.valid.number}.pdf") == whole.valid.file.read()


def test_the_json_has_values_and_not_words(client: Client, whole: Whole) -> None:
    data = data_of(exported(client, whole.participant))

    [details] = data["details"]
    assert (details["name"], details["country"]) == (f"Quinn {MARK}", "NL")
    assert details["account"] == whole.participant.user.get_username()
    assert {decision["stands"] for decision in data["decisions"]} == {True, False}
    evidence = next(item for item in data["evidence"] if item["file"])
    assert (evidence["date"], evidence["amount"]) == ("2024-05-01", "6.00")
    assert evidence["file"].startswith("evidence/2024-05-01-")


def test_a_letter_is_told_with_all_that_the_register_has(client: Client, whole: Whole) -> None:
    withdrawn, replaced, valid = data_of(exported(client, whole.participant))["letters"]

    by = ModelLogEntry.objects.get(action="imp.letter.withdraw").user_display_name
    assert (withdrawn["number"], withdrawn["state"], withdrawn["ended_by"]) == (
        whole.withdrawn.number,
        "withdrawn",
        by,
    )
    assert withdrawn["reason"] == f"{MARK} gave it back"
    assert (replaced["state"], replaced["replaced_by"], replaced["ended_by"]) == ("replaced", valid["number"], by)
    assert (valid["code"], valid["ended_by"]) == (whole.valid.printed_code, None)
    assert valid["snapshot"] == whole.valid.snapshot


def test_attendance_is_told_with_cohort_and_day_also_after_leaving(client: Client) -> None:
    enrolment = EnrolmentFactory(pathway=imp())
    cohort = CohortFactory(title="Tuesdays", pathway=enrolment.pathway)
    membership = cohort_actions.join_cohort(cohort, enrolment, by=None)
    session = SessionFactory(cohort=cohort, date=dt.date(2024, 3, 5), title="First")
    cohort_actions.mark_attendance(session, present=[enrolment], by=None)
    cohort_actions.leave_cohort(membership, by=None)
    data = data_of(exported(client, enrolment.participant))

    [row] = data["attendance"]
    assert data["memberships"] == []
    assert {**row, "marked_at": None} == {
        "cohort": "Tuesdays",
        "cohort_kind": "supervision",
        "date": "2024-03-05",
        "session": "First",
        "hours": "1.50",
        "marked_by": None,
        "marked_at": None,
    }


def test_a_document_that_is_lost_is_told_and_ends_nothing(client: Client) -> None:
    evidence = retreat(EnrolmentFactory(pathway=imp()))
    Evidence.objects.update(file="evidence/lost.pdf")
    archive = exported(client, evidence.enrolment.participant)

    assert archive.namelist() == ["data.json", "data.html"]
    assert data_of(archive)["evidence"][0]["file"] is None
    assert "The file is missing on the server." in archive.read("data.html").decode()


def test_a_letter_whose_file_was_altered_is_told_and_its_file_not_given_out(client: Client) -> None:
    stage = StageFactory()
    LetterTemplateFactory(pathway=stage.pathway)
    letter = issued(stage)
    Path(letter.file.path).write_bytes(b"%PDF-forged")
    archive = exported(client, letter.enrolment.participant)

    assert archive.namelist() == ["data.json", "data.html"]
    assert data_of(archive)["letters"][0]["file"] is None
    assert "The stored file has been altered since the letter was issued." in archive.read("data.html").decode()


def test_somebody_with_nothing_on_record_has_details_all_the_same(client: Client) -> None:
    data = data_of(exported(client, ParticipantFactory(name="Zoë")))

    assert data["details"][0]["name"] == "Zoë"
    assert [key for key, entries in data.items() if entries] == ["details", "history"]


# To be read


def test_the_page_needs_nothing_but_the_files_beside_it(client: Client, whole: Whole) -> None:
    archive = exported(client, whole.participant)
    page = archive.read("data.html").decode()

    links = re.findall(r"(?:src|href|action)=[\"']([^\"']*)", page)
    assert {link for link in links if not link.startswith("#")} == set(archive.namelist()) - {"data.json", "data.html"}
    assert not re.search(r"<(?:script|link|img|iframe)|url\(|@import", page)
    assert {link[1:] for link in links if link.startswith("#")} <= set(re.findall(r'id="([^"]*)"', page))


def test_the_page_tells_what_people_read_and_escapes_it(client: Client) -> None:
    person = ParticipantFactory(name="Zoë <b>", country="NL", notes="First\nSecond & last")
    page = exported(client, person).read("data.html").decode()

    assert "<h1>Everything on record about Zoë &lt;b&gt;</h1>" in page
    assert "Netherlands" in page
    assert "First<br>Second &amp; last" in page
    assert "Nothing on record" in page


@pytest.mark.parametrize(("language", "shown"), [("ar", ("ar", "rtl")), ("fr", ("fr", "ltr")), ("nl", ("en", "ltr"))])
def test_the_page_is_in_the_person_s_language_where_the_site_has_it(
    client: Client, language: str, shown: tuple[str, str]
) -> None:
    page = exported(client, ParticipantFactory(language=language)).read("data.html").decode()

    assert '<html lang="{}" dir="{}">'.format(*shown) in page


def test_many_of_one_kind_are_a_table_and_a_long_one_is_a_list() -> None:
    enrolment = EnrolmentFactory(pathway=imp())
    sections = sections_of(enrolment.participant)

    assert sections["progress"].is_table
    assert not sections["details"].is_table
    assert [column.key for column in sections["progress"].columns] == ["pathway", "stage", "state", "met", "required"]


# Who, and what stays of it


def with_permissions(*codenames: str) -> Any:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def test_only_those_who_may_change_participants_export(client: Client) -> None:
    person = ParticipantFactory()
    for user in (facilitator(), UserFactory(), with_permissions("view_participant", "delete_participant")):
        client.force_login(user)
        with unchanged():
            assert client.get(address(person)).status_code == 302
            assert client.post(address(person)).status_code == 302


def test_the_page_before_it_says_what_there_is_and_writes_nothing(client: Client, whole: Whole) -> None:
    client.force_login(registrar())
    with unchanged():
        response = client.get(address(whole.participant))

    assert {section.key for section in response.context["sections"]} >= {"details", "letters", "directory", "history"}
    assert "with 3 files" in response.text


def test_each_export_is_in_the_history_and_in_the_export_itself(client: Client) -> None:
    person = ParticipantFactory()
    for count in (1, 2):
        history = data_of(exported(client, person))["history"]
        assert [entry["action"] for entry in history] == ["imp.participant.export"] * count


def test_the_download_is_kept_nowhere_and_does_not_say_who_it_is(client: Client) -> None:
    person = ParticipantFactory(name="Zoë Berg")
    client.force_login(registrar())
    response = client.post(address(person))

    assert response.headers["Content-Disposition"] == f'attachment; filename="personal-data-{person.pk}.zip"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_person_who_is_not_there_is_not_found(client: Client) -> None:
    client.force_login(registrar())

    assert client.get(reverse("imp_participants:export_person", args=[0])).status_code == 404


def test_it_takes_as_many_queries_for_a_long_history_as_for_a_short_one() -> None:
    enrolment = EnrolmentFactory(pathway=imp())
    cohort = CohortFactory(pathway=enrolment.pathway)
    user = registrar()

    def add(count: int) -> None:
        for _each in range(count):
            Attendance.objects.create(session=SessionFactory(cohort=cohort), enrolment=enrolment, marked_by=user)
            retreat(enrolment, detail=f"Retreat {Evidence.objects.count()}", by=user)
            practice = asked(enrolment.pathway, "practice")
            decision = actions.decide(enrolment, practice, outcome="met", reason="Seen", by=user)
            actions.revoke_decision(decision, why="A mistake", by=user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            personal_data(Participant.objects.get(pk=enrolment.participant_id))
        return len(captured)

    add(1)
    few = queries()
    add(6)
    assert queries() == few


# The hook


@pytest.fixture
def library(request: pytest.FixtureRequest) -> Iterator[None]:
    """A site's own room, which lends books."""

    def loans(participant: Participant) -> list[Section]:
        enrolments = Enrolment.objects.filter(participant=participant)
        return [
            Section(
                "loans", "Books on loan", [entry_of(row, first=[fact("book", "Book", "One")]) for row in enrolments]
            )
        ]

    with hooks.register_temporarily(PERSONAL_DATA_HOOK, loans):
        yield


@pytest.mark.usefixtures("library")
def test_a_site_adds_a_section_of_its_own(client: Client) -> None:
    archive = exported(client, EnrolmentFactory(pathway=imp()).participant)

    assert data_of(archive)["loans"][0]["book"] == "One"
    assert "Books on loan" in archive.read("data.html").decode()
