"""A programme's development pathway: its ordered stages, and what each of them asks for."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Locale, Orderable, PreviewableMixin, TranslatableMixin

from imp_wagtail.core.panels import SharedRowsPanel, WhoseFactsPanel
from imp_wagtail.core.prepared import Prepared
from imp_wagtail.core.translation import source_of, the_same_in_all_languages

from .. import rules
from ..forms import PathwayForm
from ..presentation import displayed
from ..querysets import PathwayQuerySet

RICH_TEXT = ["bold", "italic", "link", "ol", "ul", "imp-fact"]


class Pathway(PreviewableMixin, TranslatableMixin, ClusterableModel):
    """A programme's development pathway. A site has one or many; tracking points at the source language's."""

    key = models.SlugField(
        _("key"), max_length=60, help_text=_("Stays as it is when the title changes; packs and links use it.")
    )
    title = models.CharField(_("title"), max_length=160)
    programme = models.CharField(_("programme"), max_length=160, help_text=_("The programme that its teachers teach."))
    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT)
    contact_email = models.EmailField(_("e-mail for questions"), blank=True)
    accredited_by = models.CharField(
        _("accredited by"),
        max_length=160,
        blank=True,
        help_text=_("An independent body, where there is one."),
    )

    panels = [
        WhoseFactsPanel(),
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("programme"), FieldPanel("key")]),
        FieldPanel("introduction"),
        FieldRowPanel([FieldPanel("contact_email"), FieldPanel("accredited_by")]),
        SharedRowsPanel("stages", heading=_("Stages"), label=_("Stage"), min_num=1),
    ]
    base_form_class = PathwayForm
    override_translatable_fields = the_same_in_all_languages("key")

    objects = PathwayQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["key", "locale"], name="imp_pathway_key_once_per_locale")]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> "Pathway":
        """The pathway in the source language, which everything tracked points at."""
        return source_of(self)

    def locked_translations(self) -> "list[Pathway]":
        """Those in other languages, as they stand now; nobody else writes one until the transaction is over.

        Whoever saves one saves what they have in common in all: so they are locked in the order of their ids.
        """
        return list(self.get_translations().select_for_update().order_by("pk"))

    def copy_for_translation(self, locale: Locale, exclude_fields: list[str] | None = None) -> "Pathway":
        """The unsaved copy in another language, its requirements too: Wagtail gives the language to children only."""
        copy = super().copy_for_translation(locale, exclude_fields)
        for stage in copy.stages.all():
            for requirement in stage.requirements.all():
                requirement.locale = locale
        return copy

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "imp_pathways/pathway_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Add ``pathway`` and its ``stages`` as its page shows them."""
        context = super().get_preview_context(request, mode_name)
        return {**context, "pathway": self, "stages": displayed(self.stages.all(), request)}

    def stored_stages(self) -> "list[Stage]":
        """The stages in order, each with what it asks for, as the database has them; by two queries."""
        requirements: dict[int, list[Requirement]] = defaultdict(list)
        for requirement in REQUIREMENTS.all(self.pk):
            requirements[requirement.stage_id].append(requirement)
        stages = STAGES.all(self.pk)
        for stage in stages:
            stage.pathway, stage.requirements = self, requirements[stage.pk]
        return stages


class Stage(TranslatableMixin, ClusterableModel, Orderable):
    """One step of a pathway, with its requirements."""

    pathway = ParentalKey(Pathway, on_delete=models.CASCADE, related_name="stages")
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stays as it is when the title changes."))
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences."))
    description = RichTextField(_("description"), blank=True, features=RICH_TEXT)
    opens_after_months = models.PositiveSmallIntegerField(_("opens, months after the training"), null=True, blank=True)
    closes_after_months = models.PositiveSmallIntegerField(
        _("closes, months after the training"), null=True, blank=True
    )
    unlocks = models.CharField(
        _("opens the way to"),
        max_length=12,
        choices=rules.Unlock,
        blank=True,
        help_text=_("For whoever has completed this stage and all before it."),
    )

    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("key")]),
        FieldPanel("summary"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("opens_after_months"), FieldPanel("closes_after_months")]),
        FieldPanel("unlocks"),
        SharedRowsPanel("requirements", heading=_("Requirements"), label=_("Requirement")),
    ]
    override_translatable_fields = the_same_in_all_languages("key")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["pathway", "key"], name="imp_stage_key_once_per_pathway")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A window needs both ends, in order."""
        super().clean()
        opens, closes = self.opens_after_months, self.closes_after_months
        if (opens is None) != (closes is None):
            raise ValidationError({"closes_after_months": _("Give both ends of the window, or neither.")})
        if opens is not None and closes is not None and closes < opens:
            raise ValidationError({"closes_after_months": _("The window cannot close before it opens.")})

    @cached_property
    def takes_training(self) -> bool:
        """Whether this stage is the one in which the training itself is attended."""
        return any(requirement.cohort_kind == rules.CohortKind.TRAINING for requirement in self.requirements.all())


class Requirement(TranslatableMixin, Orderable):
    """One thing that a stage asks for: its kind, its amount, and how strictly it is meant."""

    stage = ParentalKey(Stage, on_delete=models.CASCADE, related_name="requirements")
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stays as it is when the title changes."))
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True, help_text=_("What else applies, in a sentence."))
    kind = models.CharField(_("kind"), max_length=20, choices=rules.Kind, default=rules.Kind.CONFIRMATION)
    amount = models.DecimalField(
        _("amount"),
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(Decimal("0.25"))],
    )
    each_min = models.DecimalField(_("each from"), max_digits=6, decimal_places=2, null=True, blank=True)
    each_max = models.DecimalField(_("each to"), max_digits=6, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("measured in"), max_length=10, choices=rules.Unit, blank=True)
    cohort_kind = models.CharField(
        _("sessions of"),
        max_length=20,
        choices=rules.CohortKind,
        blank=True,
        help_text=_("For sessions only."),
    )
    is_required = models.BooleanField(
        _("required"), default=True, help_text=_("Otherwise it is recommended and holds nothing up.")
    )
    open_at_training = models.BooleanField(
        _("may still be open when the training starts"),
        default=False,
        help_text=_("It must then be met before its holder teaches."),
    )

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("note"), FieldPanel("key")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("amount"), FieldPanel("cohort_kind")]),
        FieldRowPanel([FieldPanel("each_min"), FieldPanel("each_max"), FieldPanel("unit")]),
        MultiFieldPanel([FieldPanel("is_required"), FieldPanel("open_at_training")]),
    ]
    override_translatable_fields = the_same_in_all_languages("key")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [models.UniqueConstraint(fields=["stage", "key"], name="imp_requirement_key_once_per_stage")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a rule that could not be counted."""
        super().clean()
        errors = {}
        if self.kind == rules.Kind.SESSIONS and not self.cohort_kind:
            errors["cohort_kind"] = _("Choose which sessions count.")
        if self.kind != rules.Kind.SESSIONS and self.cohort_kind:
            errors["cohort_kind"] = _("Only sessions are attended in a cohort; leave this empty.")
        if self.rule.is_bounded and not self.unit:
            errors["unit"] = _("Say what the bounds are measured in.")
        if self.rule.is_bounded and self.kind not in (rules.Kind.COUNT, rules.Kind.SESSIONS):
            errors["each_min"] = _("Only things that are counted, and sessions, have a size each.")
        if self.each_min is not None and self.each_max is not None and self.each_max < self.each_min:
            errors["each_max"] = _("This is less than the lower bound.")
        if errors:
            raise ValidationError(errors)

    @property
    def rule(self) -> rules.Rule:
        """The rule as plain data."""
        return rules.Rule(
            kind=self.kind,
            amount=self.amount,
            each_min=self.each_min,
            each_max=self.each_max,
            unit=self.unit,
            cohort_kind=self.cohort_kind,
        )

    @property
    def in_words(self) -> str:
        """The rule in the reader's language, in a few words; empty where the title says it all."""
        return rules.in_words(self.rule)


#: A pathway's own, by its number.
STAGES = Prepared(lambda pathway: Stage.objects.filter(pathway=pathway), -1)
REQUIREMENTS = Prepared(lambda pathway: Requirement.objects.filter(stage__pathway=pathway), -1)
