"""The list of participants as a spreadsheet: one row a person, whatever the number of their pathways."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Enrolment, Participant
from .standing import next_step, of_each, window_in_words

#: Fields of the person.
OF_PERSON = ["name", "printed_name", "email", "town", "country", "language"]

#: Columns about enrolments: the heading, and what is said of each.
OF_ENROLMENTS: dict[str, tuple[Any, Callable[[Enrolment], Any]]] = {
    "next_step": (_("Next step"), next_step),
    "window": (_("Window"), window_in_words),
    "enrolled_on": (_("Enrolled on"), attrgetter("enrolled_on")),
    "trained_on": (_("Training taken until"), attrgetter("trained_on")),
    "may_teach_on": (_("May teach since"), attrgetter("may_teach_on")),
    "may_be_listed_on": (_("May be listed since"), attrgetter("may_be_listed_on")),
}

COLUMNS = [*OF_PERSON, "standing", *OF_ENROLMENTS]
HEADINGS = {"standing": _("Pathways and stages"), **{name: heading for name, (heading, _of) in OF_ENROLMENTS.items()}}


def row_of(person: Participant) -> dict[str, Any]:
    """One row. A day stays a day where somebody has one enrolment; several are told as text, with their pathways."""
    enrolments = list(person.enrolments.all())
    row = {name: getattr(person, name) for name in [*OF_PERSON, "standing"]}
    for name, (_heading, value) in OF_ENROLMENTS.items():
        found = of_each(enrolments, value)
        row[name] = (
            found[0][1] if len(enrolments) == 1 and found else "; ".join(f"{own}: {text}" for own, text in found)
        )
    return row
