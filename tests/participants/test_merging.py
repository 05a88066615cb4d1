"""Two records of one person become one: nothing that was on either is lost, and a refusal changes nothing."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from imp_wagtail.core.storage import private_storage
from imp_wagtail.directory.moving import move_entry
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.duplicates.merging import KEEP, OTHER, hanging_on, merge, tell_apart
from imp_wagtail.participants.models import (
    Attendance,
    Decision,
    DistinctPair,
    Enrolment,
    Evidence,
    Extension,
    Membership,
    Participant,
    StageCompletion,
)
from imp_wagtail.participants.signals import participants_merging
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    ParticipantFactory,
    SessionFactory,
    TeacherFactory,
    UserFactory,
    registrar,
)
from tests.participants.support import (
    PAST,
    asked,
    imp,
    logged,
    refused,
    retreat,
    stage,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db

EARLY, LATE = dt.date(2023, 2, 1), dt.date(2024, 2, 1)


@pytest.fixture
def ana() -> Participant:
    return ParticipantFactory(name="Ana Núñez", email="ana@example.org", town="", notes="Called in May.")


@pytest.fixture
def anna() -> Participant:
    return ParticipantFactory(name="Anna Nunez", email="anna@example.com", town="Sevilla", country="ES", notes="")


class TestDetails:
    def test_what_the_kept_record_says_stays_and_what_it_leaves_open_comes_from_the_other(
        self, ana: Participant, anna: Participant
    ) -> None:
        merge(ana, anna, by=None)

        [kept] = Participant.objects.all()
        assert (kept.pk, kept.name, kept.email, kept.town, kept.country, kept.notes) == (
            ana.pk,
            "Ana Núñez",
            "ana@example.org",
            "Sevilla",
            "NL",
            "Called in May.",
        )

    def test_each_detail_is_taken_from_the_side_that_was_chosen(self, ana: Participant, anna: Participant) -> None:
        account = UserFactory()
        Participant.objects.filter(pk=anna.pk).update(user=account, printed_name="Dr. A. Nunez")
        choices = {"name": OTHER, "printed_name": OTHER, "email": OTHER, "town": KEEP, "country": OTHER, "user": OTHER}
        merge(ana, anna, choices=choices, by=None)

        [kept] = Participant.objects.all()
        assert (kept.pk, kept.name, kept.printed_name, kept.email, kept.email_key) == (
            ana.pk,
            "Anna Nunez",
            "Dr. A. Nunez",
            "anna@example.com",
            "anna@example.com",
        )
        assert (kept.town, kept.country, kept.user, kept.name_key) == ("", "ES", account, "anna nunez")

    def test_notes_of_both_are_kept_in_the_order_in_which_they_came(self, ana: Participant, anna: Participant) -> None:
        Participant.objects.filter(pk=anna.pk).update(notes=" Wrote in June. ")
        assert merge(anna, ana, by=None).notes == "Called in May.\n\nWrote in June."

    def test_the_same_notes_are_kept_once_and_the_earlier_day_of_adding_counts(
        self, ana: Participant, anna: Participant
    ) -> None:
        first = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        Participant.objects.filter(pk=anna.pk).update(notes="Called in May.", created_at=first)
        merge(ana, anna, by=None)

        kept = Participant.objects.get()
        assert (kept.notes, kept.created_at) == ("Called in May.", first)

    def test_one_entry_of_the_log_says_what_was_given_up(self, ana: Participant, anna: Participant) -> None:
        by = registrar()
        with logged(
            "imp.participant.merge",
            by,
            what="Anna Nunez",
            before="name: Anna Nunez; e-mail: anna@example.com; town: –; country: Spain",
            after="name: Ana Núñez; e-mail: ana@example.org; town: Sevilla; country: Netherlands",
        ):
            merge(ana, anna, by=by)

    def test_the_history_of_both_is_the_history_of_the_one_kept(self, ana: Participant, anna: Participant) -> None:
        for person in (ana, anna):
            person.town = "Leiden"
            actions.save_participant(person, by=None)
        merge(ana, anna, by=None)

        history = ModelLogEntry.objects.for_instance(ana).order_by("pk").values_list("action", flat=True)
        assert list(history) == ["imp.participant.change"] * 2 + ["imp.participant.merge"]
        assert ModelLogEntry.objects.count() == 3

    def test_choices_are_between_the_two(self, ana: Participant, anna: Participant) -> None:
        with refused("town", saying="one of the two"):
            merge(ana, anna, choices={"town": "Leiden"}, by=None)
        Participant.objects.filter(pk=anna.pk).update(name="")
        with refused("name"):
            merge(ana, anna, choices={"name": OTHER}, by=None)


class TestWho:
    def test_a_record_is_not_merged_with_itself(self, ana: Participant) -> None:
        with refused(saying="one and the same"):
            merge(ana, ana, by=None)

    def test_merging_again_changes_nothing(self, ana: Participant, anna: Participant) -> None:
        merge(ana, anna, by=None)
        with unchanged():
            assert merge(ana, anna, by=None) == ana

    def test_nothing_goes_into_a_record_that_is_gone(self, ana: Participant, anna: Participant) -> None:
        merge(ana, anna, by=None)
        with refused(saying="no longer on record"):
            merge(anna, ana, by=None)

    def test_whoever_was_told_apart_from_the_one_is_told_apart_from_the_other(
        self, ana: Participant, anna: Participant
    ) -> None:
        third, fourth = ParticipantFactory(), ParticipantFactory()
        by = registrar()
        for one, another in [(ana, anna), (ana, third), (anna, third), (anna, fourth)]:
            tell_apart(one, another, by=by)
        merge(anna, ana, by=None)

        pairs = DistinctPair.objects.order_by("second").values_list("first", "second", "decided_by")
        assert list(pairs) == [(anna.pk, third.pk, by.pk), (anna.pk, fourth.pk, by.pk)]


class TestSeveralPathways:
    def test_an_enrolment_on_another_pathway_comes_along_as_it_is(self, ana: Participant, anna: Participant) -> None:
        own, other = (
            EnrolmentFactory(participant=ana, pathway=imp()),
            EnrolmentFactory(participant=anna, pathway=imp()),
        )
        evidence = retreat(other)
        merge(ana, anna, by=None)

        assert list(ana.enrolments.order_by("pk")) == [own, other]
        assert Evidence.objects.get() == evidence
        assert evidence.enrolment == other
        assert stored_progress_is_worked_out_progress()


@pytest.fixture
def both(pathway: Pathway, ana: Participant, anna: Participant) -> tuple[Enrolment, Enrolment]:
    """Both on the same pathway."""
    return (
        EnrolmentFactory(participant=ana, pathway=pathway, enrolled_on=LATE),
        EnrolmentFactory(participant=anna, pathway=pathway, enrolled_on=EARLY),
    )


Both = tuple[Enrolment, Enrolment]


def merged(both: Both, **choices: str) -> Enrolment:
    """The one enrolment that is left when the second's person goes into the first's."""
    kept, other = both
    merge(kept.participant, other.participant, choices=choices, by=None)
    assert stored_progress_is_worked_out_progress()
    return Enrolment.objects.get(pathway=kept.pathway)


class TestOnePathway:
    def test_of_two_enrolments_one_is_left_since_the_earlier_day(self, both: Both) -> None:
        enrolment = merged(both)
        assert (enrolment, enrolment.enrolled_on, enrolment.participant) == (both[0], EARLY, both[0].participant)

    @pytest.mark.parametrize(
        ("one", "another", "together"),
        [
            ("active", "withdrawn", "active"),
            ("withdrawn", "active", "active"),
            ("paused", "withdrawn", "paused"),
            ("paused", "active", "active"),
            ("withdrawn", "withdrawn", "withdrawn"),
        ],
    )
    def test_whoever_takes_part_on_one_takes_part(self, both: Both, one: str, another: str, together: str) -> None:
        for enrolment, status in zip(both, (one, another), strict=True):
            Enrolment.objects.filter(pk=enrolment.pk).update(status=status)
        assert merged(both).status == together

    def test_evidence_of_both_counts_together(self, both: Both) -> None:
        retreat(both[0], detail="Ammerdown")
        retreat(both[1], detail="Beatenberg")
        enrolment = merged(both)

        assert sorted(enrolment.evidence.values_list("detail", flat=True)) == ["Ammerdown", "Beatenberg"]
        assert enrolment.progress.get(stage__key="preparation").met == 1

    def test_the_same_fact_on_both_sides_is_one_with_both_notes_and_the_document(self, both: Both) -> None:
        first = retreat(both[1], note="From the letter.")
        second = retreat(both[0], note="From the mail.", file=ContentFile(b"scan", name="scan.pdf"))
        enrolment = merged(both)

        [kept] = enrolment.evidence.all()
        assert kept == first
        assert kept.note == "From the letter.\n\nFrom the mail."
        assert kept.file.name == second.file.name
        assert kept.file.read() == b"scan"

    def test_the_same_document_on_both_sides_is_stored_once(
        self, both: Both, django_capture_on_commit_callbacks: Callable
    ) -> None:
        first, second = (retreat(enrolment, file=ContentFile(b"scan", name="scan.pdf")) for enrolment in both)
        with django_capture_on_commit_callbacks(execute=True):
            enrolment = merged(both)

        assert enrolment.evidence.get().file.name == first.file.name
        assert private_storage().exists(first.file.name)
        assert not private_storage().exists(second.file.name)

    def test_the_same_fact_with_different_documents_stays_twice_because_no_document_is_lost(
        self, both: Both, django_capture_on_commit_callbacks: Callable
    ) -> None:
        for enrolment in both:
            retreat(enrolment, file=ContentFile(str(enrolment.pk).encode(), name="scan.pdf"))
        with django_capture_on_commit_callbacks(execute=True):
            enrolment = merged(both)

        contents = {evidence.file.read() for evidence in enrolment.evidence.all()}
        assert contents == {str(enrolment.pk).encode() for enrolment in both}

    def test_a_document_that_cannot_be_read_is_not_taken_for_the_same(self, both: Both) -> None:
        for enrolment in both:
            evidence = retreat(enrolment, file=ContentFile(b"scan", name="scan.pdf"))
        private_storage().delete(evidence.file.name)
        assert merged(both).evidence.count() == 2

    def test_the_decision_of_the_kept_enrolment_stands_and_the_other_is_kept(self, both: Both) -> None:
        practice, hours = asked(both[0].pathway, "practice"), asked(both[0].pathway, "hours")
        own = actions.decide(both[0], practice, outcome="met", reason="Seen.", by=None)
        other = actions.decide(both[1], practice, outcome="refused", reason="Not seen.", by=None)
        alone = actions.decide(both[1], hours, outcome="waived", reason="Long ago.", by=None)
        enrolment = merged(both)

        stands = dict(enrolment.decisions.values_list("pk", "stands"))
        assert stands == {own.pk: True, other.pk: None, alone.pk: True}

    def test_completions_and_extensions_do_the_same(self, both: Both) -> None:
        preparation, engagement = stage(both[0].pathway, "preparation"), stage(both[0].pathway, "engagement")
        rows = {
            (model, enrolment.pk, own.key): model.objects.create(enrolment=enrolment, stage=own, **details)
            for model, details in [
                (StageCompletion, {"completed_on": PAST}),
                (Extension, {"until": PAST, "reason": "Ill.", "granted_on": PAST}),
            ]
            for enrolment, own in [(both[0], preparation), (both[1], preparation), (both[1], engagement)]
        }
        enrolment = merged(both)

        for model in (StageCompletion, Extension):
            standing = {row.pk for row in model.objects.filter(enrolment=enrolment, stands=True)}
            assert standing == {
                rows[model, both[0].pk, "preparation"].pk,
                rows[model, both[1].pk, "engagement"].pk,
            }
            assert (
                model.objects.filter(enrolment=enrolment, stands=None).get() == rows[model, both[1].pk, "preparation"]
            )

    def test_cohorts_and_attendance_come_along_and_doubles_become_one(self, both: Both) -> None:
        shared, own = (CohortFactory(pathway=both[0].pathway) for _ in range(2))
        sessions = [SessionFactory(cohort=shared), SessionFactory(cohort=shared), SessionFactory(cohort=own)]
        for enrolment in both:
            cohort_actions.join_cohort(shared, enrolment, by=None)
        cohort_actions.join_cohort(own, both[1], by=None)
        cohort_actions.mark_attendance(sessions[0], present=both, by=None)
        cohort_actions.mark_attendance(sessions[1], present=both[1:], by=None)
        cohort_actions.mark_attendance(sessions[2], present=both[1:], by=None)
        enrolment = merged(both)

        assert sorted(enrolment.memberships.values_list("cohort", flat=True)) == [shared.pk, own.pk]
        assert sorted(enrolment.attendance.values_list("session", flat=True)) == [item.pk for item in sessions]
        assert (Membership.objects.count(), Attendance.objects.count()) == (2, 3)


def facts() -> dict[str, Any]:
    """All that is on record but keys, and which of two rows stands: the same, whichever record is kept."""
    return {
        "enrolments": list(Enrolment.objects.values_list("pathway", "enrolled_on", "status")),
        "evidence": sorted(Evidence.objects.values_list("pk", "requirement", "date", "amount", "detail", "note")),
        "decisions": sorted(Decision.objects.values_list("pk", "requirement", "outcome", "reason")),
        "completions": sorted(StageCompletion.objects.values_list("pk", "stage", "completed_on")),
        "extensions": sorted(Extension.objects.values_list("pk", "stage", "until", "reason")),
        "cohorts": sorted(Membership.objects.values_list("cohort", flat=True)),
        "attendance": sorted(Attendance.objects.values_list("session", flat=True)),
        "notes": list(Participant.objects.values_list("notes", flat=True)),
        "added": list(Participant.objects.values_list("created_at", flat=True)),
    }


class RolledBackError(Exception):
    """Undoes what a test has looked at."""


@pytest.mark.parametrize("turned", [False, True])
def test_whichever_record_is_kept_the_same_facts_are_on_record(both: Both, turned: bool) -> None:
    practice = asked(both[0].pathway, "practice")
    session = SessionFactory(cohort=CohortFactory(pathway=both[0].pathway))
    for place, enrolment in enumerate(both):
        retreat(enrolment, detail="The same", note=f"Note {place}")
        retreat(enrolment, detail=f"Own {place}")
        actions.decide(enrolment, practice, outcome="met", reason=f"Reason {place}", by=None)
        cohort_actions.join_cohort(session.cohort, enrolment, by=None)
        cohort_actions.mark_attendance(session, present=[enrolment], by=None)
        Participant.objects.filter(pk=enrolment.participant_id).update(notes=f"Notes {place}")

    seen = []
    for order in (both, both[::-1]):
        with pytest.raises(RolledBackError), transaction.atomic():
            merged(order)
            seen.append(facts())
            raise RolledBackError
    assert seen[turned] == seen[not turned]
    assert len(seen[0]["evidence"]) == 3
    assert len(seen[0]["decisions"]) == 2


class TestOtherRooms:
    @pytest.fixture
    def heard(self) -> Iterator[list[dict[str, Any]]]:
        """What a receiver of the signal was sent."""
        heard: list[dict[str, Any]] = []

        def listen(sender: Any, signal: Any, **sent: Any) -> None:
            heard.append({**sent, "moved": sent["keep"].enrolments.count()})

        participants_merging.connect(listen)
        yield heard
        participants_merging.disconnect(listen)

    def test_they_hear_of_it_when_all_of_this_room_has_moved(self, both: Both, heard: list[dict[str, Any]]) -> None:
        elsewhere = EnrolmentFactory(participant=both[1].participant)
        by = registrar()
        keep, other = both[0].participant, both[1].participant
        merge(keep, other, choices={"teacher": OTHER}, by=by)

        [sent] = heard
        assert sent["moved"] == 2
        assert elsewhere in keep.enrolments.all()
        assert (sent["keep"], sent["enrolments"], sent["choices"], sent["by"]) == (
            keep,
            {both[1]: both[0]},
            {"teacher": OTHER},
            by,
        )

    def test_one_that_refuses_undoes_everything(self, both: Both) -> None:
        def refuse(sender: Any, **kwargs: Any) -> None:
            raise ValidationError("Not these two.")

        retreat(both[1])
        participants_merging.connect(refuse)
        try:
            with refused(saying="Not these two."):
                merge(both[0].participant, both[1].participant, by=None)
        finally:
            participants_merging.disconnect(refuse)

    def test_what_nobody_has_moved_keeps_a_record_from_being_deleted(self, both: Both) -> None:
        """As where another app's records hang on it: here, a directory entry that nobody moves."""
        TeacherFactory(participant=both[1].participant, standing=False)
        participants_merging.disconnect(move_entry, dispatch_uid="imp_directory.move_entry")
        try:
            with refused(saying="cannot be moved (consents, teachers)"):
                merge(both[0].participant, both[1].participant, by=None)
        finally:
            participants_merging.connect(move_entry, dispatch_uid="imp_directory.move_entry")

    def test_rows_that_would_only_lose_their_link_hang_on_a_record_too(self, both: Both) -> None:
        by = registrar()
        retreat(both[0], by=by)
        assert Evidence in hanging_on(by)
        assert Evidence not in hanging_on(registrar())


def test_the_number_of_queries_does_not_grow_with_what_is_on_record(pathway: Pathway) -> None:
    def queries(rows: int) -> int:
        enrolments = [EnrolmentFactory(pathway=pathway) for _ in range(2)]
        cohort = CohortFactory(pathway=pathway)
        for place in range(rows):
            retreat(enrolments[1], detail=f"Retreat {place}")
            session = SessionFactory(cohort=cohort)
            Attendance.objects.create(session=session, enrolment=enrolments[1])
            tell_apart(enrolments[1].participant, ParticipantFactory(), by=None)
        with CaptureQueriesContext(connection) as captured:
            merge(enrolments[0].participant, enrolments[1].participant, by=None)
        return len(captured)

    queries(3)
    assert queries(12) == queries(3)


def test_every_table_of_the_room_is_accounted_for() -> None:
    """A table that hangs on people or enrolments and that merging does not know would lose its rows."""
    hanging = {
        relation.related_model.__name__
        for model in (Participant, Enrolment)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.many_to_many
        and relation.is_relation
        and relation.related_model._meta.app_label == "imp_participants"
    }
    moved = {"Evidence", "Decision", "StageCompletion", "Extension", "Membership", "Attendance", "DistinctPair"}
    derived = {"StageProgress"}

    assert hanging == moved | derived | {"Enrolment"}
    assert {model.__name__ for model in apps.get_app_config("imp_participants").get_models()} == hanging | {
        "Participant",
        "Cohort",
        "Session",
        "PeopleImport",
    }
