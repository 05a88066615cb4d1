"""What every room's work is kept by: long work in steps, and forms that were sent."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Job(models.Model):
    """Long work on many records, one after the other: each is done wholly or not at all, and exactly once.

    See ``imp_wagtail.core.jobs``, which is the only one to write here.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")

    #: Names the work; see ``jobs.register``.
    kind = models.CharField(_("kind"), max_length=80)
    title = models.CharField(_("title"), max_length=240)
    #: What the work needs to know besides the records.
    params = models.JSONField(default=dict)
    #: Keys of the records, in the order in which they are done; the first ``position`` of them are.
    items = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(_("records"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("number", "changed"), default=0)
    left_out = models.PositiveIntegerField(pgettext_lazy("number", "left out"), default=0)
    #: What was left out and why, the first few hundred: ``[[item, reason], ...]``.
    refusals = models.JSONField(default=list)
    #: Of whoever started it: reasons are told in it.
    language = models.CharField(max_length=20, blank=True)
    #: The same for what day it is today.
    time_zone = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, db_index=True)
    #: Whoever starts the same work again (a double click) comes to the one that is there.
    token = models.CharField(max_length=64, unique=True, default=uuid4, editable=False)
    #: Where the results are looked at; empty for nowhere.
    return_url = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    #: When the last record was done; work that has not moved for a while has stopped.
    moved_at = models.DateTimeField(_("last moved"), default=timezone.now)
    finished_at = models.DateTimeField(pgettext_lazy("moment", "finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.FINISHED, self.State.CANCELLED)

    @property
    def percent(self) -> int:
        """How far, from 0 to 100."""
        return 100 if not self.total else self.position * 100 // self.total


class SentForm(models.Model):
    """A form that was sent and acted on. A second click on its button finds it here, and acts no more."""

    token = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        default_permissions = ()

    def __str__(self) -> str:
        return self.token
