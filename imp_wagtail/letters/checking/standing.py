"""What is so today of whoever a letter was issued for, as other rooms know it. A letter itself never changes."""

from dataclasses import dataclass
from typing import Any

from wagtail import hooks

from ..models import Letter

#: Functions ``(letter) -> list[Standing]``, asked whenever a letter is checked. Each may take one query.
LETTER_STANDING_HOOK = "imp_letter_standing"


@dataclass(frozen=True)
class Standing:
    """One question that a letter does not answer, with its answer.

    ``key`` stands in the answer for machines and stays as it is; ``label`` is the question as the page asks it.
    """

    key: str
    label: Any
    holds: bool


def standings_of(letter: Letter) -> list[Standing]:
    """Every room's answer. What it is asked of may have been erased: then ``letter.enrolment_id`` is ``None``."""
    return [standing for hook in hooks.get_hooks(LETTER_STANDING_HOOK) for standing in hook(letter)]
