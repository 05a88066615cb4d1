"""What a check of a file has found: how many of whom, what is wrong, and who is on record already."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from .columns import Scheme
from .plans import Plan, Standing

#: Remarks and namesakes that are kept to be shown, of each sort; how many there are is always told.
MOST_TOLD = 1000


@dataclass(frozen=True)
class Told:
    """A remark as it is shown and downloaded."""

    row: int
    column: str
    value: str
    message: str
    standing: str


@dataclass(frozen=True)
class Namesake:
    """Somebody of the file with the name of somebody else."""

    row: int
    name: str
    whom: str


@dataclass
class Findings:
    """What is found, added up over all rows; kept with the job as JSON while the import is on its way."""

    #: ``{standing: {what is counted: how many}}``.
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[Told] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    namesakes: list[Namesake] = field(default_factory=list)
    #: How many problems there are for people of each standing, and how many notices.
    problem_counts: dict[str, int] = field(default_factory=dict)
    notice_counts: dict[str, int] = field(default_factory=dict)

    def add(self, plans: Iterable[Plan], scheme: Scheme) -> None:
        """Count these people in."""
        for plan in plans:
            self._count(plan)
            if plan.standing == Standing.NAMESAKE:
                self.namesakes.append(Namesake(plan.row, plan.participant.name, plan.whom))
            for remark in plan.remarks:
                label = scheme.by_key[remark.key].label
                told = Told(remark.row, label, remark.value, remark.message, plan.standing)
                counts = self.problem_counts if remark.blocks else self.notice_counts
                counts[plan.standing] = counts.get(plan.standing, 0) + 1
                (self.problems if remark.blocks else self.notices).append(told)
        for told in (self.problems, self.notices, self.namesakes):
            del told[MOST_TOLD:]

    def _count(self, plan: Plan) -> None:
        counted = Counter(self.counts.get(plan.standing, {}))
        counted["people"] += 1
        counted["unchanged"] += not plan.changes_anything
        for name in ("evidence", "completions", "decisions"):
            counted[name] += len(getattr(plan, name))
        self.counts[plan.standing] = dict(counted)

    def total(self, what: str, standings: Iterable[str]) -> int:
        """How many there are of something among the people of these standings."""
        return sum(self.counts.get(standing, {}).get(what, 0) for standing in standings)

    def problems_of(self, standings: Iterable[str]) -> list[Told]:
        return [told for told in self.problems if told.standing in standings]

    def notices_of(self, standings: Iterable[str]) -> list[Told]:
        return [told for told in self.notices if told.standing in standings]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Findings":
        shapes = {"problems": Told, "notices": Told, "namesakes": Namesake}
        return cls(
            **{
                name: [shapes[name](**row) for row in value] if name in shapes else value
                for name, value in data.items()
            }
        )
