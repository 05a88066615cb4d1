"""Public announcements of trainings, seminars and courses, and their index."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from imp_wagtail.core.dates import date_range
from imp_wagtail.core.fields import CountryField, LanguagesField, language_names
from imp_wagtail.core.localities import country_name
from imp_wagtail.pathways.models import Pathway

from ..blocks import BodyBlock, BodyField
from ..querysets import TrainingManager
from .people import Trainer


class Format(models.TextChoices):
    """How people take part."""

    RESIDENTIAL = "residential", _("residential")
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


class TrainingPageMixin(models.Model):
    """What a training's announcement says. The dates entered here are shown wherever the training is named."""

    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for lists."))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    year_only = models.BooleanField(
        _("only the year is known"),
        default=False,
        help_text=_("For trainings of long ago: the year alone is shown."),
    )
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    country = CountryField(blank=True)
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.RESIDENTIAL)
    languages = LanguagesField(blank=True)
    pathway = models.ForeignKey(
        Pathway,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pathway"),
        help_text=_("The pathway that this training belongs to; its prerequisites are shown."),
    )
    application_url = models.URLField(_("application link"), blank=True)
    application_email = models.EmailField(_("application e-mail"), blank=True)
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Dates in order; a place for whatever is not online only."""
        super().clean()
        errors = {}
        if self.starts and self.ends and self.ends < self.starts:
            errors["ends"] = _("The last day cannot come before the first day.")
        if not (self.format == Format.ONLINE or self.year_only or self.town or self.venue):
            errors["venue"] = _("Say where people meet: a venue or a town. Only an online training has neither.")
        if errors:
            raise ValidationError(errors)

    @property
    def dates(self) -> str:
        """First to last day in the reader's language: "21–30 October 2027"; the year alone if no more is known."""
        if self.year_only:
            return str(self.starts.year)
        return date_range(self.starts, self.ends)

    @property
    def place(self) -> str:
        """Venue, town and country, as far as they are known: "Ammerdown, United Kingdom"; empty if online only."""
        parts = [self.venue, self.town, country_name(self.country) if self.country else ""]
        return ", ".join(dict.fromkeys(part for part in parts if part))

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed; the rule of ``TrainingQuerySet.past``."""
        return self.ends < timezone.localdate()

    @property
    def days(self) -> int:
        """Calendar days from the first to the last, both counted."""
        return (self.ends - self.starts).days + 1

    @property
    def language_names(self) -> list[str]:
        return language_names(self.languages)

    @cached_property
    def leaders(self) -> list[Trainer]:
        """Those who lead the training, in the editor's order, in the reader's language."""
        return [row.trainer.localized for row in self.training_trainers.select_related("trainer")]


class TrainingPage(TrainingPageMixin, Page):
    """The public announcement of one training."""

    objects = TrainingManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts"), FieldPanel("ends"), FieldPanel("year_only")]),
                FieldRowPanel([FieldPanel("venue"), FieldPanel("town"), FieldPanel("country")]),
                FieldRowPanel([FieldPanel("format"), FieldPanel("languages")]),
            ],
            heading=_("When, where and how"),
        ),
        FieldPanel("pathway"),
        InlinePanel("training_trainers", heading=_("Trainers"), label=_("Trainer")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("application_url"), FieldPanel("application_email")])],
            heading=_("Application"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["imp_trainings.TrainingIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")


class TrainingTrainer(Orderable):
    """One trainer of one training, in order."""

    page = ParentalKey(TrainingPage, on_delete=models.CASCADE, related_name="training_trainers")
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="+", verbose_name=_("trainer"))

    panels = [FieldPanel("trainer")]

    class Meta(Orderable.Meta):
        verbose_name = _("trainer of a training")
        verbose_name_plural = _("trainers of a training")


class TrainingIndexPageMixin(models.Model):
    """The list of upcoming and past trainings below it."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``upcoming`` (soonest first) and ``past`` (latest first) trainings below this page."""
        context = super().get_context(request, *args, **kwargs)
        trainings = TrainingPage.objects.child_of(self)
        context.update({"upcoming": trainings.upcoming(), "past": trainings.past()})
        return context


class TrainingIndexPage(TrainingIndexPageMixin, Page):
    """The index of trainings."""

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["imp_trainings.TrainingPage"]

    class Meta:
        verbose_name = _("index of trainings")
        verbose_name_plural = _("indexes of trainings")
