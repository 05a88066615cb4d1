"""A few teachers, or their next courses, in the body of any page, with the way to all of them."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from imp_wagtail.core.blocks import RecordChooserBlock
from imp_wagtail.core.facts import FACTS_GROUP
from imp_wagtail.core.localities import country_choices, language_choices

from .finding.cards import Cards
from .finding.courses import NextCourse, next_courses
from .finding.entries import YES
from .finding.rows import listings_of
from .finding.search import Found, Question, ask
from .finding.titles import pathway_titles
from .presentation import directory_for

#: More are a list, and there is one.
MOST = 12


class TeachersBlock(blocks.StructBlock):
    """Teachers of the directory: of a country or a pathway if one is chosen, each day the next few in turn.

    Only those who agreed to being found by search engines, which read the page that it stands on.
    """

    heading = blocks.CharBlock(required=False, label=_("Heading"))
    country = blocks.ChoiceBlock(choices=country_choices, required=False, label=_("In this country only"))
    pathway = RecordChooserBlock("imp_pathways.Pathway", required=False, label=_("Who completed this pathway only"))
    number = blocks.IntegerBlock(min_value=1, max_value=MOST, default=3, label=_("How many"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``cards``, entries as the list shows them; ``count`` of all that fit; ``all_url``, the list of those."""
        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        page = directory_for(request)
        if page is None:
            return context
        asked = asked_by(value)
        found = ask(Question(**asked))
        indexed = replace(found, question=Question(**asked, indexed=True))
        listings = listings_of(keys_of_today(indexed, value["number"]), found.partners)
        context["cards"] = Cards(page, request, pathway_titles()).drawn(listings)
        context["count"] = found.count
        context["all_url"] = page.get_url(request) + (f"?{urlencode(asked)}" if asked else "")
        return context

    class Meta:
        icon = "group"
        label = _("Teachers")
        group = FACTS_GROUP
        description = _("A few teachers of the directory, others each day, with the way to all of them.")
        template = "imp_directory/blocks/teachers.html"
        preview_template = "imp_core/block_preview.html"
        preview_value = {"number": 3}


class CoursesBlock(blocks.StructBlock):
    """The next courses of teachers of the directory: of a country, a language or a pathway if one is chosen.

    Only of those who agreed to being found by search engines, which read the page that it stands on.
    """

    heading = blocks.CharBlock(required=False, label=_("Heading"))
    country = blocks.ChoiceBlock(choices=country_choices, required=False, label=_("Of teachers in this country only"))
    language = blocks.ChoiceBlock(
        choices=language_choices, required=False, label=_("Of teachers who teach in this language only")
    )
    pathway = RecordChooserBlock(
        "imp_pathways.Pathway", required=False, label=_("Of those who completed this pathway only")
    )
    number = blocks.IntegerBlock(min_value=1, max_value=MOST, default=5, label=_("How many"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``courses``, each a ``NextCourse``; ``count`` of those who offer any; ``all_url``, the list of them."""
        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        page = directory_for(request)
        found = ask(Question(**asked_by(value), upcoming=True)) if page else None
        courses: list[NextCourse] = []
        if page and found:
            courses = next_courses(found, value["number"], page, request)
            context["all_url"] = f"{page.get_url(request)}?{urlencode({**asked_by(value), 'upcoming': YES})}"
        context.update(courses=courses, count=found.count if found else 0)
        return context

    class Meta:
        icon = "date"
        label = _("Upcoming courses")
        group = FACTS_GROUP
        description = _("The next courses that teachers of the directory offer. Nothing while there are none.")
        template = "imp_directory/blocks/courses.html"
        preview_template = "imp_core/block_preview.html"
        preview_value = {"number": 5}


def asked_by(value: Any) -> dict[str, str]:
    """What a block asks of the directory, by the names that the list's address has for it."""
    asked = {name: value.get(name) or "" for name in ("country", "language")}
    if pathway := value.get("pathway"):
        asked["pathway"] = str(pathway.translation_key)
    return {name: said for name, said in asked.items() if said}


def keys_of_today(found: Found, number: int) -> list[int]:
    """So many of those that were found: every day the next ones in the order of names, so that each has a turn."""
    if found.count <= number:
        return found.keys(0, number)
    first = timezone.localdate().toordinal() * number % found.count
    keys = found.keys(first, first + number)
    return keys + found.keys(0, number - len(keys))
