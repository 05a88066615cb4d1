"""Sections of questions."""

from copy import copy
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from imp_wagtail.core.prepared import PreparedMany

#: A question by its places: that of its section in the page, and its own in the section.
Place = tuple[int, int]


#: The questions of these numbers, which every page of questions asks for.
BY_NUMBERS = PreparedMany(lambda numbers: apps.get_model("imp_trainings", "Question").objects.filter(pk__in=numbers))


class QuestionChooserBlock(SnippetChooserBlock):
    """A chosen question, all of a section fetched at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("imp_trainings.Question", **{"label": _("Question"), **kwargs})

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """The question of each number; ``None`` where it is gone."""
        numbers = {value for value in values if isinstance(value, int)}
        found = {question.pk: question for question in BY_NUMBERS.all(sorted(numbers))}
        given: set[Any] = set()
        chosen = []
        for value in values:
            # One that is chosen twice is two records: nothing that is done with one is done at the other place.
            chosen.append(copy(found[value]) if value in given else found.get(value))
            given.update(found.keys() & {value})
        return chosen

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For migrations it is the block that Wagtail has."""
        return "wagtail.snippets.blocks.SnippetChooserBlock", ["imp_trainings.Question"], {"label": self.label}


class SectionBlock(blocks.StructBlock):
    """Questions that belong together, under a heading."""

    title = blocks.CharBlock(label=_("Heading"))
    questions = blocks.ListBlock(
        QuestionChooserBlock(),
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
