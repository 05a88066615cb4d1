"""What the lists of translatable snippets have in common."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.ui.tables import LocaleColumn
from wagtail.snippets.views.snippets import IndexView

from .translation import speaks_several


class LanguageIndexView(IndexView):
    """A list that says in which language each record is, on a site of several: many have the same title in two."""

    @cached_property
    def columns(self) -> list[Any]:
        select, title, *others = super().columns
        return [select, title, *([LocaleColumn()] if speaks_several() else []), *others]
