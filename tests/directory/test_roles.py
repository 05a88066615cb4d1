"""Who may see and do what in the directory's admin: data that could leak stands in the database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from imp_wagtail.directory.models import Teacher
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    QualificationFactory,
    TeacherFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)

pytestmark = pytest.mark.django_db

NAME = "Leakable Person"


def addresses() -> dict[str, str]:
    """Every address of the room's admin, with records behind it."""
    DirectoryPageFactory()
    teacher = TeacherFactory(name=NAME, participant__name=NAME, participant__email="leak@example.org")
    course = CourseFactory(teacher=teacher, title=f"Course of {NAME}")
    qualification = QualificationFactory(teacher=teacher, title=f"Paper of {NAME}")
    of_teacher = (
        "edit", "public", "preview", "record_consent", "end_consent", "renew", "ask_to_renew", "suspend",
        "resume", "recognise", "end_recognition", "add_course", "add_qualification",
    )  # fmt: skip
    of_qualification = ("edit_qualification", "check_qualification", "remove_qualification")
    return {
        **{name: reverse(f"imp_teachers:{name}") for name in ("index", "index_results", "ask_many", "wordings")},
        "new_wording": reverse("imp_teachers:new_wording", args=["photo"]),
        "export": reverse("imp_teachers:index") + "?export=csv",
        "list": reverse("imp_teachers:list", args=[teacher.participant.pk]),
        **{name: reverse(f"imp_teachers:{name}", args=[teacher.pk]) for name in of_teacher},
        **{name: reverse(f"imp_teachers:{name}", args=[course.pk]) for name in ("edit_course", "remove_course")},
        **{name: reverse(f"imp_teachers:{name}", args=[qualification.pk]) for name in of_qualification},
    }


def test_these_are_all_addresses_of_the_room() -> None:
    from imp_wagtail.directory.viewsets import TeacherViewSet

    names = {pattern.name for pattern in TeacherViewSet().get_urlpatterns()}

    assert names == set(addresses()) - {"export"}


def viewer() -> Any:
    """Somebody who may see the list and nothing else."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_teacher"]))
    return user


@pytest.mark.parametrize("who", [editor, facilitator, UserFactory, None])
def test_others_are_refused_everywhere_and_learn_nothing(client: Client, who: Callable[[], Any] | None) -> None:
    if who:
        client.force_login(who())
    for address in addresses().values():
        for response in (client.get(address), client.post(address, {"name": "Changed", "why": "x"})):
            assert response.status_code == 302
            assert NAME not in response.text

    assert Teacher.objects.get().name == NAME
    assert Teacher.objects.get().is_listed
    assert (Teacher.objects.get().courses.count(), Teacher.objects.get().qualifications.count()) == (1, 1)


@pytest.mark.parametrize("who", [editor, facilitator])
def test_what_is_not_there_is_refused_just_alike(client: Client, who: Callable[[], Any]) -> None:
    client.force_login(who())
    there = addresses()

    for name in ("edit", "preview", "remove_course", "check_qualification", "list"):
        missing = reverse(f"imp_teachers:{name}", args=[999_999])
        assert client.get(missing).url == client.get(there[name]).url


def test_a_registrar_may_use_everything(client: Client) -> None:
    client.force_login(registrar())
    codes = {name: client.get(address).status_code for name, address in addresses().items()}

    assert {name for name, code in codes.items() if code != 200} == {"list", "public"}
    assert codes["list"] == 302


def test_who_may_only_look_sees_the_list_and_changes_nothing(client: Client) -> None:
    client.force_login(viewer())
    there = addresses()

    assert NAME in client.get(there["index"]).text
    assert there["edit"] not in client.get(there["index"]).text
    for name in set(there) - {"index", "index_results", "export"}:
        assert client.post(there[name], {"why": "x"}).status_code == 302
    assert Teacher.objects.get().is_listed
    assert (Teacher.objects.get().courses.count(), Teacher.objects.get().qualifications.count()) == (1, 1)


@pytest.mark.parametrize(("who", "shown"), [(registrar, True), (editor, False), (facilitator, False)])
def test_the_menu_shows_the_list_to_registrars_only(client: Client, who: Callable[[], Any], shown: bool) -> None:
    client.force_login(who())

    assert (reverse("imp_teachers:index") in client.get(reverse("wagtailadmin_home")).text) is shown
