"""Only who is listed and shares now is told of, whatever is stored."""

import datetime as dt
from collections.abc import Callable

import pytest

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Consent, FeedEntry, Teacher
from imp_wagtail.participants.actions import complete_stage
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.signals import pathway_changed
from tests.factories import CourseFactory, EnrolmentFactory, StageFactory, TeacherFactory

from .conftest import Read
from .days import days_later

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Teacher:
    teacher = TeacherFactory(name="Zoë", agrees_to=["sharing"])
    CourseFactory(teacher=teacher)
    return teacher


ENDS: dict[str, Callable[[Teacher], object]] = {
    "sharing ends": lambda teacher: actions.end_consent(teacher, "sharing", why="Asked", by=None),
    "consent ends": lambda teacher: actions.end_consent(teacher, why="Asked", by=None),
    "is suspended": lambda teacher: actions.suspend(teacher, why="A complaint", by=None),
    "is erased": lambda teacher: erase(teacher.participant, why="Asked", by=None),
    "loses standing": lambda teacher: [
        teacher.participant.enrolments.update(may_be_listed_on=None),
        actions.publish(teacher),
    ],
}
BEHIND: dict[str, Callable[[Teacher], object]] = {
    "sharing ends": lambda teacher: teacher.consents.filter(purpose="sharing").update(ended_on=dt.date(2025, 2, 1)),
    "is suspended": lambda teacher: Teacher.objects.update(suspended_on=dt.date(2025, 2, 1)),
    "has run out": lambda teacher: Teacher.objects.update(listed_until=dt.date(2025, 2, 1)),
    "loses standing": lambda teacher: teacher.participant.enrolments.update(may_be_listed_on=None),
    "is deleted": lambda teacher: teacher.delete(),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_who_is_no_longer_shared_is_told_as_deleted_with_all_courses(
    read: Read, teacher: Teacher, end: Callable[[Teacher], object]
) -> None:
    end_of_feed = read()["next"]

    end(teacher)

    items = read(end_of_feed)["items"]
    assert {(item["kind"], item["state"], item["data"]) for item in items} == {
        ("teacher", "deleted", None),
        ("course", "deleted", None),
    }


@pytest.mark.parametrize("end", BEHIND.values(), ids=BEHIND)
def test_what_is_stored_is_not_told_when_the_rule_says_no(
    read: Read, teacher: Teacher, end: Callable[[Teacher], object]
) -> None:
    end(teacher)  # behind the actions' back

    items = read()["items"]

    assert [(item["state"], item["data"]) for item in items] == [("deleted", None)] * 2


def test_who_was_told_as_deleted_is_told_anew_when_they_come_back(read: Read, teacher: Teacher) -> None:
    Teacher.objects.update(suspended_on=dt.date(2025, 2, 1))
    end_of_feed = read()["next"]

    actions.resume(teacher, why="A mistake", by=None)

    assert {item["state"] for item in read(end_of_feed)["items"]} == {"updated"}


def test_a_pathway_that_is_renamed_is_told_anew_with_whoever_completed_it(read: Read) -> None:
    stage = StageFactory(unlocks="listing")
    pathway = stage.pathway
    enrolment = EnrolmentFactory(pathway=pathway)
    complete_stage(enrolment, stage, by=None)
    teacher = TeacherFactory(participant=enrolment.participant, standing=False, agrees_to=["sharing"])
    TeacherFactory(agrees_to=["sharing"])  # of another pathway
    end_of_feed = read()["next"]
    pathway_changed.send(Pathway, pathway=pathway, by=None)
    assert read(end_of_feed)["items"] == []

    pathway.title = "Way of Teachers"
    pathway.save()
    pathway_changed.send(Pathway, pathway=pathway, by=None)
    [item] = read(end_of_feed)["items"]
    assert item["id"] == str(teacher.uid)
    assert [told["title"] for told in item["data"]["pathways"]] == ["Way of Teachers"]


def test_nothing_of_a_deleted_entry_is_kept(read: Read, teacher: Teacher) -> None:
    actions.suspend(teacher, why="A complaint", by=None)

    assert set(FeedEntry.objects.values_list("state", "until")) == {("deleted", None)}
    assert [entry.data for entry in FeedEntry.objects.all()] == [{}, {}]


def test_what_ends_by_itself_is_told_on_the_next_day(read: Read, teacher: Teacher) -> None:
    today = dt.date.today()
    actions.update_course(teacher.courses.get(), starts=today, ends=today, by=None)
    assert {item["state"] for item in read()["items"]} == {"updated"}
    end_of_feed = read()["next"]

    with days_later(1):
        [item] = read(end_of_feed)["items"]

    assert (item["kind"], item["state"]) == ("course", "deleted")


def test_all_is_told_on_a_site_that_was_just_upgraded(read: Read, teacher: Teacher) -> None:
    from imp_wagtail.directory.models import Edition, Listing

    for model in (FeedEntry, Listing, Edition):
        model.objects.all().delete()

    assert {item["kind"] for item in read()["items"]} == {"teacher", "course"}


def test_a_course_that_goes_over_to_another_teacher_is_told_as_theirs(read: Read, teacher: Teacher) -> None:
    other = TeacherFactory(agrees_to=["sharing"])
    course = teacher.courses.get()
    end_of_feed = read()["next"]

    course.teacher = other
    course.save()
    actions.unpublish(teacher)
    Consent.objects.filter(teacher=teacher).delete()
    teacher.delete()
    actions.publish(other)

    told = {item["id"]: item for item in read(end_of_feed)["items"]}
    assert told[str(course.uid)]["data"]["teacher"] == str(other.uid)
    assert told[str(teacher.uid)]["state"] == "deleted"
