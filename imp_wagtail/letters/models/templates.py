"""What letters say, kept by staff: their design and wording, and the message with which they are sent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import DraftStateMixin, Locale, PreviewableMixin, RevisionMixin, TranslatableMixin

from imp_wagtail.core.translation import as_draft, of_each_language, the_same_in_all_languages
from imp_wagtail.pathways.models import Pathway, Stage

from ..blocks import SignatoriesBlock
from ..colours import validate_colour
from ..merge import fields_in, validate_fields
from ..querysets import LetterTemplateQuerySet
from ..wording import FEATURES, fields_of, validate_wording


class LetterTemplate(PreviewableMixin, DraftStateMixin, RevisionMixin, TranslatableMixin, models.Model):
    """The design and wording of letters for one stage of a pathway, or for every stage that has none of its own.

    Letters are issued from what is published; a draft waits until then.
    """

    class Paper(models.TextChoices):
        A4 = "a4", _("A4 (210 × 297 mm)")
        LETTER = "letter", _("US Letter (8½ × 11 in)")

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="+", verbose_name=_("pathway"))
    stage = models.ForeignKey(
        Stage,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("stage"),
        help_text=_("Empty: for every stage of the pathway without a template of its own."),
    )
    logo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("logo"),
        help_text=_("Stands at the head of the letter. A PNG with a transparent ground looks best."),
    )
    letterhead = models.TextField(
        _("letterhead"),
        max_length=400,
        blank=True,
        help_text=_("Lines below the issuer's name, for instance an address. Empty for none."),
    )
    heading = models.CharField(_("heading"), max_length=80, help_text=_("For instance: Letter of completion"))
    body = RichTextField(_("wording"), features=FEATURES, validators=[validate_wording])
    place = models.CharField(_("place of issue"), max_length=120, blank=True)
    signatories = StreamField(SignatoriesBlock(), verbose_name=_("signatories"))
    footer = models.CharField(_("footer"), max_length=240, blank=True, validators=[validate_fields])
    paper = models.CharField(_("paper"), max_length=8, choices=Paper, default=Paper.A4)
    accent = models.CharField(_("colour of headings"), max_length=7, default="#2f5f5b", validators=[validate_colour])
    ink = models.CharField(_("colour of text"), max_length=7, default="#22262b", validators=[validate_colour])

    objects = LetterTemplateQuerySet.as_manager()
    override_translatable_fields = [
        *the_same_in_all_languages("pathway", "stage", "accent", "ink"),
        *of_each_language("go_live_at", "expire_at"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["pathway", "stage", "pk"]

    def __str__(self) -> str:
        return f"{self.pathway} · {self.stage or _('every stage')}"

    @property
    def fields(self) -> set[str]:
        """The merge fields that the wording names."""
        return fields_of(self.body) | fields_in(self.footer)

    def clean(self) -> None:
        """The stage belongs to the pathway, and has one template in each language."""
        super().clean()
        if self.pathway_id is None:
            return
        if self.stage and self.stage.pathway_id != self.pathway_id:
            raise ValidationError({"stage": _("This stage belongs to another pathway.")})
        others = type(self).objects.filter(
            pathway_id=self.pathway_id, stage_id=self.stage_id, locale_id=self.locale_id
        )
        if others.exclude(pk=self.pk).exists():
            raise ValidationError({"stage": _("There is a template for this stage in this language already.")})

    def copy_for_translation(self, locale: Locale, exclude_fields: list[str] | None = None) -> "LetterTemplate":
        """The unsaved copy in another language: a draft. Letters are issued from the source until it is published."""
        return as_draft(super().copy_for_translation(locale, exclude_fields))

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """For whom the preview prints a letter."""
        from ..editor.previews import preview_modes

        return preview_modes()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The letter that this template would print, as a page."""
        from ..editor.previews import preview_response  # what prints letters builds on the models

        return preview_response(request, self, mode_name)


class LetterMessage(PreviewableMixin, TranslatableMixin, models.Model):
    """The e-mail with which letters of a pathway are sent, or those of every pathway that has none of its own."""

    pathway = models.ForeignKey(
        Pathway,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("pathway"),
        help_text=_("Empty: for every pathway without a message of its own."),
    )
    subject = models.CharField(_("subject"), max_length=160)
    body = models.TextField(_("text"), max_length=8000)

    override_translatable_fields = the_same_in_all_languages("pathway")

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("message with letters")
        verbose_name_plural = _("messages with letters")
        ordering = ["pathway", "pk"]

    def __str__(self) -> str:
        return f"{self.pathway or _('every pathway')} · {self.subject}"

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The ways in which a letter can go with it."""
        from ..sending.previews import preview_modes

        return preview_modes()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The message as it would come to a sample person."""
        from ..sending.previews import preview_response  # what sends letters builds on the models

        return preview_response(request, self, mode_name)
