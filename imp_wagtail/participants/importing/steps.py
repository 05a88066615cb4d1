"""The steps of an import, as the screens take them: begin, match, check, import, discard."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.pathways.models import Pathway

from ..models import PeopleImport
from . import storing
from .columns import scheme_of
from .errors import UnreadableFileError
from .findings import Findings
from .grouping import groups_of
from .matching import as_stored, match
from .reading import read, refuse_large
from .tables import Table, packed, unpacked
from .works import WRITE, CheckPeople, ImportPeople, parts_of


def read_upload(file: UploadedFile) -> Table:
    """The table that an uploaded file holds. Raises ``ValidationError`` where it is none, or too large a one."""
    try:
        refuse_large(file.size or 0)
        return read(file.read(), file.name or "")
    except UnreadableFileError as error:
        raise ValidationError({"file": str(error)}) from error


def begin(table: Table, pathway: Pathway, *, filename: str, by: Any) -> PeopleImport:
    """Keep the rows of a file for import, its columns matched as far as they are known."""
    storing.forget_old()
    people_import = PeopleImport(pathway=pathway.source, filename=filename[-240:], created_by=by)
    people_import.matching = as_stored(match(table.headings, scheme_of(pathway)))
    content = packed(table)
    people_import.file.save(content.name, content)
    return people_import


def check(people_import: PeopleImport, matching: dict[str, str], *, by: Any) -> Job:
    """Begin to check a file whose columns are matched so. An earlier check of it is forgotten.

    Raises ``ValidationError`` where it has been imported in the meantime.
    """
    table = unpacked(people_import.file.storage, people_import.file.name)
    params = {"groups": groups_of(table, matching).as_json()}
    with transaction.atomic():
        people_import = _locked(people_import)
        people_import.matching = matching
        return _start(people_import, CheckPeople, parts_of(table), params, by)


def import_all(people_import: PeopleImport, *, by: Any) -> Job:
    """Begin to import a file that was checked. Whoever clicks twice comes to the work that has begun."""
    with transaction.atomic():
        people_import = _locked(people_import)
        job = people_import.job
        if job is not None and job.kind == ImportPeople.kind:
            return job
        if job is None or not job.is_over:
            raise ValidationError(_("This file has not been checked yet."))
        return _start(people_import, ImportPeople, [*job.items, WRITE], {"groups": job.params["groups"]}, by)


def _locked(people_import: PeopleImport) -> PeopleImport:
    """The import as it stands now, locked until the transaction ends."""
    found = PeopleImport.objects.select_for_update().filter(pk=people_import.pk, finished_at=None).first()
    if found is None:
        raise ValidationError(_("This file has been imported already, or given up."))
    return found


def _start(
    people_import: PeopleImport, work: type[CheckPeople], items: list[Any], params: dict[str, Any], by: Any
) -> Job:
    """Begin long work on an import, in the place of what was done before."""
    before = people_import.job
    job = jobs.start(
        work.kind,
        title=work.title % {"file": people_import.filename},
        items=items,
        params={**params, "import": people_import.pk, "findings": Findings().as_json()},
        return_url=reverse("imp_people_import:import", args=[people_import.pk]),
        token=f"people-import-{people_import.pk}-{before.pk if before else 0}",
        by=by,
    )
    people_import.job = job
    people_import.save(update_fields=["job", "matching"])
    if before is not None:
        before.delete()
    return job


def discard(people_import: PeopleImport) -> None:
    """Forget an import that is not to be; one that is at work ends before its last step, and writes nothing.

    Raises ``ValidationError`` where that step was taken already: what is written is not given up any more.
    """
    with transaction.atomic():
        job = people_import.job
        if job is not None and not job.is_over:
            jobs.cancel(job)  # waits for the step that it is at
        # Only now, because the work locks its job before its import.
        if PeopleImport.objects.filter(pk=people_import.pk, finished_at__isnull=False).exists():
            raise ValidationError(_("This file has been imported already, or given up."))
        for left in PeopleImport.objects.filter(pk=people_import.pk):
            storing.forget(left)
