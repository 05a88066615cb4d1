"""The file to fill in: one column for everything that can be said, and in XLSX a sheet that explains them."""

import tablib
from django.utils.translation import gettext as _

from imp_wagtail.core.exports import neutralised

from .columns import Column, Scheme

#: Endings of the template, and what a browser is told about them.
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def template(scheme: Scheme, ending: str) -> bytes:
    """An empty file with the headings of a pathway, in the reader's language."""
    headings = [neutralised(column.label) for column in scheme.columns]
    people = tablib.Dataset(headers=headings, title=_("Participants"))
    if ending == "csv":
        return people.export("csv").encode("utf-8-sig")
    notes = tablib.Dataset(headers=[_("Column"), _("Belongs to"), _("What to write")], title=_("Notes"))
    for column in scheme.columns:
        notes.append([neutralised(text) for text in (column.label, column.group, explained(column))])
    return tablib.Databook([people, notes]).export("xlsx", column_width="adaptive")


def explained(column: Column) -> str:
    """What belongs into a column, in a line."""
    longest = _("At most %(most)d characters.") % {"most": column.longest} if column.longest else ""
    return " ".join(part for part in (column.help, longest) if part)
