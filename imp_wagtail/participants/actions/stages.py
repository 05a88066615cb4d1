"""What may be done with stages: complete, reopen, extend. Whoever completes one is a person."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.pathways.models import Stage

from .. import log
from ..facts import EnrolmentFacts, facts_of
from ..models import Enrolment, Extension, StageCompletion
from ..progress import READY
from ..signals import stage_completed, stage_reopening
from .recomputing import locked, recompute
from .refusals import refuse_impossible, refuse_inactive, refuse_withdrawn, require_reason


def complete_stage(enrolment: Enrolment, stage: Stage, *, on: dt.date | None = None, by: Any) -> StageCompletion:
    """Confirm that a stage whose required requirements are all met is completed."""
    on = on or timezone.localdate()
    refuse_impossible(on, "completed_on")
    with transaction.atomic():
        enrolment = locked(enrolment)
        standing = enrolment.completions.filter(stage=stage, stands=True).first()
        if standing:
            return standing
        refuse_inactive(enrolment)
        refuse_before_enrolment(enrolment, on)
        require_ready(enrolment, stage)
        completion = enrolment.completions.create(stage=stage, completed_on=on, completed_by=by)
        recompute(enrolment)
        log.record(enrolment.participant, "imp.stage.complete", by=by, what=stage, after=on)
        stage_completed.send(Enrolment, enrolment=enrolment, stage=stage, completion=completion, by=by)
    return completion


def refuse_before_enrolment(enrolment: Enrolment, on: dt.date) -> None:
    """Nobody completes a stage of a pathway that they are not on yet."""
    if on < enrolment.enrolled_on:
        enrolled = long_date(enrolment.enrolled_on)
        raise ValidationError({"completed_on": _("The enrolment began on %(date)s, after this.") % {"date": enrolled}})


def require_ready(enrolment: Enrolment, stage: Stage) -> None:
    """Refuse a stage of another pathway, or one with required requirements still open; the message names them."""
    facts = facts_of(enrolment)
    if stage.pk not in {own.pk for own in facts.stages}:
        raise ValidationError(_("“%(stage)s” is not a stage of this pathway.") % {"stage": stage})
    place = [own.pk for own in facts.stages].index(stage.pk)
    result = facts.result.stages[place]
    if result.state != READY:
        asked = zip(facts.rules[place].requirements, result.requirements, strict=True)
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
        resting = stage_resting_on(facts_of(enrolment), stage)
        if resting:
            raise ValidationError(_("“%(stage)s” rests on this stage. Reopen it first.") % {"stage": resting})
        stage_reopening.send(Enrolment, enrolment=enrolment, stage=stage, by=by)
        completion.stands = None
        completion.save(update_fields=["stands"])
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.stage.reopen",
            by=by,
            what=stage,
            before=completion.completed_on,
            after=log.NOTHING,
            why=why,
        )


def stage_resting_on(facts: EnrolmentFacts, stage: Stage) -> Stage | None:
    """The first completed later stage that required this one, and for which nobody decided otherwise."""
    place = [own.pk for own in facts.stages].index(stage.pk)
    completed = (later for later in facts.stages[place + 1 :] if later.pk in facts.completions)
    return next(filter(facts.rests_on_earlier, completed), None)


def extend_window(
    enrolment: Enrolment, stage: Stage, *, until: dt.date, reason: str, on: dt.date | None = None, by: Any
) -> Extension:
    """Give somebody until another day, the last one included, for a stage that has a window.

    An extension that stands is kept and no longer counts. ``on`` is the day it was granted, today unless given.
    """
    require_reason(reason, "reason")
    on = on or timezone.localdate()
    refuse_impossible(on, "granted_on")
    with transaction.atomic():
        enrolment = locked(enrolment)
        refuse_withdrawn(enrolment)
        before = require_window(enrolment, stage, until)
        standing = enrolment.extensions.filter(stage=stage, stands=True).first()
        if standing and (standing.until, standing.reason) == (until, reason):
            return standing
        enrolment.extensions.filter(stage=stage, stands=True).update(stands=None)
        extension = enrolment.extensions.create(stage=stage, until=until, reason=reason, granted_on=on, granted_by=by)
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.window.extend",
            by=by,
            what=stage,
            before=before,
            after=until,
            why=reason,
        )
    return extension


def require_window(enrolment: Enrolment, stage: Stage, until: dt.date) -> dt.date:
    """The last day of a stage's window until now; refuse a stage without one, and an earlier day."""
    row = enrolment.progress.filter(stage=stage).first()
    if row is None or row.closes_on is None:
        raise ValidationError(_("“%(stage)s” has no window for this person yet.") % {"stage": stage})
    if until < row.closes_on:
        closes = long_date(row.closes_on)
        raise ValidationError({"until": _("It is open until %(date)s already; give a later day.") % {"date": closes}})
    return row.closes_on


def end_extension(extension: Extension, *, why: str, by: Any) -> None:
    """Take an extension back: the window ends again when the rules say. It is kept and no longer stands."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(extension.enrolment)
        if not enrolment.extensions.filter(pk=extension.pk, stands=True).update(stands=None):
            return
        recompute(enrolment)
        log.record(
            enrolment.participant,
            "imp.window.end_extension",
            by=by,
            what=extension.stage,
            before=extension.until,
            after=log.NOTHING,
            why=why,
        )
