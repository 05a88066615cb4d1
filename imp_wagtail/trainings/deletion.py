"""Which questions may not be deleted: those that stand somewhere."""

from collections.abc import Iterable

from django.contrib.admin.utils import quote
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.models import ReferenceIndex

from imp_wagtail.core.words import in_a_row, quoted

from .models import Question

#: Most places that a refusal names.
MOST_NAMED = 3


def refuse_deletion_in_use(request: HttpRequest, snippets: Iterable[models.Model]) -> HttpResponse | None:
    """For Wagtail's hook before snippets are deleted, one or many: back to the list, with where they stand.

    Wagtail would only warn, and the pages would lose the question and the numbers behind it change.
    """
    questions = [snippet for snippet in snippets if isinstance(snippet, Question)]
    used = [(question, places) for question in questions if (places := places_of(question))]
    for question, places in used:
        usage = reverse(Question.snippet_viewset.get_url_name("usage"), args=[quote(question.pk)])
        messages.error(request, refusal(question, places), buttons=[messages.button(usage, _("See where"))])
    return redirect(reverse(Question.snippet_viewset.get_url_name("list"))) if used else None


def places_of(question: Question) -> list[str]:
    """The titles of the pages and answers in which a question is chosen."""
    references = ReferenceIndex.get_references_to(question)
    return sorted(str(source) for source, _references in references.group_by_source_object())


def refusal(question: Question, places: list[str]) -> str:
    """Why a question stays, and what to do."""
    named = in_a_row(map(quoted, places[:MOST_NAMED]))
    more = len(places) - MOST_NAMED
    if more > 0:
        named = ngettext("%(named)s and %(more)d other", "%(named)s and %(more)d others", more) % {
            "named": named,
            "more": more,
        }
    reason = _("“%(question)s” cannot be deleted: it stands in %(named)s. Take it out there first, or unpublish it.")
    return reason % {"question": question, "named": named}
