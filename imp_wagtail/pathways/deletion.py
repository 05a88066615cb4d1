"""Which pathways may not be deleted: those that people, pages or letters stand on."""

from collections.abc import Iterable

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin import messages

from imp_wagtail.core.deletion import is_in_use
from imp_wagtail.core.words import in_a_row, quoted

from .models import Pathway


def refuse_deletion_in_use(request: HttpRequest, snippets: Iterable[models.Model]) -> HttpResponse | None:
    """For Wagtail's hook before snippets are deleted, one or many: back to the list, with the reason.

    Wagtail asks its index of references, which knows none of the people on a pathway.
    """
    used = [snippet for snippet in snippets if isinstance(snippet, Pathway) and is_in_use(snippet)]
    if not used:
        return None
    titles = in_a_row(map(quoted, used))
    reason = ngettext(
        "%(titles)s cannot be deleted: people, pages or letters stand on it.",
        "%(titles)s cannot be deleted: people, pages or letters stand on them.",
        len(used),
    )
    messages.error(request, reason % {"titles": titles})
    return redirect(reverse(Pathway.snippet_viewset.get_url_name("list")))
