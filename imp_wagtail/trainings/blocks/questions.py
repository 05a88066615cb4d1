"""Sections of questions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError

from imp_wagtail.core.blocks import RecordChooserBlock

#: A question by its places: that of its section in the page, and its own in the section.
Place = tuple[int, int]


class QuestionChooserBlock(RecordChooserBlock):
    """A question, fetched with what pages say of it."""

    def records(self, numbers: list[int]) -> QuerySet:
        return super().records(numbers).for_pages()


class SectionBlock(blocks.StructBlock):
    """Questions that belong together, under a heading."""

    title = blocks.CharBlock(label=_("Heading"))
    questions = blocks.ListBlock(
        QuestionChooserBlock("imp_trainings.Question", label=_("Question")),
        label=_("Questions"),
        min_num=1,
        help_text=_("Readers see those that are published, in this order. The numbers follow by themselves."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Section")
        label_format = "{title}"


class SectionsBlock(blocks.StreamBlock):
    """The sections of a page of questions. No question stands in them twice."""

    section = SectionBlock()

    def clean(self, value: Any, **kwargs: Any) -> Any:
        """Refuse a question that stands on the page already, at its second place."""
        cleaned = super().clean(value, **kwargs)
        again = places_of_doubles(cleaned)
        if again:
            raise refused(again)
        return cleaned


def places_of_doubles(sections: Any) -> list[Place]:
    """Where questions stand that were there before; a translation is the same question."""
    seen: set[Any] = set()
    places = []
    for number, section in enumerate(sections):
        for place, question in enumerate(section.value["questions"]):
            if question and question.translation_key in seen:
                places.append((number, place))
            elif question:
                seen.add(question.translation_key)
    return places


def refused(places: list[Place]) -> StreamBlockValidationError:
    """The complaint about doubled questions, each at its place."""
    reason = gettext("This question stands on the page already.")
    errors: dict[int, dict[int, ValidationError]] = {}
    for section, place in places:
        errors.setdefault(section, {})[place] = ValidationError(reason)
    return StreamBlockValidationError(
        {
            section: blocks.StructBlockValidationError({"questions": ListBlockValidationError(found)})
            for section, found in errors.items()
        }
    )
