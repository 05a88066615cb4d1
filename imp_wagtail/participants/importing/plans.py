"""What is to happen for one person of a file, and what is to be told about their rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from ..facts import EnrolmentFacts
from ..ledger import Line
from ..models import Enrolment, Participant
from .cells import shown
from .resource import ReadRow


class Standing(StrEnum):
    """What a person of the file is to the record."""

    NEW = "new"
    #: On record with the same e-mail address.
    KNOWN = "known"
    #: Somebody else has the name, on record or earlier in the file.
    NAMESAKE = "namesake"


@dataclass(frozen=True)
class Remark:
    """Something to tell about one cell. What blocks keeps the file from being imported."""

    row: int
    #: The column's.
    key: str
    value: str
    message: str
    blocks: bool = True


@dataclass(frozen=True)
class Said:
    """What a person's rows say in one column, and the first of them that says it."""

    value: Any
    row: ReadRow


@dataclass
class Plan:
    """What is to happen for one person. Nothing of it is saved."""

    rows: Sequence[ReadRow]
    standing: Standing
    participant: Participant
    enrolment: Enrolment
    is_enrolled_anew: bool
    #: What is on record, and in the end what will be.
    facts: EnrolmentFacts
    #: Who has the same name, in words.
    whom: str = ""
    filled_in: list[str] = field(default_factory=list)
    #: Lines of the ledger that are to be.
    evidence: list[Line] = field(default_factory=list)
    completions: list[Line] = field(default_factory=list)
    decisions: list[Line] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def row(self) -> int:
        """The number of the person's first row."""
        return self.rows[0].number

    @property
    def changes_anything(self) -> bool:
        return bool(self.is_enrolled_anew or self.filled_in or self.evidence or self.completions)

    def tell(self, row: ReadRow, key: str, message: str, *, blocks: bool = True) -> None:
        self.remarks.append(Remark(row.number, key, shown(row.texts.get(key, "")), message, blocks))

    def tell_what_stays(self, said: Said, key: str, on_record: str) -> None:
        """The file says something else than the record, which is not overwritten."""
        message = _("On record as “%(value)s”, which stays.") % {"value": shown(on_record)}
        self.tell(said.row, key, message, blocks=False)

    @contextmanager
    def telling(self, row: ReadRow, columns: dict[str, str]) -> Iterator[None]:
        """A refusal within the block is told beside the column of its field, or else of the first one."""
        try:
            yield
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for name, messages in found.items():
                self.tell(row, columns.get(name) or next(iter(columns.values())), " ".join(messages))
