"""Letter templates in the admin, where staff keep their wording."""

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from imp_wagtail.core.menus import TRAINING_MENU_HOOK

from .forms import LetterTemplateForm
from .models import LetterTemplate


class LetterTemplateIndexView(IndexView):
    """The list of templates, by pathway and stage where nothing else is asked for."""

    def order_queryset(self, queryset: QuerySet[LetterTemplate]) -> QuerySet[LetterTemplate]:
        """The order asked for, then the pathways' own. The wording for every stage comes first on every database."""
        asked = [self.ordering] if self.ordering else []
        return queryset.order_by(*asked, "pathway", F("stage__sort_order").asc(nulls_first=True), "pk")


class LetterTemplateViewSet(SnippetViewSet):
    """The wording of letters, for each pathway and stage, in each language."""

    model = LetterTemplate
    index_view_class = LetterTemplateIndexView
    icon = "mail"
    menu_hook = TRAINING_MENU_HOOK
    menu_label = _("Letter templates")
    menu_name = "imp-letter-templates"
    menu_order = 50
    list_display = ["__str__", "heading", "signatory"]
    search_fields = ["heading", "pathway__title", "stage__title"]
    edit_handler = ObjectList(LetterTemplate.panels, base_form_class=LetterTemplateForm)
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterTemplate]:
        """With pathway and stage, of which each template's name in the list is made."""
        return LetterTemplate.objects.select_related("pathway", "stage")
