"""The screens of cohorts: the list, the grid to tick, and the forms."""

import datetime as dt
import re

import pytest
from django.test import Client

from imp_wagtail.core import roles
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.cohorts.attendance import grid_of
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    PathwayFactory,
    SessionFactory,
    TrainingPageFactory,
    UserFactory,
    facilitator,
    registrar,
)
from tests.participants.cohorts import address, cell, member
from tests.participants.screens import errors, queries_of
from tests.participants.support import unchanged

pytestmark = pytest.mark.django_db

FUTURE = dt.date(2999, 1, 1)


class TestTheList:
    def test_counts_members_and_sessions_each_once(self, staff: Client, cohort: Cohort) -> None:
        MembershipFactory.create_batch(3, cohort=cohort)
        SessionFactory.create_batch(2, cohort=cohort)
        [row] = staff.get(address("index")).context["object_list"]

        assert (row.member_count, row.session_count) == (3, 2)

    @pytest.mark.parametrize(
        ("text", "found"), [("super", ["Supervision 1"]), ("SPRING", ["Spring training"]), ("%", []), ("", None)]
    )
    def test_finds_part_of_a_title(self, staff: Client, cohort: Cohort, text: str, found: list[str] | None) -> None:
        CohortFactory(title="Spring training")
        titles = [row.title for row in staff.get(address("index"), {"q": text}).context["object_list"]]

        assert titles == (["Spring training", "Supervision 1"] if found is None else found)

    @pytest.mark.parametrize("query", [{"ordering": "facilitators__password"}, {"ordering": "-kind"}, {"p": "99"}])
    def test_no_order_or_page_is_an_error(self, staff: Client, cohort: Cohort, query: dict[str, str]) -> None:
        assert len(staff.get(address("index"), query).context["object_list"]) == 1

    def test_takes_as_many_queries_for_thirty_as_for_one(self, staff: Client, pathway: Pathway) -> None:
        def add(count: int) -> None:
            for one in CohortFactory.create_batch(count, pathway=pathway):
                MembershipFactory.create_batch(2, cohort=one)
                SessionFactory(cohort=one)

        add(1)
        for_one = queries_of(staff, address("index"))
        add(29)

        assert queries_of(staff, address("index")) == for_one


class TestTheGrid:
    def test_has_a_row_for_each_member_and_a_column_for_each_session(self, cohort: Cohort) -> None:
        bo, ana = member(cohort, "Bo"), member(cohort, "Ana")
        late, early = (SessionFactory(cohort=cohort, date=dt.date(2024, 3, day)) for day in (9, 2))
        cohort_actions.mark_attendance(late, present=[bo], by=None)
        grid = grid_of(cohort)

        assert grid.sessions == [early, late]
        assert [row.membership.enrolment for row in grid.rows] == [ana, bo]
        assert [[each.is_present for each in row.cells] for row in grid.rows] == [[False, False], [False, True]]
        assert [row.count for row in grid.rows] == [0, 1]

    def test_says_in_words_what_each_box_means(self, staff: Client, cohort: Cohort) -> None:
        member(cohort, "Ana Núñez")
        SessionFactory(cohort=cohort, date=dt.date(2024, 3, 9))
        text = staff.get(address("cohort", cohort.pk)).text

        assert "Ana Núñez was present on 9 Mar 2024" in text
        assert "0 of 1" in text

    def test_names_its_training_with_dates(self, staff: Client, pathway: Pathway) -> None:
        training = TrainingPageFactory(title="Summer training")
        one = CohortFactory(pathway=pathway, kind="training", training=training)

        assert "Summer training, 21–30 October 2099" in staff.get(address("cohort", one.pk)).text

    def test_without_sessions_or_members_says_so(self, staff: Client, cohort: Cohort) -> None:
        assert "No members yet." in staff.get(address("cohort", cohort.pk)).text
        member(cohort, "Ana")
        text = staff.get(address("cohort", cohort.pk)).text

        assert "No sessions yet." in text
        assert "Ana" in text

    def test_saves_what_was_ticked_and_unticked(self, staff: Client, cohort: Cohort) -> None:
        ana, bo = member(cohort, "Ana"), member(cohort, "Bo")
        session = SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, present=[ana], by=None)
        data = {"present": [cell(session, bo)], "was": [cell(session, ana)]}
        response = staff.post(address("cohort", cohort.pk), data, follow=True)

        assert list(Attendance.objects.values_list("enrolment", flat=True)) == [bo.pk]
        assert "2 marks saved." in response.text

    def test_sent_again_changes_nothing(self, staff: Client, cohort: Cohort) -> None:
        ana, session = member(cohort), SessionFactory(cohort=cohort)
        data = {"present": [cell(session, ana)]}
        staff.post(address("cohort", cohort.pk), data)
        with unchanged():
            staff.post(address("cohort", cohort.pk), data)

    def test_keeps_what_two_people_tick_at_once(self, client: Client, cohort: Cohort) -> None:
        ana, bo, session = member(cohort, "Ana"), member(cohort, "Bo"), SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, present=[ana], by=None)
        first, second = facilitator(), facilitator()
        cohort.facilitators.set([first, second])
        # Both opened the page when only Ana was ticked. One unticks her, the other adds Bo.
        for who, present in ((first, []), (second, [cell(session, ana), cell(session, bo)])):
            client.force_login(who)
            client.post(address("cohort", cohort.pk), {"present": present, "was": [cell(session, ana)]})

        marks = {mark.enrolment: mark.marked_by for mark in Attendance.objects.all()}
        assert marks == {bo: second}

    def test_keeps_what_somebody_else_ticked_after_the_page_was_opened(self, staff: Client, cohort: Cohort) -> None:
        ana, bo, session = member(cohort, "Ana"), member(cohort, "Bo"), SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, present=[bo], by=None)
        # The page was opened when nobody was ticked, and sent when Bo was.
        staff.post(address("cohort", cohort.pk), {"present": [cell(session, ana)]})

        assert set(Attendance.objects.values_list("enrolment", flat=True)) == {ana.pk, bo.pk}

    def test_sends_back_what_it_showed(self, staff: Client, cohort: Cohort) -> None:
        ana, bo, session = member(cohort, "Ana"), member(cohort, "Bo"), SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, present=[ana], by=None)
        text = staff.get(address("cohort", cohort.pk)).text

        assert re.findall(r'name="was" value="(.+?)"', text) == [cell(session, ana)]
        assert re.findall(r'name="present" value="(.+?)"\s+checked', text) == [cell(session, ana)]
        assert f'value="{cell(session, bo)}"' in text

    def test_offers_no_session_still_to_come_and_refuses_one(self, staff: Client, cohort: Cohort) -> None:
        ana, session = member(cohort), SessionFactory(cohort=cohort, date=FUTURE)
        assert re.search(r"<input[^>]+disabled", staff.get(address("cohort", cohort.pk)).text)
        with unchanged():
            response = staff.post(address("cohort", cohort.pk), {"present": [cell(session, ana)]})

        assert errors(response) == ["__all__"]
        assert "The session on 1 January 2999 has not taken place yet." in response.text

    def test_refuses_members_and_sessions_that_are_gone(self, staff: Client, cohort: Cohort) -> None:
        ana, session = member(cohort), SessionFactory(cohort=cohort)
        cohort_actions.leave_cohort(cohort.memberships.get(), by=None)
        for nonsense in (cell(session, ana), "1-", "nonsense", "-1", f"{session.pk}-{ana.pk}; DROP TABLE"):
            with unchanged():
                response = staff.post(address("cohort", cohort.pk), {"present": [nonsense]})
            assert errors(response) == ["present"]
        assert "Members or sessions changed meanwhile." in response.text

    def test_takes_as_many_queries_for_thirty_as_for_one(self, client: Client, cohort: Cohort) -> None:
        user = facilitator()
        cohort.facilitators.add(user)
        for who in (user, registrar()):
            client.force_login(who)
            self.fill(cohort, 1)
            for_one = queries_of(client, address("cohort", cohort.pk))
            self.fill(cohort, 29)

            assert queries_of(client, address("cohort", cohort.pk)) == for_one

    def fill(self, cohort: Cohort, count: int) -> None:
        for enrolment in [one.enrolment for one in MembershipFactory.create_batch(count, cohort=cohort)]:
            session = SessionFactory(cohort=cohort)
            Attendance.objects.create(session=session, enrolment=enrolment)


class TestForms:
    def test_a_cohort_is_added_with_who_leads_it(self, staff: Client, pathway: Pathway) -> None:
        leader = facilitator()
        data = {"title": "Spring", "kind": "training", "pathway": pathway.pk, "facilitators": [leader.pk]}
        response = staff.post(address("add"), data)
        cohort = Cohort.objects.get()

        assert response.url == address("cohort", cohort.pk)
        assert list(cohort.facilitators.all()) == [leader]

    @pytest.mark.parametrize(
        ("data", "field"), [({"title": ""}, "title"), ({"kind": "choir"}, "kind"), ({"pathway": "0"}, "pathway")]
    )
    def test_bad_details_are_refused_beside_their_field(
        self, staff: Client, pathway: Pathway, data: dict[str, str], field: str
    ) -> None:
        with unchanged():
            response = staff.post(
                address("add"), {"title": "Spring", "kind": "training", "pathway": pathway.pk, **data}
            )
            assert errors(response) == [field]

    def test_those_who_can_lead_are_offered_by_name(self, staff: Client) -> None:
        for name in ("zoe", "ana"):
            UserFactory(username=name, role=roles.FACILITATORS)
        offered = staff.get(address("add")).context["form"].fields["facilitators"].queryset

        assert [user.username for user in offered if user.username in ("ana", "zoe")] == ["ana", "zoe"]

    def test_only_facilitators_and_registrars_can_lead(self, staff: Client, pathway: Pathway) -> None:
        data = {"title": "Spring", "kind": "training", "pathway": pathway.pk, "facilitators": [UserFactory().pk]}
        with unchanged():
            assert errors(staff.post(address("add"), data)) == ["facilitators"]

    def test_a_cohort_with_members_keeps_its_pathway_beside_the_field(self, staff: Client, cohort: Cohort) -> None:
        member(cohort)
        data = {"title": "Renamed", "kind": cohort.kind, "pathway": PathwayFactory().pk}
        with unchanged():
            assert errors(staff.post(address("edit", cohort.pk), data)) == ["pathway"]

    def test_a_cohort_is_renamed(self, staff: Client, cohort: Cohort) -> None:
        data = {"title": "Renamed", "kind": cohort.kind, "pathway": cohort.pathway_id}
        staff.post(address("edit", cohort.pk), data)

        assert Cohort.objects.get().title == "Renamed"

    def test_who_saves_second_is_told_what_the_first_changed(self, staff: Client, cohort: Cohort) -> None:
        where, leader = address("edit", cohort.pk), facilitator()
        seen = staff.get(where).context["form"]["seen"].value()
        cohort.title = "Renamed by another"
        cohort_actions.save_cohort(cohort, facilitators=[leader], by=None)
        data = {"title": "Mine", "kind": cohort.kind, "pathway": cohort.pathway_id, "seen": seen}
        with unchanged():
            response = staff.post(where, data)
        assert "Renamed by another" in response.text
        assert 'value="Mine"' in response.text
        again = {**data, "facilitators": [leader.pk], "seen": response.context["form"]["seen"].value()}
        staff.post(where, again)

        assert Cohort.objects.get().title == "Mine"
        assert list(Cohort.objects.get().facilitators.all()) == [leader]

    def test_members_are_chosen_among_the_active_on_its_pathway(self, staff: Client, cohort: Cohort) -> None:
        member(cohort, "Member")
        names = {"Free": "active", "Paused": "paused", "Gone": "withdrawn"}
        for name, status in names.items():
            EnrolmentFactory(pathway=cohort.pathway, participant__name=name, status=status)
        EnrolmentFactory(participant__name="Elsewhere")
        free = Enrolment.objects.get(participant__name="Free")
        form = staff.get(address("add_members", cohort.pk)).context["form"]
        assert [str(label) for _value, label in form.fields["enrolments"].choices] == ["Free"]
        staff.post(address("add_members", cohort.pk), {"enrolments": [free.pk]})

        assert set(cohort.members.values_list("participant__name", flat=True)) == {"Member", "Free"}

    def test_choosing_nobody_or_somebody_elsewhere_is_refused(self, staff: Client, cohort: Cohort) -> None:
        elsewhere = EnrolmentFactory()
        with unchanged():
            for chosen in ([], [elsewhere.pk], ["nonsense"]):
                assert errors(staff.post(address("add_members", cohort.pk), {"enrolments": chosen})) == ["enrolments"]

    def test_a_member_is_removed_after_asking_once_more(self, staff: Client, cohort: Cohort) -> None:
        ana, session = member(cohort, "Ana"), SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, present=[ana], by=None)
        where = address("remove_member", cohort.pk, cohort.memberships.get().pk)
        assert where in staff.get(address("cohort", cohort.pk)).text
        assert "Ana will no longer be a member." in staff.get(where).text
        response = staff.post(where)

        assert response.url == address("cohort", cohort.pk)
        assert (cohort.memberships.count(), Attendance.objects.count()) == (0, 1)

    def test_a_member_is_removed_from_their_own_cohort_only(self, staff: Client, cohort: Cohort) -> None:
        other = MembershipFactory()
        with unchanged():
            assert staff.post(address("remove_member", cohort.pk, other.pk)).status_code == 404

    def test_a_series_of_sessions_is_added(self, staff: Client, cohort: Cohort) -> None:
        data = {"first": "2024-02-28", "count": "3", "every_days": "1", "hours": "1.5"}
        staff.post(address("add_sessions", cohort.pk), data)

        assert [session.date.day for session in cohort.sessions.all()] == [28, 29, 1]

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"count": "0"}, "count"),
            ({"count": "61"}, "count"),
            ({"every_days": "0"}, "every_days"),
            ({"every_days": "367"}, "every_days"),
            ({"hours": "0.2"}, "hours"),
            ({"hours": "25"}, "hours"),
            ({"first": "2023-02-29"}, "first"),
            ({"first": "9999-12-31"}, "first"),
        ],
    )
    def test_a_bad_series_is_refused_beside_its_field(
        self, staff: Client, cohort: Cohort, data: dict[str, str], field: str
    ) -> None:
        good = {"first": "2024-02-28", "count": "3", "every_days": "7", "hours": "1.5"}
        with unchanged():
            assert errors(staff.post(address("add_sessions", cohort.pk), good | data)) == [field]

    def test_what_is_not_there_is_not_found(self, staff: Client) -> None:
        for name in ("cohort", "edit", "add_members", "add_sessions"):
            assert staff.get(address(name, 999_999)).status_code == 404
