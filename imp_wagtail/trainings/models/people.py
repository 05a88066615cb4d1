"""The people who lead trainings, kept once and shown wherever they teach."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import TranslatableMixin


class Trainer(TranslatableMixin, models.Model):
    """Somebody who leads trainings."""

    name = models.CharField(_("name"), max_length=160)
    biography = models.TextField(_("biography"), blank=True, help_text=_("A few sentences, plain text."))
    photo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )

    panels = [FieldPanel("name"), FieldPanel("biography"), FieldPanel("photo")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
