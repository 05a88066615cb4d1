"""Questions and answers in sections, numbered through."""

from dataclasses import replace
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from imp_wagtail.core.names import words_of
from imp_wagtail.core.pages import DescribedPageMixin, StartingForm, WithinSiteMixin
from imp_wagtail.core.printed.pages import PrintedPageMixin

from ..blocks import SectionsBlock
from ..numbering import NumberedSection, found_by, numbered, query_in, structured_questions


class FAQPageMixin(PrintedPageMixin, models.Model):
    """A page of questions, each kept once. Their numbers follow from their order and are never typed."""

    introduction = RichTextField(
        _("introduction"),
        blank=True,
        features=["bold", "italic", "link", "imp-fact"],
        help_text=_("One or two sentences below the title."),
    )
    sections = StreamField(
        SectionsBlock(),
        verbose_name=_("sections"),
        help_text=_("Questions are kept once: change one here, and it changes wherever it stands."),
    )
    has_search = models.BooleanField(
        _("readers can search the questions"),
        default=False,
        help_text=_("For a page of more than about twenty. Nobody is told what was looked for."),
    )

    pdf_template = "imp_trainings/faq_pdf.html"
    pdf_stylesheets = ("imp_core/pdf-page.css", "imp_trainings/faq_pdf.css")

    class Meta:
        abstract = True

    def numbered_sections(self, context: dict[str, Any] | None = None) -> list[NumberedSection]:
        """The sections with their questions numbered through, in the page's language; ``context`` for the answers."""
        return numbered(self.sections, self.locale_id, context or {"page": self})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``sections``: the numbered ones, or what was found of them.

        ``query`` is what was looked for, and ``count`` how many questions have it; ``None`` without a search.
        """
        context = super().get_context(request, *args, **kwargs)
        query = query_in(request.GET) if self.has_search else ""
        sections = self.numbered_sections({"page": self, "request": request})
        context.update({"sections": sections, "query": query, "count": None})
        if words_of(query):
            context["sections"] = found = list(found_by(query, sections))
            context["count"] = sum(len(section.questions) for section in found)
        return context

    def starting_values(self, parent: Page) -> dict[str, Any]:
        """A new page begins with a section to be filled."""
        block = self._meta.get_field("sections").stream_block
        section = {"type": "section", "value": {"title": gettext("Before you apply"), "questions": [None]}}
        return {"sections": block.to_python([section])}


class FAQPage(WithinSiteMixin, DescribedPageMixin, FAQPageMixin, Page):
    """A page of questions and answers."""

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel(
            "sections",
            help_text=_(
                "Questions are kept once: change one, and it changes wherever it stands. "
                "Readers get each in the language of this page, where it is translated."
            ),
        ),
        FieldPanel("has_search"),
    ]
    base_form_class = StartingForm
    page_description = _("Questions with their answers, in sections and numbered.")
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("pages of questions and answers")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What is looked for is no page of its own: machines are told of the whole one alone."""
        context = super().get_context(request, *args, **kwargs)
        is_whole = context["count"] is None
        nodes = self.get_structured_nodes(request)
        if is_whole and context["sections"]:
            nodes.append(structured_questions(context["sections"], self.get_full_url(request), str(self.title)))
        meta = replace(self.get_meta(request), structured=nodes, not_indexed=not is_whole)
        return {**context, "meta": meta}
