"""Whether a letter is genuine and still stands: by its code, or by the hash of its file. One query for the letter."""

import datetime as dt
from dataclasses import dataclass, field

from imp_wagtail.core.prepared import Prepared

from .. import codes
from ..models import Letter
from .standing import Standing, standings_of

GENUINE, UNKNOWN = "genuine", "unknown"

WITH_CODE = Prepared(lambda code: Letter.objects.for_checking().filter(code=code), "a code")


@dataclass(frozen=True)
class Successor:
    """The newer letter, to which one that was replaced leads on."""

    code: str
    issued_on: dt.date

    @property
    def printed_code(self) -> str:
        return codes.grouped(self.code)


@dataclass(frozen=True)
class Check:
    """The answer: ``result`` is "genuine", "replaced", "withdrawn" or "unknown"; the last one has no letter."""

    result: str = UNKNOWN
    letter: Letter | None = None
    successor: Successor | None = None
    standings: list[Standing] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The answer's HTTP status."""
        return 200 if self.letter else 404


def check_code(text: str) -> Check:
    """Check a code as it was typed.

    What no letter can have is looked up all the same, so that it is answered like what no letter happens to have:
    by the same way, in the same time.
    """
    return _check(WITH_CODE.first(codes.parse(text) or ""))


def check_file(sha256: str) -> Check:
    """Check a file by its SHA-256 (hexadecimal): a letter's file is never changed, so any other is not one."""
    return _check(Letter.objects.for_checking().filter(sha256=sha256).first())


def result_of(letter: Letter) -> str:
    """ "genuine", "replaced" or "withdrawn"."""
    return GENUINE if letter.is_valid else str(letter.state)


def _check(letter: Letter | None) -> Check:
    if letter is None:
        return Check()
    successor = Successor(letter.successor_code, letter.successor_issued_on) if letter.replaced_by_id else None
    return Check(result_of(letter), letter, successor, standings_of(letter))
