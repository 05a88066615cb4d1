"""What somebody agreed to: for each purpose by itself, to which wording, when, and until when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale


class Purpose(models.TextChoices):
    """What a teacher may agree to. The first opens the directory; the others add to it and mean nothing without it."""

    PROFILE = "profile", _("Public profile")
    PHOTO = "photo", _("Photo")
    MAP = "map", _("Place on the map")
    SHARING = "sharing", _("Sharing with partner sites")
    INDEXING = "indexing", _("Being found by search engines")


class ConsentText(models.Model):
    """A wording that consent is asked for with. A new version never changes what was agreed to before.

    Where a purpose has none, the package's own wording stands, which is version 1.
    """

    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version"))
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="+", verbose_name=_("language"))
    text = models.TextField(_("text"))
    #: From this day on, consent to earlier versions counts no more; ``None`` where it goes on counting.
    earlier_end_on = models.DateField(
        _("earlier consents end on"),
        null=True,
        blank=True,
        help_text=_("From this day on, whoever agreed to an earlier text only is asked anew. Empty: it still counts."),
    )
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "locale"], name="imp_consent_text_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.version}"


class ConsentQuerySet(models.QuerySet):
    def current(self, day: dt.date | None = None) -> "ConsentQuerySet":
        """Consents that count on a day, today unless given: not withdrawn, and to a wording that still counts."""
        superseding = (
            ConsentText.objects.filter(
                purpose=OuterRef("purpose"), earlier_end_on__lte=day or timezone.localdate(), version__gt=1
            )
            .order_by("-version")
            .values("version")[:1]
        )
        return self.filter(Q(ended_on__isnull=True) & Q(version__gte=Coalesce(Subquery(superseding), 1)))

    def to(self, purpose: str) -> "ConsentQuerySet":
        """Consents to one purpose."""
        return self.filter(purpose=purpose)


class Consent(models.Model):
    """One consent of one teacher. Kept when it has ended: it says on what a listing rested."""

    teacher = models.ForeignKey("Teacher", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    #: Which version of the wording was agreed to.
    version = models.PositiveSmallIntegerField(_("version of the text"), default=1)
    given_on = models.DateField(_("given on"))
    note = models.CharField(
        _("how it was given"), max_length=240, blank=True, help_text=_("For instance: e-mail of that day.")
    )
    ended_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("given_on")),
                name="imp_consent_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["teacher", "purpose", "ended_on"])]

    def __str__(self) -> str:
        return f"{self.teacher}: {self.get_purpose_display()}"
