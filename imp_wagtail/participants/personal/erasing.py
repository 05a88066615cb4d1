"""To erase a person: for good, without a trace but for the letters that were issued."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from imp_wagtail.core.names import is_named_in
from imp_wagtail.core.traces import delete_without_trace, forget_in_jobs
from imp_wagtail.core.words import in_a_row

from .. import log
from ..actions import locked_many, require_reason
from ..models import Participant
from ..signals import participant_erasing


def erase(participant: Participant, *, why: str, by: Any) -> None:
    """Delete a person with everything on record about them: rows, files, history, and what jobs told of them.

    Issued letters stay in the register, and lead to nobody any more. The log says from now on that somebody was
    erased, when, by whom and why; so ``why`` may not name them.
    """
    require_reason(why)
    names = names_of(participant)
    refuse_naming(why, names)
    with transaction.atomic():
        forget_in_jobs(names)
        person = Participant.objects.select_for_update().filter(pk=participant.pk).first()
        if person is None:
            return
        locked_many(person.enrolments.values_list("pk", flat=True))
        participant_erasing.send(Participant, participant=person, by=by)
        _delete(person)
        log.record(participant, "imp.participant.erase", by=by, what="", why=why, label=gettext_lazy("Erased person"))


def _delete(person: Participant) -> None:
    try:
        delete_without_trace(person)
    except ProtectedError as error:
        raise ValidationError(still_needed(error.protected_objects)) from error
    except RestrictedError as error:
        raise ValidationError(still_needed(error.restricted_objects)) from error


def names_of(participant: Participant) -> list[str]:
    """What a text would call this person: as they are called now, and as they were, by their history."""
    names = [participant.name, participant.printed_name, participant.email]
    history = ModelLogEntry.objects.for_instance(participant).exclude(action="imp.participant.erase")
    former = history.order_by("label").values_list("label", flat=True).distinct()
    return [name for name in dict.fromkeys([*names, *former]) if name]


def refuse_naming(why: str, names: list[str]) -> None:
    if is_named_in(why, names):
        raise ValidationError({"why": _("Do not name the person here: this reason is kept.")})


def still_needed(records: Iterable[Model]) -> str:
    """That records of another app stand on this person, by what they are."""
    kinds = sorted({capfirst(str(record._meta.verbose_name_plural)) for record in records})
    return _("Nothing was erased, because other records need this person: %(kinds)s.") % {"kinds": in_a_row(kinds)}
