"""E-mails that are asked for in one transaction and handed to the mail server later, each once."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: How long a mail server may take over a message before it counts as lost (RFC 5321, section 4.5.3.2.6).
PATIENCE = dt.timedelta(minutes=10)


def is_lost() -> Q:
    """Under way for longer than it can be: nobody knows whether it went. The rule of ``Outgoing.is_lost``."""
    return Q(state=Outgoing.State.UNDER_WAY) & (Q(try_at=None) | Q(try_at__lte=timezone.now()))


class OutgoingQuerySet(models.QuerySet):
    def lost(self) -> "OutgoingQuerySet":
        """Handed to the mail server, of which nobody knows whether it took them."""
        return self.filter(is_lost())


class Outgoing(models.Model):
    """One e-mail: what it says, to whom it goes, and what became of it. Each room keeps its own kind."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        #: Handed to the mail server just now. Where this stays, nobody knows whether it went; see ``is_lost``.
        UNDER_WAY = "under_way", _("under way")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=20)
    subject = models.CharField(_("subject"), max_length=240)
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    #: When the next attempt is due; ``None`` while it waits for something else to happen first. While it is under way,
    #: from when on it is lost; ``None``: it is already.
    try_at = models.DateTimeField(null=True, default=timezone.now)
    error = models.CharField(_("what failed"), max_length=240, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(pgettext_lazy("moment", "sent"), null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_lost(self) -> bool:
        """Whether nobody knows if it went: the process died or the connection broke; the rule of ``lost``."""
        if self.state != self.State.UNDER_WAY:
            return False
        return self.try_at is None or self.try_at <= timezone.now()
