"""What may be done with cohorts: members come and go, and who was there counts."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.cohorts.marks import Saved
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment, Membership, Session, StageProgress
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    PathwayFactory,
    SessionFactory,
    TrainingPageFactory,
    facilitator,
)
from tests.participants.support import (
    PAST,
    logged,
    refused,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def member(cohort: Cohort) -> Enrolment:
    return MembershipFactory(cohort=cohort, enrolment__participant__name="Ana").enrolment


def met(enrolment: Enrolment, key: str) -> int:
    return StageProgress.objects.get(enrolment=enrolment, stage__key=key).met


class TestSavingACohort:
    def test_adds_one_with_its_facilitators_and_says_so(self, registrar_user: Any, pathway: Pathway) -> None:
        leader = facilitator()
        cohort = Cohort(title="Spring", kind="training", pathway=pathway)
        with logged("imp.cohort.add", registrar_user, what="Spring"):
            cohort_actions.save_cohort(cohort, facilitators=[leader], by=registrar_user)

        assert list(Cohort.objects.get().facilitators.all()) == [leader]

    def test_logs_one_entry_for_all_that_changed(self, registrar_user: Any, cohort: Cohort) -> None:
        leader = facilitator()
        cohort.title, cohort.kind = "Spring", "training"
        changes = {
            "what": "title, kind, facilitators",
            "before": "Supervision 1; supervision group; –",
            "after": f"Spring; training; {leader}",
        }
        with logged("imp.cohort.change", registrar_user, **changes):
            cohort_actions.save_cohort(cohort, facilitators=[leader], by=registrar_user)

    def test_twice_is_once(self, registrar_user: Any, cohort: Cohort) -> None:
        with unchanged():
            cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

    def test_with_members_stays_on_its_pathway(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        cohort.pathway = PathwayFactory()
        with refused("pathway"):
            cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

    def test_where_somebody_came_and_left_stays_on_its_pathway(
        self, registrar_user: Any, cohort: Cohort, member: Enrolment
    ) -> None:
        cohort_actions.mark_attendance(SessionFactory(cohort=cohort), present=[member], by=registrar_user)
        cohort_actions.leave_cohort(cohort.memberships.get(), by=registrar_user)
        cohort.pathway = PathwayFactory()
        with refused("pathway"):
            cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

    def test_that_nobody_joined_may_change_pathway(self, registrar_user: Any, cohort: Cohort) -> None:
        cohort.pathway = other = PathwayFactory()
        cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

        assert Cohort.objects.get().pathway == other

    def test_refuses_the_training_of_another_pathway(self, registrar_user: Any, cohort: Cohort) -> None:
        cohort.training = TrainingPageFactory(pathway=PathwayFactory())
        with refused("training", saying="another pathway"):
            cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

    @pytest.mark.parametrize("is_of_the_pathway", [True, False])
    def test_takes_a_training_of_its_pathway_or_of_none(
        self, registrar_user: Any, cohort: Cohort, is_of_the_pathway: bool
    ) -> None:
        cohort.training = TrainingPageFactory(pathway=cohort.pathway if is_of_the_pathway else None)
        cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

        assert Cohort.objects.get().training == cohort.training

    def test_of_another_kind_counts_towards_other_requirements(
        self, registrar_user: Any, cohort: Cohort, member: Enrolment
    ) -> None:
        for session in SessionFactory.create_batch(3, cohort=cohort):
            cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
        assert (met(member, "engagement"), met(member, "completion")) == (0, 1)
        cohort.kind = CohortKind.TRAINING
        cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)

        assert (met(member, "engagement"), met(member, "completion")) == (1, 0)
        assert stored_progress_is_worked_out_progress()

    @pytest.mark.parametrize(("field", "value"), [("title", ""), ("kind", "choir")])
    def test_refuses_bad_details_beside_their_field(
        self, registrar_user: Any, cohort: Cohort, field: str, value: str
    ) -> None:
        setattr(cohort, field, value)
        with refused(field):
            cohort_actions.save_cohort(cohort, facilitators=[], by=registrar_user)


class TestJoining:
    def test_makes_a_member_and_says_so(self, registrar_user: Any, cohort: Cohort) -> None:
        enrolment = EnrolmentFactory(pathway=cohort.pathway)
        with logged("imp.cohort.join", registrar_user, what="Supervision 1"):
            cohort_actions.join_cohort(cohort, enrolment, by=registrar_user)

        assert list(cohort.members.all()) == [enrolment]

    def test_twice_is_once(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        with unchanged():
            cohort_actions.join_cohort(cohort, member, by=registrar_user)

    def test_refuses_somebody_on_another_pathway(self, registrar_user: Any, cohort: Cohort) -> None:
        other = EnrolmentFactory(participant__name="Bo")
        with refused("enrolments", saying="Bo is on another pathway."):
            cohort_actions.join_cohort(cohort, other, by=registrar_user)

    @pytest.mark.parametrize("status", ["paused", "withdrawn"])
    def test_refuses_whoever_is_not_active(self, registrar_user: Any, cohort: Cohort, status: str) -> None:
        enrolment = EnrolmentFactory(pathway=cohort.pathway, status=status)
        with refused(saying=status):
            cohort_actions.join_cohort(cohort, enrolment, by=registrar_user)

    def test_of_several_is_all_or_none(self, registrar_user: Any, cohort: Cohort) -> None:
        good, bad = EnrolmentFactory(pathway=cohort.pathway), EnrolmentFactory()
        with refused("enrolments"):
            cohort_actions.join_all(cohort, [good, bad], by=registrar_user)
        cohort_actions.join_all(cohort, [good, EnrolmentFactory(pathway=cohort.pathway)], by=registrar_user)

        assert cohort.memberships.count() == 2


class TestLeaving:
    def test_keeps_what_was_attended(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        for session in SessionFactory.create_batch(3, cohort=cohort):
            cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
        with logged("imp.cohort.leave", registrar_user, what="Supervision 1"):
            cohort_actions.leave_cohort(cohort.memberships.get(), by=registrar_user)

        assert (Membership.objects.count(), Attendance.objects.count()) == (0, 3)
        assert met(member, "completion") == 1
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        membership = cohort.memberships.get()
        cohort_actions.leave_cohort(membership, by=registrar_user)
        with unchanged():
            cohort_actions.leave_cohort(membership, by=registrar_user)


class TestAddingSessions:
    def series(self, cohort: Cohort, by: Any, **changes: Any) -> list[Session]:
        values = {"first": dt.date(2024, 2, 28), "count": 3, "every_days": 1, "hours": D("1.5")} | changes
        return cohort_actions.add_sessions(cohort, **values, by=by)

    def test_adds_a_series_across_a_leap_day_and_says_so(self, registrar_user: Any, cohort: Cohort) -> None:
        with logged("imp.cohort.sessions", registrar_user, what="28 February 2024, 29 February 2024, 1 March 2024"):
            sessions = self.series(cohort, registrar_user)

        assert [session.date.day for session in sessions] == [28, 29, 1]
        assert {session.hours for session in cohort.sessions.all()} == {D("1.5")}

    def test_twice_is_once(self, registrar_user: Any, cohort: Cohort) -> None:
        self.series(cohort, registrar_user)
        with unchanged():
            assert self.series(cohort, registrar_user) == []

    def test_adds_only_the_days_that_are_missing(self, registrar_user: Any, cohort: Cohort) -> None:
        self.series(cohort, registrar_user, count=1)
        with logged("imp.cohort.sessions", registrar_user, what="29 February 2024, 1 March 2024"):
            self.series(cohort, registrar_user)

        assert cohort.sessions.count() == 3

    def test_refuses_days_beyond_the_calendar(self, registrar_user: Any, cohort: Cohort) -> None:
        with refused("first"):
            self.series(cohort, registrar_user, first=dt.date(9999, 12, 30))


class TestMarkingAttendance:
    def test_counts_and_says_who_was_where(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        session = SessionFactory(cohort=cohort, date=PAST)
        entry = {"what": "Supervision 1 · 1 May 2024", "before": "not present", "after": "present"}
        with logged("imp.attendance.mark", registrar_user, **entry):
            assert cohort_actions.mark_attendance(session, present=[member], by=registrar_user) == 1

        assert Attendance.objects.get().marked_by == registrar_user
        assert member.progress.get(stage__key="completion").state == "in_progress"
        assert stored_progress_is_worked_out_progress()

    def test_may_be_taken_back(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        session = SessionFactory(cohort=cohort, date=PAST)
        cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
        entry = {"what": "Supervision 1 · 1 May 2024", "before": "present", "after": "not present"}
        with logged("imp.attendance.mark", registrar_user, **entry):
            assert cohort_actions.mark_attendance(session, absent=[member], by=registrar_user) == 1

        assert member.progress.get(stage__key="completion").state == "not_started"
        assert stored_progress_is_worked_out_progress()

    @pytest.mark.parametrize("mark", ["present", "absent"])
    def test_twice_is_once(self, registrar_user: Any, cohort: Cohort, member: Enrolment, mark: str) -> None:
        session = SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, **{mark: [member]}, by=registrar_user)
        with unchanged():
            assert cohort_actions.mark_attendance(session, **{mark: [member]}, by=registrar_user) == 0

    def test_leaves_alone_whoever_is_not_named(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        session, other = SessionFactory(cohort=cohort), MembershipFactory(cohort=cohort).enrolment
        cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
        cohort_actions.mark_attendance(session, present=[other], by=registrar_user)

        assert Attendance.objects.count() == 2

    def test_refuses_people_who_are_not_members(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        session, other = (
            SessionFactory(cohort=cohort),
            EnrolmentFactory(pathway=cohort.pathway, participant__name="Bo"),
        )
        for mark in ({"present": [member, other]}, {"absent": [other]}):
            with refused(saying="Bo is not a member of this cohort."):
                cohort_actions.mark_attendance(session, **mark, by=registrar_user)

    def test_refuses_sessions_still_to_come(
        self, registrar_user: Any, cohort: Cohort, member: Enrolment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session = SessionFactory(cohort=cohort, date=dt.date(2026, 7, 1))
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 6, 30, 21, 59, tzinfo=dt.UTC))
        with refused(saying="The session on 1 July 2026 has not taken place yet."):
            cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 6, 30, 22, 0, tzinfo=dt.UTC))

        assert cohort_actions.mark_attendance(session, present=[member], by=registrar_user) == 1

    def test_of_two_groups_adds_up(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        second = CohortFactory(pathway=cohort.pathway)
        cohort_actions.join_cohort(second, member, by=registrar_user)
        sessions = [*SessionFactory.create_batch(2, cohort=cohort), SessionFactory(cohort=second)]
        for place, session in enumerate(sessions, start=1):
            assert met(member, "completion") == 0
            cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
            assert Attendance.objects.count() == place

        assert met(member, "completion") == 1

    def test_does_not_count_sessions_that_were_too_short(
        self, registrar_user: Any, cohort: Cohort, member: Enrolment
    ) -> None:
        for hours in ("1.5", "1.49", "1.5"):
            session = SessionFactory(cohort=cohort, hours=D(hours))
            cohort_actions.mark_attendance(session, present=[member], by=registrar_user)

        assert met(member, "completion") == 0

    def test_leaves_a_completed_stage_completed_when_taken_back(
        self, registrar_user: Any, cohort: Cohort, member: Enrolment
    ) -> None:
        sessions = SessionFactory.create_batch(3, cohort=cohort)
        for session in sessions:
            cohort_actions.mark_attendance(session, present=[member], by=registrar_user)
        for key in ("all", "cycles"):
            asked = member.pathway.stages.get(key="completion").requirements.get(key=key)
            actions.decide(member, asked, outcome="waived", reason="Long ago.", by=registrar_user)
        actions.complete_stage(member, member.pathway.stages.get(key="completion"), by=registrar_user)
        cohort_actions.mark_attendance(sessions[0], absent=[member], by=registrar_user)

        progress = member.progress.get(stage__key="completion")
        assert (progress.state, progress.met) == ("completed", 2)


class TestMarkingAGrid:
    def cells(self, sessions: list[Session], members: list[Enrolment]) -> set[str]:
        return {f"{session.pk}-{member.pk}" for session in sessions for member in members}

    def test_saves_each_changed_cell_once_and_logs_it(
        self, registrar_user: Any, cohort: Cohort, member: Enrolment
    ) -> None:
        other = MembershipFactory(cohort=cohort).enrolment
        sessions = SessionFactory.create_batch(3, cohort=cohort)
        cells = self.cells(sessions, [member, other])

        assert len(cohort_actions.mark_cells(cohort, ticked=cells, unticked=set(), by=registrar_user).changed) == 6
        assert cohort_actions.mark_cells(cohort, ticked=cells, unticked=set(), by=registrar_user) == Saved()
        gone = self.cells(sessions[:1], [other])
        assert len(cohort_actions.mark_cells(cohort, ticked=set(), unticked=gone, by=registrar_user).changed) == 1

        assert (Attendance.objects.count(), ModelLogEntry.objects.count()) == (5, 7)
        assert (met(member, "completion"), met(other, "completion")) == (1, 0)
        assert stored_progress_is_worked_out_progress()

    def test_is_all_or_none(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        past, future = SessionFactory(cohort=cohort), SessionFactory(cohort=cohort, date=dt.date(2999, 1, 1))
        with refused():
            cohort_actions.mark_cells(
                cohort, ticked=self.cells([past, future], [member]), unticked=set(), by=registrar_user
            )

    def test_refuses_whoever_was_erased_meanwhile(self, registrar_user: Any, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort)
        with refused(saying="Somebody is no longer on record."):
            cohort_actions.mark_cells(cohort, ticked={f"{session.pk}-999999"}, unticked=set(), by=registrar_user)

    def test_refuses_whoever_left_meanwhile(self, registrar_user: Any, cohort: Cohort, member: Enrolment) -> None:
        sessions = SessionFactory.create_batch(2, cohort=cohort)
        cohort_actions.leave_cohort(cohort.memberships.get(), by=registrar_user)
        with refused(saying="Ana is not a member"):
            cohort_actions.mark_cells(cohort, ticked=self.cells(sessions, [member]), unticked=set(), by=registrar_user)
