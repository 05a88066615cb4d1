"""Courses and qualifications of an entry in the admin."""

import datetime as dt

import pytest
from django.test import Client

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Course, Qualification, Teacher
from tests.directory.staff.screens import address
from tests.factories import CourseFactory, QualificationFactory
from tests.participants.screens import errors

pytestmark = pytest.mark.django_db

COURSE = {
    "title": "Eight weeks", "starts": "2099-03-01", "ends": "2099-04-26", "format": "online", "language": "nl",
    "state": "open",
}  # fmt: skip


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
    assert errors(staff.post(address("add_course", teacher.pk), {**COURSE, **values})) == [field]
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

    assert errors(staff.post(address("add_qualification", teacher.pk), held)) == [field]
    assert not Qualification.objects.exists()


def test_a_course_is_edited_and_its_state_with_it(staff: Client, teacher: Teacher) -> None:
    course = CourseFactory(teacher=teacher, title="Old")
    form = staff.get(address("edit_course", course.pk)).context["form"]
    assert (form["title"].value(), form["state"].value()) == ("Old", "open")
    response = staff.post(address("edit_course", course.pk), {**COURSE, "state": "cancelled"})

    assert response.url == address("edit", teacher.pk)
    assert (Course.objects.get().title, Course.objects.get().is_cancelled) == ("Eight weeks", True)


def test_a_mistake_in_an_edit_of_a_course_changes_nothing(staff: Client, teacher: Teacher) -> None:
    course = CourseFactory(teacher=teacher, title="Old")
    response = staff.post(address("edit_course", course.pk), {**COURSE, "ends": "2099-02-01"})

    assert errors(response) == ["ends"]
    assert Course.objects.get().title == "Old"


@pytest.mark.parametrize("kind", ["course", "qualification"])
def test_whoever_saves_second_is_told_what_the_first_one_changed(staff: Client, teacher: Teacher, kind: str) -> None:
    factory = {"course": CourseFactory, "qualification": QualificationFactory}[kind]
    item = factory(teacher=teacher, title="Old")
    where = address(f"edit_{kind}", item.pk)
    sent = COURSE if kind == "course" else {"sort": "completed", "title": "Trained"}
    seen = staff.get(where).context["form"]["seen"].value()
    staff.post(where, {**sent, "title": "First"})

    assert errors(staff.post(where, {**sent, "title": "Second", "seen": seen})) == ["__all__"]
    assert type(item).objects.get().title == "First"


def test_a_qualification_is_edited(staff: Client, teacher: Teacher) -> None:
    held = QualificationFactory(teacher=teacher, title="Old", checked_on=None)
    sent = {"sort": "accredited", "title": "New", "body": "A register", "level": "Level 3"}
    staff.post(address("edit_qualification", held.pk), sent)
    stored = Qualification.objects.get()

    assert (stored.title, stored.level, stored.checked_on) == ("New", "Level 3", None)


def test_an_accreditation_is_checked_with_its_body_by_whoever_says_so(staff: Client, teacher: Teacher) -> None:
    held = QualificationFactory(teacher=teacher, title="Accredited", level="Level 3", checked_on=None)
    text = staff.get(address("check_qualification", held.pk)).text
    assert "Accredited · An independent body · Level 3 · independently accredited" in text

    staff.post(address("check_qualification", held.pk), {"on": "2025-06-01"})
    stored = Qualification.objects.get()
    assert (stored.checked_on, stored.checked_by_id) == (dt.date(2025, 6, 1), int(staff.session["_auth_user_id"]))


@pytest.mark.parametrize("day", ["", "2999-01-01", "soon"])
def test_a_mistake_in_a_check_is_said_beside_its_field(staff: Client, teacher: Teacher, day: str) -> None:
    held = QualificationFactory(teacher=teacher, checked_on=None)

    assert errors(staff.post(address("check_qualification", held.pk), {"on": day})) == ["on"]
    assert Qualification.objects.get().checked_on is None


def test_a_form_about_what_was_removed_meanwhile_leads_to_the_list(staff: Client, teacher: Teacher) -> None:
    """Two clicks on one button: the second finds nothing, and says that it was done."""
    course = CourseFactory(teacher=teacher)
    token = staff.get(address("remove_course", course.pk)).context["once_token"]
    for _click in range(2):
        response = staff.post(address("remove_course", course.pk), {"once": token})

    assert response.url == address("index")
    assert not Course.objects.exists()


def test_a_course_that_moved_to_another_entry_is_edited_there(staff: Client, teacher: Teacher) -> None:
    course = CourseFactory(title="Old")
    Course.objects.update(teacher=teacher)
    staff.post(address("edit_course", course.pk), COURSE)

    assert (Course.objects.get().title, Course.objects.get().teacher) == ("Eight weeks", teacher)
    actions.remove_course(Course.objects.get(), by=None)
