"""The audit log's words for what happens to participants and cohorts.

What happens to a person hangs on the participant; what happens to a group as such, on the cohort.

A history has one language, the site's own, whoever acts. So an entry is given days, records, lazy texts and the labels
of choices as they are, and tells them in it; words that are put together are made within ``in_own_language``.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, get_active_log_context, log
from wagtail.models import ModelLogEntry

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.translation import in_own_language
from imp_wagtail.core.words import in_a_row
from imp_wagtail.pathways.rules import plain_number

#: Action and label. The entry's data says what, and where there is one: from, to and why.
ACTIONS = {
    "imp.participant.add": _("Participant added"),
    "imp.participant.change": _("Details changed"),
    "imp.participant.export": _("Personal data exported"),
    "imp.participant.erase": _("Erased"),
    "imp.participant.merge": _("Merged with another record"),
    "imp.participant.tell_apart": _("Not the same person as"),
    "imp.enrolment.add": _("Enrolled"),
    "imp.enrolment.status": _("Enrolment changed"),
    "imp.evidence.record": _("Evidence recorded"),
    "imp.evidence.change": _("Evidence corrected"),
    "imp.evidence.remove": _("Evidence removed"),
    "imp.decision.record": _("Decision recorded"),
    "imp.decision.revoke": _("Decision revoked"),
    "imp.stage.complete": pgettext_lazy("history", "Stage completed"),
    "imp.stage.reopen": _("Stage reopened"),
    "imp.window.extend": _("Window extended"),
    "imp.window.end_extension": _("Extension taken back"),
    "imp.cohort.join": _("Joined a cohort"),
    "imp.cohort.leave": _("Left a cohort"),
    "imp.cohort.move": _("Changed cohort"),
    "imp.attendance.mark": _("Attendance marked"),
    "imp.cohort.add": _("Cohort added"),
    "imp.cohort.change": _("Cohort changed"),
    "imp.cohort.sessions": _("Sessions added"),
    "imp.cohort.session.change": _("Session changed"),
    "imp.cohort.session.remove": _("Session removed"),
}

NOTHING = "–"


@dataclass(frozen=True)
class Change:
    """One field that changed, in words; ``before`` and ``after`` are empty where the log shall not tell them."""

    what: Any
    before: Any = ""
    after: Any = ""


@in_own_language()
def record(subject: Any, action: str, *, by: Any, what: Any, label: Any = "", **details: Any) -> None:
    """Write one entry: ``what`` happened, with ``before``, ``after`` and ``why`` where there are any.

    ``label`` is what the entry calls its subject; what it is called everywhere unless given.

    Each entry is an act of its own, with an identifier of its own: Wagtail's history shows only the last of
    several entries that share one, which would be the last of a whole group whose attendance is saved at once.
    """
    log(instance=subject, action=action, user=by, uuid=uuid4(), title=str(label), data=_data(what, details))


def _data(what: Any, details: dict[str, Any]) -> dict[str, str]:
    return {"what": told(what), **{name: told(value) for name, value in details.items() if value not in (None, "")}}


def told(value: Any) -> str:
    """A value in a line of the log: a day in words, several things in a row, anything else by its name."""
    if isinstance(value, dt.date):
        return long_date(value)
    return in_a_row(map(told, value)) if isinstance(value, list | tuple) else str(value)


@dataclass(frozen=True)
class Entry:
    """One entry of many that are written at once; its fields are ``record``'s."""

    subject: Any
    action: str
    what: Any
    before: Any = ""
    after: Any = ""
    why: Any = ""

    @property
    def data(self) -> dict[str, str]:
        return _data(self.what, {"before": self.before, "after": self.after, "why": self.why})


@in_own_language()
def record_many(entries: Iterable[Entry], *, by: Any) -> None:
    """Write many entries as ``record`` would write each, in a few statements and in their order.

    Where they are made one by one as they are asked for, they are made in the history's language.
    """
    user, now = by or get_active_log_context().user, timezone.now()
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=ContentType.objects.get_for_model(entry.subject, for_concrete_model=False),
                object_id=str(entry.subject.pk),
                label=str(entry.subject),
                action=entry.action,
                user=user,
                uuid=uuid4(),
                timestamp=now,
                data=entry.data,
            )
            for entry in entries
        ],
        batch_size=1000,
    )


def record_changes(subject: Any, action: str, changes: list[Change], *, by: Any) -> None:
    """Write one entry for all fields that changed; none where nothing did."""
    if not changes:
        return
    record(subject, action, by=by, **in_one_line(changes))


@in_own_language()
def in_one_line(changes: list[Change]) -> dict[str, str]:
    """What an entry says of several fields that changed, in the order of their changes."""
    shown = [change for change in changes if change.before or change.after]
    return {
        "what": told([change.what for change in changes]),
        "before": "; ".join(told(change.before) for change in shown),
        "after": "; ".join(told(change.after) for change in shown),
    }


@in_own_language()
def changes_between(before: Any, after: Any, fields: Iterable[str], *, untold: Iterable[str] = ()) -> list[Change]:
    """What differs between two versions of a record; of the ``untold`` fields only that they do."""
    changed = [name for name in fields if getattr(before, name) != getattr(after, name)]
    return [
        Change(_label(after, name))
        if name in untold
        else Change(_label(after, name), _shown(before, name), _shown(after, name))
        for name in changed
    ]


def _label(instance: Any, field: str) -> str:
    return str(instance._meta.get_field(field).verbose_name)


def _shown(instance: Any, field: str) -> str:
    display = getattr(instance, f"get_{field}_display", None)
    value = display() if display else getattr(instance, field)
    if isinstance(value, Decimal):
        return plain_number(value)
    return NOTHING if value in (None, "") else told(value)


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
        line += f" ({data['before']} → {data.get('after', NOTHING)})"
    elif "after" in data:
        line += f" ({data['after']})"
    return f"{line}. {data['why']}" if data.get("why") else line
