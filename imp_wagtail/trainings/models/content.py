"""A page of blocks: the home page, and whatever else a programme has to say."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, Site

from imp_wagtail.core.pages import DescribedPageMixin, StartingForm
from imp_wagtail.core.structured import Node, publisher

from ..blocks import BodyBlock, BodyField


class ContentPageMixin(models.Model):
    """A title, a lead and a body."""

    lead = models.TextField(_("lead"), blank=True, help_text=_("One or two sentences below the title."))
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    class Meta:
        abstract = True

    def starting_values(self, parent: Page) -> dict[str, Any]:
        """A new page begins with a heading and a text to be filled."""
        block = self._meta.get_field("body").stream_block
        return {"body": block.normalize([("heading", ""), ("paragraph", "")])}


class ContentPage(DescribedPageMixin, ContentPageMixin, Page):
    """A page of blocks. The site's first page is one, and says whose site it is."""

    base_form_class = StartingForm
    page_description = _("Texts, pictures, and facts from other pages.")
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def get_structured_nodes(self, request: HttpRequest) -> list[Node]:
        nodes = super().get_structured_nodes(request)
        site = Site.find_for_request(request)
        return [publisher(request), *nodes] if site and site.root_page_id == self.pk else nodes
