"""Whether a letter was sent, in few words: for the list, for exports, and for the person's record."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date

from ..models import Letter, Sending
from .in_words import state_in_words

SENT = Sending.State.SENT


def newest_first(letter: Letter) -> list[Sending]:
    """The sendings of a letter, which a list fetches ahead for all its letters (``sendings``)."""
    return sorted(letter.sendings.all(), key=lambda sending: -sending.pk)


def latest(letter: Letter) -> Sending | None:
    """The e-mail that a list tells of: the last that was sent, else the last there is."""
    sendings = newest_first(letter)
    return next((sending for sending in sendings if sending.state == SENT), next(iter(sendings), None))


def in_short(letter: Letter) -> str:
    """The day on which the letter was sent last, or how far it got; empty where nobody asked for it."""
    sending = latest(letter)
    if sending is None:
        return ""
    return _day_of(sending.sent_at) if sending.sent_at else state_in_words(sending)


def in_a_line(sending: Sending) -> str:
    """One e-mail: what became of it, to whom it went and how, and whether its link was opened."""
    words = {
        "day": _day_of(sending.sent_at) if sending.sent_at else "",
        "state": state_in_words(sending),
        "address": sending.to,
        "manner": sending.get_manner_display(),
    }
    if sending.sent_at:
        line = _("sent on %(day)s to %(address)s %(manner)s") % words
    else:
        line = _("%(state)s: to %(address)s %(manner)s") % words
    if not sending.fetched_at:
        return line
    return _("%(line)s; link opened on %(day)s") % {"line": line, "day": _day_of(sending.fetched_at)}


def _day_of(moment: dt.datetime) -> str:
    return long_date(timezone.localdate(moment))
