"""From a cohort's page to the letters of its people."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from imp_wagtail.participants.cohorts.views import cohort_url
from imp_wagtail.participants.models import Cohort
from imp_wagtail.pathways.models import Stage
from tests.factories import CohortFactory, EnrolmentFactory, MembershipFactory, UserFactory, facilitator, registrar

from .conftest import completed, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


@pytest.fixture
def cohort(stage: Stage) -> Cohort:
    """One member has a letter, one waits for it, one has completed nothing; beside them two who are no members."""
    cohort = CohortFactory(pathway=stage.pathway, kind="training")
    members = [issued(stage, "Ana").enrolment, completed(stage, "Ben"), EnrolmentFactory(pathway=stage.pathway)]
    for enrolment in members:
        MembershipFactory(cohort=cohort, enrolment=enrolment)
    issued(stage, "Cleo")
    completed(stage, "Dora")
    return cohort


def links(client: Client, cohort: Cohort) -> dict[str, str]:
    return {str(label): url for label, url in client.get(cohort_url(cohort)).context_data["links"]}


def test_a_registrar_is_led_to_the_letters_of_its_people_and_to_those_who_wait(client: Client, cohort: Cohort) -> None:
    client.force_login(registrar())
    letters, due = links(client, cohort).values()

    assert [letter.name for letter in client.get(letters).context_data["object_list"]] == ["Ana"]
    assert [person.name for person in client.get(due).context_data["object_list"]] == ["Ben"]


def test_a_facilitator_reads_nothing_of_letters(client: Client, cohort: Cohort) -> None:
    leader = facilitator()
    cohort.facilitators.add(leader)
    client.force_login(leader)

    assert links(client, cohort) == {}
    page = client.get(cohort_url(cohort)).text
    assert not any(words in page for words in (">Letters<", ">Letters due<", "/training/letters/"))


@pytest.mark.parametrize(
    ("permissions", "labels"),
    [
        (["view_letter"], ["Letters"]),
        (["issue_letter"], []),
        (["issue_letter", "view_participant"], ["Letters due"]),
    ],
)
def test_each_link_is_for_those_who_may_follow_it(
    client: Client, cohort: Cohort, permissions: list[str], labels: list[str]
) -> None:
    user: Any = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_cohort", *permissions]))
    client.force_login(user)
    found = links(client, cohort)

    assert list(found) == labels
    assert all(client.get(url).status_code == 200 for url in found.values())
    assert all(f'href="{url.replace("&", "&amp;")}"' in client.get(cohort_url(cohort)).text for url in found.values())


def test_a_list_of_those_who_wait_begins_their_letters(client: Client, cohort: Cohort) -> None:
    client.force_login(registrar())
    _letters, due = links(client, cohort).values()

    assert reverse("imp_participants:index") in due
    assert "Issue letters" in client.get(due).text
