"""The letters of a run, sent together: to whom they go, who is left out and why."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..actions.delivering import why_unsendable
from ..models import Letter, Sending
from ..querysets import LetterQuerySet


@dataclass
class Outlook:
    """The letters that would be sent, and the others by the reason why not."""

    sent: list[Letter] = field(default_factory=list)
    left_out: dict[str, list[Letter]] = field(default_factory=dict)

    @property
    def left_out_count(self) -> int:
        return sum(map(len, self.left_out.values()))


def with_sendings(letters: LetterQuerySet) -> LetterQuerySet:
    """With all that sending looks at, in two queries whatever their number; by register number."""
    holders = letters.select_related("enrolment__participant", "stage__pathway")
    return holders.prefetch_related("sendings").order_by("year", "running_number", "pk")


def look_ahead(letters: LetterQuerySet) -> Outlook:
    """What sending these letters would do."""
    outlook = Outlook()
    for letter in with_sendings(letters):
        reason = why_left_out(letter)
        if reason:
            outlook.left_out.setdefault(reason, []).append(letter)
        else:
            outlook.sent.append(letter)
    return outlook


def why_left_out(letter: Letter) -> str:
    """Why a letter is not sent together with others; "" if it is. One at a time, it may be sent again."""
    if letter.has_holder and not letter.is_valid:
        return _("The letter was replaced or withdrawn.")
    if reason := why_unsendable(letter):
        return reason
    sendings = letter.sendings.all()
    states = {sending.state for sending in sendings}
    if Sending.State.SENT in states:
        return _("The letter was sent before.")
    if any(sending.is_lost for sending in sendings):
        return _("The letter was perhaps sent before. Ask whether it arrived.")
    if states & {Sending.State.WAITING, Sending.State.UNDER_WAY}:
        return _("The letter waits to be sent already.")
    return "" if letter.enrolment.participant.email else _("There is no e-mail address on record.")
