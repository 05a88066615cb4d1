"""Who may do what with letters; a role's permissions come from ``migrations/0002_roles.py``."""

from typing import TYPE_CHECKING, Any

from imp_wagtail.participants.permissions import SEE_PARTICIPANTS

if TYPE_CHECKING:
    from .models import Letter

VIEW = "imp_letters.view_letter"
ISSUE = "imp_letters.issue_letter"
WITHDRAW = "imp_letters.withdraw_letter"
SEND = "imp_letters.send_letter"


def may_view(user: Any) -> bool:
    """Whether the user may see the register, and download letters."""
    return user.has_perm(VIEW)


def may_issue(user: Any) -> bool:
    """Whether the user may issue the letter for a completed stage."""
    return user.has_perm(ISSUE)


def may_end(user: Any, letter: "Letter") -> bool:
    """Whether the user may withdraw this letter, or replace it, which a letter allows once."""
    return letter.is_valid and user.has_perm(WITHDRAW)


def may_replace(user: Any, letter: "Letter") -> bool:
    """Whether the user may replace this letter: as ``may_end``, while there is a record to issue another from."""
    return letter.has_holder and may_end(user, letter)


def may_see_addresses(user: Any) -> bool:
    """Whether the user may see to which address a letter went: whoever sees participants, or sends letters."""
    return user.has_perm(SEE_PARTICIPANTS) or user.has_perm(SEND)


def may_send(user: Any, letter: "Letter") -> bool:
    """Whether the user may send this letter by e-mail, which goes to its holder only while it stands."""
    return letter.is_valid and letter.has_holder and user.has_perm(SEND)
