"""Who is listed: consent and standing, in one rule, and nobody else anywhere."""

import datetime as dt
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Course, DirectoryPage, Teacher
from imp_wagtail.participants.models import Enrolment
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    QualificationFactory,
    TeacherFactory,
    registrar,
)

pytestmark = pytest.mark.django_db

CONSENT = {
    "none": {"consented_on": None},
    "given": {"consented_on": dt.date(2025, 1, 1)},
    "ended": {"consented_on": dt.date(2025, 1, 1), "consent_ended_on": dt.date(2025, 2, 1)},
    "ended without a beginning": {"consented_on": None, "consent_ended_on": dt.date(2025, 2, 1)},
}
#: Several enrolments each: (completed on, status).
ENROLMENTS = {
    "none": [],
    "open": [(None, "active"), (None, "paused")],
    "completed": [(dt.date(2024, 12, 1), "active"), (None, "withdrawn"), (dt.date(2024, 6, 1), "active")],
    "completed and paused": [(dt.date(2024, 12, 1), "paused"), (None, "active")],
    "completed and withdrawn": [(dt.date(2024, 12, 1), "withdrawn"), (None, "active")],
}


def teacher_with(consent: str, enrolments: str) -> Teacher:
    """A teacher with two courses and two qualifications, so that a join would count anyone twice."""
    teacher = TeacherFactory(standing=False, name=f"{consent} · {enrolments}", **CONSENT[consent])
    for completed_on, status in ENROLMENTS[enrolments]:
        enrolment = EnrolmentFactory(participant=teacher.participant, status=status)
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_on=completed_on, may_be_listed_on=completed_on)
    CourseFactory.create_batch(2, teacher=teacher)
    QualificationFactory.create_batch(2, teacher=teacher)
    return teacher


def test_the_selection_and_the_property_agree_on_everybody() -> None:
    everybody = [teacher_with(consent, enrolments) for consent, enrolments in product(CONSENT, ENROLMENTS)]
    listed = list(Teacher.objects.listed())

    assert sorted(teacher.name for teacher in listed) == ["given · completed", "given · completed and paused"]
    assert [teacher for teacher in everybody if Teacher.objects.get(pk=teacher.pk).is_listed] == sorted(
        listed, key=lambda teacher: teacher.pk
    )
    assert [teacher for teacher in everybody if not teacher.why_not_listed] == sorted(
        listed, key=lambda teacher: teacher.pk
    )


def test_everybody_is_either_listed_or_not() -> None:
    everybody = {teacher_with(consent, enrolments).pk for consent, enrolments in product(CONSENT, ENROLMENTS)}
    listed = list(Teacher.objects.listed().values_list("pk", flat=True))
    others = list(Teacher.objects.not_listed().values_list("pk", flat=True))

    assert sorted(listed + others) == sorted(everybody)


@pytest.mark.parametrize(
    ("consent", "enrolments", "reasons"),
    [
        ("given", "completed", []),
        ("none", "completed", ["no consent on record"]),
        ("ended", "completed", ["consent ended on 1 February 2025"]),
        ("given", "open", ["no completed pathway"]),
        ("none", "none", ["no consent on record", "no completed pathway"]),
    ],
)
def test_what_keeps_an_entry_back_is_said_in_words(consent: str, enrolments: str, reasons: list[str]) -> None:
    assert teacher_with(consent, enrolments).why_not_listed == reasons


def everywhere(client: Client, teacher: Teacher) -> dict[str, bool]:
    """In which public places a teacher can be found."""
    page = DirectoryPage.objects.get()
    return {
        "list": teacher.name in client.get(page.url).text,
        "search": bool(client.get(page.url, {"name": teacher.name}).context["count"]),
        "countries": teacher.country in dict(client.get(page.url).context["filters"].form.fields["country"].choices),
        "languages": "fy" in dict(client.get(page.url).context["filters"].form.fields["language"].choices),
        "page": client.get(page.teacher_url(teacher)).status_code == 200,
        "sitemap": any(teacher.slug in entry["location"] for entry in page.get_sitemap_urls()),
        "courses": Course.objects.listed().filter(teacher=teacher).exists(),
    }


def listed_teacher() -> Teacher:
    teacher = TeacherFactory(name="Anna de Vries", slug="anna-de-vries", country="IS")
    teacher.languages.create(language="fy")
    CourseFactory(teacher=teacher)
    return teacher


def test_a_listed_teacher_is_found_everywhere(client: Client) -> None:
    DirectoryPageFactory()

    assert set(everywhere(client, listed_teacher()).values()) == {True}


def test_a_teacher_is_gone_from_everywhere_at_the_request_after_consent_ended(client: Client) -> None:
    DirectoryPageFactory()
    teacher = listed_teacher()
    client.get("/teachers/")

    actions.end_consent(teacher, why="Asked for it.", by=registrar())

    assert set(everywhere(client, teacher).values()) == {False}


def test_a_teacher_is_gone_from_everywhere_at_the_request_after_standing_ended(client: Client) -> None:
    DirectoryPageFactory()
    teacher = listed_teacher()
    client.get("/teachers/")

    teacher.participant.enrolments.update(completed_on=None, may_be_listed_on=None)

    assert set(everywhere(client, teacher).values()) == {False}


def test_a_teacher_comes_back_with_consent_given_anew(client: Client) -> None:
    DirectoryPageFactory()
    teacher = listed_teacher()
    actions.end_consent(teacher, on=dt.date(2025, 5, 1), why="Asked for it.", by=registrar())

    actions.renew_consent(teacher, consented_on=dt.date(2025, 6, 1), by=registrar())

    assert set(everywhere(client, teacher).values()) == {True}


def test_a_course_is_shown_up_to_its_last_day() -> None:
    today = timezone.localdate()
    teacher = TeacherFactory()
    last_day = CourseFactory(teacher=teacher, starts=today - dt.timedelta(days=9), ends=today)
    over = CourseFactory(teacher=teacher, starts=today - dt.timedelta(days=9), ends=today - dt.timedelta(days=1))

    assert list(Course.objects.listed()) == [last_day]
    assert (last_day.is_upcoming, over.is_upcoming) == (True, False)
