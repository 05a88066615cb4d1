"""Whatever happens here, and whenever a reader comes by: who has read to the end has what is to be had, no more."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from imp_wagtail.directory import actions
from imp_wagtail.directory.feed.forgetting import prune_feed
from imp_wagtail.directory.models import Course, Purpose, Teacher
from imp_wagtail.participants.duplicates.merging import merge
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.participants.signals import standing_changed
from tests.factories import EnrolmentFactory

from .conftest import FEED, told_by
from .days import days_later

#: Enough to find each of the mistakes this was tried with, and not so much that anybody waits for it.
MANY = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
which = st.integers(min_value=0, max_value=5)
purposes = st.sampled_from([Purpose.SHARING, Purpose.SHARING, Purpose.PROFILE, Purpose.MAP])

Mirror = dict[str, dict[str, Any]]


def pick(rows: models.QuerySet, number: int) -> Any:
    """One of the rows; ends this step where there is none."""
    found = list(rows.order_by("pk"))
    if not found:
        raise ValidationError("There is none.")
    return found[number % len(found)]


@contextmanager
def allowed() -> Iterator[None]:
    """What is refused is no step."""
    with suppress(ValidationError):
        yield


def to_be_had() -> dict[str, tuple[str, str]]:
    """By id, what partner sites are to know: name and text, or title and teacher. Worked out from what staff keep."""
    shared = [teacher for teacher in Teacher.objects.all() if teacher.is_listed and teacher.agrees_to("sharing")]
    courses = Course.objects.filter(teacher__in=shared, ends__gte=timezone.localdate()).select_related("teacher")
    return {str(teacher.uid): (teacher.name, teacher.about) for teacher in shared} | {
        str(course.uid): (course.title, str(course.teacher.uid)) for course in courses
    }


def had(mirror: Mirror) -> dict[str, tuple[str, str]]:
    return {
        uid: (data["name"], data["about"]) if "name" in data else (data["title"], data["teacher"])
        for uid, data in mirror.items()
    }


class Reader:
    """A partner site that does what the contract says."""

    def __init__(self) -> None:
        self.mirror: Mirror = {}
        self.address = FEED

    def read_a_page(self) -> bool:
        """Whether there was anything in it."""
        response = Client().get(self.address)
        if response.status_code == 410:
            self.mirror, self.address = {}, response.json()["begin"]
            return True
        answer = told_by(response)
        for item in answer["items"]:
            if item["state"] == "deleted":
                self.mirror.pop(item["id"], None)
            else:
                self.mirror[item["id"]] = item["data"]
        self.address = answer["next"]
        return bool(answer["items"])

    def read_to_the_end(self) -> None:
        while self.read_a_page():
            pass
        assert had(self.mirror) == to_be_had()


class Directory(RuleBasedStateMachine):
    """Staff, time and two readers, one diligent and one who comes by now and then, each in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.clock = days_later(0)
        self.clock.__enter__()
        self.passed = 0
        self.diligent, self.lazy = Reader(), Reader()

    def teardown(self) -> None:
        try:
            self.diligent.read_to_the_end()
            self.lazy.read_to_the_end()
        finally:
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        for who in range(5):
            self.list_somebody(shares=True, recognised=who > 2)
            self.add_course(who=who, days=who)

    @rule(shares=st.booleans(), recognised=st.booleans())
    def list_somebody(self, shares: bool, recognised: bool) -> None:
        participant = EnrolmentFactory().participant
        participant.enrolments.update(may_be_listed_on=dt.date(2024, 12, 1))
        actions.list_teacher(
            participant,
            consented_on=timezone.localdate(),
            purposes=["sharing"] if shares else [],
            recognised_why="Known." if recognised else "",
            country="NL",
            languages=["nl"],
            teaches_online=True,
            by=None,
        )

    @rule(who=which, text=st.text("ab\n<é", max_size=3))
    def change(self, who: int, text: str) -> None:
        with allowed():
            actions.update_teacher(pick(Teacher.objects, who), about=text, by=None)

    @rule(who=which, purpose=purposes)
    def agree(self, who: int, purpose: str) -> None:
        with allowed():
            actions.record_consent(pick(Teacher.objects, who), purpose, on=timezone.localdate(), by=None)

    @rule(who=which, purpose=purposes)
    def withdraw(self, who: int, purpose: str) -> None:
        with allowed():
            actions.end_consent(pick(Teacher.objects, who), purpose, why="Asked.", by=None)

    @rule(purpose=purposes, days=st.integers(min_value=1, max_value=20))
    def ask_anew(self, purpose: str, days: int) -> None:
        with allowed():
            end = timezone.localdate() + dt.timedelta(days=days)
            actions.publish_text(purpose, {"en": "Once more?"}, earlier_end_on=end, by=None)

    @rule(who=which)
    def suspend_or_resume(self, who: int) -> None:
        with allowed():
            teacher = pick(Teacher.objects, who)
            verb = actions.resume if teacher.is_suspended else actions.suspend
            verb(teacher, why="A complaint, or none.", by=None)

    @rule(who=which)
    def renew(self, who: int) -> None:
        with allowed():
            actions.renew(pick(Teacher.objects, who), by=None)

    @rule(who=which)
    def change_standing(self, who: int) -> None:
        with allowed():
            enrolment = pick(Enrolment.objects, who)
            enrolment.may_be_listed_on = None if enrolment.may_be_listed_on else dt.date(2024, 12, 1)
            enrolment.save()
            standing_changed.send(Enrolment, participants=[enrolment.participant_id])

    @rule(who=which, days=st.integers(min_value=0, max_value=30))
    def add_course(self, who: int, days: int) -> None:
        with allowed():
            day = timezone.localdate() + dt.timedelta(days=days)
            teacher = pick(Teacher.objects, who)
            actions.add_course(teacher, title=f"Course {days}", starts=day, ends=day, language="en", by=None)

    @rule(one=which, days=st.integers(min_value=-1, max_value=3))
    def postpone_or_remove_course(self, one: int, days: int) -> None:
        with allowed():
            course = pick(Course.objects, one)
            if days < 0:
                actions.remove_course(course, by=None)
            else:
                actions.update_course(course, ends=course.ends + dt.timedelta(days=days), by=None)

    @rule(who=which, other=which, is_double=st.booleans())
    def leave(self, who: int, other: int, is_double: bool) -> None:
        """Erased, or found to be somebody else who is here already."""
        with allowed():
            person = pick(Teacher.objects, who).participant
            if is_double:
                merge(pick(Teacher.objects, other).participant, person, by=None)
            else:
                erase(person, why="Asked.", by=None)

    @rule(days=st.sampled_from([1, 2, 10, 91, 366]), is_kept=st.booleans())
    def let_days_pass(self, days: int, is_kept: bool) -> None:
        """``is_kept``: with the nightly command's pruning at the end."""
        self.passed += days
        self.clock.__exit__(None, None, None)
        self.clock = days_later(self.passed)
        self.clock.__enter__()
        if is_kept:
            prune_feed()

    @rule(is_lazy=st.booleans())
    def read_a_page(self, is_lazy: bool) -> None:
        (self.lazy if is_lazy else self.diligent).read_a_page()

    @rule()
    def read_to_the_end(self) -> None:
        self.diligent.read_to_the_end()


@pytest.mark.django_db
def test_who_has_read_to_the_end_has_what_is_to_be_had(settings: Any, directory: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "FEED_PER_PAGE": 2}

    run_state_machine_as_test(Directory, settings=MANY)
