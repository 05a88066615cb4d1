"""Who was sent which letter, how and when."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.models import Job

from .letters import Letter


class Sending(models.Model):
    """One e-mail with a letter: what it said, to whom it went, and what became of it.

    Written by ``actions.sending`` and the task that delivers it, by nobody else.
    """

    class Manner(models.TextChoices):
        ATTACHMENT = "attachment", _("as an attachment")
        LINK = "link", _("as a personal link")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        #: Handed to the mail server just now. Where this stays, the process died, and nobody knows whether it went.
        UNDER_WAY = "under_way", _("under way")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="sendings", verbose_name=_("letter"))
    to = models.EmailField(_("to"))
    manner = models.CharField(_("manner"), max_length=12, choices=Manner, default=Manner.ATTACHMENT)
    language = models.CharField(_("language"), max_length=20)
    subject = models.CharField(_("subject"), max_length=240)
    #: As it was written; ``{link}`` stands where the personal link goes, which is in nobody's database.
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    #: When the next attempt is due; ``None`` where none is.
    try_at = models.DateTimeField(null=True, default=timezone.now)
    error = models.CharField(_("what failed"), max_length=240, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
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
