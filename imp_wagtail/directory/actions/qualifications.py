"""Qualifications of teachers: added, corrected, checked with their body, taken away."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from imp_wagtail.participants.actions import refuse_future
from imp_wagtail.participants.log import record

from ..models import Qualification, Teacher
from .locking import add_item, locked, locked_item, remove_item, update_item
from .publishing import publish


def add_qualification(teacher: Teacher, *, by: Any, **details: Any) -> Qualification:
    """Add what a teacher holds: ``sort``, ``title``, ``body``, ``level``, ``awarded_on``, ``valid_until``.

    ``checked_on`` says when it was checked with its body, by ``by``. An accreditation without is shown to nobody.
    """
    _refuse_future(details)
    with transaction.atomic():
        teacher = locked(teacher)
        qualification, is_new = add_item(teacher, Qualification(**details, checked_by=_checker(details, by)))
        if is_new:
            sort = Qualification.Sort(qualification.sort).label
            record(teacher.participant, "imp.qualification.add", by=by, what=qualification.title, after=sort)
            publish(teacher)
    return qualification


def update_qualification(qualification: Qualification, *, by: Any, **details: Any) -> Qualification:
    """Change what a qualification says; what is not given stays."""
    _refuse_future(details)
    with transaction.atomic():
        teacher, qualification = locked_item(qualification)
        if details.get("checked_on", qualification.checked_on) != qualification.checked_on:
            details["checked_by"] = _checker(details, by)
        changed = update_item(qualification, details)
        if changed:
            record(teacher.participant, "imp.qualification.change", by=by, **changed)
            publish(teacher)
    return qualification


def check_qualification(qualification: Qualification, *, on: dt.date, by: Any) -> Qualification:
    """Record that somebody checked it with its body on a day. From then on the public may see an accreditation."""
    if not on:
        raise ValidationError({"on": _("Say on which day it was checked.")})
    refuse_future(on, "on")
    return update_qualification(qualification, checked_on=on, by=by)


def remove_qualification(qualification: Qualification, *, by: Any) -> None:
    """Take a qualification away; the log keeps its title and sort."""
    with transaction.atomic():
        teacher = locked(qualification.teacher)
        if remove_item(qualification):
            sort = Qualification.Sort(qualification.sort).label
            record(teacher.participant, "imp.qualification.remove", by=by, what=qualification.title, before=sort)
            publish(teacher)


def _refuse_future(details: dict[str, Any]) -> None:
    for name in ("awarded_on", "checked_on"):
        if details.get(name):
            refuse_future(details[name], name)


def _checker(details: dict[str, Any], by: Any) -> Any:
    return by if details.get("checked_on") and getattr(by, "pk", None) else None
