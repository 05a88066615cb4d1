"""Questions and answers in sections, numbered through."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from ..blocks import SectionsBlock


@dataclass(frozen=True)
class NumberedQuestion:
    """A question as shown: ``number`` runs through the whole page, from 1."""

    number: int
    question: str
    answer: Any
    anchor: str


@dataclass(frozen=True)
class NumberedSection:
    """A section as shown."""

    title: str
    questions: list[NumberedQuestion]


class FAQPageMixin(models.Model):
    """A page of questions. Their numbers follow from their order and are never typed."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    sections = StreamField(SectionsBlock(), verbose_name=_("sections"))

    class Meta:
        abstract = True

    def numbered_sections(self) -> list[NumberedSection]:
        """The sections with their questions numbered through."""
        number = 0
        shown = []
        for section in self.sections:
            questions = []
            for value in section.value["questions"]:
                number += 1
                questions.append(NumberedQuestion(number, value["question"], value["answer"], value["anchor"]))
            shown.append(NumberedSection(section.value["title"], questions))
        return shown

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``sections``: the numbered ones."""
        context = super().get_context(request, *args, **kwargs)
        context["sections"] = self.numbered_sections()
        return context


class FAQPage(FAQPageMixin, Page):
    """A page of questions and answers."""

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("sections")]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("pages of questions and answers")
