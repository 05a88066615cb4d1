"""One entry in the admin: putting somebody in, editing, courses, qualifications, consent."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.directory.models import Course, Qualification, Teacher
from imp_wagtail.participants.models import Participant
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    ParticipantFactory,
    QualificationFactory,
    TeacherFactory,
    UserFactory,
    registrar,
)

pytestmark = pytest.mark.django_db

ENTRY = {
    "name": "Anna de Vries",
    "town": "Zwolle",
    "country": "NL",
    "languages": ["nl", "en"],
    "teaches_online": "on",
    "about": "Small groups.",
    "website": "example.org",
}
CONSENT = {"consented_on": "2025-01-01", "consent_note": "E-mail"}
COURSE = {
    "title": "Eight weeks", "starts": "2099-03-01", "ends": "2099-04-26", "format": "online", "language": "nl",
}  # fmt: skip


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


@pytest.fixture
def teacher() -> Teacher:
    """Somebody whose place and format differ from those sent, so that a write that happened shows."""
    teacher = TeacherFactory(name="Before", town="Utrecht", country="BE")
    teacher.languages.create(language="fr")
    return teacher


def address(name: str, *args: int) -> str:
    return reverse(f"imp_teachers:{name}", args=args)


def graduate(**values: Any) -> Participant:
    participant = ParticipantFactory(**values)
    EnrolmentFactory(participant=participant)
    participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    return participant


def may_edit_only() -> Any:
    """Somebody who may edit entries and nothing else of the admin."""
    user = UserFactory()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "change_teacher", "view_teacher"])
    )
    return user


def errors(response: Any) -> dict[str, list[str]]:
    """The form's messages, of which each must be on the page too."""
    assert response.status_code == 200
    found = {field: list(messages) for field, messages in response.context["form"].errors.items()}
    for messages in found.values():
        for message in messages:
            assert message in response.text
    return found


def test_the_form_for_listing_begins_with_what_is_known(staff: Client) -> None:
    participant = graduate(name="Anna", town="Zwolle", country="NL", language="nl")
    form = staff.get(address("list", participant.pk)).context["form"]

    assert {name: form[name].value() for name in ("name", "town", "country", "languages", "consented_on")} == {
        "name": "Anna", "town": "Zwolle", "country": "NL", "languages": ["nl"], "consented_on": None,
    }  # fmt: skip


def test_somebody_is_listed_from_the_record_and_the_entry_opens(staff: Client) -> None:
    participant = graduate()
    response = staff.post(address("list", participant.pk), {**ENTRY, **CONSENT})
    teacher = Teacher.objects.get()

    assert response.url == address("edit", teacher.pk)
    assert (teacher.participant, teacher.name, teacher.is_listed) == (participant, "Anna de Vries", True)
    assert (teacher.website, teacher.language_names) == ("https://example.org", ["Dutch", "English"])
    assert (teacher.teaches_online, teacher.teaches_in_person) == (True, False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"consented_on": ""}, "consented_on"),
        ({"consented_on": "2999-01-01"}, "consented_on"),
        ({"consented_on": "yesterday"}, "consented_on"),
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"languages": []}, "languages"),
        ({"languages": ["klingon"]}, "languages"),
        ({"teaches_online": ""}, "teaches_in_person"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_a_mistake_in_the_form_is_said_beside_its_field_and_lists_nobody(
    staff: Client, values: dict[str, Any], field: str
) -> None:
    response = staff.post(address("list", graduate().pk), {**ENTRY, **CONSENT, **values})

    assert list(errors(response)) == [field]
    assert not Teacher.objects.exists()


def test_somebody_without_a_completed_pathway_is_refused_above_the_form(staff: Client) -> None:
    response = staff.post(address("list", ParticipantFactory(name="Bert").pk), {**ENTRY, **CONSENT})

    told = "Bert has not completed what opens the directory. Only those who have are listed."
    assert errors(response) == {"__all__": [told]}
    assert not Teacher.objects.exists()


def test_whoever_has_an_entry_gets_it_instead_of_a_second_form(staff: Client, teacher: Teacher) -> None:
    response = staff.get(address("list", teacher.participant.pk))

    assert response.url == address("edit", teacher.pk)


def test_an_entry_is_edited(staff: Client, teacher: Teacher) -> None:
    response = staff.post(address("edit", teacher.pk), ENTRY)
    stored = Teacher.objects.get()

    assert response.url == address("edit", teacher.pk)
    assert (stored.name, stored.place, stored.teaches_in_person) == ("Anna de Vries", "Zwolle, Netherlands", False)
    assert sorted(stored.language_names) == ["Dutch", "English"]
    assert stored.slug == teacher.slug


@pytest.mark.parametrize(
    ("values", "field"),
    [({"country": ""}, "country"), ({"languages": []}, "languages"), ({"teaches_online": ""}, "teaches_in_person")],
)
def test_a_mistake_in_an_edit_changes_nothing(
    staff: Client, teacher: Teacher, values: dict[str, Any], field: str
) -> None:
    response = staff.post(address("edit", teacher.pk), {**ENTRY, **values})

    assert list(errors(response)) == [field]
    assert response.context["teacher"].name == "Before"
    assert (Teacher.objects.get().name, Teacher.objects.get().language_names) == ("Before", ["French"])


def test_the_entry_shows_its_courses_and_qualifications_and_where_the_public_sees_it(
    staff: Client, teacher: Teacher
) -> None:
    page = DirectoryPageFactory()
    CourseFactory(teacher=teacher, title="Coming course")
    CourseFactory(teacher=teacher, title="Old course", starts=dt.date(2020, 1, 1), ends=dt.date(2020, 2, 1))
    QualificationFactory(teacher=teacher, title="A certificate", valid_until=dt.date(2020, 1, 1))
    CourseFactory(title="Somebody else's")
    text = staff.get(address("edit", teacher.pk)).text

    for said in ("Coming course", "Old course", "over, no longer shown", "A certificate", "no longer valid"):
        assert said in text
    assert page.teacher_url(teacher) in text
    assert "Somebody else" not in text


def test_an_entry_that_is_not_listed_has_no_public_address(staff: Client) -> None:
    page = DirectoryPageFactory()
    teacher = TeacherFactory(without_consent=True)
    text = staff.get(address("edit", teacher.pk)).text

    assert "No consent on record." in text
    assert page.teacher_url(teacher) not in text


def test_an_entry_that_there_is_not_is_not_found(staff: Client) -> None:
    for name in ("list", "edit", "end_consent", "renew_consent", "add_course", "add_qualification"):
        assert staff.get(address(name, 999)).status_code == 404
    for name in ("remove_course", "remove_qualification"):
        assert staff.post(address(name, 999)).status_code == 404


def test_consent_ends_and_is_given_anew(staff: Client, teacher: Teacher) -> None:
    staff.post(address("end_consent", teacher.pk), {"on": "2025-06-01", "why": "Asked for it."})
    assert Teacher.objects.get().consent_ended_on == dt.date(2025, 6, 1)

    staff.post(address("renew_consent", teacher.pk), {"consented_on": "2025-07-01", "consent_note": "Letter"})
    stored = Teacher.objects.get()
    assert (stored.is_listed, stored.consented_on, stored.consent_note) == (True, dt.date(2025, 7, 1), "Letter")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"on": "2025-06-01", "why": ""}, "why"),
        ({"on": "2025-06-01", "why": "   "}, "why"),
        ({"on": "2999-06-01", "why": "Asked."}, "on"),
        ({"on": "2001-06-01", "why": "Asked."}, "on"),
    ],
)
def test_a_mistake_in_ending_consent_is_said_beside_its_field(
    staff: Client, teacher: Teacher, values: dict[str, str], field: str
) -> None:
    assert list(errors(staff.post(address("end_consent", teacher.pk), values))) == [field]
    assert Teacher.objects.get().is_listed


@pytest.mark.parametrize("day", ["", "2999-01-01", "2000-01-01"])
def test_a_mistake_in_recording_consent_is_said_beside_its_field(staff: Client, teacher: Teacher, day: str) -> None:
    response = staff.post(address("renew_consent", teacher.pk), {"consented_on": day})

    assert list(errors(response)) == ["consented_on"]
    assert Teacher.objects.get().consented_on == teacher.consented_on


def test_a_course_is_added_and_removed(staff: Client, teacher: Teacher) -> None:
    response = staff.post(address("add_course", teacher.pk), COURSE)
    course = Course.objects.get()
    assert (response.url, course.teacher, course.format) == (address("edit", teacher.pk), teacher, "online")

    assert "Eight weeks, 1 March – 26 April 2099" in staff.get(address("remove_course", course.pk)).text
    assert Course.objects.exists()
    staff.post(address("remove_course", course.pk))
    assert not Course.objects.exists()


def test_a_course_begins_in_the_teacher_s_language_and_town(staff: Client, teacher: Teacher) -> None:
    form = staff.get(address("add_course", teacher.pk)).context["form"]

    assert (form["language"].value(), form["place"].value()) == ("fr", "Utrecht")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": "2099-02-28"}, "ends"),
        ({"starts": "soon"}, "starts"),
        ({"title": ""}, "title"),
        ({"language": ""}, "language"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_a_mistake_in_a_course_is_said_beside_its_field(
    staff: Client, teacher: Teacher, values: dict[str, str], field: str
) -> None:
    assert list(errors(staff.post(address("add_course", teacher.pk), {**COURSE, **values}))) == [field]
    assert not Course.objects.exists()


def test_a_qualification_is_added_and_removed(staff: Client, teacher: Teacher) -> None:
    held = {"sort": "accredited", "title": "Accredited", "body": "A register", "awarded_on": "2025-01-01"}
    staff.post(address("add_qualification", teacher.pk), held)
    qualification = Qualification.objects.get()
    assert (qualification.teacher, qualification.is_current) == (teacher, True)

    staff.post(address("remove_qualification", qualification.pk))
    assert not Qualification.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"body": ""}, "body"),
        ({"sort": ""}, "sort"),
        ({"awarded_on": "2999-01-01"}, "awarded_on"),
        ({"awarded_on": "2025-01-01", "valid_until": "2024-01-01"}, "valid_until"),
    ],
)
def test_a_mistake_in_a_qualification_is_said_beside_its_field(
    staff: Client, teacher: Teacher, values: dict[str, str], field: str
) -> None:
    held = {"sort": "accredited", "title": "Accredited", "body": "A register", **values}

    assert list(errors(staff.post(address("add_qualification", teacher.pk), held))) == [field]
    assert not Qualification.objects.exists()


def test_the_photo_is_asked_for_only_where_the_user_may_choose_images(client: Client, teacher: Teacher) -> None:
    client.force_login(may_edit_only())
    assert "photo" not in client.get(address("edit", teacher.pk)).context["form"].fields

    client.force_login(UserFactory(superuser=True))
    assert "photo" in client.get(address("edit", teacher.pk)).context["form"].fields


def test_the_link_to_the_record_is_for_those_who_may_see_it(client: Client, teacher: Teacher) -> None:
    record = reverse("imp_participants:record", args=[teacher.participant.pk])

    client.force_login(may_edit_only())
    assert record not in client.get(address("edit", teacher.pk)).text
    client.force_login(registrar())
    assert record in client.get(address("edit", teacher.pk)).text


def test_ending_consent_begins_with_today(staff: Client, teacher: Teacher) -> None:
    assert staff.get(address("end_consent", teacher.pk)).context["form"]["on"].value() == timezone.localdate()
