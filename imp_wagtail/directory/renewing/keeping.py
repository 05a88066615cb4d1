"""What is done for the directory every day, part by part: one that fails keeps no other from being done.

A later part is one more line in ``PARTS``. Each minds its transactions itself, and may be done again at any time.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..actions import publish_all, publish_lapsed
from ..contact.pruning import prune_enquiries
from ..delivering import MAILS, State
from ..feed.forgetting import prune_feed
from ..partners.following import follow_all
from .actions import remind_all
from .pruning import prune_reminders

logger = logging.getLogger(__name__)


class Part(NamedTuple):
    """One thing that is done: its name for the command, and the work, which says in words what it did."""

    name: str
    do: Callable[[], str]


class Told(NamedTuple):
    """What came of one part."""

    name: str
    words: str
    failed: bool = False


def lapse() -> str:
    """Take out what ended by itself."""
    count = publish_lapsed()
    return ngettext("%(count)d entry ended by itself.", "%(count)d entries ended by themselves.", count) % {
        "count": count
    }


def mend() -> str:
    """Store anew what differs from the records, which nothing should."""
    count = publish_all()
    return ngettext("%(count)d entry was stored anew.", "%(count)d entries were stored anew.", count) % {
        "count": count
    }


def remind() -> str:
    """Ask those whose listing ends, and those who have a new wording to answer; and forget old reminders."""
    count, old = remind_all(), prune_reminders()
    told = ngettext("%(count)d teacher is reminded.", "%(count)d teachers are reminded.", count) % {"count": count}
    forgot = ngettext("%(count)d old reminder deleted.", "%(count)d old reminders deleted.", old) % {"count": old}
    return f"{told} {forgot}" if old else told


def deliver() -> str:
    """Hand over what is due."""
    states = Counter(MAILS.deliver_due())
    return _("%(sent)d sent, %(waiting)d to be tried again, %(failed)d failed.") % {
        "sent": states[State.SENT],
        "waiting": states[State.WAITING],
        "failed": states[State.FAILED],
    }


def forget_enquiries() -> str:
    """Delete enquiries whose time is over."""
    count = prune_enquiries()
    return ngettext("%(count)d old enquiry deleted.", "%(count)d old enquiries deleted.", count) % {"count": count}


def forget_deletions() -> str:
    """Let the feed forget what was deleted long ago."""
    count = prune_feed()
    return ngettext("%(count)d old deletion forgotten.", "%(count)d old deletions forgotten.", count) % {
        "count": count
    }


def mirror() -> str:
    """Read on in the feeds of partners."""
    read, failed = follow_all()
    told = ngettext("%(count)d feed read.", "%(count)d feeds read.", read) % {"count": read}
    missed = ngettext("%(count)d feed could not be read.", "%(count)d feeds could not be read.", failed)
    return f"{told} {missed % {'count': failed}}"


#: In this order: who is reminded depends on who is listed, and what is delivered on who was reminded.
PARTS = [
    Part("lapsed", lapse),
    Part("drift", mend),
    Part("reminders", remind),
    Part("mails", deliver),
    Part("enquiries", forget_enquiries),
    Part("feed", forget_deletions),
    Part("partners", mirror),
]


def keep(names: Iterable[str] = ()) -> Iterator[Told]:
    """Do these parts, all unless some are named, and tell after each what came of it."""
    wanted = set(names)
    for part in PARTS:
        if not wanted or part.name in wanted:
            yield _told(part)


def _told(part: Part) -> Told:
    try:
        return Told(part.name, part.do())
    except Exception as error:
        logger.exception("imp_keep_directory: %s failed", part.name)
        return Told(part.name, f"{type(error).__name__}: {error}", failed=True)
