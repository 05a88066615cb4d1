"""Who may do what on the screens of people and groups; ``tests/test_admin_addresses.py`` has all addresses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Cohort, Enrolment
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    ParticipantFactory,
    SessionFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)
from tests.participants.screens import with_permissions
from tests.participants.support import asked, imp, retreat, stage, unchanged

pytestmark = pytest.mark.django_db

NAME = "Leakable Person"
EMAIL = "leak@example.org"
NOTES = "Private and leakable notes"
COHORT = "Leakable cohort"
SECRETS = (NAME, EMAIL, NOTES, COHORT)

Who = Callable[[], Any]


def superuser() -> Any:
    return UserFactory(superuser=True)


def admin_without_roles() -> Any:
    return with_permissions()


def viewer() -> Any:
    """Somebody who may look at participants and cohorts and change nothing."""
    return with_permissions("view_participant", "view_cohort")


def leakable() -> Enrolment:
    person = {"participant__name": NAME, "participant__email": EMAIL, "participant__notes": NOTES}
    return EnrolmentFactory(pathway=imp(), **person)


def participant_addresses(enrolment: Enrolment) -> dict[str, str]:
    """Every address of the participants' screens, with records behind it."""
    practice, retreats = asked(enrolment.pathway, "practice"), asked(enrolment.pathway, "retreats")
    evidence = retreat(enrolment, file=ContentFile(b"leakable", name="leak.pdf"))
    decision = actions.decide(enrolment, practice, outcome="met", reason=NOTES, by=None)
    preparation = stage(enrolment.pathway, "preparation")
    twin = ParticipantFactory(name=NAME, notes=NOTES)
    return addresses(
        "imp_participants",
        {
            "duplicates": [],
            "merge tell_apart": [enrolment.participant_id, twin.pk],
            "index index_results add bulk_export": [],
            "bulk": ["evidence"],
            "record edit enrol export_person erase history history_results": [enrolment.participant_id],
            "record_evidence decide": [enrolment.pk, retreats.pk],
            "complete_stage reopen_stage": [enrolment.pk, preparation.pk],
            "set_status": [enrolment.pk, "withdrawn"],
            "evidence_file remove_evidence": [evidence.pk],
            "revoke_decision": [decision.pk],
        },
    )


def cohort_addresses(enrolment: Enrolment, *leaders: Any) -> dict[str, str]:
    """Every address of the cohorts' screens, with a member and a session behind it."""
    cohort = CohortFactory(pathway=enrolment.pathway, title=COHORT)
    cohort.facilitators.set(leaders)
    membership = MembershipFactory(cohort=cohort, enrolment=enrolment)
    session = SessionFactory(cohort=cohort)
    return addresses(
        "imp_cohorts",
        {
            "index index_results add": [],
            "cohort edit history history_results add_members add_sessions": [cohort.pk],
            "remove_member move_member": [cohort.pk, membership.pk],
            "edit_session remove_session": [cohort.pk, session.pk],
        },
    )


def addresses(room: str, arguments: dict[str, list[Any]]) -> dict[str, str]:
    found = {name: reverse(f"{room}:{name}", args=args) for names, args in arguments.items() for name in names.split()}
    # The pages of bulk actions are about those who are selected.
    return {name: f"{address}?id=all" if name.startswith("bulk") else address for name, address in found.items()}


#: Posted to every address: enough for any of the forms, if it were let through.
EVERYTHING = {
    "name": "Taken over",
    "why": "Because.",
    "reason": "Because.",
    "outcome": "met",
    "date": "2024-01-01",
    "amount": "6",
    "decided_on": "2024-01-01",
    "completed_on": "2024-01-01",
    "title": "Taken over",
    "kind": "training",
    "first": "2024-01-01",
    "count": "1",
    "every_days": "1",
}


@pytest.mark.parametrize("who", [superuser, registrar])
def test_staff_may_open_everything(client: Client, who: Who) -> None:
    client.force_login(who())
    enrolment = leakable()
    for address in [*participant_addresses(enrolment).values(), *cohort_addresses(enrolment).values()]:
        assert (address, client.get(address).status_code) == (address, 200)


def test_a_document_is_given_out_to_those_only_who_may_see_participants(client: Client) -> None:
    address = participant_addresses(leakable())["evidence_file"]
    for who, code in ((facilitator, 302), (editor, 302), (viewer, 200), (registrar, 200)):
        client.force_login(who())
        assert (who, client.get(address).status_code) == (who, code)


def test_who_may_only_look_at_participants_sees_them_and_changes_nothing(client: Client) -> None:
    client.force_login(viewer())
    there = participant_addresses(leakable())
    looking = {"index", "index_results", "bulk_export", "record", "history", "history_results", "evidence_file"}
    with unchanged():
        opened = {name for name, address in there.items() if client.get(address).status_code == 200}
        for name in set(there) - looking:
            assert (name, client.post(there[name], EVERYTHING).status_code) == (name, 302)

    assert opened == looking
    assert NAME in client.get(there["record"]).text
    for page in ("record", "history"):
        text = client.get(there[page]).text
        assert not [name for name in set(there) - looking - {"add"} if there[name] in text]
    assert there["add"] not in client.get(there["index"]).text


def test_who_may_only_look_at_cohorts_sees_them_and_changes_nothing(client: Client) -> None:
    client.force_login(viewer())
    there = cohort_addresses(leakable())
    looking = {"index", "index_results", "cohort", "history", "history_results"}
    with unchanged():
        opened = {name for name, address in there.items() if client.get(address).status_code == 200}
        for name in {*there} - looking | {"cohort"}:
            assert (name, client.post(there[name], EVERYTHING).status_code in (302, 405)) == (name, True)

    assert opened == looking
    text = client.get(there["cohort"]).text
    assert not [name for name in set(there) - looking - {"add"} if there[name] in text]
    assert "Save attendance" not in text


class TestFacilitators:
    @pytest.fixture
    def leader(self, client: Client) -> Any:
        user = facilitator()
        client.force_login(user)
        return user

    def test_open_their_own_cohorts_and_change_nothing_about_them(self, client: Client, leader: Any) -> None:
        there = cohort_addresses(leakable(), leader)
        looking = {"index", "index_results", "cohort"}
        with unchanged():
            opened = {name for name, address in there.items() if client.get(address).status_code == 200}
            for name in set(there) - looking:
                assert (name, client.post(there[name], EVERYTHING).status_code) == (name, 302)

        assert opened == looking

    def test_see_names_and_nothing_else_of_their_people(self, client: Client, leader: Any) -> None:
        enrolment = leakable()
        there = cohort_addresses(enrolment, leader)
        text = client.get(there["cohort"]).text

        assert NAME in text
        assert EMAIL not in text
        assert NOTES not in text
        assert reverse("imp_participants:record", args=[enrolment.participant_id]) not in text

    def test_see_no_cohort_of_others(self, client: Client, leader: Any) -> None:
        own = CohortFactory(title="My own cohort")
        own.facilitators.add(leader)
        there = cohort_addresses(leakable(), facilitator())

        for name in ("index", "index_results"):
            text = client.get(there[name]).text
            assert "My own cohort" in text
            assert COHORT not in text
            assert COHORT not in client.get(there[name], {"q": "Leakable"}).text
        assert client.get(there["cohort"]).status_code == 404
        assert client.post(there["cohort"], {"present": "1-1"}).status_code == 404

    def test_cannot_mark_people_of_other_cohorts_through_their_own(self, client: Client, leader: Any) -> None:
        other = leakable()
        cohort_addresses(other, facilitator())
        [session] = Cohort.objects.get(title=COHORT).sessions.all()
        own = CohortFactory(pathway=other.pathway)
        own.facilitators.add(leader)
        own_session = SessionFactory(cohort=own)
        address = reverse("imp_cohorts:cohort", args=[own.pk])
        with unchanged():
            for cell in (f"{session.pk}-{other.pk}", f"{own_session.pk}-{other.pk}"):
                assert client.post(address, {"present": cell}).status_code == 200

    def test_no_longer_see_a_cohort_that_they_no_longer_lead(self, client: Client, leader: Any) -> None:
        there = cohort_addresses(leakable(), leader)
        assert client.get(there["cohort"]).status_code == 200
        cohort_actions.save_cohort(Cohort.objects.get(), facilitators=[], by=None)

        assert client.get(there["cohort"]).status_code == 404


@pytest.mark.parametrize("who", [editor, facilitator, admin_without_roles])
def test_the_admins_reports_say_nothing_about_participants_to_others(client: Client, who: Who) -> None:
    client.force_login(who())
    enrolment = leakable()
    participant_addresses(enrolment)
    cohort_addresses(enrolment)
    text = client.get(reverse("wagtailadmin_reports:site_history"), follow=True).text

    assert not [secret for secret in SECRETS if secret in text]
