"""In which states staff look for entries: each a queryset method of the same rule, in the order of the filter."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from ..querysets import TeacherQuerySet


class Status(NamedTuple):
    """``key`` stands in addresses and stays as it is. ``task`` says it on the desk, where it is something to do."""

    key: str
    label: Any
    narrow: Callable[[TeacherQuerySet], TeacherQuerySet]
    task: Any = ""


STATUSES = [
    Status("listed", _("Listed"), TeacherQuerySet.listed),
    Status("not_listed", _("Not listed"), TeacherQuerySet.not_listed),
    Status("awaiting", _("Awaiting consent or confirmation"), TeacherQuerySet.awaiting),
    Status(
        "earlier_text",
        _("Consent to an earlier text"),
        TeacherQuerySet.agreeing_to_earlier_text,
        task=_("Consent to ask for anew"),
    ),
    Status("ending", _("Ending soon"), TeacherQuerySet.ending_soon, task=_("Listing ending soon")),
    Status("run_out", _("Run out"), TeacherQuerySet.run_out),
    Status("suspended", _("Suspended"), TeacherQuerySet.suspended),
    Status("stale", _("Unchanged for a year"), TeacherQuerySet.stale),
    Status(
        "to_check",
        _("Accreditation to check"),
        TeacherQuerySet.with_accreditation_to_check,
        task=_("Accreditation to check"),
    ),
]


def status(key: str) -> Status:
    """The state of a key."""
    return next(status for status in STATUSES if status.key == key)
