"""Trainers in the admin."""

from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Trainer


class TrainerViewSet(SnippetViewSet):
    """The snippets "Trainers"."""

    model = Trainer
    icon = "group"
    list_display = ["name", UpdatedAtColumn()]
    search_fields = ["name"]
    copy_view_enabled = False
