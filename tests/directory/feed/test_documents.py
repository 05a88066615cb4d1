"""What partner sites are told of a teacher and of a course."""

import datetime as dt

import pytest

from imp_wagtail.directory.models import Course, Qualification
from imp_wagtail.participants.actions import save_participant
from imp_wagtail.participants.duplicates.merging import merge
from tests.factories import (
    ConsentFactory,
    CourseFactory,
    EnrolmentFactory,
    ParticipantFactory,
    QualificationFactory,
    TeacherFactory,
    TownFactory,
    registrar,
)

from .conftest import Read

pytestmark = pytest.mark.django_db


def test_a_teacher_is_told_whole(read: Read) -> None:
    teacher = TeacherFactory(
        slug="zoë-łuk",
        name="Zoë Łuk",
        about="Teaches in <Utrecht>.",
        website="https://zoe.example.org/",
        located_in=TownFactory(),
        teaches_online=True,
        speaks=["nl", "en"],
        agrees_to=["sharing", "map"],
        standing=False,
        recognised_on=dt.date(2025, 1, 1),
    )
    enrolment = EnrolmentFactory(participant=teacher.participant, pathway__title="Teacher pathway")
    enrolment.completed_on = dt.date(2025, 1, 1)
    enrolment.save()
    QualificationFactory(teacher=teacher, title="Registered", body="A register", level="II")

    [item] = read()["items"]

    assert item == {
        "id": str(teacher.uid),
        "kind": "teacher",
        "state": "updated",
        "modified": item["modified"],
        "data": {
            "name": "Zoë Łuk",
            "url": "http://localhost/teachers/zo%C3%AB-%C5%82uk/",
            "contact": "http://localhost/teachers/zo%C3%AB-%C5%82uk/contact/",
            "about": "Teaches in <Utrecht>.",
            "website": "https://zoe.example.org/",
            "town": "Utrecht",
            "region": "NL.09",
            "country": "NL",
            "languages": ["nl", "en"],
            "online": True,
            "in_person": True,
            "near": [52.09083, 5.12222],
            "spot": [52.09083, 5.12222],
            "pathways": [{"id": str(enrolment.pathway.translation_key), "title": "Teacher pathway"}],
            "qualifications": [
                {
                    "sort": "accredited",
                    "title": "Registered",
                    "body": "A register",
                    "level": "II",
                    "valid_until": None,
                    "checked_on": "2025-01-01",
                }
            ],
            "accredited": True,
        },
    }


def test_the_profile_is_where_the_feed_says(read: Read, client: object) -> None:
    TeacherFactory(slug="zoë-łuk", name="Zoë Łuk", agrees_to=["sharing"])

    [item] = read()["items"]

    assert client.get(item["data"]["url"]).status_code == 200


def test_whoever_cannot_be_written_to_has_no_form(read: Read, client: object) -> None:
    TeacherFactory(participant__email="", agrees_to=["sharing"])

    [item] = read()["items"]

    assert item["data"]["contact"] is None
    assert client.get(f"{item['data']['url']}contact/").status_code == 404


def test_a_form_comes_and_goes_with_the_address_on_record(read: Read) -> None:
    participant = TeacherFactory(participant__email="", agrees_to=["sharing"]).participant
    began = read()["next"]
    forms = []
    for email in ("zoe@example.org", "zoe@example.net", ""):
        participant.email = email
        save_participant(participant, by=registrar())
        forms.append([item["data"]["contact"] and item["data"]["contact"][-8:] for item in read(began)["items"]])
        began = read(began)["next"]

    assert forms == [["contact/"], [], [None]]


def test_an_address_that_comes_with_another_record_brings_the_form(read: Read) -> None:
    keep = TeacherFactory(participant__email="", agrees_to=["sharing"]).participant
    merge(keep, ParticipantFactory(email="zoe@example.org"), by=registrar())

    [item] = read()["items"]

    assert item["data"]["contact"].endswith("/contact/")


def test_a_course_is_told_with_whose_it_is(read: Read) -> None:
    course = CourseFactory(
        teacher=TeacherFactory(agrees_to=["sharing"]),
        title="Listening",
        format=Course.Format.HYBRID,
        place="Utrecht",
        url="https://example.org/listening/",
        state=Course.State.FULL,
    )

    [item] = [item for item in read()["items"] if item["kind"] == "course"]

    assert item["id"] == str(course.uid)
    assert item["data"] == {
        "teacher": str(course.teacher.uid),
        "title": "Listening",
        "starts": "2099-03-01",
        "ends": "2099-04-26",
        "format": "hybrid",
        "language": "en",
        "place": "Utrecht",
        "url": "https://example.org/listening/",
        "state": "full",
    }


def test_without_consent_to_the_map_there_is_no_spot(read: Read) -> None:
    TeacherFactory(located_in=TownFactory(), latitude=52.1, longitude=5.1, agrees_to=["sharing"])

    [item] = read()["items"]

    assert item["data"]["spot"] is None


@pytest.mark.parametrize(
    "unseen",
    [
        {"checked_on": None},
        {"valid_until": dt.date(2020, 1, 1)},
    ],
    ids=["unchecked", "run out"],
)
def test_an_accreditation_that_nobody_vouches_for_is_not_told(read: Read, unseen: dict) -> None:
    teacher = TeacherFactory(agrees_to=["sharing"])
    QualificationFactory(teacher=teacher, **unseen)
    QualificationFactory(teacher=teacher, sort=Qualification.Sort.ATTENDED, title="Course", checked_on=None, body="")

    [item] = read()["items"]

    assert [held["sort"] for held in item["data"]["qualifications"]] == ["attended"]
    assert item["data"]["accredited"] is False


def test_no_address_to_write_to_is_in_it(read: Read, client: object) -> None:
    TeacherFactory(participant__email="secret@example.org", agrees_to=["sharing", "map", "photo"])

    assert "@" not in client.get("/directory/feed/").content.decode()


def test_without_a_directory_page_there_are_no_addresses_of_profiles(read: Read, directory: object) -> None:
    TeacherFactory(agrees_to=["sharing"])
    directory.unpublish()

    answer = read()

    assert answer["directory"] is None
    assert (answer["items"][0]["data"]["url"], answer["items"][0]["data"]["contact"]) == (None, None)


def test_who_agrees_to_other_purposes_only_is_not_told(read: Read) -> None:
    TeacherFactory(agrees_to=["map", "photo", "indexing"])
    ConsentFactory(teacher=TeacherFactory(agrees_to=["map"]), purpose="sharing", ended_on=dt.date(2025, 2, 1))

    assert read()["items"] == []
