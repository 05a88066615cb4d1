"""Sessions of a cohort: made in a series or from a training's dates, corrected, and removed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment, Session, StageProgress
from tests.factories import CohortFactory, SessionFactory, TrainingPageFactory
from tests.participants.cohorts import address, member
from tests.participants.screens import errors
from tests.participants.support import (
    PAST,
    complete,
    logged,
    refused,
    state,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def ana(cohort: Cohort) -> Enrolment:
    return member(cohort, "Ana")


def attended(cohort: Cohort, *people: Enrolment, count: int = 3) -> list[Session]:
    sessions = SessionFactory.create_batch(count, cohort=cohort)
    for session in sessions:
        cohort_actions.mark_attendance(session, present=people, by=None)
    return sessions


def met(enrolment: Enrolment) -> int:
    return StageProgress.objects.get(enrolment=enrolment, stage__key="completion").met


class TestASeries:
    def add(self, cohort: Cohort, **changes: Any) -> list[Session]:
        values = {"first": dt.date(2024, 3, 1), "count": 2, "every_days": 7, "title": "Session {n}", "by": None}
        return cohort_actions.add_sessions(cohort, **values | changes)

    def test_numbers_its_titles_on_from_the_sessions_before(self, cohort: Cohort) -> None:
        self.add(cohort)
        self.add(cohort, first=dt.date(2024, 3, 15))

        assert list(cohort.sessions.values_list("title", flat=True)) == [f"Session {n}" for n in (1, 2, 3, 4)]

    def test_with_a_title_twice_is_once(self, cohort: Cohort) -> None:
        self.add(cohort)
        with unchanged():
            assert self.add(cohort) == []

    def test_takes_other_braces_as_they_are(self, cohort: Cohort) -> None:
        [session] = self.add(cohort, count=1, title="{0} {n.__class__} {n}")

        assert session.title == "{0} {n.__class__} 1"

    def test_keeps_a_title_as_long_as_there_is_room_for(self, staff: Client, cohort: Cohort) -> None:
        data = {"first": "2024-03-01", "count": "60", "every_days": "1", "title": "x" * 117 + "{n}"}
        staff.post(address("add_sessions", cohort.pk), data)

        assert max(len(session.title) for session in cohort.sessions.all()) == 119


class TestTheDaysOfATraining:
    @pytest.fixture
    def training_cohort(self, cohort: Cohort) -> Cohort:
        page = TrainingPageFactory(starts=dt.date(2025, 5, 1), ends=dt.date(2025, 5, 9))
        return CohortFactory(pathway=cohort.pathway, kind="training", training=page)

    def test_become_sessions_in_one_click(self, staff: Client, training_cohort: Cohort) -> None:
        text = staff.get(address("cohort", training_cohort.pk)).text
        assert "Add the 9 days of the training" in text
        for field in ('name="first" value="2025-05-01"', 'name="count" value="9"', 'name="every_days" value="1"'):
            assert field in text
        staff.post(
            address("add_sessions", training_cohort.pk), {"first": "2025-05-01", "count": "9", "every_days": "1"}
        )

        assert [session.date.day for session in training_cohort.sessions.all()] == list(range(1, 10))

    def test_stand_in_the_form_until_there_are_sessions(self, staff: Client, training_cohort: Cohort) -> None:
        where = address("add_sessions", training_cohort.pk)
        assert staff.get(where).context["form"]["count"].value() == 9
        SessionFactory(cohort=training_cohort)

        assert staff.get(where).context["form"]["count"].value() == 1
        assert "days of the training" not in staff.get(address("cohort", training_cohort.pk)).text

    @pytest.mark.parametrize("days", [{"year_only": True}, {"ends": dt.date(2025, 12, 31)}])
    def test_are_not_offered_where_they_are_unknown_or_too_many(
        self, staff: Client, training_cohort: Cohort, days: dict[str, Any]
    ) -> None:
        type(training_cohort.training).objects.update(**days)

        assert "of the training" not in staff.get(address("cohort", training_cohort.pk)).text
        assert staff.get(address("add_sessions", training_cohort.pk)).context["form"]["count"].value() == 1


class TestCorrecting:
    def test_logs_which_session_and_what_from_to(self, registrar_user: Any, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort, date=PAST, hours=D("1.5"))
        session.date, session.title, session.hours = dt.date(2024, 5, 2), "Evening", D(2)
        entry = {
            "what": "1 May 2024, date, title, hours",
            "before": "1 May 2024; –; 1.5",
            "after": "2 May 2024; Evening; 2",
        }
        with logged("imp.cohort.session.change", registrar_user, **entry):
            cohort_actions.save_session(session, by=registrar_user)

    def test_twice_is_once(self, registrar_user: Any, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort)
        with unchanged():
            cohort_actions.save_session(session, by=registrar_user)

    def test_the_hours_decides_anew_what_counts_for_all_who_came(self, cohort: Cohort, ana: Enrolment) -> None:
        """Also for those who have left the cohort since."""
        bo = member(cohort, "Bo")
        session = attended(cohort, ana, bo)[0]
        cohort_actions.leave_cohort(cohort.memberships.get(enrolment=bo), by=None)
        for hours, is_met in ((D("1.25"), 0), (D("1.5"), 1)):
            session.hours = hours
            cohort_actions.save_session(session, by=None)
            assert (met(ana), met(bo)) == (is_met, is_met)
            assert stored_progress_is_worked_out_progress()

    def test_refuses_a_day_to_come_where_people_came(self, cohort: Cohort, ana: Enrolment) -> None:
        [session] = attended(cohort, ana, count=1)
        session.date = dt.date(2999, 1, 1)
        with refused("date", saying="cannot lie in the future"):
            cohort_actions.save_session(session, by=None)

    def test_tells_two_sessions_of_a_day_apart_by_their_titles(self, cohort: Cohort) -> None:
        morning, other = SessionFactory(cohort=cohort, date=PAST), SessionFactory(cohort=cohort)
        other.date = morning.date
        with refused("date", saying="another title"):
            cohort_actions.save_session(other, by=None)
        other.title = "Afternoon"
        cohort_actions.save_session(other, by=None)

        assert cohort.sessions.filter(date=PAST).count() == 2

    @pytest.mark.parametrize(("field", "value"), [("hours", D("0.1")), ("title", "x" * 121), ("date", None)])
    def test_refuses_bad_details_beside_their_field(self, cohort: Cohort, field: str, value: Any) -> None:
        session = SessionFactory(cohort=cohort)
        setattr(session, field, value)
        with refused(field):
            cohort_actions.save_session(session, by=None)

    def test_refuses_one_that_was_removed_meanwhile(self, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort)
        Session.objects.all().delete()
        session.title = "Evening"
        with refused(saying="removed meanwhile"):
            cohort_actions.save_session(session, by=None)

    def test_is_done_from_the_cohort_s_page(self, staff: Client, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort, date=PAST)
        where = address("edit_session", cohort.pk, session.pk)
        assert where in staff.get(address("cohort", cohort.pk)).text
        response = staff.post(where, {"date": "2024-05-02", "title": "Evening", "hours": "2"})
        session.refresh_from_db()

        assert response.url == address("cohort", cohort.pk)
        assert (session.date, session.title, session.hours) == (dt.date(2024, 5, 2), "Evening", 2)

    @pytest.mark.parametrize("data", [{"hours": "25"}, {"hours": "0.2"}, {"date": ""}])
    def test_of_bad_details_comes_back_with_them(self, staff: Client, cohort: Cohort, data: dict[str, str]) -> None:
        session = SessionFactory(cohort=cohort)
        with unchanged():
            response = staff.post(
                address("edit_session", cohort.pk, session.pk), {"date": "2024-05-02", "hours": "2", **data}
            )

        assert errors(response) == list(data)

    def test_tells_what_somebody_else_changed_meanwhile(self, staff: Client, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort, date=PAST, title="Evening")
        where = address("edit_session", cohort.pk, session.pk)
        seen = staff.get(where).context["form"]["seen"].value()
        Session.objects.update(title="Afternoon")
        data = {"date": "2024-05-01", "title": "Night", "hours": "2", "seen": seen}
        with unchanged():
            response = staff.post(where, data)

        assert "Afternoon" in response.text
        assert 'value="Night"' in response.text


class TestRemoving:
    def test_an_empty_one_needs_no_reason(self, registrar_user: Any, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort, date=PAST, title="Evening")
        with logged("imp.cohort.session.remove", registrar_user, what="1 May 2024 · Evening"):
            assert cohort_actions.remove_session(session, by=registrar_user) == 0

        assert not cohort.sessions.exists()

    def test_takes_the_attendance_back_and_says_so_to_each(
        self, registrar_user: Any, cohort: Cohort, ana: Enrolment
    ) -> None:
        bo = member(cohort, "Bo")
        sessions = attended(cohort, ana, bo)
        cohort_actions.leave_cohort(cohort.memberships.get(enrolment=bo), by=None)
        assert (met(ana), met(bo)) == (1, 1)

        assert cohort_actions.remove_session(sessions[0], why="Entered twice", by=registrar_user) == 2
        assert (met(ana), met(bo), Attendance.objects.count()) == (0, 0, 4)
        assert stored_progress_is_worked_out_progress()
        entries = ModelLogEntry.objects.filter(user=registrar_user).order_by("pk")
        assert [(entry.action, entry.label) for entry in entries] == [
            ("imp.cohort.session.remove", "Supervision 1"),
            ("imp.attendance.mark", "Ana"),
            ("imp.attendance.mark", "Bo"),
        ]
        assert {entry.data["why"] for entry in entries} == {"Entered twice"}

    @pytest.mark.parametrize("why", ["", "  "])
    def test_asks_for_a_reason_where_somebody_came(self, cohort: Cohort, ana: Enrolment, why: str) -> None:
        [session] = attended(cohort, ana, count=1)
        with refused("why"):
            cohort_actions.remove_session(session, why=why, by=None)

    def test_twice_is_once(self, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort)
        key = session.pk
        cohort_actions.remove_session(session, by=None)
        session.pk = key
        with unchanged():
            assert cohort_actions.remove_session(session, by=None) == 0

    def test_leaves_a_completed_stage_completed(self, cohort: Cohort, ana: Enrolment) -> None:
        sessions = attended(cohort, ana)
        complete(ana, "preparation", "engagement", "completion")
        cohort_actions.remove_session(sessions[0], why="Entered twice", by=None)

        assert state(ana, "completion") == "completed"
        assert stored_progress_is_worked_out_progress()

    def test_says_beforehand_what_becomes_of_the_attendance(
        self, staff: Client, cohort: Cohort, ana: Enrolment
    ) -> None:
        [session] = attended(cohort, ana, count=1)
        where = address("remove_session", cohort.pk, session.pk)
        assert "1 person is put down as present" in staff.get(where).text
        with unchanged():
            assert errors(staff.post(where)) == ["why"]
        staff.post(where, {"why": "Entered twice"})

        assert not cohort.sessions.exists()

    def test_needs_no_reason_on_the_page_where_nobody_came(self, staff: Client, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort)
        where = address("remove_session", cohort.pk, session.pk)

        assert "Nobody is put down as present." in staff.get(where).text
        assert staff.post(where).url == address("cohort", cohort.pk)

    def test_a_second_click_leads_back_to_the_cohort(self, staff: Client, cohort: Cohort) -> None:
        session = SessionFactory(cohort=cohort)
        where = address("remove_session", cohort.pk, session.pk)
        token = staff.get(where).context["once_token"]
        for _click in range(2):
            assert staff.post(where, {"once": token}).url == address("cohort", cohort.pk)

        assert staff.post(where, {"once": "of another form"}).status_code == 404
        assert ModelLogEntry.objects.filter(action="imp.cohort.session.remove").count() == 1

    def test_is_of_one_s_own_cohort_only(self, staff: Client, cohort: Cohort) -> None:
        other = SessionFactory()
        with unchanged():
            for name in ("edit_session", "remove_session"):
                assert staff.post(address(name, cohort.pk, other.pk), {"date": "2024-01-01"}).status_code == 404
