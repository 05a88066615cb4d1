"""Letter templates in the admin, where staff keep their wording."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet

from imp_wagtail.core.menus import TRAINING_MENU_HOOK

from .forms import LetterTemplateForm
from .models import LetterTemplate


class LetterTemplateViewSet(SnippetViewSet):
    """The wording of letters, for each pathway and stage, in each language."""

    model = LetterTemplate
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
