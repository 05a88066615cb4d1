"""Members of a cohort: found among thousands, moved from group to group, back as a refresher."""

from typing import Any

import pytest
from django.test import Client

from imp_wagtail.core import roles
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.cohorts.member_forms import MOST_OFFERED
from imp_wagtail.participants.models import Cohort, Enrolment, Membership, Participant, StageProgress
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
    UserFactory,
)
from tests.participants.cohorts import address, member
from tests.participants.screens import queries_of
from tests.participants.support import (
    complete,
    imp,
    logged,
    refused,
    state,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(pathway=imp(), title="Mornings")


@pytest.fixture
def evenings(cohort: Cohort) -> Cohort:
    return CohortFactory(pathway=cohort.pathway, title="Evenings")


@pytest.fixture
def ana(cohort: Cohort) -> Enrolment:
    return member(cohort, "Ana")


def many_more(cohort: Cohort, count: int) -> None:
    people = Participant.objects.bulk_create(Participant(name=f"Person {number:04}") for number in range(count))
    Enrolment.objects.bulk_create(
        Enrolment(participant=person, pathway=cohort.pathway, current_stage=cohort.pathway.stages.first())
        for person in people
    )


class TestFindingWhoJoins:
    def offered(self, response: Any) -> list[str]:
        return [label for _key, label in response.context["form"].fields["enrolments"].choices]

    def test_offers_the_first_of_many_and_says_how_many_there_are(self, staff: Client, cohort: Cohort) -> None:
        many_more(cohort, MOST_OFFERED + 30)
        response = staff.get(address("add_members", cohort.pk))

        assert self.offered(response) == [f"Person {number:04}" for number in range(MOST_OFFERED)]
        assert f"{MOST_OFFERED + 30} people found" in response.text

    def test_finds_others_and_keeps_who_is_ticked(self, staff: Client, cohort: Cohort) -> None:
        many_more(cohort, MOST_OFFERED + 30)
        zoe = EnrolmentFactory(pathway=cohort.pathway, participant__name="Zoë Brown")
        first = Enrolment.objects.get(participant__name="Person 0000")
        where = address("add_members", cohort.pk)
        with unchanged():
            response = staff.post(where, {"find": "1", "q": "brown zoe", "enrolments": [first.pk]})

        assert self.offered(response) == ["Person 0000", "Zoë Brown"]
        assert f'value="{first.pk}" id="id_enrolments_0" checked' in " ".join(response.text.split())
        staff.post(where, {"q": "brown zoe", "enrolments": [first.pk, zoe.pk]})
        assert set(cohort.members.all()) == {first, zoe}

    def test_takes_somebody_who_was_found_earlier_and_is_not_on_show(self, staff: Client, cohort: Cohort) -> None:
        many_more(cohort, MOST_OFFERED + 30)
        last = Enrolment.objects.get(participant__name=f"Person {MOST_OFFERED + 29:04}")
        staff.post(address("add_members", cohort.pk), {"q": "", "enrolments": [last.pk]})

        assert list(cohort.members.all()) == [last]

    def test_tells_people_of_the_same_name_apart(self, staff: Client, cohort: Cohort) -> None:
        first = EnrolmentFactory(pathway=cohort.pathway, participant__name="Ana", participant__email="")
        second = EnrolmentFactory(pathway=cohort.pathway, participant__name="Ana", participant__email="")
        complete(second, "preparation")
        labels = self.offered(staff.get(address("add_members", cohort.pk)))

        assert first.participant.name == second.participant.name
        assert labels == [
            "Ana · Preparation · enrolled on 15 January 2024",
            "Ana · Engagement · enrolled on 15 January 2024",
        ]

    @pytest.mark.parametrize("text", ["nobody of this name", "%", "---"])
    def test_says_that_nobody_was_found(self, staff: Client, cohort: Cohort, text: str) -> None:
        many_more(cohort, 3)
        response = staff.post(
            address("add_members", cohort.pk), {"find": "1", "q": text, "enrolments": ["x", "-1", "9" * 40]}
        )

        assert self.offered(response) == []
        assert "Nobody found" in response.text

    def test_takes_as_many_queries_for_two_thousand_as_for_one(self, staff: Client, cohort: Cohort) -> None:
        many_more(cohort, 1)
        for_one = queries_of(staff, address("add_members", cohort.pk))
        many_more(cohort, 2000)

        assert queries_of(staff, address("add_members", cohort.pk)) == for_one

    def test_is_for_those_only_who_may_see_participants(self, client: Client, cohort: Cohort) -> None:
        many_more(cohort, 1)
        user = UserFactory(role=roles.REGISTRARS)
        user.groups.get().permissions.get(codename="view_participant").delete()
        client.force_login(user)
        for response in (
            client.get(address("add_members", cohort.pk)),
            client.post(address("add_members", cohort.pk), {"find": "1"}),
        ):
            assert (response.status_code, response.url) == (302, "/admin/")
        assert address("add_members", cohort.pk) not in client.get(address("cohort", cohort.pk)).text


class TestMovingToAnotherCohort:
    def test_leaves_and_joins_in_one_step_and_says_so(
        self, registrar_user: Any, cohort: Cohort, evenings: Cohort, ana: Enrolment
    ) -> None:
        with logged("imp.cohort.move", registrar_user, what="", before="Mornings", after="Evenings"):
            cohort_actions.move_member(cohort.memberships.get(), evenings, by=registrar_user)

        assert list(Membership.objects.values_list("cohort", "enrolment")) == [(evenings.pk, ana.pk)]

    def test_adds_up_the_sessions_of_both_groups(self, cohort: Cohort, evenings: Cohort, ana: Enrolment) -> None:
        first, second, third = SessionFactory(cohort=cohort), *SessionFactory.create_batch(2, cohort=evenings)
        cohort_actions.mark_attendance(first, present=[ana], by=None)
        cohort_actions.move_member(cohort.memberships.get(), evenings, by=None)
        for session in (second, third):
            assert StageProgress.objects.get(enrolment=ana, stage__key="completion").met == 0
            cohort_actions.mark_attendance(session, present=[ana], by=None)

        assert StageProgress.objects.get(enrolment=ana, stage__key="completion").met == 1
        assert stored_progress_is_worked_out_progress()

    def test_twice_is_once(self, cohort: Cohort, evenings: Cohort, ana: Enrolment) -> None:
        membership = cohort.memberships.get()
        moved = cohort_actions.move_member(membership, evenings, by=None)
        with unchanged():
            assert cohort_actions.move_member(membership, evenings, by=None) == moved

    def test_of_a_member_of_both_ends_one_membership(self, cohort: Cohort, evenings: Cohort, ana: Enrolment) -> None:
        kept = cohort_actions.join_cohort(evenings, ana, by=None)
        cohort_actions.move_member(cohort.memberships.get(), evenings, by=None)

        assert list(Membership.objects.all()) == [kept]

    def test_refuses_somebody_who_was_removed_meanwhile(
        self, cohort: Cohort, evenings: Cohort, ana: Enrolment
    ) -> None:
        membership = cohort.memberships.get()
        cohort_actions.leave_cohort(cohort.memberships.get(), by=None)
        with refused(saying="Ana is no longer a member of “Mornings”."):
            cohort_actions.move_member(membership, evenings, by=None)

    def test_refuses_another_pathway_and_the_same_cohort(self, cohort: Cohort, ana: Enrolment) -> None:
        for to in (CohortFactory(), cohort):
            with refused("cohort"):
                cohort_actions.move_member(cohort.memberships.get(), to, by=None)

    def test_refuses_whoever_is_paused(self, cohort: Cohort, evenings: Cohort, ana: Enrolment) -> None:
        Enrolment.objects.update(status="paused")
        with refused(saying="paused"):
            cohort_actions.move_member(cohort.memberships.get(), evenings, by=None)

    def test_offers_the_pathway_s_other_cohorts_those_of_the_same_kind_first(
        self, staff: Client, cohort: Cohort, evenings: Cohort, ana: Enrolment
    ) -> None:
        CohortFactory(pathway=cohort.pathway, kind="seminar", title="A seminar")
        CohortFactory(title="Elsewhere")
        form = staff.get(address("move_member", cohort.pk, cohort.memberships.get().pk)).context["form"]

        groups = form.fields["cohort"].choices[1:]
        assert [(str(kind), [title for _key, title in members]) for kind, members in groups] == [
            ("supervision group", ["Evenings"]),
            ("seminar", ["A seminar"]),
        ]

    def test_is_done_from_the_cohort_s_page_and_a_second_click_leads_back(
        self, staff: Client, cohort: Cohort, evenings: Cohort, ana: Enrolment
    ) -> None:
        where = address("move_member", cohort.pk, cohort.memberships.get().pk)
        assert where in staff.get(address("cohort", cohort.pk)).text
        data = {"cohort": evenings.pk, "once": staff.get(where).context["once_token"]}
        assert staff.post(where, data).url == address("cohort", cohort.pk)
        with unchanged():
            assert staff.post(where, data).url == address("cohort", cohort.pk)

        assert "Ana is now in “Evenings”." in staff.get(address("cohort", cohort.pk)).text
        assert list(evenings.members.all()) == [ana]

    def test_refuses_a_cohort_of_another_pathway_beside_the_field(
        self, staff: Client, cohort: Cohort, ana: Enrolment
    ) -> None:
        where, other = address("move_member", cohort.pk, cohort.memberships.get().pk), CohortFactory()
        with unchanged():
            response = staff.post(where, {"cohort": other.pk})

        assert list(response.context["form"].errors) == ["cohort"]


class TestARefresher:
    def test_somebody_who_has_completed_everything_may_come_again(self, staff: Client, cohort: Cohort) -> None:
        seminar = CohortFactory(pathway=cohort.pathway, kind="training")
        done = EnrolmentFactory(pathway=cohort.pathway, participant__name="Done")
        complete(done, "preparation", "engagement", "completion")
        before = list(StageProgress.objects.order_by("pk").values("stage", "state", "completed_on"))
        session = SessionFactory(cohort=seminar)
        staff.post(address("add_members", seminar.pk), {"enrolments": [done.pk]})
        staff.post(address("cohort", seminar.pk), {"present": [f"{session.pk}-{done.pk}"]})

        assert done.attendance.count() == 1
        assert list(StageProgress.objects.order_by("pk").values("stage", "state", "completed_on")) == before
        assert stored_progress_is_worked_out_progress()

    def test_progress_never_falls_for_having_come(self, cohort: Cohort, ana: Enrolment) -> None:
        complete(ana, "preparation")
        seminar = CohortFactory(pathway=cohort.pathway, kind="training")
        cohort_actions.join_cohort(seminar, ana, by=None)
        figures = []
        for session in SessionFactory.create_batch(4, cohort=seminar):
            cohort_actions.mark_attendance(session, present=[ana], by=None)
            figures.append(StageProgress.objects.get(enrolment=ana, stage__key="engagement").met)

        # The training's two days are met with the second; "Preparation is completed" was before.
        assert figures == [1, 2, 2, 2]
        assert state(ana, "preparation") == "completed"
