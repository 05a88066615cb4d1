"""The audit log's words for trainings."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

SHARED = "imp.training.facts"


class SharedFacts(LogFormatter):
    """Which facts came, and from which page."""

    label = gettext_lazy("Facts brought from another language")

    def format_message(self, log_entry: Any) -> str:
        return _("Brought from “%(from)s”: %(what)s") % log_entry.data


def register(registry: LogActionRegistry) -> None:
    """Make the actions known to the admin's history and reports."""
    registry.register_action(SHARED)(SharedFacts)
