"""What letters say, kept by staff."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.models import TranslatableMixin

from imp_wagtail.pathways.models import Pathway, Stage

from ..merge import fields_in, validate_fields
from ..querysets import LetterTemplateQuerySet


class LetterTemplate(TranslatableMixin, models.Model):
    """The wording of letters for one stage of a pathway, or for every stage that has none of its own."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="+", verbose_name=_("pathway"))
    stage = models.ForeignKey(
        Stage,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("stage"),
        help_text=_("Empty: for every stage of the pathway without a wording of its own."),
    )
    heading = models.CharField(_("heading"), max_length=80, help_text=_("For instance: Letter of completion"))
    body = models.TextField(
        _("wording"), validators=[validate_fields], help_text=_("An empty line begins a new paragraph.")
    )
    place = models.CharField(_("place of issue"), max_length=120, blank=True)
    signatory = models.CharField(_("signed by"), max_length=120)
    signatory_role = models.CharField(_("in the role of"), max_length=160, blank=True)
    footer = models.CharField(_("footer"), max_length=240, blank=True, validators=[validate_fields])

    panels = [
        FieldRowPanel([FieldPanel("pathway"), FieldPanel("stage")]),
        FieldPanel("heading"),
        FieldPanel("body"),
        HelpPanel(template="imp_letters/admin/merge_fields_help.html", heading=_("Fields for the wording")),
        MultiFieldPanel(
            [FieldPanel("place"), FieldRowPanel([FieldPanel("signatory"), FieldPanel("signatory_role")])],
            heading=_("Signature"),
        ),
        FieldPanel("footer"),
    ]

    objects = LetterTemplateQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["pathway", "stage", "pk"]

    def __str__(self) -> str:
        return f"{self.pathway} · {self.stage or _('every stage')}"

    @property
    def fields(self) -> set[str]:
        """The merge fields that the wording names."""
        return fields_in(self.body) | fields_in(self.footer)

    def clean(self) -> None:
        """The stage belongs to the pathway, and has one wording in each language."""
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
