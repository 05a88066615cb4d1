"""What needs a hand: one list of it, which the desk counts and the list of participants filters by.

Rooms further down the house add theirs through a hook.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .permissions import SEE_PARTICIPANTS
from .querysets import EnrolmentQuerySet
from .windows import WindowState

#: Functions ``(user) -> list[Hand]``; whether the user may see one is the function's to check.
HANDS_HOOK = "imp_hands"


@dataclass(frozen=True)
class Hand:
    """One reason for which an enrolment needs somebody of the staff.

    ``key`` stands in addresses and stays as it is. ``enrolments`` narrows enrolments to those that need it; it must
    not join rows to them, but ask with a subquery, so that nobody is counted twice: ``pk__in`` where few need it, and
    ``Exists``, which databases ask anew for each row, where many do.
    """

    key: str
    label: Any
    enrolments: Callable[[EnrolmentQuerySet], EnrolmentQuerySet]
    order: int = 100
    #: Whether ``enrolments`` asks each by itself, with ``Exists`` or its own fields.
    asks_each: bool = False


def closing_soon(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Active ones with a window that closes soon."""
    return enrolments.in_window(WindowState.CLOSING_SOON)


def overdue(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Active ones with a window that has closed before everything was done."""
    return enrolments.in_window(WindowState.OVERDUE)


OWN_HANDS = [
    Hand("ready", _("Stage ready to complete"), EnrolmentQuerySet.ready_to_complete, order=10),
    Hand("closing", _("Window closing soon"), closing_soon, order=30),
    Hand("overdue", _("Window overdue"), overdue, order=40),
    Hand(
        "outstanding",
        _("Prerequisites outstanding after the training"),
        EnrolmentQuerySet.owing_prerequisites,
        order=50,
    ),
]


def own_hands(user: Any) -> list[Hand]:
    """For the hook: what this room knows of."""
    return OWN_HANDS if user.has_perm(SEE_PARTICIPANTS) else []


def hands_for(user: Any) -> list[Hand]:
    """Everything that may need a hand and that this user may see, in order."""
    found = [hand for hook in hooks.get_hooks(HANDS_HOOK) for hand in hook(user)]
    return sorted(found, key=lambda hand: hand.order)
