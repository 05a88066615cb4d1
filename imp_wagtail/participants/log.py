"""The audit log's words for what happens to a participant. Every entry hangs on the participant."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

#: Action and label. The entry's data says what, and where there is one: from, to and why.
ACTIONS = {
    "imp.participant.add": _("Participant added"),
    "imp.participant.change": _("Details changed"),
    "imp.enrolment.add": _("Enrolled"),
    "imp.enrolment.status": _("Enrolment changed"),
    "imp.evidence.record": _("Evidence recorded"),
    "imp.evidence.remove": _("Evidence removed"),
    "imp.decision.record": _("Decision recorded"),
    "imp.decision.revoke": _("Decision revoked"),
    "imp.stage.complete": _("Stage completed"),
    "imp.stage.reopen": _("Stage reopened"),
    "imp.cohort.join": _("Joined a cohort"),
    "imp.cohort.leave": _("Left a cohort"),
    "imp.attendance.mark": _("Attendance marked"),
}


def record(participant: Any, action: str, *, by: Any, what: str, **details: Any) -> None:
    """Write one entry: ``what`` happened, with ``before``, ``after`` and ``why`` where there are any."""
    data = {"what": what, **{name: str(value) for name, value in details.items() if value not in (None, "")}}
    log(instance=participant, action=action, user=by, data=data)


def register(registry: LogActionRegistry, actions: dict[str, Any]) -> None:
    """Make the actions known to the admin's history and reports."""
    for action, label in actions.items():
        registry.register_action(action)(_formatter(label))


def _formatter(action_label: Any) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        label = action_label

        def format_message(self, log_entry: Any) -> str:
            return in_words(str(self.label), log_entry.data)

    return Formatter


def in_words(label: str, data: dict[str, str]) -> str:
    """One line: what happened, from what to what, and why."""
    line = f"{label}: {data['what']}" if data.get("what") else label
    if "before" in data:
        line += f" ({data['before']} → {data.get('after', '–')})"
    elif "after" in data:
        line += f" ({data['after']})"
    return f"{line}. {data['why']}" if data.get("why") else line
