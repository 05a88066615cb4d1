"""Trainers and questions in the admin."""

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.ui.tables import LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from imp_wagtail.core.snippets import LanguageIndexView

from .choosing import QuestionChooserViewSet, TrainerChooserViewSet
from .models import Question, Trainer


class TrainerViewSet(SnippetViewSet):
    """The snippets "Trainers"."""

    model = Trainer
    icon = "group"
    index_view_class = LanguageIndexView
    chooser_viewset_class = TrainerChooserViewSet
    list_display = ["name", UpdatedAtColumn()]
    copy_view_enabled = False


class QuestionViewSet(SnippetViewSet):
    """The snippets "Questions", each kept once whatever pages it stands on."""

    model = Question
    icon = "help"
    index_view_class = LanguageIndexView
    chooser_viewset_class = QuestionChooserViewSet
    list_display = ["question", LiveStatusTagColumn(), UpdatedAtColumn()]
    list_filter = ["live", "has_unpublished_changes"]
    list_per_page = 50
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """With what the status of each is told from."""
        return Question.objects.with_status()
