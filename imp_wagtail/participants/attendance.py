"""The grid of attendance: members down, sessions across."""

from dataclasses import dataclass

from django.utils import timezone

from .models import Attendance, Cohort, Membership, Session


@dataclass(frozen=True)
class Cell:
    """Whether one member was at one session; ``key`` names it in the form."""

    key: str
    session: Session
    is_present: bool
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
class AttendanceGrid:
    """All members by all sessions."""

    sessions: list[Session]
    rows: list[Row]

    @property
    def cells(self) -> list[str]:
        """The keys of all cells."""
        return [cell.key for row in self.rows for cell in row.cells]


def grid_of(cohort: Cohort) -> AttendanceGrid:
    """A cohort's grid, in three queries. Sessions still to come cannot be ticked."""
    sessions = list(cohort.sessions.order_by("date", "pk"))
    memberships = cohort.memberships.select_related("enrolment__participant").order_by(
        "enrolment__participant__folded", "pk"
    )
    present = set(Attendance.objects.filter(session__cohort=cohort).values_list("session_id", "enrolment_id"))
    today = timezone.localdate()
    rows = [
        Row(
            membership,
            [
                Cell(
                    key=f"{session.pk}-{membership.enrolment_id}",
                    session=session,
                    is_present=(session.pk, membership.enrolment_id) in present,
                    is_open=session.date <= today,
                )
                for session in sessions
            ],
        )
        for membership in memberships
    ]
    return AttendanceGrid(sessions=sessions, rows=rows)
