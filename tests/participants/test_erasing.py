"""Erasing a person: everything about them goes, nothing of anybody else, and issued letters stay."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from imp_wagtail.core.conf import settings
from imp_wagtail.core.models import Job
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants.actions import save_participant
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.participants.signals import participant_erasing
from tests.factories import (
    ParticipantFactory,
    TeacherFactory,
    TrainerFactory,
    UserFactory,
    facilitator,
    registrar,
)
from tests.participants.support import refused, unchanged
from tests.participants.whole_person import MARK, Whole, whole_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

WHY = "Asked for it by e-mail."

#: Tables of the database itself, which no SQL deletes single rows from.
INTERNAL = ("sqlite_",)


@pytest.fixture
def everybody(django_capture_on_commit_callbacks: Any) -> Whole:
    with django_capture_on_commit_callbacks(execute=True):
        return whole_person(by=registrar())


def tables() -> list[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return [name for name in names if not name.startswith(INTERNAL)]


def all_rows() -> dict[str, Counter]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = Counter(str(row) for row in cursor.fetchall())
    return found


def folders() -> list[Path]:
    return [Path(settings.PRIVATE_ROOT), Path(django_settings.MEDIA_ROOT)]


def files() -> Iterator[Path]:
    for folder in folders():
        yield from (path for path in folder.rglob("*") if path.is_file())


def tables_with(mark: str) -> set[str]:
    """The tables in which any value has the mark in it, however it is capitalised."""
    return {name for name, rows in all_rows().items() if any(mark.lower() in row.lower() for row in rows)}


def files_with(mark: str) -> set[str]:
    """The stored files that have the mark in their names or in their contents, by their paths."""
    return {
        path.name if path.parent in folders() else f"{path.parent.name}/{path.name}"
        for path in files()
        if mark.lower() in f"{path}{path.read_bytes()!r}".lower()
    }


def erase_at_once(person: Participant, capture: Callable, by: Any = None) -> None:
    with capture(execute=True):
        erase(person, why=WHY, by=by)


def test_there_is_much_to_erase(everybody: Whole) -> None:
    assert {
        "imp_core_job",
        "imp_participants_participant",
        "imp_participants_evidence",
        "imp_participants_decision",
        "imp_participants_extension",
        "imp_directory_teacher",
        "imp_directory_course",
        "imp_directory_qualification",
        "imp_letters_letter",
        "imp_letters_sending",
        "wagtailcore_modellogentry",
        "wagtailimages_image",
        "wagtailimages_rendition",
        "wagtailsearch_indexentry",
        "django_admin_log",
    } <= tables_with(MARK)
    assert len(files_with(MARK)) == 6


def test_nothing_has_the_person_in_it_any_more_but_their_letters(
    everybody: Whole, django_capture_on_commit_callbacks: Any
) -> None:
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks)

    assert tables_with(MARK) == {"imp_letters_letter"}
    assert {path.partition("/")[2][:5] for path in files_with(MARK)} == {f"{everybody.valid.year}-"}
    assert len(files_with(MARK)) == 3
    assert not [path for path in files() if path.parent.name == "evidence"]


def test_nobody_else_loses_anything(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        whole_person("Bystander", by=registrar())
        Participant.objects.create(name=f"{MARK} Quinn", notes="Another person of those names")
    before, kept = all_rows(), {path: path.read_bytes() for path in files()}
    with django_capture_on_commit_callbacks(execute=True):
        somebody = whole_person(by=registrar())
    erase_at_once(somebody.participant, django_capture_on_commit_callbacks)
    after = all_rows()

    lost = {name for name in before if before[name] - after[name]}
    # The register and the directory have counted on, and SQLite has written its index anew.
    assert lost - {"imp_letters_letteryear", "imp_directory_edition"} <= {name for name in before if "_fts_" in name}
    assert {path: path.read_bytes() for path in kept} == kept


def test_letters_stay_whole_and_lead_to_nobody(everybody: Whole, django_capture_on_commit_callbacks: Any) -> None:
    before = {row.pop("id"): row | {"enrolment_id": None} for row in Letter.objects.values()}
    contents = {letter.pk: letter.file.read() for letter in Letter.objects.all()}
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks)

    assert {row.pop("id"): row for row in Letter.objects.values()} == before
    assert {letter.pk: letter.file.read() for letter in Letter.objects.all()} == contents


def test_the_log_says_that_somebody_was_erased_and_not_who(
    everybody: Whole, django_capture_on_commit_callbacks: Any
) -> None:
    user = registrar()
    entries = ModelLogEntry.objects.for_instance(everybody.participant)
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks, by=user)

    [entry] = entries.all()
    assert (entry.action, entry.user, entry.label) == ("imp.participant.erase", user, "Erased person")
    assert entry.data == {"what": "", "why": WHY}
    assert str(entry.message) == f"Erased. {WHY}"


def test_jobs_tell_of_others_as_before(everybody: Whole, django_capture_on_commit_callbacks: Any) -> None:
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks)

    running, over = Job.objects.order_by("pk")
    assert running.refusals == [["Somebody else", "Paused."]]
    assert (over.title, over.return_url, over.params) == ("–", "", {"data": {"note": "", "days": 3}})


def test_nothing_tells_of_the_person_by_a_former_name_either(django_capture_on_commit_callbacks: Any) -> None:
    person = save_participant(Participant(name="Zoë Former"), by=None)
    job = Job.objects.create(kind="tests", title="Enrol", refusals=[["Zoë Former", "Paused."], ["Bea", "Paused."]])
    person.name = "Zoë Berg"
    save_participant(person, by=None)
    with refused("why", saying="Do not name the person here"):
        erase(person, why="Zoe Former asked for it.", by=None)

    erase_at_once(person, django_capture_on_commit_callbacks)

    job.refresh_from_db()
    assert job.refusals == [["Bea", "Paused."]]


def test_the_account_is_the_site_s_and_stays(everybody: Whole, django_capture_on_commit_callbacks: Any) -> None:
    user = everybody.participant.user
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks)

    user.refresh_from_db()
    assert not hasattr(user, "imp_participant")


@pytest.mark.parametrize(
    "show",
    [lambda photo: TrainerFactory(photo=photo), lambda photo: TeacherFactory(photo=photo)],
    ids=["trainer", "teacher"],
)
def test_a_photo_that_is_shown_elsewhere_stays(
    everybody: Whole, show: Callable, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = show(everybody.photo)
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks)

    elsewhere.refresh_from_db()
    assert elsewhere.photo == everybody.photo
    assert Path(everybody.photo.file.path).exists()


def test_erasing_again_does_nothing(everybody: Whole, django_capture_on_commit_callbacks: Any) -> None:
    erase_at_once(everybody.participant, django_capture_on_commit_callbacks)
    before = all_rows()
    erase(everybody.participant, why=WHY, by=None)

    assert all_rows() == before


@pytest.mark.parametrize("why", ["", "  "])
def test_a_reason_is_asked_for(why: str) -> None:
    person = ParticipantFactory()
    with refused("why", saying="Give the reason"):
        erase(person, why=why, by=None)


@pytest.mark.parametrize("why", ["Zoe BERG asked", "mail from zoe@example.org", "for dr. zoë berg"])
def test_a_reason_that_names_the_person_is_refused_because_it_stays(why: str) -> None:
    person = ParticipantFactory(name="Zoë Berg", email="zoe@example.org", printed_name="Dr Zoë Berg")
    with refused("why", saying="Do not name the person here"):
        erase(person, why=why, by=None)


# What goes wrong


@contextmanager
def untouched() -> Iterator[None]:
    """The block leaves every row and every file as they were."""
    rows, contents = all_rows(), {path: path.read_bytes() for path in files()}
    yield
    assert all_rows() == rows
    assert {path: path.read_bytes() for path in files()} == contents


class Fails:
    """A receiver that fails after everything else has been done."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __enter__(self) -> None:
        participant_erasing.connect(self.fail)

    def __exit__(self, *args: Any) -> None:
        participant_erasing.disconnect(self.fail)

    def fail(self, sender: Any, **kwargs: Any) -> None:
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("crash"), ValidationError("They owe us a book.")])
def test_what_fails_or_is_refused_on_the_way_leaves_everything(
    everybody: Whole, error: Exception, django_capture_on_commit_callbacks: Any
) -> None:
    with untouched(), Fails(error), pytest.raises(type(error)):
        erase_at_once(everybody.participant, django_capture_on_commit_callbacks)


def test_what_fails_after_it_leaves_everything_too(everybody: Whole, django_capture_on_commit_callbacks: Any) -> None:
    committed = django_capture_on_commit_callbacks(execute=True)
    with untouched(), committed, pytest.raises(RuntimeError), transaction.atomic():
        erase(everybody.participant, why=WHY, by=None)
        raise RuntimeError


def test_records_that_need_the_person_are_named(everybody: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep_hold(**kwargs: Any) -> None:
        Letter.objects.filter(pk=everybody.valid.pk).update(enrolment=everybody.enrolment)

    participant_erasing.connect(keep_hold)
    try:
        with refused(saying="Nothing was erased, because other records need this person: Letters."):
            erase(everybody.participant, why=WHY, by=None)
    finally:
        participant_erasing.disconnect(keep_hold)


# The form


def address(person: Participant) -> str:
    return reverse("imp_participants:erase", args=[person.pk])


def test_the_form_says_what_goes_and_what_stays(client: Client, everybody: Whole) -> None:
    client.force_login(registrar())
    response = client.get(address(everybody.participant))

    kept = response.context["kept"]
    assert f"The account “{everybody.participant.user.get_username()}”" in kept[0]
    assert [line.partition(" with ")[0] for line in kept[1:]] == [
        f"Letter {letter.number}" for letter in Letter.objects.order_by("running_number")
    ]
    goes = {section.key for section in response.context["erased"]}
    assert goes >= {"details", "evidence", "attendance", "directory", "courses", "history"}
    assert "letters" not in goes


def test_the_form_says_when_the_photo_stays(client: Client, everybody: Whole) -> None:
    TrainerFactory(photo=everybody.photo)
    client.force_login(registrar())

    assert "which is used elsewhere too" in client.get(address(everybody.participant)).text


def test_the_form_leads_to_the_export_for_those_who_may(client: Client) -> None:
    person, eraser = ParticipantFactory(), UserFactory()
    eraser.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "delete_participant"]))
    export = reverse("imp_participants:export_person", args=[person.pk])
    for user, may in ((registrar(), True), (eraser, False)):
        client.force_login(user)
        assert (export in client.get(address(person)).text) is may


@pytest.mark.parametrize("name", ["Zoë Berg", "zoe berg", " ZOË  BERG "])
def test_the_name_confirms_however_it_is_typed(client: Client, name: str) -> None:
    person = ParticipantFactory(name="Zoë Berg")
    client.force_login(registrar())
    response = client.post(address(person), {"why": WHY, "name": name}, follow=True)

    assert response.redirect_chain == [(reverse("imp_participants:index"), 302)]
    assert "The person was erased." in response.text
    assert "Zoë" not in response.text
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"why": WHY, "name": "Zoë"}, "name"),
        ({"why": WHY, "name": ""}, "name"),
        ({"why": "", "name": "Zoë Berg"}, "why"),
        ({"why": "Zoë Berg asked", "name": "Zoë Berg"}, "why"),
    ],
)
def test_nobody_is_erased_by_a_slip(client: Client, data: dict[str, str], field: str) -> None:
    person = ParticipantFactory(name="Zoë Berg")
    client.force_login(registrar())
    with unchanged():
        response = client.post(address(person), data)

    assert list(response.context["form"].errors) == [field]


def test_a_name_without_letters_is_typed_as_it_is(client: Client) -> None:
    person = ParticipantFactory(name="☆")
    client.force_login(registrar())
    assert client.post(address(person), {"why": WHY, "name": "★"}).status_code == 200
    client.post(address(person), {"why": WHY, "name": "☆"})

    assert not Participant.objects.exists()


def test_a_second_click_leads_to_the_list(client: Client) -> None:
    person = ParticipantFactory(name="Zoë Berg")
    client.force_login(registrar())
    for _click in range(2):
        response = client.post(address(person), {"why": WHY, "name": "Zoë Berg", "once": "1"})
        assert (response.status_code, response.url) == (302, reverse("imp_participants:index"))

    assert client.get(address(person)).status_code == 404
    assert ModelLogEntry.objects.filter(action="imp.participant.erase").count() == 1


def test_only_those_who_may_delete_participants_erase(client: Client) -> None:
    person = ParticipantFactory()
    for user in (facilitator(), UserFactory()):
        client.force_login(user)
        with unchanged():
            assert client.post(address(person), {"why": WHY, "name": person.name}).status_code == 302
            assert client.get(address(person)).status_code == 302
