"""Trainings as people's calendars know them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarEntry(models.Model):
    """What calendars were told of a training last, in whichever language; kept for good.

    Calendars know an event by its identifier and believe a later number only. So both outlive the page: a training
    that was taken off the site is told as cancelled to whoever has it in a calendar. Written by ``calendar.entries``.
    """

    #: The identifier of the event: the translation key of the training's pages.
    key = models.UUIDField(unique=True)
    index = models.ForeignKey("imp_trainings.TrainingIndexPage", on_delete=models.CASCADE, related_name="+")
    #: How often something changed that people plan by.
    sequence = models.PositiveIntegerField(default=0)
    facts = models.JSONField()
    #: Whether its page is to be seen by everybody, or was when it went.
    is_public = models.BooleanField(default=True)
    is_gone = models.BooleanField(default=False)
    over_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.facts.get("title", self.key))
