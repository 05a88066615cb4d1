"""A page of blocks: the home page, and whatever else a programme has to say."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from ..blocks import BodyBlock, BodyField


class ContentPageMixin(models.Model):
    """A title, a lead and a body."""

    lead = models.TextField(_("lead"), blank=True, help_text=_("One or two sentences below the title."))
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    class Meta:
        abstract = True


class ContentPage(ContentPageMixin, Page):
    """A page of blocks."""

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
