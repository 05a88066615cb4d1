from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from imp_wagtail.core.menus import TRAINING_MENU_HOOK
from imp_wagtail.pathways.effects import RULE_EFFECTS_HOOK

from . import desk_views, log
from .bulk.offers import offers
from .cohorts.training_pages import cohort_buttons, refuse_bulk_deletion, refuse_deletion
from .effects import rule_effects
from .hands import HANDS_HOOK, own_hands
from .importing import views as import_views
from .rule_views import tell_of_recomputation
from .viewsets import CohortViewSet, ParticipantViewSet

hooks.register(HANDS_HOOK, own_hands)
hooks.register("construct_homepage_panels", desk_views.add_desk_panel)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    return [path("training/", include((desk_views.urlpatterns, "imp_desk")))]


@hooks.register(TRAINING_MENU_HOOK)
def desk_menu_item() -> MenuItem:
    return desk_views.DeskMenuItem()


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern | URLResolver]:
    return [path("training/participants/import/", include((import_views.urlpatterns, "imp_people_import")))]


@hooks.register("register_admin_viewset")
def participants_and_cohorts() -> list[Any]:
    return [ParticipantViewSet(), CohortViewSet()]


hooks.register(RULE_EFFECTS_HOOK, rule_effects)
hooks.register("after_edit_snippet", tell_of_recomputation)

hooks.register("register_page_header_buttons", cohort_buttons)
hooks.register("register_page_listing_more_buttons", cohort_buttons)
hooks.register("before_delete_page", refuse_deletion)
hooks.register("before_bulk_action", refuse_bulk_deletion)


for offer in offers():
    hooks.register("register_bulk_action", offer)


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    log.register(registry, log.ACTIONS)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("imp_participants/admin.css"))
