"""What may be done to participants. Each verb is one transaction, one log entry and, where others care, one signal.

Every verb raises ``ValidationError`` with a message for the person at the form, keyed by the field it belongs
to, and then nothing has changed. Each may be repeated: what is already so is left as it is.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import Kind, bounds_in_words

from . import log
from .facts import EnrolmentFacts, facts_of, store_progress
from .models import (
    Decision,
    Enrolment,
    Evidence,
    Participant,
    StageCompletion,
)
from .progress import READY, StageResult
from .signals import progress_stored, stage_completed, stage_reopening

#: What ``save_participant`` logs when it changes.
DETAILS = ("name", "printed_name", "email", "town", "country", "language", "notes")


def save_participant(participant: Participant, *, by: Any) -> Participant:
    """Add a participant, or save changed details; the log says which fields, from what to what."""
    participant.full_clean(exclude=["user"])
    with transaction.atomic():
        before = Participant.objects.select_for_update().filter(pk=participant.pk).first()
        participant.save()
        if before is None:
            log.record(participant, "imp.participant.add", by=by, what=participant.name)
        else:
            # Private notes stay out of the log, which more people read.
            changes = log.changes_between(before, participant, DETAILS, untold=["notes"])
            log.record_changes(participant, "imp.participant.change", changes, by=by)
    return participant


def enrol(participant: Participant, pathway: Pathway, *, on: dt.date | None = None, by: Any) -> Enrolment:
    """Put a participant on a pathway (the source language's); ``on`` is today unless given."""
    on = on or timezone.localdate()
    refuse_future(on, "enrolled_on")
    with transaction.atomic():
        enrolment, is_new = Enrolment.objects.get_or_create(
            participant=participant, pathway=pathway.source, defaults={"enrolled_on": on}
        )
        if is_new:
            recompute(enrolment)
            log.record(participant, "imp.enrolment.add", by=by, what=str(enrolment.pathway), after=long_date(on))
    return enrolment


def set_status(enrolment: Enrolment, status: str, *, why: str, by: Any) -> Enrolment:
    """Pause, resume or withdraw an enrolment; everything on record is kept."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(enrolment)
        if enrolment.status == status:
            return enrolment
        before = enrolment.get_status_display()
        enrolment.status = Enrolment.Status(status)
        enrolment.save(update_fields=["status"])
        progress_stored.send(Enrolment, enrolment=enrolment)
        log.record(
            enrolment.participant,
            "imp.enrolment.status",
            by=by,
            what=str(enrolment.pathway),
            before=before,
            after=enrolment.get_status_display(),
            why=why,
        )
    return enrolment


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
        if enrolment.evidence.filter(**same).exists():
            raise ValidationError(
                {"date": _("The same evidence is on record already. If it happened twice, tell them apart by name.")}
            )
        evidence = enrolment.evidence.create(**same, note=note, recorded_by=by)
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.evidence.record",
            by=by,
            what=str(requirement),
            after=describe(evidence),
        )
        if file:  # last, because no transaction takes a stored file back
            evidence.file.save(file.name, file)
    return evidence


def check_evidence(enrolment: Enrolment, requirement: Requirement, *, date: dt.date, amount: Decimal) -> None:
    """Refuse evidence that cannot count: of another pathway, in the future, out of bounds."""
    require_own(enrolment, requirement)
    refuse_withdrawn(enrolment)
    refuse_future(date, "date")
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
    """A piece of evidence in a line of the log."""
    return " · ".join(part for part in (long_date(evidence.date), evidence.size, evidence.detail) if part)


def remove_evidence(evidence: Evidence, *, why: str, by: Any) -> None:
    """Take back evidence that was recorded by mistake; the log keeps what it said."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(evidence.enrolment)
        evidence = enrolment.evidence.filter(pk=evidence.pk).first()
        if evidence is None:
            return
        refuse_completed(enrolment, evidence.requirement.stage)
        before, requirement = describe(evidence), str(evidence.requirement)
        stored = evidence.file
        evidence.delete()
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.evidence.remove",
            by=by,
            what=requirement,
            before=before,
            after="–",
            why=why,
        )
        if stored:
            transaction.on_commit(lambda: stored.storage.delete(stored.name))


def decide(
    enrolment: Enrolment,
    requirement: Requirement,
    *,
    outcome: str,
    reason: str,
    on: dt.date | None = None,
    by: Any,
) -> Decision:
    """Record staff's judgement that a requirement is met, has an equivalent, or is waived.

    A decision that stands is never overwritten: revoke it first.
    """
    require_reason(reason, "reason")
    require_own(enrolment, requirement)
    on = on or timezone.localdate()
    refuse_future(on, "decided_on")
    with transaction.atomic():
        enrolment = locked(enrolment)
        refuse_withdrawn(enrolment)
        standing = enrolment.decisions.filter(requirement=requirement, stands=True).first()
        if standing and (standing.outcome, standing.reason) == (outcome, reason):
            return standing
        if standing:
            raise ValidationError(
                {
                    "outcome": _("A decision stands already (%(outcome)s). Revoke it first.")
                    % {"outcome": standing.get_outcome_display()}
                }
            )
        decision = enrolment.decisions.create(
            requirement=requirement, outcome=outcome, reason=reason, decided_on=on, decided_by=by
        )
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.decision.record",
            by=by,
            what=str(requirement),
            after=decision.get_outcome_display(),
            why=reason,
        )
    return decision


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
            what=str(decision.requirement),
            before=decision.get_outcome_display(),
            after="–",
            why=why,
        )


def complete_stage(enrolment: Enrolment, stage: Stage, *, on: dt.date | None = None, by: Any) -> StageCompletion:
    """Confirm that a stage whose required requirements are all met is completed."""
    on = on or timezone.localdate()
    refuse_future(on, "completed_on")
    with transaction.atomic():
        enrolment = locked(enrolment)
        standing = enrolment.completions.filter(stage=stage, stands=True).first()
        if standing:
            return standing
        refuse_inactive(enrolment)
        require_ready(enrolment, stage)
        completion = enrolment.completions.create(stage=stage, completed_on=on, completed_by=by)
        recompute(enrolment)
        log.record(enrolment.participant, "imp.stage.complete", by=by, what=str(stage), after=long_date(on))
        stage_completed.send(Enrolment, enrolment=enrolment, stage=stage, completion=completion, by=by)
    return completion


def require_ready(enrolment: Enrolment, stage: Stage) -> None:
    """Refuse a stage of another pathway, or one with required requirements still open; the message names them."""
    facts = facts_of(enrolment)
    if stage.pk not in {own.pk for own in facts.stages}:
        raise ValidationError(_("“%(stage)s” is not a stage of this pathway.") % {"stage": stage})
    place = [own.pk for own in facts.stages].index(stage.pk)
    result = facts.results()[place]
    if result.state != READY:
        asked = zip(facts.requirements[stage.pk], result.requirements, strict=True)
        missing = [str(item) for item, progress in asked if item.is_required and not progress.is_met]
        raise ValidationError(
            _("“%(stage)s” is not ready to be completed. Still open: %(missing)s.")
            % {"stage": stage, "missing": "; ".join(missing)}
        )


def reopen_stage(enrolment: Enrolment, stage: Stage, *, why: str, by: Any) -> None:
    """Take a completion back; it is kept and no longer stands. Later completions that rest on it must go first."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(enrolment)
        completion = enrolment.completions.filter(stage=stage, stands=True).first()
        if completion is None:
            return
        resting = completion_resting_on(facts_of(enrolment), stage)
        if resting:
            raise ValidationError(_("“%(stage)s” rests on this stage. Reopen it first.") % {"stage": resting.stage})
        stage_reopening.send(Enrolment, enrolment=enrolment, stage=stage, by=by)
        completion.stands = None
        completion.save(update_fields=["stands"])
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.stage.reopen",
            by=by,
            what=str(stage),
            before=long_date(completion.completed_on),
            after="–",
            why=why,
        )


def completion_resting_on(facts: EnrolmentFacts, stage: Stage) -> StageCompletion | None:
    """The first completion of a later stage that required this one, and for which nobody decided otherwise."""
    place = [own.pk for own in facts.stages].index(stage.pk)
    for later in facts.stages[place + 1 :]:
        asks = any(
            asked.kind == Kind.EARLIER_STAGES and asked.is_required and asked.pk not in facts.decisions
            for asked in facts.requirements[later.pk]
        )
        if asks and later.pk in facts.completions:
            return facts.completions[later.pk]
    return None


def recompute(enrolment: Enrolment) -> list[StageResult]:
    """Store anew what follows from an enrolment's facts. Call it inside the transaction of the write."""
    results = store_progress(facts_of(enrolment))
    progress_stored.send(Enrolment, enrolment=enrolment)
    return results


def recompute_pathway(pathway: Pathway) -> int:
    """Store anew the progress of everyone on a pathway whose rules have changed; returns how many."""
    enrolments = Enrolment.objects.filter(pathway=pathway.source).select_related("participant")
    for enrolment in enrolments:
        with transaction.atomic():
            recompute(locked(enrolment))
    return len(enrolments)


def locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it stands now, locked until the transaction ends: two writes never interleave."""
    return Enrolment.objects.select_for_update().get(pk=enrolment.pk)


def refuse_future(day: dt.date, field: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("This date lies in the future.")})


def refuse_withdrawn(enrolment: Enrolment) -> None:
    if enrolment.status == Enrolment.Status.WITHDRAWN:
        raise ValidationError(_("This enrolment is withdrawn. Resume it first."))


def refuse_completed(enrolment: Enrolment, stage: Stage) -> None:
    """What a completed stage rests on is not taken from under it, nor from under its letter."""
    if enrolment.completions.filter(stage=stage, stands=True).exists():
        raise ValidationError(
            _("“%(stage)s” was completed on the strength of this. Reopen the stage first.") % {"stage": stage}
        )


def refuse_inactive(enrolment: Enrolment) -> None:
    if enrolment.status != Enrolment.Status.ACTIVE:
        raise ValidationError(
            _("This enrolment is %(status)s. Resume it first.") % {"status": enrolment.get_status_display()}
        )


def require_reason(why: str, field: str = "why") -> None:
    if not why.strip():
        raise ValidationError({field: _("Give the reason; it is kept in the history.")})


def require_own(enrolment: Enrolment, requirement: Requirement) -> None:
    if requirement.stage.pathway_id != enrolment.pathway_id:
        raise ValidationError({"requirement": _("This requirement belongs to another pathway.")})
