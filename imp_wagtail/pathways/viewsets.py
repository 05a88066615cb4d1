"""Pathways in the admin, where editors keep their words and staff their rules."""

from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from imp_wagtail.core.snippets import LanguageIndexView

from .models import Pathway


class PathwayViewSet(SnippetViewSet):
    """The snippets "Pathways": one form holds a pathway with all its stages and requirements."""

    model = Pathway
    icon = "tasks"
    index_view_class = LanguageIndexView
    list_display = ["title", "programme", UpdatedAtColumn()]
    search_fields = ["title", "programme"]
    copy_view_enabled = False
