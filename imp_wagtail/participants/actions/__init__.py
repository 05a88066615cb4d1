"""What may be done to participants. Each verb is one transaction, one log entry and, where others care, one signal.

Every verb raises ``ValidationError`` with a message for the person at the form, keyed by the field it belongs
to, and then nothing has changed. Each may be repeated: what is already so is left as it is.
"""

from .decisions import check_decision, decide, revoke_decision
from .evidence import change_evidence, check_evidence, describe, record_evidence, remove_evidence
from .people import enrol, save_participant, set_status
from .recomputing import locked, locked_many, recompute, recompute_many
from .refusals import (
    refuse_completed,
    refuse_future,
    refuse_impossible,
    refuse_inactive,
    refuse_withdrawn,
    require_own,
    require_reason,
)
from .rules import recompute_pathway
from .stages import complete_stage, end_extension, extend_window, reopen_stage, require_ready

__all__ = [
    "change_evidence",
    "check_decision",
    "check_evidence",
    "complete_stage",
    "decide",
    "describe",
    "end_extension",
    "enrol",
    "extend_window",
    "locked",
    "locked_many",
    "recompute",
    "recompute_many",
    "recompute_pathway",
    "record_evidence",
    "refuse_completed",
    "refuse_future",
    "refuse_impossible",
    "refuse_inactive",
    "refuse_withdrawn",
    "remove_evidence",
    "reopen_stage",
    "require_own",
    "require_ready",
    "require_reason",
    "revoke_decision",
    "save_participant",
    "set_status",
]
