"""Courses of teachers: announced, changed, cancelled, taken away."""

from typing import Any

from django.db import transaction

from imp_wagtail.core.translation import in_own_language
from imp_wagtail.participants.log import record

from ..models import Course, Teacher
from .locking import add_item, locked, locked_item, remove_item, update_item
from .publishing import publish


def add_course(teacher: Teacher, *, by: Any, **details: Any) -> Course:
    """Add a course: ``title``, ``starts``, ``ends``, ``format``, ``language``, ``place``, ``url``, ``state``."""
    with transaction.atomic():
        teacher = locked(teacher)
        course, is_new = add_item(teacher, Course(**details))
        if is_new:
            record(teacher.participant, "imp.course.add", by=by, what=course.title, after=_days(course))
            publish(teacher)
    return course


def update_course(course: Course, *, why: str = "", by: Any, **details: Any) -> Course:
    """Change what a course says, or its state; what is not given stays. One that is cancelled goes on saying so.

    ``why`` is for the history alone.
    """
    with transaction.atomic():
        teacher, course = locked_item(course)
        changed = update_item(course, details)
        if changed:
            record(teacher.participant, "imp.course.change", by=by, **changed, why=why)
            publish(teacher)
    return course


def remove_course(course: Course, *, by: Any) -> None:
    """Take a course away; the log keeps its title and dates."""
    with transaction.atomic():
        teacher = locked(course.teacher)
        if remove_item(course):
            record(teacher.participant, "imp.course.remove", by=by, what=course.title, before=_days(course))
            publish(teacher)


@in_own_language()
def _days(course: Course) -> str:
    return course.dates
