"""Verbs about decisions: staff's judgement on a requirement."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.pathways.models import Requirement

from .. import log
from ..models import Decision, Enrolment
from .recomputing import locked, recompute
from .refusals import (
    completed_on_this,
    is_completed,
    refuse_completed,
    refuse_impossible,
    refuse_withdrawn,
    require_own,
    require_reason,
)


def decide(
    enrolment: Enrolment,
    requirement: Requirement,
    *,
    outcome: str,
    reason: str,
    on: dt.date | None = None,
    by: Any,
) -> Decision:
    """Record staff's judgement: a requirement is met, has an equivalent, is waived, or what there is was refused.

    A refusal leaves it open whatever is on record, until it is revoked.

    A decision that stands is never overwritten: revoke it first.
    """
    require_reason(reason, "reason")
    require_own(enrolment, requirement)
    on = on or timezone.localdate()
    refuse_impossible(on, "decided_on")
    with transaction.atomic():
        enrolment = locked(enrolment)
        standing = enrolment.decisions.filter(requirement=requirement, stands=True).first()
        if standing and (standing.outcome, standing.reason) == (outcome, reason):
            return standing
        takes = outcome == Decision.Outcome.REFUSED and is_completed(enrolment, requirement.stage)
        check_decision(enrolment, requirement, standing=standing, takes_from_completed=takes)
        decision = enrolment.decisions.create(
            requirement=requirement, outcome=outcome, reason=reason, decided_on=on, decided_by=by
        )
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.decision.record",
            by=by,
            what=requirement,
            after=Decision.Outcome(decision.outcome).label,
            why=reason,
        )
    return decision


def check_decision(
    enrolment: Enrolment, requirement: Requirement, *, standing: Decision | None, takes_from_completed: bool
) -> None:
    """Refuse a decision beside one that stands, on a withdrawn enrolment, or a refusal in a completed stage."""
    refuse_withdrawn(enrolment)
    if standing:
        raise ValidationError(
            {
                "outcome": _("A decision stands already (%(outcome)s). Revoke it first.")
                % {"outcome": standing.get_outcome_display()}
            }
        )
    if takes_from_completed:
        raise completed_on_this(requirement.stage)


def revoke_decision(decision: Decision, *, why: str, by: Any) -> None:
    """Take a decision back; it is kept and no longer stands."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(decision.enrolment)
        if not enrolment.decisions.filter(pk=decision.pk, stands=True).exists():
            return
        refuse_completed(enrolment, decision.requirement.stage)
        enrolment.decisions.filter(pk=decision.pk).update(stands=None)
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.decision.revoke",
            by=by,
            what=decision.requirement,
            before=Decision.Outcome(decision.outcome).label,
            after=log.NOTHING,
            why=why,
        )
