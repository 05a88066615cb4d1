"""Courses and qualifications: added once, changed, checked, removed once, logged."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Course, Qualification, Teacher
from tests.directory.support import COURSE, DAY, TOMORROW, log_of
from tests.factories import CourseFactory, QualificationFactory, TeacherFactory, registrar

pytestmark = pytest.mark.django_db


def test_a_course_is_added_once_and_logged_with_its_dates() -> None:
    teacher = TeacherFactory()
    courses = {actions.add_course(teacher, **COURSE, by=registrar()).pk for _time in range(2)}

    assert len(courses) == 1
    assert log_of(teacher.participant) == [
        ("imp.course.add", {"what": "Eight weeks", "after": "1 March – 26 April 2099"})
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": dt.date(2099, 2, 28)}, "ends"),
        ({"title": ""}, "title"),
        ({"language": "qq"}, "language"),
        ({"format": "telepathy"}, "format"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"starts": None}, "starts"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.add_course(TeacherFactory(), **{**COURSE, **values}, by=registrar())

    assert list(refused.value.message_dict) == [field]
    assert not Course.objects.exists()


def test_a_course_is_removed_once() -> None:
    course = CourseFactory(title="Eight weeks")
    for _time in range(2):
        actions.remove_course(Course(pk=course.pk, **COURSE, teacher=course.teacher), by=registrar())

    assert not Course.objects.exists()
    assert log_of(course.teacher.participant) == [
        ("imp.course.remove", {"what": "Eight weeks", "before": "1 March – 26 April 2099"})
    ]


def test_a_qualification_is_added_once_and_removed_once() -> None:
    teacher = TeacherFactory()
    held = {"sort": "accredited", "title": "Accredited", "body": "A register", "awarded_on": DAY}
    qualification = actions.add_qualification(teacher, **held, by=registrar())
    assert actions.add_qualification(teacher, **held, by=registrar()) == qualification
    pk = qualification.pk
    for _time in range(2):
        actions.remove_qualification(Qualification(pk=pk, teacher=teacher, **held), by=registrar())

    assert not Qualification.objects.exists()
    assert log_of(teacher.participant) == [
        ("imp.qualification.add", {"what": "Accredited", "after": "independently accredited"}),
        ("imp.qualification.remove", {"what": "Accredited", "before": "independently accredited"}),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sort": "accredited", "body": ""}, "body"),
        ({"sort": "self-declared"}, "sort"),
        ({"awarded_on": TOMORROW}, "awarded_on"),
        ({"awarded_on": DAY, "valid_until": dt.date(2024, 12, 31)}, "valid_until"),
    ],
)
def test_a_qualification_that_makes_no_sense_is_refused(values: dict[str, Any], field: str) -> None:
    held = {"sort": "completed", "title": "Teacher", "body": "An institute", **values}
    with pytest.raises(ValidationError) as refused:
        actions.add_qualification(TeacherFactory(), **held, by=registrar())

    assert list(refused.value.message_dict) == [field]
    assert not Qualification.objects.exists()


def test_the_last_day_of_an_accreditation_still_counts() -> None:
    today = timezone.localdate()

    assert QualificationFactory(valid_until=today).is_current
    assert not QualificationFactory(valid_until=today - dt.timedelta(days=1)).is_current
    assert QualificationFactory(valid_until=None).is_current


@pytest.mark.parametrize("change", ["add_course", "remove_course", "add_qualification"])
def test_what_belongs_to_an_entry_dates_the_entry_anew(change: str) -> None:
    course = CourseFactory()
    Teacher.objects.update(updated_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    match change:
        case "add_course":
            actions.add_course(course.teacher, **COURSE, by=registrar())
        case "remove_course":
            actions.remove_course(course, by=registrar())
        case "add_qualification":
            actions.add_qualification(course.teacher, sort="attended", title="A course", by=registrar())

    assert Teacher.objects.get().updated_at.date() >= timezone.localdate() - dt.timedelta(days=1)


def test_a_course_is_changed_and_the_history_says_from_what_to_what() -> None:
    course = CourseFactory(title="Eight weeks", place="Utrecht", language="en")
    for _time in range(2):
        actions.update_course(course, ends=dt.date(2099, 5, 1), format="hybrid", language="nl", by=registrar())
    stored = Course.objects.get()

    assert (stored.title, stored.place, stored.ends, stored.uid) == (
        "Eight weeks", "Utrecht", dt.date(2099, 5, 1), course.uid,
    )  # fmt: skip
    assert log_of(course.teacher.participant) == [
        (
            "imp.course.change",
            {
                "what": "Eight weeks: last day, format, language",
                "before": "26 April 2099; in person; English",
                "after": "1 May 2099; in person and online; Dutch",
            },
        )
    ]


def test_a_cancelled_course_goes_on_saying_so_and_a_full_one_too() -> None:
    course = CourseFactory()
    for state in ("full", "cancelled"):
        actions.update_course(course, state=state, by=registrar())
        assert course.teacher.listing.face["courses"][0]["state"] == state
        course.teacher.refresh_from_db()

    assert Course.objects.get().is_cancelled
    assert not Course.objects.taking_place().exists()


def test_a_change_that_makes_no_sense_changes_nothing() -> None:
    course = CourseFactory()
    with pytest.raises(ValidationError) as refused:
        actions.update_course(course, title="New", ends=dt.date(2099, 1, 1), by=registrar())

    assert list(refused.value.message_dict) == ["ends"]
    assert Course.objects.get().title == course.title


def test_what_somebody_removed_meanwhile_is_not_changed() -> None:
    course, held = CourseFactory(title="Eight weeks"), QualificationFactory(title="Accredited")
    Course.objects.all().delete()
    Qualification.objects.all().delete()

    with pytest.raises(ValidationError, match="Somebody removed “Eight weeks” meanwhile"):
        actions.update_course(course, title="New", by=registrar())
    with pytest.raises(ValidationError, match="Somebody removed “Accredited” meanwhile"):
        actions.update_qualification(held, title="New", by=registrar())
    assert not Course.objects.exists()


def test_an_accreditation_is_checked_by_somebody_on_a_day() -> None:
    by = registrar()
    held = QualificationFactory(title="Accredited", checked_on=None)
    assert not Qualification.objects.get().is_shown
    assert held.teacher.listing.face["held"] == [held_here(held.teacher)]
    for _time in range(2):
        actions.check_qualification(held, on=DAY, by=by)
    stored = Qualification.objects.get()

    assert (stored.checked_on, stored.checked_by, stored.is_shown) == (DAY, by, True)
    assert [each["sort"] for each in Teacher.objects.get().listing.face["held"]] == ["completed", "accredited"]
    assert log_of(held.teacher.participant) == [
        (
            "imp.qualification.change",
            {"what": "Accredited: checked on", "before": "–", "after": "1 January 2025"},
        )
    ]


def held_here(teacher: Teacher) -> dict[str, str]:
    pathway = teacher.participant.enrolments.get().pathway
    return {"sort": "completed", "title": pathway.title, "pathway": str(pathway.translation_key)}


@pytest.mark.parametrize("day", [None, TOMORROW])
def test_a_check_has_a_day_that_is_not_to_come(day: dt.date | None) -> None:
    held = QualificationFactory(checked_on=None)
    with pytest.raises(ValidationError) as refused:
        actions.check_qualification(held, on=day, by=registrar())

    assert len(refused.value.message_dict) == 1
    assert Qualification.objects.get().checked_on is None


def test_a_later_check_by_somebody_else_is_theirs() -> None:
    held = QualificationFactory(checked_on=DAY, checked_by=registrar())
    by = registrar()
    actions.check_qualification(held, on=dt.date(2025, 6, 1), by=by)

    assert Qualification.objects.get().checked_by == by


def test_taking_a_check_back_hides_the_accreditation_again() -> None:
    held = QualificationFactory(checked_on=DAY, checked_by=registrar())
    actions.update_qualification(held, checked_on=None, by=registrar())
    stored = Qualification.objects.get()

    assert (stored.checked_by, stored.is_shown, stored.is_to_be_checked) == (None, False, True)


def test_the_same_qualification_entered_by_two_people_is_one() -> None:
    teacher = TeacherFactory()
    held = {"sort": "accredited", "title": "Accredited", "body": "A register", "checked_on": DAY}
    found = {actions.add_qualification(teacher, **held, by=registrar()).pk for _time in range(2)}

    assert len(found) == 1
    assert len(log_of(teacher.participant)) == 1


def test_what_is_changed_elsewhere_at_the_same_time_is_not_put_back() -> None:
    """The record that a screen holds may be old: what is not given stays as it is stored."""
    old = CourseFactory(place="Utrecht")
    Course.objects.update(place="Zwolle")
    actions.update_course(old, title="New", by=registrar())

    assert (Course.objects.get().title, Course.objects.get().place) == ("New", "Zwolle")
