"""Everything on record for enrolments, as lines of one ledger: read in one query, for one person or thousands."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import (
    CharField,
    Count,
    DateField,
    DecimalField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from .models import Attendance, Decision, Evidence, Extension, Membership, Session, StageCompletion

EVIDENCE, DECISION, COMPLETION, EXTENSION = "evidence", "decision", "completion", "extension"
ATTENDANCE, MEMBERSHIP = "attendance", "membership"
#: What progress follows from.
FACTS = (EVIDENCE, DECISION, COMPLETION, EXTENSION, ATTENDANCE)
#: The same, and the groups that somebody is in.
EVERYTHING = (*FACTS, MEMBERSHIP)


class Line(NamedTuple):
    """One thing on record. Of decisions, completions and extensions, those that stand."""

    #: One of the kinds above, and the key of its row.
    kind: str
    pk: int
    enrolment: int
    #: The key of the requirement (evidence, decision), stage (completion, extension) or cohort (the others).
    about: int
    #: The last day of an extension; ``None`` for a membership.
    date: dt.date | None
    #: Of evidence; hours of a session, where they are known; sessions until today, of a membership.
    amount: Decimal | None
    #: A decision's outcome; the kind of the cohort.
    sort: str
    #: What and where of evidence; the title of the cohort.
    title: str
    #: A note of evidence; the reason of a decision or extension.
    text: str
    #: Whose act a decision, completion or extension was: the user's name.
    who: str
    has_file: bool


def lines_of(enrolments: Collection[int], kinds: Collection[str] = FACTS) -> list[Line]:
    """The lines of these enrolments, by their keys: by date, and of one date in the order of recording."""
    if not enrolments:
        return []
    first, *others = (_TABLES[kind](enrolments) for kind in kinds)
    lines = [Line(*row[:-1], has_file=bool(row[-1])) for row in first.union(*others, all=True)]
    return sorted(lines, key=lambda line: (line.date or dt.date.max, line.pk))


def _rows(kind: str, rows: QuerySet, **columns: object) -> QuerySet:
    """The rows of one table in the shape of lines; what it lacks is empty, of the column's type."""
    empty = {
        "line_amount": Value(None, output_field=_AMOUNT),
        "line_sort": _nothing(),
        "line_title": _nothing(),
        "line_text": _nothing(),
        "line_who": _nothing(),
        "line_file": _nothing(),
    }
    annotated = rows.order_by().annotate(line_kind=Value(kind, output_field=CharField()), **{**empty, **columns})
    return annotated.values_list("line_kind", "pk", "enrolment_id", "line_about", "line_date", *empty)


_AMOUNT = DecimalField(max_digits=8, decimal_places=2)


def _nothing() -> Value:
    return Value("", output_field=TextField())


def _text(name: str) -> Cast:
    return Cast(name, TextField())


def _who(relation: str) -> Coalesce:
    return Coalesce(_text(f"{relation}__{get_user_model().USERNAME_FIELD}"), _nothing())


def _evidence(keys: Collection[int]) -> QuerySet:
    return _rows(
        EVIDENCE,
        Evidence.objects.filter(enrolment__in=keys),
        line_about=F("requirement_id"),
        line_date=F("date"),
        line_amount=Cast("amount", _AMOUNT),
        line_title=_text("detail"),
        line_text=F("note"),
        line_file=_text("file"),
    )


def _decisions(keys: Collection[int]) -> QuerySet:
    return _rows(
        DECISION,
        Decision.objects.filter(enrolment__in=keys, stands=True),
        line_about=F("requirement_id"),
        line_date=F("decided_on"),
        line_sort=_text("outcome"),
        line_text=F("reason"),
        line_who=_who("decided_by"),
    )


def _completions(keys: Collection[int]) -> QuerySet:
    return _rows(
        COMPLETION,
        StageCompletion.objects.filter(enrolment__in=keys, stands=True),
        line_about=F("stage_id"),
        line_date=F("completed_on"),
        line_who=_who("completed_by"),
    )


def _extensions(keys: Collection[int]) -> QuerySet:
    return _rows(
        EXTENSION,
        Extension.objects.filter(enrolment__in=keys, stands=True),
        line_about=F("stage_id"),
        line_date=F("until"),
        line_text=F("reason"),
        line_who=_who("granted_by"),
    )


def _attendance(keys: Collection[int]) -> QuerySet:
    return _rows(
        ATTENDANCE,
        Attendance.objects.filter(enrolment__in=keys),
        line_about=F("session__cohort_id"),
        line_date=F("session__date"),
        line_amount=Cast("session__hours", _AMOUNT),
        line_sort=_text("session__cohort__kind"),
        line_title=_text("session__cohort__title"),
    )


def _memberships(keys: Collection[int]) -> QuerySet:
    held = Session.objects.filter(cohort=OuterRef("cohort"), date__lte=timezone.localdate()).order_by()
    count = held.values("cohort").annotate(n=Count("pk")).values("n")
    return _rows(
        MEMBERSHIP,
        Membership.objects.filter(enrolment__in=keys),
        line_about=F("cohort_id"),
        line_date=Value(None, output_field=DateField()),
        line_amount=Cast(Coalesce(Subquery(count), 0), _AMOUNT),
        line_sort=_text("cohort__kind"),
        line_title=_text("cohort__title"),
    )


_TABLES = {
    EVIDENCE: _evidence,
    DECISION: _decisions,
    COMPLETION: _completions,
    EXTENSION: _extensions,
    ATTENDANCE: _attendance,
    MEMBERSHIP: _memberships,
}
