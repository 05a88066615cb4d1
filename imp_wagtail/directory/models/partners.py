"""Partner sites whose teachers are found here too."""

import datetime as dt

from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PartnerQuerySet(models.QuerySet):
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
        _("active"), default=True, help_text=_("Switched off, nothing of theirs is shown or fetched.")
    )
    gone_after_days = models.PositiveSmallIntegerField(
        _("days without an answer"),
        default=14,
        help_text=_("After so many days in which their site does not answer, nothing of theirs is shown any more."),
    )
    #: How far the feed has been read: what ``next`` of its last page said; "" for not at all.
    cursor = models.CharField(max_length=200, blank=True)
    etag = models.CharField(max_length=200, blank=True)
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

    def answered(self, at: dt.datetime) -> None:
        """Note that the site answered; the time until its entries go begins anew."""
        self.last_answered_at, self.gone_at = at, at + dt.timedelta(days=self.gone_after_days)


class MirroredEntryQuerySet(models.QuerySet):
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
    data = models.JSONField(default=dict)

    objects = MirroredEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mirrored entry")
        verbose_name_plural = _("mirrored entries")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["partner", "uid"], name="imp_mirrored_once_for_partner")]
        indexes = [models.Index(fields=["partner", "teacher_uid"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
