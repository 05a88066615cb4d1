from typing import Any

from django.templatetags.static import static
from django.urls import include, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from imp_wagtail.core.menus import TRAINING_MENU_HOOK
from imp_wagtail.core.modeladmin import RegisterMenuItem
from imp_wagtail.core.packs import PACK_LOADER_HOOK
from imp_wagtail.letters import admin_urls
from imp_wagtail.letters.editor.rich_text import register_merge_fields
from imp_wagtail.letters.hands import letter_hands
from imp_wagtail.letters.links import cohort_letters
from imp_wagtail.letters.log import ACTIONS
from imp_wagtail.letters.moving import letters_compared
from imp_wagtail.letters.packs import LettersLoader
from imp_wagtail.letters.panels import letters_panel
from imp_wagtail.letters.personal_data import letters_of
from imp_wagtail.letters.register.modeladmin import LetterRegister
from imp_wagtail.letters.viewsets import LetterMessageViewSet, LetterTemplateViewSet
from imp_wagtail.participants.cohorts.links import COHORT_LINKS_HOOK
from imp_wagtail.participants.duplicates.comparing import MERGE_ROWS_HOOK
from imp_wagtail.participants.hands import HANDS_HOOK
from imp_wagtail.participants.log import register as register_actions
from imp_wagtail.participants.panels import RECORD_PANELS_HOOK
from imp_wagtail.participants.personal.data import PERSONAL_DATA_HOOK

register = LetterRegister()
register.register_with_wagtail()
register_snippet(LetterTemplateViewSet)
register_snippet(LetterMessageViewSet)
hooks.register(RECORD_PANELS_HOOK, letters_panel)
hooks.register(HANDS_HOOK, letter_hands)
hooks.register(COHORT_LINKS_HOOK, cohort_letters)
hooks.register(PERSONAL_DATA_HOOK, letters_of)
hooks.register(MERGE_ROWS_HOOK, letters_compared, order=40)
hooks.register(PACK_LOADER_HOOK, LettersLoader, order=50)
hooks.register("register_rich_text_features", register_merge_fields)


@hooks.register("register_admin_urls")
def letter_urls() -> list[Any]:
    return [path(f"{LetterRegister.base_url_path}/", include(admin_urls))]


@hooks.register(TRAINING_MENU_HOOK)
def register_menu_item() -> MenuItem:
    return RegisterMenuItem(register, name="imp-letters", order=LetterRegister.menu_order)


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    register_actions(registry, ACTIONS)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("imp_letters/admin.css"))
