"""Where an enrolment stands and what comes next, in words, from what is stored: for lists, which work nothing out.

Everything here reads what ``ParticipantQuerySet.with_progress`` has fetched.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from .models import Enrolment, StageProgress


def current_row(enrolment: Enrolment) -> StageProgress | None:
    """The stored progress of the current stage; ``None`` where every stage is completed."""
    return next((row for row in enrolment.progress.all() if row.stage_id == enrolment.current_stage_id), None)


def next_step(enrolment: Enrolment) -> str:
    """What comes next: "Complete “Preparation”", or the first thing still open; empty where nothing is awaited."""
    row = current_row(enrolment)
    if enrolment.status != Enrolment.Status.ACTIVE or row is None:
        return ""
    if row.state == StageProgress.State.READY:
        return _("Complete “%(stage)s”") % {"stage": row.stage}
    return str(enrolment.next_requirement or row.stage)


class Window(NamedTuple):
    """A window's state (a ``WindowState``), and what it says: "overdue since 30 October 2028"."""

    state: str
    words: str


def next_window(enrolment: Enrolment) -> Window | None:
    """The window that closes first of those with something left to do; ``None`` where nobody has to hurry.

    Its words name the stage unless it is the current one.
    """
    if enrolment.status != Enrolment.Status.ACTIVE:
        return None
    rows = [row for row in enrolment.progress.all() if row.closes_on and row.window_state]
    row = min(rows, key=lambda row: (row.closes_on, row.pk), default=None)
    if row is None:
        return None
    if row.stage_id == enrolment.current_stage_id:
        return Window(row.window_state, row.window_in_words)
    words = _("%(stage)s: %(window)s") % {"stage": row.stage, "window": row.window_in_words}
    return Window(row.window_state, words)


def window_in_words(enrolment: Enrolment) -> str:
    """What that window says; empty without one."""
    window = next_window(enrolment)
    return window.words if window else ""


def of_each(enrolments: Sequence[Enrolment], value: Callable[[Enrolment], Any]) -> list[tuple[str, Any]]:
    """Something about each enrolment, where there is something, with its pathway if the person has several."""
    names_pathway = len(enrolments) > 1
    return [
        (str(enrolment.pathway) if names_pathway else "", found)
        for enrolment in enrolments
        if (found := value(enrolment))
    ]
