"""What the groups made by migration may do, and what their members find in the menu."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from imp_wagtail.core import roles
from imp_wagtail.participants.cohorts.actions import save_cohort
from imp_wagtail.participants.permissions import cohorts_for, may_see_cohorts
from tests.factories import CohortFactory, PathwayFactory, UserFactory, editor, facilitator, registrar

pytestmark = pytest.mark.django_db

EVERY_RIGHT = {
    roles.EDITORS: {
        "imp_pathways": "add_pathway change_pathway delete_pathway view_pathway",
        "imp_trainings": (
            "add_question add_trainer change_question change_trainer delete_question delete_trainer lock_question "
            "publish_question unlock_question view_question view_trainer"
        ),
        "wagtailadmin": "access_admin",
    },
    roles.REGISTRARS: {
        "imp_directory": (
            "add_consenttext add_partner add_teacher change_enquiry change_partner change_teacher delete_partner "
            "view_consenttext view_enquiry view_partner view_teacher"
        ),
        "imp_letters": "add_lettermessage add_lettertemplate change_lettermessage change_lettertemplate "
        "delete_lettermessage delete_lettertemplate issue_letter publish_lettertemplate send_letter "
        "view_letter view_lettermessage view_lettertemplate withdraw_letter",
        "imp_participants": "add_cohort add_participant change_cohort change_participant delete_participant "
        "mark_attendance view_cohort view_participant",
        "wagtailadmin": "access_admin",
    },
    roles.FACILITATORS: {"imp_participants": "mark_attendance", "wagtailadmin": "access_admin"},
}


@pytest.mark.parametrize("group", EVERY_RIGHT)
def test_a_group_has_these_rights_and_no_others(group: str) -> None:
    rights: dict[str, list[str]] = {}
    # Wagtail's own migrations let every group of the admin choose images and documents.
    permissions = Group.objects.get(name=group).permissions.exclude(codename__startswith="choose_")
    for app, codename in permissions.order_by("codename").values_list("content_type__app_label", "codename"):
        rights.setdefault(app, []).append(codename)

    assert {app: " ".join(codenames) for app, codenames in rights.items()} == EVERY_RIGHT[group]


@pytest.mark.parametrize(("group", "expected"), [(roles.EDITORS, 3), (roles.REGISTRARS, 0), (roles.FACILITATORS, 0)])
def test_only_editors_may_keep_pages(group: str, expected: int) -> None:
    assert Group.objects.get(name=group).page_permissions.count() == expected


def test_granting_again_changes_nothing() -> None:
    def rights() -> list[Any]:
        return list(Group.permissions.through.objects.order_by("pk").values())

    before = rights()
    roles.grant_admin_access(apps, roles.REGISTRARS)
    roles.grant(apps, roles.REGISTRARS, "imp_participants", {"cohort": ["view"], "attendance": ["mark_attendance"]})

    assert rights() == before


def test_the_menu_shows_to_each_what_is_theirs(client: Client) -> None:
    items = {"participants": reverse("imp_participants:index"), "cohorts": reverse("imp_cohorts:index")}
    shown: dict[str, set[str]] = {}
    for who in (registrar, editor, facilitator):
        client.force_login(who())
        home = client.get(reverse("wagtailadmin_home")).text
        shown[who.__name__] = {name for name, url in items.items() if f'"{url}"' in home}
        shown[who.__name__] |= {"training"} if '"imp-training"' in home else set()

    assert shown == {
        "registrar": {"training", "participants", "cohorts"},
        "editor": set(),
        "facilitator": {"training", "cohorts"},
    }


@pytest.mark.parametrize("who", [editor, UserFactory])
def test_who_has_no_right_to_cohorts_has_none_to_see(who: Callable[[], Any]) -> None:
    user = who()
    CohortFactory().facilitators.add(user)

    assert not may_see_cohorts(user)
    assert not cohorts_for(user).exists()


def test_a_facilitator_who_leads_nothing_sees_an_empty_list(client: Client) -> None:
    CohortFactory()
    user = facilitator()
    client.force_login(user)

    assert may_see_cohorts(user)
    assert list(client.get(reverse("imp_cohorts:index")).context["object_list"]) == []


def test_a_site_can_give_every_right_to_groups_of_its_own(client: Client) -> None:
    client.force_login(UserFactory(superuser=True))
    text = client.get(reverse("wagtailusers_groups:add")).text

    ours = Permission.objects.filter(content_type__app_label="imp_participants")
    offered = ours.filter(pk__in=re.findall(r'name="permissions" value="(\d+)"', text))
    granted = EVERY_RIGHT[roles.REGISTRARS]["imp_participants"].split()
    assert set(offered.values_list("codename", flat=True)) >= set(granted)


def test_a_facilitator_reads_nothing_of_others_cohorts_in_the_sites_history(client: Client) -> None:
    secret = CohortFactory.build(title="Not for everybody", pathway=PathwayFactory())
    save_cohort(secret, facilitators=[], by=registrar())
    report = reverse("wagtailadmin_reports:site_history")
    client.force_login(registrar())
    assert "Not for everybody" in client.get(report).text

    client.force_login(facilitator())
    assert "Not for everybody" not in client.get(report, follow=True).text
