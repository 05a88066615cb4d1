"""What loading a pack did, thing by thing."""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one thing."""

    ADDED = "added"
    UPDATED = "updated"
    KEPT = "kept"
    LEFT = "left"


@dataclass(frozen=True)
class Line:
    """One thing of a report."""

    outcome: Outcome
    what: str

    def __str__(self) -> str:
        return f"{self.outcome.value:<8}{self.what}"


@dataclass
class PackResult:
    """What loading a pack did, thing by thing."""

    name: str
    lines: list[Line] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def changed(self) -> int:
        """How many things were added or updated."""
        return self.count(Outcome.ADDED) + self.count(Outcome.UPDATED)
