"""When a stage is open for one person: pure rules, from the day the training was over to a state in words."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import long_date

from .progress import IN_PROGRESS, NOT_STARTED

#: The states of a stage in which its window matters: in the others there is nothing left to do.
STILL_TO_DO = (NOT_STARTED, IN_PROGRESS)


class WindowState(TextChoices):
    """Where today lies in a stage's window."""

    NOT_YET_OPEN = "not_yet_open", gettext_lazy("not yet open")
    OPEN = "open", gettext_lazy("open")
    CLOSING_SOON = "closing_soon", gettext_lazy("closing soon")
    OVERDUE = "overdue", gettext_lazy("overdue")


def window_state(
    stage_state: str, opens_on: dt.date | None, closes_on: dt.date | None, *, today: dt.date, soon_days: int
) -> WindowState | None:
    """The state of a stage's window, whose first and last day belong to it.

    It is closing soon for the ``soon_days`` days before the last one, and on that. ``None`` where there is no window,
    or nothing left to do in a stage of that state.
    """
    if stage_state not in STILL_TO_DO or opens_on is None or closes_on is None:
        return None
    if today < opens_on:
        return WindowState.NOT_YET_OPEN
    if today > closes_on:
        return WindowState.OVERDUE
    return WindowState.CLOSING_SOON if (closes_on - today).days <= soon_days else WindowState.OPEN


def window_in_words(state: WindowState | None, opens_on: dt.date | None, closes_on: dt.date | None) -> str:
    """ "Opens on 30 April 2028", "overdue since 30 October 2028"; empty where there is no window."""
    if state == WindowState.NOT_YET_OPEN and opens_on:
        return _("opens on %(date)s") % {"date": long_date(opens_on)}
    if state is None or closes_on is None:
        return ""
    texts = {
        WindowState.OPEN: _("open until %(date)s"),
        WindowState.CLOSING_SOON: _("closing soon, on %(date)s"),
        WindowState.OVERDUE: _("overdue since %(date)s"),
    }
    return texts[state] % {"date": long_date(closes_on)}
