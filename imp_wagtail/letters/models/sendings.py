"""Who was sent which letter, how and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.models import Job
from imp_wagtail.core.outgoing import Outgoing

from .letters import Letter


class Sending(Outgoing):
    """One e-mail with a letter: what it said, to whom it went, and what became of it.

    Written by ``actions.sending`` and the task that delivers it, by nobody else.
    """

    class Manner(models.TextChoices):
        ATTACHMENT = "attachment", _("as an attachment")
        LINK = "link", _("as a personal link")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="sendings", verbose_name=_("letter"))
    manner = models.CharField(_("manner"), max_length=12, choices=Manner, default=Manner.ATTACHMENT)
    #: As it was written; ``{link}`` stands where the personal link goes, which is in nobody's database.
    text = models.TextField(_("text"))
    #: Until when the personal link opens; ``None`` for an attachment.
    expires_at = models.DateTimeField(_("link opens until"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("first fetched"), null=True, blank=True)
    #: The run in which many were sent at once: each letter once.
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["letter", "job"], name="imp_letter_sent_once_in_a_run")]
        indexes = [models.Index(fields=["state", "try_at"]), models.Index(fields=["letter", "state"])]

    def __str__(self) -> str:
        return f"{self.letter.number} · {self.get_state_display()}"
