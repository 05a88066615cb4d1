"""What another letter for the same stage would say otherwise than one that was issued: told before it is replaced."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..actions.issuing import completed
from ..checking.printed import printed_facts, printed_wording
from ..images import kept_in_memory
from ..models import Letter
from ..snapshot import take_snapshot
from ..wording import to_text
from .looks import looks_of


@dataclass(frozen=True)
class Difference:
    """One line of a letter as it was printed, and as it would be printed now."""

    label: Any
    before: str
    after: str


def differences(letter: Letter) -> list[Difference]:
    """What would be printed otherwise now, whatever the date and number. Its holder is still on record.

    Raises ``ValidationError`` where no letter could be issued for the stage.
    """
    before, after = lines_of(letter), lines_of(as_issued_now(letter))
    labels = dict.fromkeys([*before, *after])
    told = [Difference(label, before.get(label, ""), after.get(label, "")) for label in labels]
    return [difference for difference in told if difference.before != difference.after]


def as_issued_now(letter: Letter) -> Letter:
    """The letter as it would be issued from today's record and wording, never saved, with its own date and number."""
    own = {"number": letter.number, "code": letter.code, "issued_on": letter.issued_on}
    with kept_in_memory():
        [completed_stage] = completed([(letter.enrolment, letter.stage)])
        said = take_snapshot(*completed_stage, **own)
    return Letter(
        year=letter.year, running_number=letter.running_number, code=letter.code, name=said["name"], snapshot=said
    )


def lines_of(letter: Letter) -> dict[Any, str]:
    """All that a letter says, by what it is called."""
    wording = (_("Wording"), to_text(printed_wording(letter)))
    return dict([(_("Name"), letter.name), *printed_facts(letter), wording, *looks_of(letter)])
