"""Lists of people from file to record: what is found in them, what is written, and what never is."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.core.storage import private_storage
from imp_wagtail.participants import actions
from imp_wagtail.participants.importing import steps, storing, works
from imp_wagtail.participants.importing.columns import scheme_of
from imp_wagtail.participants.importing.findings import Findings
from imp_wagtail.participants.importing.grouping import groups_of
from imp_wagtail.participants.importing.lookups import OnRecord
from imp_wagtail.participants.importing.planning import Planner
from imp_wagtail.participants.importing.presenting import Preview
from imp_wagtail.participants.importing.resource import PeopleResource
from imp_wagtail.participants.importing.tables import Table, TableRow, packed, unpacked
from imp_wagtail.participants.importing.template import template
from imp_wagtail.participants.models import (
    Decision,
    Enrolment,
    Evidence,
    Participant,
    PeopleImport,
    StageCompletion,
)
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.participants.signals import progress_stored, standing_changed
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    EnrolmentFactory,
    ParticipantFactory,
    PathwayFactory,
    RequirementFactory,
    StageFactory,
    registrar,
)
from tests.participants.importing import again, begun, checked, csv_of, found, imported, notices, problems
from tests.participants.support import (
    asked,
    complete,
    imp,
    on_record,
    retreat,
    stage,
    state,
    stored_progress_is_worked_out_progress,
)

pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Example", "email": "ana@example.org"}
PREPARED = {
    "preparation.retreats.1.date": "2018-03-04",
    "preparation.retreats.1.amount": "6",
    "preparation.retreats.1.detail": "Silent retreat, Ammerdown",
    "preparation.retreats.2.date": "4 May 2019",
    "preparation.retreats.2.amount": "5,5",
    "preparation.practice.1.date": "2018-01-01",
    "preparation.completed_on": "2019-06-01",
}


@contextmanager
def nobody_written() -> Iterator[None]:
    """The block changes nothing about anybody, whatever it does with imports and jobs."""
    before = people_on_record()
    yield
    assert people_on_record() == before


def people_on_record() -> dict[str, Any]:
    return {table: rows for table, rows in on_record().items() if table != "PeopleImport"}


# From file to record


def test_a_person_comes_in_with_everything_that_the_file_says(pathway: Pathway) -> None:
    by = registrar()
    details = {
        "printed_name": "A. Example",
        "town": "Porto",
        "country": "Portugal",
        "language": "Portuguese",
        "notes": "Quiet.",
    }

    imported(pathway, {**ANA, **details, "enrolled_on": "2017-01-09", "status": "paused", **PREPARED}, by=by)

    ana = Participant.objects.get()
    assert (ana.name, ana.printed_name, ana.email) == ("Ana Example", "A. Example", "ana@example.org")
    assert (ana.town, ana.country, ana.language, ana.notes) == ("Porto", "PT", "pt", "Quiet.")
    enrolment = ana.enrolments.get()
    assert (enrolment.pathway, enrolment.enrolled_on, enrolment.status) == (pathway, dt.date(2017, 1, 9), "paused")
    assert [(item.requirement.key, str(item.date), item.size, item.detail) for item in enrolment.evidence.all()] == [
        ("practice", "2018-01-01", "", ""),
        ("retreats", "2018-03-04", "6 days", "Silent retreat, Ammerdown"),
        ("retreats", "2019-05-04", "5.5 days", ""),
    ]
    completion = enrolment.completions.get()
    assert (completion.stage.key, completion.completed_on, completion.completed_by) == (
        "preparation",
        dt.date(2019, 6, 1),
        by,
    )
    assert {item.recorded_by for item in enrolment.evidence.all()} == {by}
    assert not Decision.objects.exists()


def test_what_is_imported_stands_as_if_it_had_been_typed(pathway: Pathway) -> None:
    by = registrar()
    imported(pathway, {**ANA, "town": "Porto", "enrolled_on": "2017-01-09", **PREPARED}, by=by)
    typed = actions.save_participant(Participant(name="Bea Example", email="bea@example.org", town="Porto"), by=by)
    enrolment = actions.enrol(typed, pathway, on=dt.date(2017, 1, 9), by=by)
    retreat(enrolment, date=dt.date(2018, 3, 4), days="6", detail="Silent retreat, Ammerdown", by=by)
    retreat(enrolment, date=dt.date(2019, 5, 4), days="5.5", by=by)
    actions.record_evidence(enrolment, asked(pathway, "practice"), date=dt.date(2018, 1, 1), by=by)
    actions.complete_stage(enrolment, stage(pathway, "preparation"), on=dt.date(2019, 6, 1), by=by)

    ana, bea = Participant.objects.order_by("name")

    assert shape_of(ana) == shape_of(bea)
    assert stored_progress_is_worked_out_progress()


def shape_of(person: Participant) -> list[Any]:
    """All that is stored about somebody but for their name, their keys and the moment."""
    enrolment = person.enrolments.get()
    own = {"id", "participant_id", "enrolment_id", "recorded_at", "object_id", "label", "uuid", "timestamp"}
    tables = [
        Enrolment.objects.filter(pk=enrolment.pk),
        enrolment.progress.order_by("stage__sort_order"),
        enrolment.evidence.order_by("date"),
        enrolment.completions.all(),
        ModelLogEntry.objects.for_instance(person).order_by("pk"),
    ]
    rows = [{key: value for key, value in row.items() if key not in own} for table in tables for row in table.values()]
    for row in rows:
        if "data" in row:
            row["data"].pop("why", None)
            row["data"]["what"] = row["data"]["what"].replace(person.name, "")
    return rows


def test_the_log_says_of_everything_that_it_was_imported_and_by_whom(pathway: Pathway) -> None:
    by = registrar()

    imported(pathway, {**ANA, **PREPARED, "preparation.practice.1.date": ""}, by=by)

    entries = ModelLogEntry.objects.for_instance(Participant.objects.get()).order_by("pk")
    assert {entry.user for entry in entries} == {by}
    assert [(entry.action, entry.message) for entry in entries] == [
        ("imp.participant.add", "Participant added: Ana Example. Imported from “people.csv”."),
        ("imp.enrolment.add", "Enrolled: IMP (1 June 2019). Imported from “people.csv”."),
        (
            "imp.evidence.record",
            "Evidence recorded: Two retreats (4 March 2018 · 6 days · Silent retreat, Ammerdown). "
            "Imported from “people.csv”.",
        ),
        (
            "imp.evidence.record",
            "Evidence recorded: Two retreats (4 May 2019 · 5.5 days). Imported from “people.csv”.",
        ),
        (
            "imp.decision.record",
            "Decision recorded: Own practice (met). Imported: completed before this record began.",
        ),
        ("imp.stage.complete", "Stage completed: Preparation (1 June 2019). Imported from “people.csv”."),
    ]
    assert len({entry.uuid for entry in entries}) == len(entries)


def test_the_template_filled_in_by_its_headings_comes_back_as_facts(pathway: Pathway) -> None:
    headings = template(scheme_of(pathway), "csv").decode("utf-8-sig").strip()
    said = {
        "Name": "Ana Example",
        "Own practice: date": "2018-01-01",
        "Cycles taught: how many": "3",
        "Cycles taught: date": "2020-01-01",
    }
    line = ",".join(said.get(heading.strip('"'), "") for heading in headings.split(","))

    people_import = checked(pathway, content=f"{headings}\n{line}\n".encode())
    jobs.run(steps.import_all(people_import, by=None).pk)

    assert [str(item) for item in Evidence.objects.all()] == ["Own practice", "Cycles taught"]


@pytest.mark.parametrize("name", ["Zoë Núñez", "Ольга Иванова", "李小龍", "عائشة", "נועה", "O’Brien-Łuk"])
def test_names_in_every_script_come_in_and_are_found_twice(pathway: Pathway, name: str) -> None:
    imported(pathway, {"name": name})

    assert Participant.objects.matching(name).get().name == name
    assert found(checked(pathway, {"name": name})).namesakes[0].name == name


def test_whoever_has_no_day_of_enrolment_is_enrolled_with_the_first_completed_stage_else_today(
    pathway: Pathway,
) -> None:
    imported(pathway, {**ANA, "preparation.completed_on": "2019-06-01"}, {"name": "Bea"})

    days = dict(Enrolment.objects.values_list("participant__name", "enrolled_on"))
    assert days == {"Ana Example": dt.date(2019, 6, 1), "Bea": dt.date.today()}


# What the evidence does not show


def test_a_completed_stage_without_its_evidence_is_recorded_with_decisions_on_that_day(pathway: Pathway) -> None:
    by = registrar()

    people_import = imported(pathway, {**ANA, "preparation.completed_on": "2019-06-01"}, by=by)

    decisions = Decision.objects.order_by("requirement__sort_order")
    assert [(item.requirement.key, item.outcome, item.decided_on, item.decided_by) for item in decisions] == [
        ("retreats", "met", dt.date(2019, 6, 1), by),
        ("practice", "met", dt.date(2019, 6, 1), by),
    ]
    assert {item.reason for item in decisions} == {"Imported: completed before this record began."}
    assert found(people_import).counts["new"]["decisions"] == 2
    assert stored_progress_is_worked_out_progress()


def test_a_training_completed_long_ago_opens_the_windows_that_follow_from_that_day(pathway: Pathway) -> None:
    imported(pathway, {**ANA, "preparation.completed_on": "2019-06-01", "engagement.completed_on": "2020-02-01"})

    assert Enrolment.objects.get().trained_on == dt.date(2020, 2, 1)


def test_a_stage_is_not_imported_before_those_it_rests_on(pathway: Pathway) -> None:
    wrong = {**ANA, "completion.completed_on": "2021-01-01", "engagement.completed_on": "2020-01-01"}

    assert problems(pathway, wrong) == [
        (2, "Engagement: completed on", "This stage rests on earlier ones. Give their days too: Preparation."),
        (2, "Completion: completed on", "This stage rests on earlier ones. Give their days too: Preparation."),
    ]


def test_what_staff_refused_is_not_met_by_an_import(pathway: Pathway) -> None:
    enrolment = EnrolmentFactory(pathway=pathway, participant__email=ANA["email"], participant__name=ANA["name"])
    actions.decide(enrolment, asked(pathway, "practice"), outcome="refused", reason="Seen.", by=None)

    assert problems(pathway, {**ANA, "preparation.completed_on": "2024-06-01"}) == [
        (2, "Preparation: completed on", "“Own practice” was refused on record. Revoke that first.")
    ]


# Problems, by row and column


@pytest.mark.parametrize(
    ("said", "column", "message"),
    [
        ({"name": " "}, "Name", "This must be filled in."),
        ({"name": "A" * 161}, "Name", "This has 161 characters; at most 160 are kept."),
        ({"name": "Ana\x07"}, "Name", "This has a sign that cannot be kept (U+0007). Type it anew."),
        ({"email": "ana at example"}, "E-mail", "This is not an e-mail address."),
        (
            {"country": "Germny"},
            "Country",
            "This is not a country. Give its name or its code. Did you mean “Germany”?",
        ),
        ({"language": "nl, en"}, "Language", "This is not a language. Give the name or the code of one."),
        ({"status": "gone"}, "Enrolment status", "Write one of: active, paused, withdrawn."),
        ({"enrolled_on": "2999-01-01"}, "Enrolled on", "This date lies in the future."),
        ({"enrolled_on": "1019-01-01"}, "Enrolled on", "Nothing before 1 January 1950 is kept."),
        (
            {"enrolled_on": "03/04/2020"},
            "Enrolled on",
            "This may be 3 April 2020 or 4 March 2020. Write the year first (2027-10-31), or the month as a word.",
        ),
        (
            {"enrolled_on": "2020-01-01", "preparation.completed_on": "2019-12-31"},
            "Preparation: completed on",
            "The enrolment began on 1 January 2020, after this.",
        ),
        ({"preparation.completed_on": "2999-01-01"}, "Preparation: completed on", "This date lies in the future."),
        ({"preparation.practice.1.detail": "Sangha"}, "Own practice: date", "Give the date."),
        ({"preparation.practice.1.date": "2999-01-01"}, "Own practice: date", "This date lies in the future."),
        ({"preparation.retreats.1.date": "2020-01-01"}, "Two retreats 1: days", "Give the amount."),
        (
            {"preparation.retreats.2.date": "2020-01-01", "preparation.retreats.2.amount": "3"},
            "Two retreats 2: days",
            "“Two retreats” counts 5–7 days each.",
        ),
        (
            {"engagement.hours.1.date": "2020-01-01", "engagement.hours.1.amount": "0"},
            "Hours of practice: hours",
            "Give an amount greater than zero.",
        ),
        (
            {"engagement.hours.1.date": "2020-01-01", "engagement.hours.1.amount": "many"},
            "Hours of practice: hours",
            "This is not a number. Write the number alone, without its unit.",
        ),
        (
            {"preparation.practice.1.date": "2020-01-01", "preparation.practice.1.detail": "a" * 241},
            "Own practice: what and where",
            "This has 241 characters; at most 240 are kept.",
        ),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column_in_plain_words(
    pathway: Pathway, said: dict[str, str], column: str, message: str
) -> None:
    good = {"name": "Bea", "email": "bea@example.org"}

    with nobody_written():
        assert problems(pathway, good, {**ANA, **said}) == [(3, column, message)]


def test_a_problem_shows_the_value_without_what_cannot_be_shown(pathway: Pathway) -> None:
    [told] = found(checked(pathway, {"name": "Ana\x07" + "a" * 100})).problems

    assert told.value == "Ana�" + "a" * 55 + "…"


def test_all_problems_of_a_row_are_told_at_once(pathway: Pathway) -> None:
    wrong = {"name": "", "email": "x", "country": "Atlantis", "preparation.completed_on": "soon"}

    assert [column for _row, column, _message in problems(pathway, wrong)] == [
        "Name",
        "E-mail",
        "Country",
        "Preparation: completed on",
    ]


def test_a_file_without_a_column_of_names_has_a_problem_in_each_row(pathway: Pathway) -> None:
    assert problems(pathway, {"town": "Porto"}, {"town": "Paris"}) == [
        (2, "Name", "This must be filled in."),
        (3, "Name", "This must be filled in."),
    ]


# The same person twice


def test_rows_with_the_same_address_and_name_are_one_person(pathway: Pathway) -> None:
    more = {"name": "Example, Ana", "email": "ANA@example.org"}
    keys = ("preparation.retreats.1.date", "preparation.retreats.1.amount")

    imported(
        pathway,
        {**ANA, keys[0]: "2018-01-07", keys[1]: "5"},
        {"name": "Bea", keys[0]: "", keys[1]: ""},
        {**more, keys[0]: "2019-01-07", keys[1]: "6"},
    )

    assert Participant.objects.count() == 2
    assert [str(item.date) for item in Evidence.objects.filter(enrolment__participant__name="Ana Example")] == [
        "2018-01-07",
        "2019-01-07",
    ]


def test_rows_of_one_person_must_not_say_different_things(pathway: Pathway) -> None:
    assert problems(pathway, {**ANA, "town": "Porto"}, {**ANA, "town": "Paris"}, {**ANA, "town": ""}) == [
        (3, "Town", "Row 2, of the same person, says “Porto”.")
    ]


def test_the_same_evidence_twice_in_the_file_counts_once(pathway: Pathway) -> None:
    same = {**ANA, "preparation.practice.1.date": "2018-01-01"}

    assert notices(pathway, same, same) == [(3, "Own practice: date", "The same as in row 2. It counts once.")]
    imported(pathway, same, same)
    assert Evidence.objects.count() == 1


def test_one_address_with_two_names_is_a_problem(pathway: Pathway) -> None:
    assert problems(pathway, ANA, {**ANA, "name": "Bea Other"}) == [
        (3, "E-mail", "Row 2 has this address and another name.")
    ]


def test_the_same_name_twice_is_two_people_only_if_the_user_says_so(pathway: Pathway) -> None:
    file = [ANA, {"name": "ANA EXAMPLE", "email": "other@example.org"}]

    people_import = checked(pathway, *file)
    assert [(person.row, person.whom) for person in found(people_import).namesakes] == [(3, "row 2")]

    imported(pathway, *file)
    assert [person.email for person in Participant.objects.all()] == ["ana@example.org"]

    imported(pathway, *file, namesakes="others")
    assert [person.email for person in Participant.objects.order_by("pk")] == ["ana@example.org", "other@example.org"]


def test_somebody_on_record_with_the_name_and_another_address_is_left_out_unless_the_user_says_otherwise(
    pathway: Pathway,
) -> None:
    ParticipantFactory(name="Éxample Ana", email="")

    people_import = checked(pathway, ANA)
    assert [(person.name, person.whom) for person in found(people_import).namesakes] == [
        ("Ana Example", "Éxample Ana")
    ]
    assert not Preview(people_import).may_be_imported

    imported(pathway, ANA, namesakes="others")
    assert Participant.objects.count() == 2


def test_the_same_file_twice_doubles_nobody(pathway: Pathway) -> None:
    file = [{**ANA, **PREPARED}, {"name": "Without an address", **PREPARED}]
    imported(pathway, *file)

    with nobody_written():
        second = checked(pathway, *file)

        assert found(second).counts["known"]["unchanged"] == 1
        assert found(second).namesakes[0].whom == "Without an address"
        assert not Preview(second).may_be_imported


# People on record


def known(pathway: Pathway, **details: Any) -> Enrolment:
    return EnrolmentFactory(
        pathway=pathway,
        participant=ParticipantFactory(**{**ANA, "country": "", "language": "", **details}),
        enrolled_on=dt.date(2017, 1, 9),
    )


def test_what_is_new_is_added_to_the_record_of_somebody_known_by_their_address(pathway: Pathway) -> None:
    enrolment = known(pathway, email="Ana@Example.org")
    retreat(enrolment, date=dt.date(2018, 3, 4), days="6", detail="Silent retreat, Ammerdown")

    imported(pathway, {**ANA, "town": "Porto", **PREPARED})

    ana = Participant.objects.get()
    assert (ana.town, ana.email) == ("Porto", "Ana@Example.org")
    assert [str(item.date) for item in enrolment.evidence.all()] == ["2018-01-01", "2018-03-04", "2019-05-04"]
    assert state(enrolment, "preparation") == "completed"
    assert stored_progress_is_worked_out_progress()
    [entry] = ModelLogEntry.objects.for_instance(ana).filter(action="imp.participant.change")
    assert entry.data == {"what": "town", "before": "–", "after": "Porto", "why": "Imported from “people.csv”."}


def test_who_is_filled_in_is_found_by_what_was_filled_in(pathway: Pathway) -> None:
    known(pathway)

    imported(pathway, {**ANA, "printed_name": "Anastasia Example"})

    assert Participant.objects.matching("anastasia").count() == 1


def test_private_notes_stay_out_of_the_log(pathway: Pathway) -> None:
    known(pathway)

    imported(pathway, {**ANA, "notes": "A secret"})

    assert Participant.objects.get().notes == "A secret"
    assert "secret" not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


def test_what_the_record_says_already_stays_and_is_told(pathway: Pathway) -> None:
    enrolment = known(pathway, town="Paris")
    complete(enrolment, "preparation")
    said = {**ANA, "name": "Ana B. Example", "town": "Porto", "enrolled_on": "2016-01-01", "status": "withdrawn"}

    assert notices(pathway, {**said, "preparation.completed_on": "2019-06-01"}) == [
        (2, "Name", "On record as “Ana Example”, which stays."),
        (2, "Town", "On record as “Paris”, which stays."),
        (2, "Enrolled on", "On record as “9 January 2017”, which stays."),
        (2, "Enrolment status", "On record as “active”, which stays."),
        (2, "Preparation: completed on", "On record as “1 May 2024”, which stays."),
    ]


def test_an_address_of_somebody_else_on_record_is_a_problem(pathway: Pathway) -> None:
    known(pathway)

    assert problems(pathway, {**ANA, "name": "Bea Other"}) == [
        (2, "E-mail", "On record this is the address of “Ana Example”.")
    ]


def test_somebody_known_who_is_not_on_the_pathway_is_enrolled(pathway: Pathway) -> None:
    ParticipantFactory(**ANA)

    imported(pathway, {**ANA, **PREPARED})

    assert state(Enrolment.objects.get(participant__email=ANA["email"]), "preparation") == "completed"


def test_people_on_record_are_left_as_they_are_if_the_user_says_so(pathway: Pathway) -> None:
    known(pathway)
    wrong_if_taken = {**ANA, "preparation.completed_on": "2999-01-01"}

    people_import = checked(pathway, wrong_if_taken, {"name": "Bea"}, known="leave")
    assert Preview(people_import).problems == []
    jobs.run(steps.import_all(people_import, by=None).pk)

    assert not StageCompletion.objects.exists()
    assert Participant.objects.count() == 2


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("paused", "This enrolment is paused. Resume it first."),
        ("withdrawn", "This enrolment is withdrawn. Resume it first."),
    ],
)
def test_no_stage_is_completed_for_somebody_who_paused_or_withdrew(
    pathway: Pathway, status: str, message: str
) -> None:
    actions.set_status(known(pathway), status, why="Asked for it.", by=None)

    assert problems(pathway, {**ANA, "preparation.completed_on": "2019-06-01"}) == [
        (2, "Preparation: completed on", message)
    ]


def test_a_withdrawn_enrolment_takes_no_evidence_and_a_new_one_that_ended_long_ago_does(pathway: Pathway) -> None:
    actions.set_status(known(pathway), "withdrawn", why="Asked for it.", by=None)
    evidence = {"preparation.practice.1.date": "2018-01-01"}

    assert problems(pathway, {**ANA, **evidence}, {"name": "Bea", "status": "withdrawn", **evidence}) == [
        (2, "Own practice: date", "This enrolment is withdrawn. Resume it first.")
    ]


# All or nothing


def ready(pathway: Pathway, count: int = 3) -> PeopleImport:
    people = [{"name": f"Person {number}", "email": f"p{number}@example.org", **PREPARED} for number in range(count)]
    return checked(pathway, *people)


def test_a_receiver_that_fails_at_the_last_person_leaves_nothing_behind(pathway: Pathway) -> None:
    people_import = ready(pathway)
    seen = []

    def fail(sender: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        seen.append(enrolment.participant.name)
        if len(seen) == 3:
            raise RuntimeError

    progress_stored.connect(fail)
    try:
        with nobody_written():
            jobs.run(steps.import_all(people_import, by=None).pk)
    finally:
        progress_stored.disconnect(fail)

    people_import = again(people_import)
    assert seen == ["Person 0", "Person 1", "Person 2"]
    assert people_import.finished_at is None
    assert Preview(people_import).failure == "This failed. The site's log says why."


def test_what_was_checked_is_not_imported_if_the_record_has_changed_since(pathway: Pathway) -> None:
    people_import = ready(pathway)
    ParticipantFactory(name="Somebody Else", email="p2@example.org")

    with nobody_written():
        jobs.run(steps.import_all(people_import, by=None).pk)

    assert (
        Preview(again(people_import)).failure == "The record has changed since the file was checked. Check it again."
    )


def test_an_import_that_failed_can_be_checked_again_and_then_imported(pathway: Pathway) -> None:
    people_import = ready(pathway)
    clashing = ParticipantFactory(name="Somebody Else", email="p2@example.org")
    jobs.run(steps.import_all(people_import, by=None).pk)
    clashing.delete()

    people_import = again(people_import)
    jobs.run(steps.check(people_import, people_import.matching, by=None).pk)
    jobs.run(steps.import_all(again(people_import), by=None).pk)

    assert Participant.objects.count() == 3


def test_a_crash_in_the_middle_leaves_nobody_written_and_going_on_finishes_it(
    pathway: Pathway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(works, "PART", 1)
    people_import = ready(pathway)
    job = steps.import_all(people_import, by=None)

    with nobody_written():
        jobs.run(job.pk, seconds=0)
        jobs.run(job.pk, seconds=0)
    jobs.run(job.pk)

    assert Participant.objects.count() == 3


def test_importing_twice_at_once_imports_once(pathway: Pathway) -> None:
    people_import = ready(pathway)

    first, second = steps.import_all(people_import, by=None), steps.import_all(people_import, by=None)
    jobs.run(first.pk)

    assert first == second
    assert Participant.objects.count() == 3


def test_everybody_s_stored_progress_is_announced_to_other_rooms(pathway: Pathway) -> None:
    known(pathway)
    told: list[str] = []

    def tell(sender: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        told.append(enrolment.participant.name)

    progress_stored.connect(tell)
    try:
        imported(pathway, {**ANA, **PREPARED}, {"name": "Bea"})
    finally:
        progress_stored.disconnect(tell)

    assert sorted(told) == ["Ana Example", "Bea"]


def test_who_may_be_listed_by_it_is_told_to_other_rooms_at_once_and_not_in_turns() -> None:
    pathway = PathwayFactory()
    RequirementFactory(stage=StageFactory(pathway=pathway, key="only"), key="practice")
    done = {"only.practice.1.date": "2018-01-01", "only.completed_on": "2019-06-01"}
    anna = known(pathway)
    told: list[list[int]] = []

    def tell(sender: Any, participants: list[int], **kwargs: Any) -> None:
        told.append(participants)

    standing_changed.connect(tell)
    try:
        imported(pathway, {**ANA, **done}, {"name": "Bea", **done})
    finally:
        standing_changed.disconnect(tell)

    assert told == [[anna.participant_id, Participant.objects.get(name="Bea").pk]]


def queries_of_a_check(pathway: Pathway, count: int) -> int:
    """For so many people who are all on record, with something to compare."""
    people = [{"name": f"Person {n}", "email": f"p{n}@{pathway.key}.example.org"} for n in range(count)]
    for person in people:
        retreat(EnrolmentFactory(pathway=pathway, participant=ParticipantFactory(**person)))
    people_import = begun(pathway, *({**person, **PREPARED} for person in people))
    job = steps.check(people_import, people_import.matching, by=None)
    with CaptureQueriesContext(connection) as queries:
        jobs.run(job.pk)
    assert found(again(people_import)).counts["known"]["people"] == count
    return len(queries)


def test_checking_takes_the_same_queries_for_one_person_and_for_many() -> None:
    assert queries_of_a_check(imp(), 1) == queries_of_a_check(imp(), 20)


# What is kept, and for how long


def kept_files() -> list[str]:
    storage = private_storage()
    return storage.listdir("imports")[1] if storage.exists("imports") else []


def test_what_was_imported_is_forgotten_but_for_its_numbers(
    pathway: Pathway, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        people_import = imported(pathway, {**ANA, "notes": "A secret"})
    assert len(kept_files()) == 1
    for callback in callbacks:
        callback()

    job = Job.objects.get()
    assert kept_files() == []
    assert (people_import.file.name, people_import.matching, job.refusals) == ("", {}, [])
    assert "Ana" not in str(job.params)
    assert job.params["findings"]["counts"]["new"]["people"] == 1


@pytest.mark.parametrize("is_at_work", [True, False])
def test_an_import_that_is_given_up_leaves_nothing(
    pathway: Pathway, is_at_work: bool, django_capture_on_commit_callbacks: Any
) -> None:
    people_import = begun(pathway, ANA)
    job = steps.check(people_import, people_import.matching, by=None)
    if not is_at_work:
        jobs.run(job.pk)
    people_import = again(people_import)

    with django_capture_on_commit_callbacks(execute=True):
        steps.discard(people_import)

    job.refresh_from_db()
    assert (kept_files(), job.params, job.items, job.refusals) == ([], {}, [], [])
    assert not PeopleImport.objects.exists()


@pytest.mark.parametrize("give_up", [steps.discard, lambda begun: jobs.cancel(begun.job)], ids=["page", "job"])
def test_an_import_whose_last_step_is_taken_is_given_up_no_more(pathway: Pathway, give_up: Callable) -> None:
    people_import = checked(pathway, ANA)
    job = steps.import_all(people_import, by=None)
    as_the_page_showed_it = again(people_import)
    while job.position < job.total:
        job = jobs.run(job.pk, seconds=0)

    with suppress(ValidationError):
        give_up(as_the_page_showed_it)

    assert again(people_import).finished_at is not None
    assert Participant.objects.get().name == "Ana Example"


def test_whoever_gives_up_an_import_too_late_is_told(pathway: Pathway) -> None:
    people_import = checked(pathway, ANA)
    job = steps.import_all(people_import, by=None)
    as_the_page_showed_it = again(people_import)
    while job.position < job.total:
        job = jobs.run(job.pk, seconds=0)

    with pytest.raises(ValidationError, match="imported already"):
        steps.discard(as_the_page_showed_it)


def test_whoever_has_lost_the_right_meanwhile_imports_nothing(pathway: Pathway) -> None:
    user = registrar()
    people_import = checked(pathway, ANA, by=user)
    job = steps.import_all(people_import, by=user)
    user.groups.clear()
    job = jobs.run(job.pk)

    assert job.refusals[0][1] == "Whoever started this may no longer do it."
    assert not Participant.objects.exists()


def test_an_import_that_nobody_finished_is_forgotten_when_the_next_one_begins(
    pathway: Pathway, django_capture_on_commit_callbacks: Any
) -> None:
    old, recent = begun(pathway, ANA), begun(pathway, ANA)
    done = imported(pathway, ANA)
    long_ago = old.created_at - dt.timedelta(days=storing.KEPT_DAYS + 1)
    PeopleImport.objects.filter(pk__in=[old.pk, done.pk]).update(created_at=long_ago)

    with django_capture_on_commit_callbacks(execute=True):
        new = begun(pathway, ANA)

    assert set(PeopleImport.objects.all()) == {recent, done, new}
    assert len(kept_files()) == 3  # the done one's is deleted by a transaction that this test never commits


def test_a_cell_that_looks_like_a_formula_stays_text_all_the_way(pathway: Pathway) -> None:
    imported(pathway, {**ANA, "town": "=1+1", "notes": "@SUM(A1)"})

    assert Participant.objects.values_list("town", "notes").get() == ("=1+1", "@SUM(A1)")


def test_a_file_with_an_example_of_everything_has_no_problem(pathway: Pathway) -> None:
    assert csv_of(ANA).startswith(b"name,email")
    assert (
        problems(pathway, {**ANA, **PREPARED, "engagement.days.1.date": "2020-01-01", "engagement.days.1.amount": "2"})
        == []
    )


def test_whoever_is_erased_stands_in_no_file_that_waits_either(
    pathway: Pathway, django_capture_on_commit_callbacks: Any
) -> None:
    ana = ParticipantFactory(**ANA)
    naming, other = checked(pathway, ANA), checked(pathway, {"name": "Bea"})

    with django_capture_on_commit_callbacks(execute=True):
        erase(ana, why="Asked for it.", by=None)

    assert [item.pk for item in PeopleImport.objects.all()] == [other.pk]
    assert len(kept_files()) == 1
    assert "Ana" not in str(list(Job.objects.filter(pk=naming.job.pk).values()))


def test_a_file_that_is_lost_keeps_nobody_from_being_erased(pathway: Pathway) -> None:
    lost = begun(pathway, ANA)
    private_storage().delete(lost.file.name)

    erase(ParticipantFactory(name="Bea"), why="Asked for it.", by=None)

    assert not Participant.objects.exists()


WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "Ana",
            "ana@example.org",
            "2018-03-04",
            "3/4/2018",
            "6",
            "NL",
            "active",
            "=1+1",
            "#REF!",
            "\0",
            "\ud800",
            "9" * 400,
        ]
    ),
)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(WORDS, min_size=28, max_size=28), min_size=1, max_size=3))
def test_nothing_that_stands_in_a_cell_breaks_the_check(pathway: Pathway, rows: list[list[str]]) -> None:
    scheme = scheme_of(pathway)
    table = Table(["x"] * 28, [TableRow(number, cells) for number, cells in enumerate(rows, start=2)])
    matching = {str(place): column.key for place, column in enumerate(scheme.columns[:28])}
    storage = private_storage()
    name = storage.save("imports/any.jsonl", packed(table))

    assert unpacked(storage, name) == table
    read = PeopleResource(scheme, matching).read(table.rows)
    findings = Findings()
    findings.add((Planner(scheme, OnRecord()).plan([row]) for row in read), scheme)

    assert [row.number for row in read] == [row.number for row in table.rows]
    assert groups_of(table, matching).leaders(0, len(rows))[0] == 0
    assert Findings.from_json(json.loads(json.dumps(findings.as_json()))) == findings
