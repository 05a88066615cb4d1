"""Partner sites whose teachers are found here too."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PartnerQuerySet(models.QuerySet):
    def with_counts(self) -> "PartnerQuerySet":
        """``teacher_count``, ``course_count``: what feeds told of; ``fault_count``: what could not be understood."""
        understood = Q(entries__fault="")
        return self.annotate(
            teacher_count=Count("entries", filter=understood & Q(entries__kind=MirroredEntry.Kind.TEACHER)),
            course_count=Count("entries", filter=understood & Q(entries__kind=MirroredEntry.Kind.COURSE)),
            fault_count=Count("entries", filter=Q(entries__fault__gt="")),
        )

    def trusted(self) -> "PartnerQuerySet":
        """Those whose entries are shown: active, and answered within the time that was set for them."""
        return self.filter(is_active=True, gone_at__gt=timezone.now())


class Partner(models.Model):
    """A site on the allow-list: its feed is read, and its teachers are shown as listed by it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    site_url = models.URLField(_("website"), validators=[URLValidator(schemes=["https", "http"])])
    feed_url = models.URLField(
        _("address of its feed"), unique=True, max_length=300, validators=[URLValidator(schemes=["https", "http"])]
    )
    is_active = models.BooleanField(
        pgettext_lazy("partner", "active"),
        default=True,
        help_text=_("Switched off, nothing of theirs is shown or fetched."),
    )
    gone_after_days = models.PositiveSmallIntegerField(
        _("days without an answer"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("After so many days in which their site does not answer, nothing of theirs is shown any more."),
    )
    #: Where to read on: what ``next`` of the last answer said; "" for the beginning.
    cursor = models.CharField(max_length=500, blank=True)
    #: Of the last answer, where it came from ``cursor`` and so may come again.
    etag = models.CharField(max_length=200, blank=True)
    #: Where its profiles were at the last answer: once they have moved, all is read anew.
    directory = models.CharField(max_length=500, blank=True)
    #: How often reading began anew. Entries of an earlier reading go when the latest is complete.
    reading = models.PositiveIntegerField(default=1)
    last_tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    last_answered_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    #: From then on their entries are not shown, unless they answer before; ``None`` until they have answered once.
    gone_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(_("what failed"), max_length=240, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_trusted(self) -> bool:
        """Whether its entries are shown; the rule of ``PartnerQuerySet.trusted``."""
        return self.is_active and self.gone_at is not None and self.gone_at > timezone.now()

    @property
    def asks(self) -> str:
        """The address that is asked next."""
        return self.cursor or self.feed_url

    def answered(self, at: dt.datetime) -> None:
        """Note that the site answered; the time until its entries go begins anew."""
        self.last_tried_at = self.last_answered_at = at
        self.last_error = ""
        self.set_gone_at()

    def set_gone_at(self) -> None:
        """Work out until when its entries are shown if it does not answer any more."""
        if self.last_answered_at:
            self.gone_at = self.last_answered_at + dt.timedelta(days=self.gone_after_days)

    def begin_anew(self) -> None:
        """Read the feed from its beginning the next time."""
        self.cursor = self.etag = self.directory = ""
        self.reading += 1


class MirroredEntryQuerySet(models.QuerySet):
    def understood(self) -> "MirroredEntryQuerySet":
        """Those that can be shown."""
        return self.filter(fault="")

    def shown(self) -> "MirroredEntryQuerySet":
        """Entries of trusted partners; see ``PartnerQuerySet.trusted``."""
        return self.filter(partner__in=Partner.objects.trusted())


class MirroredEntry(models.Model):
    """A teacher or course of a partner, as its feed told, checked and cleaned. Never edited here."""

    class Kind(models.TextChoices):
        TEACHER = "teacher", _("teacher")
        COURSE = "course", _("course")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind)
    uid = models.UUIDField()
    #: Of a course: whose it is, by that teacher's ``uid``.
    teacher_uid = models.UUIDField(null=True, blank=True)
    modified = models.DateTimeField()
    #: What is shown and searched, named as in the feed.
    data = models.JSONField(default=dict)
    #: Why it could not be understood; such an entry has no data, and is not shown.
    fault = models.CharField(max_length=240, blank=True)
    #: The reading of the feed that told of it last; see ``Partner.reading``.
    reading = models.PositiveIntegerField(default=1)

    objects = MirroredEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mirrored entry")
        verbose_name_plural = _("mirrored entries")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["partner", "uid"], name="imp_mirrored_once_for_partner")]
        indexes = [models.Index(fields=["partner", "teacher_uid"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
