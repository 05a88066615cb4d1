"""Verbs about evidence: dated facts that count towards a requirement."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.pathways.models import Requirement
from imp_wagtail.pathways.rules import Kind, bounds_in_words

from .. import log
from ..models import Enrolment, Evidence
from .recomputing import locked, recompute
from .refusals import (
    refuse_completed,
    refuse_impossible,
    refuse_withdrawn,
    require_own,
    require_reason,
)


def record_evidence(
    enrolment: Enrolment,
    requirement: Requirement,
    *,
    date: dt.date,
    amount: Decimal | None = None,
    detail: str = "",
    note: str = "",
    file: File | None = None,
    by: Any,
) -> Evidence:
    """Record a dated fact towards a requirement.

    ``amount`` is the size of the one thing where the rule bounds it (a retreat's days), else how many
    (cycles, sessions) or how long (hours); 1 unless given.
    """
    amount = Decimal(1) if amount is None else amount
    with transaction.atomic():
        enrolment = locked(enrolment)
        check_evidence(enrolment, requirement, date=date, amount=amount)
        same = {"requirement": requirement, "date": date, "amount": amount, "detail": detail}
        refuse_double(enrolment.evidence.filter(**same))
        evidence = enrolment.evidence.create(**same, note=note, recorded_by=by)
        recompute(enrolment)
        log.record(enrolment.participant, "imp.evidence.record", by=by, what=requirement, after=as_logged(evidence))
        if file:  # last, because no transaction takes a stored file back
            evidence.file.save(file.name, file)
    return evidence


def refuse_double(same: QuerySet[Evidence]) -> None:
    if same.exists():
        raise ValidationError(
            {"date": _("The same evidence is on record already. If it happened twice, tell them apart by name.")}
        )


def check_evidence(enrolment: Enrolment, requirement: Requirement, *, date: dt.date, amount: Decimal) -> None:
    """Refuse evidence that cannot count: of another pathway, in the future, out of bounds."""
    require_own(enrolment, requirement)
    refuse_withdrawn(enrolment)
    refuse_impossible(date, "date")
    rule = requirement.rule
    if rule.kind == Kind.EARLIER_STAGES:
        raise ValidationError({"requirement": _("This follows from the earlier stages; nothing is recorded for it.")})
    if amount <= 0:
        raise ValidationError({"amount": _("Give an amount greater than zero.")})
    if rule.kind == Kind.COUNT and not rule.allows(amount):
        raise ValidationError(
            {
                "amount": _("“%(title)s” counts %(bounds)s each.")
                % {"title": requirement, "bounds": bounds_in_words(rule)}
            }
        )


def describe(evidence: Evidence) -> str:
    """A piece of evidence in a line."""
    return " · ".join(part for part in (long_date(evidence.date), evidence.size, evidence.detail) if part)


#: The same in a line of the log.
as_logged = in_own_language()(describe)


def change_evidence(
    evidence: Evidence,
    *,
    date: dt.date,
    amount: Decimal | None = None,
    detail: str = "",
    note: str = "",
    file: File | None = None,
    by: Any,
) -> Evidence:
    """Correct evidence that was recorded wrongly; a ``file`` takes the place of the one there is.

    Refused once its stage is completed, and where the corrected evidence could not have been recorded.
    """
    amount = Decimal(1) if amount is None else amount
    with transaction.atomic():
        enrolment = locked(evidence.enrolment)
        found = enrolment.evidence.select_related("requirement__stage").filter(pk=evidence.pk).first()
        if found is None:
            raise ValidationError(_("This evidence is no longer on record: somebody removed it meanwhile."))
        evidence = found
        refuse_completed(enrolment, evidence.requirement.stage)
        check_evidence(enrolment, evidence.requirement, date=date, amount=amount)
        same = {"requirement": evidence.requirement, "date": date, "amount": amount, "detail": detail}
        refuse_double(enrolment.evidence.filter(**same).exclude(pk=evidence.pk))
        changes = _correct(evidence, date=date, amount=amount, detail=detail, note=note)
        if file:
            changes.append(_change_of(evidence, "file"))
        if changes:
            recompute(enrolment)
            log.record_changes(enrolment.participant, "imp.evidence.change", changes, by=by)
        if file:  # last, because no transaction takes a stored file back
            _replace_file(evidence, file)
    return evidence


def _correct(evidence: Evidence, **values: Any) -> list[log.Change]:
    before, note = as_logged(evidence), evidence.note
    for name, value in values.items():
        setattr(evidence, name, value)
    evidence.save(update_fields=list(values))
    after = as_logged(evidence)
    if before != after:
        return [log.Change(evidence.requirement, before, after)]
    return [_change_of(evidence, "note")] if note != evidence.note else []


@in_own_language()
def _change_of(evidence: Evidence, field: str) -> log.Change:
    """That a part of evidence was changed whose content the history does not hold."""
    return log.Change(f"{evidence.requirement} ({Evidence._meta.get_field(field).verbose_name})")


def _replace_file(evidence: Evidence, file: File) -> None:
    """Put a document in the place of another, which goes when the transaction is through."""
    storage, old = evidence.file.storage, evidence.file.name
    evidence.file.save(file.name, file)
    if old:
        transaction.on_commit(lambda: storage.delete(old))


def remove_evidence(evidence: Evidence, *, why: str, by: Any) -> None:
    """Take back evidence that was recorded by mistake; the log keeps what it said."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(evidence.enrolment)
        evidence = enrolment.evidence.filter(pk=evidence.pk).first()
        if evidence is None:
            return
        refuse_completed(enrolment, evidence.requirement.stage)
        before = as_logged(evidence)
        stored = evidence.file
        evidence.delete()
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.evidence.remove",
            by=by,
            what=evidence.requirement,
            before=before,
            after=log.NOTHING,
            why=why,
        )
        if stored:
            transaction.on_commit(lambda: stored.storage.delete(stored.name))
