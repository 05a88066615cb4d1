"""The public page of a pathway, and its PDF."""

from dataclasses import replace
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from imp_wagtail.core.pages import DescribedPageMixin, StartingForm, WithinSiteMixin, shortened
from imp_wagtail.core.printed.pages import PrintedPageMixin
from imp_wagtail.core.sharing import Card
from imp_wagtail.core.structured import Node, called, plain_text, publisher, thing

from ..presentation import stages_for_display
from .pathways import RICH_TEXT, Pathway


class PathwayPageMixin(PrintedPageMixin, models.Model):
    """A page that shows a pathway's stages and requirements, and gives the same content as a PDF."""

    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name=_("pathway"))

    pdf_template = "imp_pathways/pathway_pdf.html"
    pdf_stylesheets = ("imp_core/pdf-page.css", "imp_pathways/pathway_pdf.css")

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``pathway`` in the page's language and ``stages``: each with its requirements and asides."""
        context = super().get_context(request, *args, **kwargs)
        pathway = self.pathway.localized
        context.update({"pathway": pathway, "stages": stages_for_display(pathway, request)})
        return context

    def get_pdf_context(self, request: HttpRequest) -> dict[str, Any]:
        """The pathway's title, which is the PDF's as well."""
        context = super().get_pdf_context(request)
        return {**context, "title": context["pathway"].title}


class PathwayPage(WithinSiteMixin, DescribedPageMixin, PathwayPageMixin, Page):
    """The public page of one pathway."""

    content_panels = [
        *Page.content_panels,
        FieldPanel("pathway", help_text=_("Its stages and requirements are shown as they are kept with it.")),
        FieldPanel("introduction", help_text=_("Stands below the pathway’s own introduction. It may stay empty.")),
    ]
    base_form_class = StartingForm
    page_description = _("A pathway’s stages and requirements, on the page and as a PDF.")
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("pathway page")
        verbose_name_plural = _("pathway pages")

    def starting_values(self, parent: Page) -> dict[str, Any]:
        """A new page begins with the first pathway that has none yet."""
        shown = PathwayPage.objects.values("pathway__translation_key")
        without = Pathway.objects.in_source_language().exclude(translation_key__in=shown)
        return {"pathway": without.order_by("pk").first()}

    def get_description(self) -> str:
        """What the page is introduced with, or else the pathway."""
        return super().get_description() or shortened(plain_text(self.pathway.localized.introduction))

    def get_structured_nodes(self, request: HttpRequest) -> list[Node]:
        pathway, address = self.pathway.localized, self.get_full_url(request)
        programme = thing(
            "EducationalOccupationalProgram",
            id=f"{address}#pathway",
            name=pathway.title,
            description=self.get_description(),
            url=address,
            provider=called(publisher(request)),
        )
        return [programme, publisher(request), *super().get_structured_nodes(request)]

    def get_share_card(self, request: HttpRequest) -> Card:
        """The programme above, and the stages below the title."""
        stages = self.pathway.localized.stages.order_by("sort_order", "pk").values_list("title", flat=True)
        above = self.pathway.localized.programme
        return replace(super().get_share_card(request), above=above, below=" · ".join(stages))
