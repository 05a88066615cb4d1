"""Who was sent a letter, how and when, in words for staff."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from imp_wagtail.participants.personal.facts import in_words

from ..models import Letter, Sending
from ..permissions import may_see_addresses, may_send


@dataclass(frozen=True)
class Row:
    """One sending as staff read it; ``to`` and ``try_again_url`` are empty for whoever has no right to them."""

    sending: Sending
    to: str
    asked: str
    state: str
    more: str
    try_again_url: str


def rows_of(letter: Letter, user: Any) -> list[Row]:
    """The sendings of a letter, the newest first."""
    sendings = letter.sendings.select_related("asked_by").order_by("-pk")
    return [
        Row(
            sending,
            sending.to if may_see_addresses(user) else "",
            in_words(sending.asked_at),
            state_in_words(sending),
            what_became_of(sending),
            reverse("imp_letters_admin:try_again", args=[sending.pk])
            if may_try_again(sending) and may_send(user, letter)
            else "",
        )
        for sending in sendings
    ]


def may_try_again(sending: Sending) -> bool:
    """Whether it failed, or waits after an attempt that did."""
    waits = sending.state == Sending.State.WAITING and bool(sending.attempts)
    return waits or sending.state == Sending.State.FAILED


def state_in_words(sending: Sending) -> str:
    """The state; of one that is lost nobody can say more than "perhaps sent"."""
    if sending.is_lost:
        return _("perhaps sent")
    return str(sending.get_state_display())


def what_became_of(sending: Sending) -> str:
    """What there is to say besides the state."""
    match sending.state:
        case Sending.State.UNDER_WAY if sending.is_lost:
            advice = _("Ask whether it arrived, then send it anew if it did not.")
            return f"{sending.error} {advice}".strip()
        case Sending.State.WAITING if sending.attempts:
            return " ".join([sending.error, _("Next attempt: %(when)s.") % {"when": in_words(sending.try_at)}])
        case Sending.State.SENT if sending.fetched_at:
            return _("Fetched: %(when)s") % {"when": in_words(sending.fetched_at)}
        case Sending.State.SENT if sending.expires_at:
            return _("The link opens until %(when)s.") % {"when": in_words(sending.expires_at)}
    return sending.error
