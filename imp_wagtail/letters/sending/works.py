"""Sending many letters as long work: each is asked for once, and delivered as soon as that is certain."""

from collections import Counter

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imp_wagtail.core import jobs
from imp_wagtail.core.words import in_a_row

from ..actions import send
from ..actions.ending import locked_holder
from ..models import Letter, Sending
from ..permissions import SEND
from .runs import why_left_out, with_sendings

State = Sending.State


@jobs.register
class SendingWork(jobs.Work):
    """Asks for the sending of each letter, to the address that is on record then. The items are letters' keys."""

    kind = "imp_letters.send"
    permissions = (SEND,)

    def do(self, items: list[int]) -> int:
        # Asked anew for each letter: a right that was taken away meanwhile is gone at once.
        by = get_user_model().objects.filter(pk=self.job.created_by_id).first()
        if by is None or not by.has_perm(SEND):
            raise ValidationError(_("Whoever started this may no longer do it."))
        letters = Letter.objects.filter(pk__in=items)
        for letter in letters.defer("snapshot").order_by("enrolment_id", "pk"):
            locked_holder(letter)  # from here on, no other run sends it
        for letter in with_sendings(letters):
            if reason := why_left_out(letter):
                raise ValidationError(reason)
            send(letter, manner=self.job.params["manner"], by=by, job=self.job)
        return len(items)

    def name_of(self, item: int) -> str:
        """Number and name, as the person is called now: an erasure finds this one, and takes it out of the job."""
        letter = Letter.objects.select_related("enrolment__participant").get(pk=item)
        return f"{letter.number} · {letter.enrolment.participant}" if letter.has_holder else letter.number

    def summary(self) -> str:
        """What became of the messages so far."""
        sendings = Sending.objects.filter(job=self.job).order_by()
        states = Counter(sendings.values_list("state", flat=True))
        lost = sendings.lost().count()
        sent, waiting, failed = (states[state] for state in (State.SENT, State.WAITING, State.FAILED))
        on_its_way = states[State.UNDER_WAY] - lost
        told = [
            (sent, ngettext("%(count)d sent", "%(count)d sent", sent)),
            (waiting, ngettext("%(count)d waiting", "%(count)d waiting", waiting)),
            (on_its_way, ngettext("%(count)d under way", "%(count)d under way", on_its_way)),
            (lost, ngettext("%(count)d perhaps sent", "%(count)d perhaps sent", lost)),
            (failed, ngettext("%(count)d failed", "%(count)d failed", failed)),
        ]
        return in_a_row(text % {"count": count} for count, text in told if count > 0)
