"""Letter templates in the admin, where staff keep their wording."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from imp_wagtail.core.menus import TRAINING_MENU_HOOK
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS

from .editor.forms import ColourInput, LetterTemplateForm
from .editor.views import (
    LetterTemplateCreateView,
    LetterTemplateEditView,
    LetterTemplateIndexView,
    LetterTemplatePreviewOnCreateView,
)
from .models import LetterMessage, LetterTemplate
from .sending.forms import LetterMessageForm

COLOURS = _("Dark enough to be read on white paper.")

TEMPLATE_PANELS = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("pathway"), FieldPanel("stage")]),
            # For whoever may see participants: Wagtail leaves the field out for others, whatever they send.
            FieldPanel("preview_of", permission=SEE_PARTICIPANTS),
        ],
        heading=_("What for"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("heading"),
            FieldPanel("body"),
            HelpPanel(template="imp_letters/admin/merge_fields_help.html"),
            FieldPanel("footer"),
        ],
        heading=_("Text"),
    ),
    MultiFieldPanel([FieldPanel("place"), FieldPanel("signatories")], heading=_("Signature")),
    MultiFieldPanel(
        [
            FieldPanel("logo"),
            FieldPanel("letterhead"),
            FieldRowPanel(
                [
                    FieldPanel("paper"),
                    FieldPanel("accent", widget=ColourInput, help_text=COLOURS),
                    FieldPanel("ink", widget=ColourInput, help_text=COLOURS),
                ]
            ),
        ],
        heading=_("Design"),
    ),
    PublishingPanel(),
]


class LetterTemplateViewSet(SnippetViewSet):
    """The wording of letters, for each pathway and stage, in each language."""

    model = LetterTemplate
    index_view_class = LetterTemplateIndexView
    add_view_class = LetterTemplateCreateView
    edit_view_class = LetterTemplateEditView
    preview_on_add_view_class = LetterTemplatePreviewOnCreateView
    icon = "mail"
    menu_hook = TRAINING_MENU_HOOK
    menu_label = _("Letter templates")
    menu_name = "imp-letter-templates"
    menu_order = 50
    list_display = ["__str__", "heading", Column("locale", label=_("Language")), LiveStatusTagColumn()]
    search_fields = ["heading", "pathway__title", "stage__title"]
    edit_handler = ObjectList(TEMPLATE_PANELS, base_form_class=LetterTemplateForm)
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterTemplate]:
        """With pathway and stage, of which each template's name in the list is made, and its language."""
        return LetterTemplate.objects.select_related("pathway", "stage", "locale")


MESSAGE_PANELS = [
    FieldPanel("pathway"),
    FieldPanel("subject"),
    FieldPanel("body"),
    HelpPanel(template="imp_letters/admin/message_fields_help.html", heading=_("Fields for the message")),
]


class LetterMessageViewSet(SnippetViewSet):
    """The e-mail with which letters are sent, for each pathway, in each language."""

    model = LetterMessage
    icon = "mail"
    menu_hook = TRAINING_MENU_HOOK
    menu_label = _("Messages with letters")
    menu_name = "imp-letter-messages"
    menu_order = 55
    list_display = ["__str__", "subject"]
    search_fields = ["subject", "pathway__title"]
    edit_handler = ObjectList(MESSAGE_PANELS, base_form_class=LetterMessageForm)
    copy_view_enabled = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterMessage]:
        return LetterMessage.objects.select_related("pathway")
