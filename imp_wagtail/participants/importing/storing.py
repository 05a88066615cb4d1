"""What is kept of an import while it is on its way, and how it is forgotten."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from imp_wagtail.core.models import Job
from imp_wagtail.core.names import is_named_in

from ..models import Participant, PeopleImport
from ..personal.erasing import names_of
from ..signals import participant_erasing
from .tables import unpacked

#: Days after which an import that nobody finished is forgotten, when the next one begins.
KEPT_DAYS = 7


def forget_content(people_import: PeopleImport) -> None:
    """Delete the rows of the file once the transaction is through; that there was an import stays known."""
    file = people_import.file
    if file:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
        PeopleImport.objects.filter(pk=people_import.pk).update(file="", matching={})


def forget(people_import: PeopleImport) -> None:
    """Forget an import that is not to be: its file, and what its job has found about people."""
    forget_content(people_import)
    if people_import.job_id:
        Job.objects.filter(pk=people_import.job_id).update(params={}, items=[], refusals=[])
    people_import.delete()


def forget_old() -> None:
    """Forget the imports that were begun long ago and never finished."""
    since = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    for people_import in PeopleImport.objects.filter(finished_at=None, created_at__lt=since):
        forget(people_import)


def forget_naming(names: list[str]) -> None:
    """Forget the imports on their way whose file names somebody; whoever began one uploads it again without them."""
    for people_import in PeopleImport.objects.filter(finished_at=None).order_by("pk"):
        if _names(people_import, names):
            forget(people_import)


def _names(people_import: PeopleImport, names: list[str]) -> bool:
    try:
        table = unpacked(people_import.file.storage, people_import.file.name)
    except FileNotFoundError:  # lost, which must not keep anybody from being erased
        return False
    return any(is_named_in(" ".join(row.cells), names) for row in table.rows)


@receiver(participant_erasing, dispatch_uid="imp_participants.imports")
def forget_imports_of(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """Somebody is erased: no list that would bring them back is kept either."""
    forget_naming(names_of(participant))
