"""The public page of a pathway, and its PDF."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page

from ..documents import render_pathway
from ..presentation import stages_for_display
from .pathways import RICH_TEXT, Pathway


class PathwayPageMixin(RoutablePageMixin, models.Model):
    """A page that shows a pathway's stages and requirements, and gives the same content as a PDF."""

    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name=_("pathway"))

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``pathway`` in the page's language and ``stages``: each with its requirements and asides."""
        context = super().get_context(request, *args, **kwargs)
        pathway = self.pathway.localized
        context.update({"pathway": pathway, "stages": stages_for_display(pathway, request)})
        return context

    @path("pdf/", name="pdf")
    def pdf(self, request: HttpRequest) -> HttpResponse:
        """The pathway as a PDF, for reading on paper and passing on."""
        content = render_pathway(self.get_context(request))
        filename = f"{slugify(self.pathway.localized.title) or 'pathway'}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{filename}"'},
        )


class PathwayPage(PathwayPageMixin, Page):
    """The public page of one pathway."""

    content_panels = [*Page.content_panels, FieldPanel("pathway"), FieldPanel("introduction")]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("pathway page")
        verbose_name_plural = _("pathway pages")
