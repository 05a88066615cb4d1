"""Courses that teachers offer."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from imp_wagtail.core.dates import date_range
from imp_wagtail.core.fields import LanguageField
from imp_wagtail.core.localities import language_name

from ..querysets import CourseQuerySet


class Course(models.Model):
    """A course that a teacher offers. It leaves the lists by itself when it is over."""

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("in person and online")

    class State(models.TextChoices):
        """What staff or teacher say of it. That it is over follows from its dates."""

        OPEN = "open", pgettext_lazy("course", "open")
        FULL = "full", pgettext_lazy("course", "full")
        CANCELLED = "cancelled", pgettext_lazy("course", "cancelled")

    #: What it is called in the feed, for good.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    teacher = models.ForeignKey("Teacher", on_delete=models.CASCADE, related_name="courses", verbose_name=_("teacher"))
    title = models.CharField(_("title"), max_length=160)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"), db_index=True)
    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.IN_PERSON)
    language = LanguageField()
    place = models.CharField(_("place"), max_length=160, blank=True)
    url = models.URLField(_("link"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["starts", "pk"]
        indexes = [models.Index(fields=["teacher", "ends"])]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The last day cannot come before the first day.")})

    @property
    def dates(self) -> str:
        return date_range(self.starts, self.ends)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def is_upcoming(self) -> bool:
        """Whether the course is not over; the rule of ``CourseQuerySet.upcoming``."""
        return self.ends >= timezone.localdate()

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED
