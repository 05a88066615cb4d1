"""What the tests of imports share: files of people, and the way from a file to what was found or written."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from imp_wagtail.core import jobs
from imp_wagtail.participants.importing import steps
from imp_wagtail.participants.importing.columns import scheme_of
from imp_wagtail.participants.importing.findings import Findings
from imp_wagtail.participants.importing.presenting import Preview
from imp_wagtail.participants.models import PeopleImport
from imp_wagtail.pathways.models import Pathway

Person = dict[str, Any]


def csv_of(*people: Person, separator: str = ",") -> bytes:
    """A file whose headings are the columns' keys."""
    headings = list(dict.fromkeys(key for person in people for key in person))
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, delimiter=separator)
    writer.writeheader()
    writer.writerows(people)
    return out.getvalue().encode()


def upload(content: bytes, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def begun(pathway: Pathway, *people: Person, by: Any = None, content: bytes = b"") -> PeopleImport:
    """An import whose columns are matched as the file says."""
    file = upload(content or csv_of(*people))
    return steps.begin(steps.read_upload(file), pathway, filename=file.name, by=by)


def checked(pathway: Pathway, *people: Person, by: Any = None, content: bytes = b"", **choices: str) -> PeopleImport:
    """An import that is checked to its end; ``known`` and ``namesakes`` are its choices."""
    people_import = begun(pathway, *people, by=by, content=content)
    PeopleImport.objects.filter(pk=people_import.pk).update(**choices)
    people_import.refresh_from_db()
    jobs.run(steps.check(people_import, people_import.matching, by=by).pk)
    return again(people_import)


def again(people_import: PeopleImport) -> PeopleImport:
    """The import as it stands now, with its job."""
    return PeopleImport.objects.select_related("pathway", "job").get(pk=people_import.pk)


def imported(pathway: Pathway, *people: Person, by: Any = None, **choices: Any) -> PeopleImport:
    """An import that was checked and run to its end."""
    people_import = checked(pathway, *people, by=by, **choices)
    assert Preview(people_import).problems == []
    jobs.run(steps.import_all(people_import, by=by).pk)
    return again(people_import)


def found(people_import: PeopleImport) -> Findings:
    return Preview(people_import).findings


def problems(pathway: Pathway, *people: Person, **choices: Any) -> list[tuple[int, str, str]]:
    """What is wrong with a file: row, column by its label, and the words."""
    findings = found(checked(pathway, *people, **choices))
    return [(told.row, told.column, told.message) for told in findings.problems]


def notices(pathway: Pathway, *people: Person, **choices: Any) -> list[tuple[int, str, str]]:
    """What there is to know about a file, in the same way; nothing is wrong with it."""
    findings = found(checked(pathway, *people, **choices))
    assert findings.problems == []
    return [(told.row, told.column, told.message) for told in findings.notices]


def label(pathway: Pathway, key: str) -> str:
    return scheme_of(pathway).by_key[key].label
