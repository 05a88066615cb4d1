"""What every verb refuses, in words for the person at the form."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.pathways.models import Requirement, Stage

from ..models import Enrolment

#: Nothing on record is older: an earlier year is a typing error.
EARLIEST = dt.date(1950, 1, 1)


def refuse_future(day: dt.date, field: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("This date lies in the future.")})


def refuse_impossible(day: dt.date, field: str) -> None:
    """Refuse a day to come, and one so long ago that it was mistyped."""
    refuse_future(day, field)
    if day < EARLIEST:
        raise ValidationError({field: _("Nothing before %(date)s is kept.") % {"date": long_date(EARLIEST)}})


def refuse_withdrawn(enrolment: Enrolment) -> None:
    if enrolment.status == Enrolment.Status.WITHDRAWN:
        refuse_inactive(enrolment)


def is_completed(enrolment: Enrolment, stage: Stage) -> bool:
    return enrolment.completions.filter(stage=stage, stands=True).exists()


def refuse_completed(enrolment: Enrolment, stage: Stage) -> None:
    """What a completed stage rests on is not taken from under it, nor from under its letter."""
    if is_completed(enrolment, stage):
        raise completed_on_this(stage)


def completed_on_this(stage: Stage) -> ValidationError:
    """What is said where something would be taken from under a completed stage."""
    text = _("“%(stage)s” was completed on the strength of this. Reopen the stage first.")
    return ValidationError(text % {"stage": stage})


def refuse_inactive(enrolment: Enrolment) -> None:
    if enrolment.status != Enrolment.Status.ACTIVE:
        raise ValidationError(" ".join([enrolment.status_in_words, _("Resume it first.")]))


def require_reason(why: str, field: str = "why") -> None:
    if not why.strip():
        raise ValidationError({field: _("Give the reason; it is kept in the history.")})


def require_own(enrolment: Enrolment, requirement: Requirement) -> None:
    if requirement.stage.pathway_id != enrolment.pathway_id:
        raise ValidationError({"requirement": _("This requirement belongs to another pathway.")})
