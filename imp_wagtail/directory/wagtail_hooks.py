from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from imp_wagtail.core.packs import PACK_LOADER_HOOK
from imp_wagtail.participants.log import register
from imp_wagtail.participants.panels import RECORD_PANELS_HOOK

from .log import ACTIONS
from .packs import DirectoryLoader
from .panels import directory_panels
from .viewsets import TeacherViewSet

hooks.register(PACK_LOADER_HOOK, DirectoryLoader, order=60)

hooks.register(RECORD_PANELS_HOOK, directory_panels)


@hooks.register("register_admin_viewset")
def teachers() -> TeacherViewSet:
    return TeacherViewSet()


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    register(registry, ACTIONS)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("imp_directory/admin.css"))
