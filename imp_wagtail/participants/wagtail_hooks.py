from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import log
from .viewsets import CohortViewSet, ParticipantViewSet


@hooks.register("register_admin_viewset")
def participants_and_cohorts() -> list[Any]:
    return [ParticipantViewSet(), CohortViewSet()]


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    log.register(registry, log.ACTIONS)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("imp_participants/admin.css"))
