"""The page of a training, and what stands on it in rows."""

from dataclasses import replace
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import prefetch_related_objects
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Page

from imp_wagtail.core.money import CurrencyField, in_money
from imp_wagtail.core.pages import DescribedPageMixin
from imp_wagtail.core.prepared import Prepared
from imp_wagtail.core.printed.pages import PrintedPageMixin
from imp_wagtail.core.sharing import Card
from imp_wagtail.core.structured import Node
from imp_wagtail.core.translation import of_each_language
from imp_wagtail.pathways.lookups import shown_pathway, stages_before_training
from imp_wagtail.pathways.models import Pathway, PathwayPage
from imp_wagtail.pathways.presentation import DisplayedStage

from ..calendars.appointments import appointment_of
from ..calendars.files import Appointment
from ..calendars.routes import CalendarMixin
from ..forms import TrainingPageForm
from ..languages import ROWS, SHARED
from ..machines import training_nodes
from ..panels import training_panels
from ..querysets import TrainingManager
from .announcing import TrainingPageMixin
from .locking import LockedTogetherMixin
from .people import Trainer

#: What mostly stays the same from one training to the next.
STAYING = ("format", "languages", "pathway", "audience", "price_includes", "body")


class TrainingPage(LockedTogetherMixin, CalendarMixin, PrintedPageMixin, DescribedPageMixin, TrainingPageMixin, Page):
    """The public announcement of one training."""

    objects = TrainingManager()

    content_panels = [*Page.content_panels, *training_panels]
    base_form_class = TrainingPageForm
    page_description = _("The announcement of a training. Lists, calendars and other pages say what stands here.")
    override_translatable_fields = of_each_language(*SHARED, *ROWS)
    pdf_template = "imp_trainings/training_pdf.html"
    parent_page_types = ["imp_trainings.TrainingIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    def appointments(self, request: HttpRequest) -> list[Appointment]:
        """The training alone, unless its days are not known."""
        return [] if self.year_only else [appointment_of(self, request)]

    def starting_values(self, parent: Page) -> dict[str, Any]:
        """What a new announcement begins with: what the latest one below the same index says that stays the same.

        The time zone does where no country gives it.
        """
        latest = TrainingPage.objects.child_of(parent).order_by("-starts", "-pk").first()
        staying = STAYING if latest and latest.country else (*STAYING, "time_zone")
        return model_to_dict(latest, staying) if latest else {}

    @cached_property
    def prerequisites(self) -> list[DisplayedStage]:
        """The stages of its pathway that come before the training, in the reader's language."""
        return stages_before_training(self.shown_pathway[0]) if self.pathway_id else []

    @cached_property
    def shown_pathway(self) -> tuple[Pathway | None, PathwayPage | None]:
        """Its pathway in the reader's language, and the page of that."""
        return shown_pathway(self.pathway_id) if self.pathway_id else (None, None)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``pathway`` in the reader's language, ``pathway_page``, both ``None`` without; ``calendar_url``."""
        context = super().get_context(request, *args, **kwargs)
        pathway, page = self.shown_pathway
        return {
            **context,
            "pathway": pathway,
            "pathway_page": page,
            "calendar_url": self.get_calendar_url(request),
        }

    def get_structured_nodes(self, request: HttpRequest) -> list[Node]:
        required = [requirement.title for shown in self.prerequisites for requirement in shown.required]
        return training_nodes(self, request, required)

    def get_share_card(self, request: HttpRequest) -> Card:
        """Its dates and place, or that it is cancelled, beside the title."""
        above = self.state_in_words if self.is_cancelled else self.dates
        return replace(super().get_share_card(request), above=above, below=self.place)

    @cached_property
    def shown_pictures(self) -> list["TrainingPicture"]:
        """The pictures of how it was, with their images and renditions."""
        return list(self.pictures.prefetch_related("image__renditions"))

    @cached_property
    def shown_prices(self) -> list["TrainingPrice"]:
        """The prices, in the editor's order."""
        return list(self.prices.all() if self.prices.is_deferring else PRICES.all(self.pk))

    @cached_property
    def leaders(self) -> list[Trainer]:
        """Those who lead the training, in the editor's order, in the reader's language; with their photos."""
        rows = self.training_trainers
        leaders = [row.trainer.localized for row in (rows.all() if rows.is_deferring else LEADERS.all(self.pk))]
        prefetch_related_objects([leader for leader in leaders if leader.photo], "photo__renditions")
        return leaders


class TrainingTrainer(Orderable):
    """One trainer of one training, in order."""

    page = ParentalKey(TrainingPage, on_delete=models.CASCADE, related_name="training_trainers")
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="+", verbose_name=_("trainer"))

    panels = [FieldPanel("trainer")]

    class Meta(Orderable.Meta):
        verbose_name = _("trainer of a training")
        verbose_name_plural = _("trainers of a training")


class TrainingPrice(Orderable):
    """What it costs to take part, for all or for those that the label names."""

    page = ParentalKey(TrainingPage, on_delete=models.CASCADE, related_name="prices")
    label = models.CharField(
        _("for"), max_length=80, blank=True, help_text=_("Such as: shared room. Empty if there is one price for all.")
    )
    amount = models.DecimalField(
        pgettext_lazy("price", "amount"), max_digits=9, decimal_places=2, validators=[MinValueValidator(0)]
    )
    currency = CurrencyField()

    panels = [FieldPanel("label"), FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")])]

    class Meta(Orderable.Meta):
        verbose_name = _("price of a training")
        verbose_name_plural = _("prices of a training")

    def __str__(self) -> str:
        return self.in_words

    @property
    def in_words(self) -> str:
        """The amount in the reader's language: "€1,450", or that it is free."""
        return in_money(self.amount, self.currency) if self.amount else gettext("free of charge")


class TrainingPicture(Orderable):
    """A picture of how it was."""

    page = ParentalKey(TrainingPage, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(
        get_image_model_string(), on_delete=models.CASCADE, related_name="+", verbose_name=_("picture")
    )
    alternative = models.CharField(
        _("description"),
        max_length=250,
        blank=True,
        help_text=_("For those who cannot see it. Empty: the image's own."),
    )
    caption = models.CharField(_("caption"), max_length=250, blank=True)

    panels = [FieldPanel("image"), FieldRowPanel([FieldPanel("alternative"), FieldPanel("caption")])]

    class Meta(Orderable.Meta):
        verbose_name = _("picture of a training")
        verbose_name_plural = _("pictures of a training")

    @property
    def description(self) -> str:
        """What those hear who cannot see it: what was written here, or what is kept with the image."""
        return self.alternative or self.image.default_alt_text


#: The rows of a page as they are stored; those that are in a form so far are with the page.
LEADERS = Prepared(lambda page: TrainingTrainer.objects.filter(page=page).select_related("trainer__photo"), -1)
PRICES = Prepared(lambda page: TrainingPrice.objects.filter(page=page), -1)
