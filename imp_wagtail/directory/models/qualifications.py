"""What teachers hold, and of what sort."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..querysets import is_current


class Qualification(models.Model):
    """What a teacher holds besides the pathways completed here, and of what sort. The sorts are never shown alike."""

    class Sort(models.TextChoices):
        ATTENDED = "attended", _("attended as a participant")
        COMPLETED = "completed", _("teacher training completed")
        ACCREDITED = "accredited", _("independently accredited")

    teacher = models.ForeignKey("Teacher", on_delete=models.CASCADE, related_name="qualifications")
    sort = models.CharField(pgettext_lazy("qualification", "sort"), max_length=12, choices=Sort)
    title = models.CharField(_("title"), max_length=160)
    body = models.CharField(
        pgettext_lazy("qualification", "body"), max_length=160, blank=True, help_text=_("Who trained or accredited.")
    )
    level = models.CharField(
        _("level"), max_length=80, blank=True, help_text=_("As the body calls it, where it has several.")
    )
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    #: When and by whom it was checked with the body. An accreditation that nobody checked is shown to nobody.
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Accreditation is by somebody."""
        super().clean()
        if self.sort == self.Sort.ACCREDITED and not self.body:
            raise ValidationError({"body": _("Say which independent body accredited.")})
        if self.awarded_on and self.valid_until and self.valid_until < self.awarded_on:
            raise ValidationError({"valid_until": _("This ends before it was awarded.")})

    @property
    def is_current(self) -> bool:
        """Whether it has not run out."""
        return is_current(self.valid_until)

    @property
    def is_vouched_for(self) -> bool:
        """Whether the public may see it: an accreditation only once somebody checked it with its body."""
        return self.sort != self.Sort.ACCREDITED or self.checked_on is not None

    @property
    def is_shown(self) -> bool:
        """Whether the public sees it with a listed teacher: vouched for, and not run out."""
        return self.is_current and self.is_vouched_for

    @property
    def is_to_be_checked(self) -> bool:
        """Whether nobody has checked an accreditation yet; the rule of ``querysets.accreditation_to_check``."""
        return self.is_current and not self.is_vouched_for
