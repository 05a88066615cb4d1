"""Who is listed: consent and standing, in one rule, and nobody else anywhere."""

import datetime as dt
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import ConsentText, Course, DirectoryPage, Purpose, Teacher
from imp_wagtail.participants.models import Enrolment
from tests.factories import (
    ConsentFactory,
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    QualificationFactory,
    TeacherFactory,
    registrar,
)

pytestmark = pytest.mark.django_db

#: Several consents each: purpose, version of the text, given on, ended on. The first text counts no more.
CONSENT = {
    "none": [("photo", 1, dt.date(2025, 1, 1), None)],
    "given": [
        ("profile", 2, dt.date(2025, 1, 1), dt.date(2025, 2, 1)), ("profile", 2, dt.date(2025, 2, 1), None),
        ("photo", 1, dt.date(2025, 1, 1), None),
    ],
    "ended": [("profile", 2, dt.date(2025, 1, 1), dt.date(2025, 2, 1)), ("photo", 1, dt.date(2025, 1, 1), None)],
    "to an earlier text": [("profile", 1, dt.date(2025, 1, 1), None)],
}  # fmt: skip
#: Whether the time for which it was renewed has passed, and whether staff took it out.
STATES = {
    "running": {"listed_until": dt.date(2999, 1, 1)},
    "endless": {"listed_until": None},
    "run out": {"listed_until": dt.date(2025, 3, 1)},
    "suspended": {"suspended_on": dt.date(2025, 4, 1)},
}
#: Several enrolments each: (completed on, status).
ENROLMENTS = {
    "none": [],
    "open": [(None, "active"), (None, "paused")],
    "completed": [(dt.date(2024, 12, 1), "active"), (None, "withdrawn"), (dt.date(2024, 6, 1), "active")],
    "completed and paused": [(dt.date(2024, 12, 1), "paused"), (None, "active")],
    "completed and withdrawn": [(dt.date(2024, 12, 1), "withdrawn"), (None, "active")],
    "recognised": [],
}


def teacher_with(consent: str, enrolments: str, state: str = "running") -> Teacher:
    """A teacher with two courses and two qualifications, so that a join would count anyone twice."""
    second_text()
    decided = {"recognised_on": dt.date(2025, 1, 1)} if enrolments == "recognised" else {}
    name = f"{consent} · {enrolments} · {state}"
    teacher = TeacherFactory(consent=False, standing=False, name=name, **STATES[state], **decided)
    for purpose, version, given_on, ended_on in CONSENT[consent]:
        ConsentFactory(teacher=teacher, purpose=purpose, version=version, given_on=given_on, ended_on=ended_on)
    for completed_on, status in ENROLMENTS[enrolments]:
        enrolment = EnrolmentFactory(participant=teacher.participant, status=status)
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_on=completed_on, may_be_listed_on=completed_on)
    CourseFactory.create_batch(2, teacher=teacher)
    QualificationFactory.create_batch(2, teacher=teacher)
    return teacher


def second_text() -> None:
    """A second wording for the public profile, with which consent to the first has ended."""
    words = {"locale": Locale.get_default(), "text": "I agree.", "earlier_end_on": timezone.localdate()}
    ConsentText.objects.get_or_create(purpose="profile", version=2, defaults=words)


def test_the_selection_and_the_property_agree_on_everybody() -> None:
    everybody = [teacher_with(*each) for each in product(CONSENT, ENROLMENTS, STATES)]
    listed = list(Teacher.objects.listed())

    assert {teacher.name for teacher in listed} == {
        f"given · {enrolments} · {state}"
        for enrolments in ("completed", "completed and paused", "recognised")
        for state in ("running", "endless")
    }
    assert [teacher for teacher in everybody if Teacher.objects.get(pk=teacher.pk).is_listed] == sorted(
        listed, key=lambda teacher: teacher.pk
    )
    assert [teacher for teacher in everybody if not teacher.why_not_listed] == sorted(
        listed, key=lambda teacher: teacher.pk
    )


def test_everybody_is_either_listed_or_not() -> None:
    everybody = {teacher_with(*each).pk for each in product(CONSENT, ENROLMENTS, STATES)}
    listed = list(Teacher.objects.listed().values_list("pk", flat=True))
    others = list(Teacher.objects.not_listed().values_list("pk", flat=True))

    assert sorted(listed + others) == sorted(everybody)


@pytest.mark.parametrize(
    ("consent", "enrolments", "state", "reasons"),
    [
        ("given", "completed", "running", []),
        ("given", "recognised", "endless", []),
        ("none", "completed", "running", ["no consent on record"]),
        ("ended", "completed", "running", ["consent ended on 1 February 2025"]),
        ("to an earlier text", "completed", "running", ["consent was given to an earlier text"]),
        ("given", "open", "running", ["no completed pathway"]),
        ("none", "none", "running", ["no consent on record", "no completed pathway"]),
        ("given", "completed", "run out", ["not renewed, ran out on 1 March 2025"]),
        ("given", "open", "suspended", ["suspended since 1 April 2025", "no completed pathway"]),
    ],
)
def test_what_keeps_an_entry_back_is_said_in_words(
    consent: str, enrolments: str, state: str, reasons: list[str]
) -> None:
    assert teacher_with(consent, enrolments, state).why_not_listed == reasons


def test_each_purpose_is_agreed_to_by_itself() -> None:
    for each in product(CONSENT, ENROLMENTS):
        teacher_with(*each)
    everybody = list(Teacher.objects.order_by("pk"))

    for purpose in Purpose.values:
        selected = list(Teacher.objects.agreeing_to(purpose).order_by("pk"))
        assert selected == [teacher for teacher in everybody if teacher.agrees_to(purpose)]
    assert {teacher.name.split(" · ")[0] for teacher in Teacher.objects.agreeing_to("photo")} == {
        "none", "given", "ended",
    }  # fmt: skip


def everywhere(client: Client, teacher: Teacher) -> dict[str, bool]:
    """In which public places a teacher can be found."""
    page = DirectoryPage.objects.get()
    return {
        "list": teacher.name in client.get(page.url).text,
        "search": bool(client.get(page.url, {"name": teacher.name}).context["count"]),
        "countries": teacher.country in offered(client, "country"),
        "languages": "fy" in offered(client, "language"),
        "page": client.get(page.teacher_url(teacher)).status_code == 200,
        "sitemap": any(teacher.slug in entry["location"] for entry in page.get_sitemap_urls()),
        "courses": Course.objects.listed().filter(teacher=teacher).exists(),
    }


def offered(client: Client, filter_name: str) -> dict[str, str]:
    """What the public may choose from; a filter that would have nothing to offer is not there."""
    fields = client.get(DirectoryPage.objects.get().url).context["filters"].form.fields
    return dict(fields[filter_name].choices) if filter_name in fields else {}


def listed_teacher() -> Teacher:
    teacher = TeacherFactory(name="Anna de Vries", slug="anna-de-vries", country="IS", agrees_to=["indexing"])
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

    actions.record_consent(teacher, on=dt.date(2025, 6, 1), by=registrar())
    actions.record_consent(teacher, "indexing", on=dt.date(2025, 6, 1), by=registrar())

    assert set(everywhere(client, teacher).values()) == {True}


def test_a_course_is_shown_up_to_its_last_day() -> None:
    today = timezone.localdate()
    teacher = TeacherFactory()
    last_day = CourseFactory(teacher=teacher, starts=today - dt.timedelta(days=9), ends=today)
    over = CourseFactory(teacher=teacher, starts=today - dt.timedelta(days=9), ends=today - dt.timedelta(days=1))

    assert list(Course.objects.listed()) == [last_day]
    assert (last_day.is_upcoming, over.is_upcoming) == (True, False)
