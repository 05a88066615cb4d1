"""The grid of attendance: what others ticked is kept, what could not be saved stays, a column is ticked at once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.cohorts.attendance import grid_of
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment, Session
from tests.factories import CohortFactory, MembershipFactory, SessionFactory, facilitator, registrar
from tests.participants.cohorts import cell, member
from tests.participants.support import stored_progress_is_worked_out_progress, unchanged

pytestmark = pytest.mark.django_db

FIRST, SECOND = dt.date(2024, 3, 1), dt.date(2024, 3, 8)


@pytest.fixture
def leader(cohort: Cohort, client: Client) -> Any:
    user = facilitator()
    cohort.facilitators.add(user)
    client.force_login(user)
    return user


@pytest.fixture
def sessions(cohort: Cohort) -> list[Session]:
    return [SessionFactory(cohort=cohort, date=day) for day in (FIRST, SECOND)]


@pytest.fixture
def people(cohort: Cohort) -> list[Enrolment]:
    return [member(cohort, name) for name in ("Ana", "Bo", "Cy")]


def address(cohort: Cohort) -> str:
    return reverse("imp_cohorts:cohort", args=[cohort.pk])


def said(response: HttpResponse) -> list[str]:
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def present(session: Session) -> set[str]:
    return set(Attendance.objects.filter(session=session).values_list("enrolment__participant__name", flat=True))


class TestTwoAtOnce:
    def test_the_same_tick_of_somebody_else_is_told_by_name(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        ana, bo, _cy = people
        cohort_actions.mark_attendance(sessions[0], present=[ana], by=registrar())
        response = client.post(address(cohort), {"present": [cell(sessions[0], ana), cell(sessions[0], bo)]})

        assert said(response) == ["1 mark saved.", "Somebody else had already marked the same: Ana (1 March 2024)."]
        assert present(sessions[0]) == {"Ana", "Bo"}

    def test_what_somebody_else_ticked_and_unticked_stays_and_is_told(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        ana, bo, cy = people
        cohort_actions.mark_attendance(sessions[0], present=[ana], by=None)
        shown = {"present": [cell(sessions[0], ana)], "was": [cell(sessions[0], ana)]}
        cohort_actions.mark_attendance(sessions[0], present=[bo], absent=[ana], by=registrar())
        shown["present"].append(cell(sessions[1], cy))
        response = client.post(address(cohort), shown)

        assert said(response) == [
            "1 mark saved.",
            "Meanwhile somebody else changed 2 other marks, which are kept.",
        ]
        assert (present(sessions[0]), present(sessions[1])) == ({"Bo"}, {"Cy"})

    def test_only_the_first_of_many_are_named(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        cohort_actions.mark_attendance(sessions[0], present=people, by=registrar())
        cohort_actions.mark_attendance(sessions[1], present=people[:2], by=registrar())
        cells = [cell(session, one) for session in sessions for one in people]
        _saved, others = said(client.post(address(cohort), {"present": cells}))

        assert others.endswith("Ana (1 March 2024); Bo (1 March 2024); Cy (1 March 2024) and 2 more.")

    def test_one_s_own_second_click_is_no_news(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        data = {"present": [cell(sessions[0], people[0])]}
        token = client.get(address(cohort)).context["once_token"]
        client.post(address(cohort), {**data, "once": token})
        with unchanged():
            assert said(client.post(address(cohort), {**data, "once": token})) == ["1 mark saved."]
            assert said(client.post(address(cohort), data))[1:] == ["0 marks saved."]

    def test_what_was_ticked_stands_in_the_page_when_it_cannot_be_saved(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        """Somebody left meanwhile; the other ticks are not lost, and saved by sending them again."""
        ana, bo, cy = people
        cohort_actions.mark_attendance(sessions[0], present=[bo], by=None)
        was = [cell(sessions[0], bo)]
        cohort_actions.leave_cohort(cohort.memberships.get(enrolment=cy), by=None)
        with unchanged():
            response = client.post(
                address(cohort), {"present": [cell(sessions[0], ana), cell(sessions[0], cy)], "was": was}
            )
        assert "Members or sessions changed meanwhile." in response.text
        ticked = re.findall(r'name="present" value="(.+?)" checked', response.text)
        still = re.findall(r'name="was" value="(.+?)"', response.text)
        assert (ticked, still) == ([cell(sessions[0], ana)], was)
        client.post(address(cohort), {"present": ticked, "was": still})

        assert present(sessions[0]) == {"Ana"}

    def test_a_session_removed_meanwhile_costs_no_other_tick(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        cells = [cell(session, people[0]) for session in sessions]
        cohort_actions.remove_session(Session.objects.get(pk=sessions[0].pk), by=None)
        response = client.post(address(cohort), {"present": cells})

        assert re.findall(r'name="present" value="(.+?)" checked', response.text) == cells[1:]


class TestAWholeColumn:
    def test_is_ticked_by_its_button_with_what_else_was_changed(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        ana, bo, _cy = people
        cohort_actions.mark_attendance(sessions[0], present=[ana], by=leader)
        cohort_actions.mark_attendance(sessions[1], present=[bo], by=leader)
        data = {
            "was": [cell(sessions[0], ana), cell(sessions[1], bo)],
            "present": [cell(sessions[1], ana)],
            "everyone": sessions[0].pk,
        }
        assert said(client.post(address(cohort), data)) == ["4 marks saved."]

        assert (present(sessions[0]), present(sessions[1])) == ({"Ana", "Bo", "Cy"}, {"Ana"})
        assert stored_progress_is_worked_out_progress()

    @pytest.mark.parametrize("nonsense", ["0", "x", "1-1"])
    def test_of_no_session_is_refused(
        self,
        client: Client,
        leader: Any,
        cohort: Cohort,
        sessions: list[Session],
        people: list[Enrolment],
        nonsense: str,
    ) -> None:
        with unchanged():
            response = client.post(address(cohort), {"everyone": nonsense})
        assert list(response.context["form"].errors) == ["everyone"]

    def test_still_to_come_has_no_button_and_is_refused(
        self, client: Client, leader: Any, cohort: Cohort, people: list[Enrolment]
    ) -> None:
        session = SessionFactory(cohort=cohort, date=dt.date(2999, 1, 1))
        assert 'name="everyone"' not in client.get(address(cohort)).text
        with unchanged():
            response = client.post(address(cohort), {"everyone": session.pk})

        assert "has not taken place yet" in response.text

    def test_is_saved_in_as_many_queries_for_forty_as_for_two(
        self, client: Client, leader: Any, cohort: Cohort
    ) -> None:
        def queries(count: int) -> int:
            own = CohortFactory(pathway=cohort.pathway)
            own.facilitators.add(leader)
            MembershipFactory.create_batch(count, cohort=own)
            session = SessionFactory(cohort=own)
            with CaptureQueriesContext(connection) as captured:
                assert client.post(address(own), {"everyone": session.pk}).status_code == 302
            assert session.attendance.count() == count
            return len(captured)

        queries(2)
        assert queries(2) == queries(40)
        assert stored_progress_is_worked_out_progress()

    def test_has_an_entry_in_the_history_of_each(
        self, client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
    ) -> None:
        client.post(address(cohort), {"everyone": sessions[0].pk})
        entries = ModelLogEntry.objects.filter(action="imp.attendance.mark", user=leader)

        assert sorted(entry.label for entry in entries) == ["Ana", "Bo", "Cy"]
        assert len({entry.uuid for entry in entries}) == 3


def test_enter_in_a_box_saves_and_presses_no_column_s_button(
    client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
) -> None:
    """A browser presses the form's first button then."""
    form = client.get(address(cohort)).text.partition('<form method="post" autocomplete="off">')[2]

    assert 'name="' not in re.search(r"<button type=\"submit\"[^>]*>", form).group()


def test_those_who_came_and_left_are_named_with_how_often(
    client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
) -> None:
    for session in sessions:
        cohort_actions.mark_attendance(session, present=people, by=None)
    cohort_actions.leave_cohort(cohort.memberships.get(enrolment=people[1]), by=None)
    grid = grid_of(cohort)

    assert [(one.enrolment, one.count) for one in grid.former] == [(people[1], 2)]
    assert [column.count for column in grid.columns] == [3, 3]
    assert "Bo (2)" in client.get(address(cohort)).text


def test_a_facilitator_sees_names_and_attendance_and_nothing_of_the_administration(
    client: Client, leader: Any, cohort: Cohort, sessions: list[Session], people: list[Enrolment]
) -> None:
    text = client.get(address(cohort)).text
    links = set(re.findall(r'href="(/admin/training/[^"]+)"', text))

    assert "Ana" in text
    assert leader.username not in text.partition("<main")[2].partition("</main>")[0]
    assert {link for link in links if "participants" in link or re.search(r"cohorts/\d+/.", link)} == set()
