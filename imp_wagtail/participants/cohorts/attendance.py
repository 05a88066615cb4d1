"""The grid of attendance: members down, sessions across."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from ..models import Attendance, Cohort, Enrolment, Membership, Session


@dataclass(frozen=True)
class Cell:
    """Whether one member was at one session; ``key`` names it in the form.

    ``is_ticked`` is what the form shows: what is on record, or what somebody ticked and could not save yet.
    """

    key: str
    session: Session
    is_present: bool
    is_ticked: bool
    is_open: bool


@dataclass(frozen=True)
class Row:
    """One member's attendance."""

    membership: Membership
    cells: list[Cell]

    @property
    def count(self) -> int:
        return sum(cell.is_present for cell in self.cells)


@dataclass(frozen=True)
class Column:
    """One session: whether it can be ticked, should have been, and how many were there, former members included."""

    session: Session
    is_open: bool
    is_to_tick: bool
    count: int


@dataclass(frozen=True)
class FormerMember:
    """Somebody who came, and has left since: what was attended was attended."""

    enrolment: Enrolment
    count: int


@dataclass(frozen=True)
class AttendanceGrid:
    """All members by all sessions."""

    columns: list[Column]
    rows: list[Row]
    former: list[FormerMember]

    @property
    def sessions(self) -> list[Session]:
        return [column.session for column in self.columns]

    @property
    def to_tick(self) -> list[Column]:
        return [column for column in self.columns if column.is_to_tick]

    @cached_property
    def cells(self) -> list[str]:
        """The keys of all cells."""
        return [cell.key for row in self.rows for cell in row.cells]

    @cached_property
    def known(self) -> frozenset[str]:
        """The same, to look one up."""
        return frozenset(self.cells)

    @cached_property
    def present(self) -> frozenset[str]:
        """The keys of the cells in which somebody is on record as present."""
        return frozenset(cell.key for row in self.rows for cell in row.cells if cell.is_present)

    def column(self, session: str) -> frozenset[str]:
        """The keys of one session's cells; none where there is no such session."""
        return frozenset(cell.key for row in self.rows for cell in row.cells if str(cell.session.pk) == session)


def grid_of(cohort: Cohort, *, ticked: Set[str] = frozenset(), unticked: Set[str] = frozenset()) -> AttendanceGrid:
    """A cohort's grid, in five queries. Sessions still to come cannot be ticked.

    ``ticked`` and ``unticked`` are cells that somebody changed and that are not saved.
    """
    sessions = list(cohort.sessions.order_by("date", "pk"))
    to_tick = set(cohort.sessions.to_tick().values_list("pk", flat=True))
    memberships = cohort.memberships.select_related("enrolment__participant").order_by(
        "enrolment__participant__folded", "pk"
    )
    present = set(Attendance.objects.filter(session__cohort=cohort).values_list("session_id", "enrolment_id"))
    counts = Counter(session for session, _enrolment in present)
    columns = [
        Column(session, not session.is_to_come, session.pk in to_tick, counts[session.pk]) for session in sessions
    ]
    rows = [
        Row(membership, [_cell(column, membership, present, ticked, unticked) for column in columns])
        for membership in memberships
    ]
    return AttendanceGrid(columns, rows, _former(present, {row.membership.enrolment_id for row in rows}))


def _cell(
    column: Column,
    membership: Membership,
    present: set[tuple[int, int]],
    ticked: Set[str],
    unticked: Set[str],
) -> Cell:
    key = f"{column.session.pk}-{membership.enrolment_id}"
    is_present = (column.session.pk, membership.enrolment_id) in present
    return Cell(
        key=key,
        session=column.session,
        is_present=is_present,
        is_ticked=(is_present or key in ticked) and key not in unticked,
        is_open=column.is_open,
    )


def _former(present: set[tuple[int, int]], members: set[int]) -> list[FormerMember]:
    counts = Counter(enrolment for _session, enrolment in present if enrolment not in members)
    people = Enrolment.objects.filter(pk__in=counts).select_related("participant")
    return [FormerMember(one, counts[one.pk]) for one in people.order_by("participant__folded", "pk")]
