"""Verbs about people, and the pathways they are on."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.pathways.models import Pathway

from .. import log
from ..models import Enrolment, Participant
from ..signals import details_changed, progress_stored, standing_changed
from .recomputing import locked, recompute
from .refusals import refuse_impossible, require_reason

#: What ``save_participant`` logs when it changes.
DETAILS = ("name", "printed_name", "email", "town", "country", "language", "notes")


def save_participant(participant: Participant, *, fields: Iterable[str] = DETAILS, by: Any) -> Participant:
    """Add a participant, or save changed details; the log says which fields, from what to what.

    Of somebody on record only these ``fields`` are saved: what others changed meanwhile in the rest stays.
    """
    with transaction.atomic():
        before = Participant.objects.select_for_update().filter(pk=participant.pk).first()
        if before is None and participant.pk:
            raise ValidationError(_("This record is no longer there: somebody merged or erased it meanwhile."))
        if before:
            _keep(before, participant, set(DETAILS) - set(fields))
        participant.full_clean(exclude=["user", "email_key"])  # a key follows from its address
        _save(participant)
        if before is None:
            log.record(participant, "imp.participant.add", by=by, what=participant.name)
        else:
            # Private notes stay out of the log, which more people read.
            changes = log.changes_between(before, participant, DETAILS, untold=["notes"])
            log.record_changes(participant, "imp.participant.change", changes, by=by)
            if changes:
                details_changed.send(Participant, participant=participant)
    return participant


def _keep(before: Participant, participant: Participant, names: Iterable[str]) -> None:
    for name in names:
        setattr(participant, name, getattr(before, name))


def _save(participant: Participant) -> None:
    """The form has looked for others with this e-mail address; the database refuses who came in between."""
    try:
        with transaction.atomic():
            participant.save()
    except IntegrityError as error:
        if not participant.namesakes_by_email().exists():
            raise
        raise ValidationError({"email": _("Another participant has this e-mail address.")}) from error


def enrol(participant: Participant, pathway: Pathway, *, on: dt.date | None = None, by: Any) -> Enrolment:
    """Put a participant on a pathway (the source language's); ``on`` is today unless given."""
    on = on or timezone.localdate()
    refuse_impossible(on, "enrolled_on")
    with transaction.atomic():
        enrolment, is_new = Enrolment.objects.get_or_create(
            participant=participant, pathway=pathway.source, defaults={"enrolled_on": on}
        )
        if is_new:
            recompute(enrolment)
            log.record(participant, "imp.enrolment.add", by=by, what=enrolment.pathway, after=on)
    return enrolment


def set_status(enrolment: Enrolment, status: str, *, why: str, by: Any) -> Enrolment:
    """Pause, resume or withdraw an enrolment; everything on record is kept."""
    require_reason(why)
    with transaction.atomic():
        enrolment = locked(enrolment)
        if enrolment.status == status:
            return enrolment
        before, after = Enrolment.Status(enrolment.status), Enrolment.Status(status)
        enrolment.status = after
        enrolment.save(update_fields=["status"])
        progress_stored.send(Enrolment, enrolment=enrolment)
        standing_changed.send(Enrolment, participants=[enrolment.participant_id])
        log.record(
            enrolment.participant,
            "imp.enrolment.status",
            by=by,
            what=enrolment.pathway,
            before=before.label,
            after=after.label,
            why=why,
        )
    return enrolment
