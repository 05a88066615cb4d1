"""What may be done with letters: issue, replace, withdraw, send. Each is one transaction, one log entry, one signal.

Every verb raises ``ValidationError`` with a message for the person at the form, and then nothing has changed.
"""

from .delivering import deliver, deliver_due
from .ending import holder_is_erased, let_go, refuse_reopening, replace, withdraw
from .issuing import day_of_issue, issue, issue_many, locked_pairs, valid_letters
from .sending import send, try_again

__all__ = [
    "day_of_issue",
    "deliver",
    "deliver_due",
    "holder_is_erased",
    "issue",
    "issue_many",
    "let_go",
    "locked_pairs",
    "refuse_reopening",
    "replace",
    "send",
    "try_again",
    "valid_letters",
    "withdraw",
]
