"""The people who lead trainings, kept once and shown wherever they teach."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import PreviewableMixin, TranslatableMixin
from wagtail.search import index


class Trainer(PreviewableMixin, TranslatableMixin, index.Indexed, models.Model):
    """Somebody who leads trainings; editors find them by parts of the name."""

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
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("name"),  # by which lists of what was found are sorted
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "imp_trainings/trainer_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Add ``trainer``, whom a training's page shows by this name."""
        return {**super().get_preview_context(request, mode_name), "trainer": self}
