"""How far a reader of the feed has come: what ``?after=`` carries from one answer to the next question."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from ..models.published import LONG_AGO

MICROSECOND = dt.timedelta(microseconds=1)
WRITTEN = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})-([0-9]{1,18})")


@dataclass(frozen=True)
class Cursor:
    """The last entry that a reader was told of, in the order of the feed, and since when it reads."""

    modified: dt.datetime
    uid: uuid.UUID
    #: The time of the directory's last change when this reader began. What was deleted before that it never had.
    began: dt.datetime

    def __str__(self) -> str:
        return f"{_microseconds(self.modified)}-{self.uid.hex}-{_microseconds(self.began)}"

    @property
    def knows_until(self) -> dt.datetime:
        """Of everything that was deleted up to then, the reader was told, or never had it."""
        return max(self.modified, self.began)

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that was written like this; raises ``ValueError`` for what none was."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("not a cursor of the feed")
        modified, uid, began = found.groups()
        return cls(_time(modified), uuid.UUID(hex=uid), _time(began))


def _microseconds(time: dt.datetime) -> int:
    return (time - LONG_AGO) // MICROSECOND


def _time(microseconds: str) -> dt.datetime:
    try:
        return LONG_AGO + int(microseconds) * MICROSECOND
    except OverflowError as error:
        raise ValueError("a time beyond the calendar") from error
