from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from imp_wagtail.core.packs import PACK_LOADER_HOOK
from imp_wagtail.directory.contact.viewset import EnquiryViewSet, reported_enquiries
from imp_wagtail.directory.hands import directory_hands, directory_tasks
from imp_wagtail.directory.log import ACTIONS
from imp_wagtail.directory.moving import entries_compared
from imp_wagtail.directory.packs import DirectoryLoader
from imp_wagtail.directory.panels import directory_panels
from imp_wagtail.directory.partners.viewset import PartnerViewSet, silent_partners
from imp_wagtail.directory.personal_data import directory_data
from imp_wagtail.directory.standing import listed_today
from imp_wagtail.directory.viewsets import TeacherViewSet
from imp_wagtail.letters.checking.standing import LETTER_STANDING_HOOK
from imp_wagtail.participants.desk import DESK_TASKS_HOOK
from imp_wagtail.participants.duplicates.comparing import MERGE_ROWS_HOOK
from imp_wagtail.participants.hands import HANDS_HOOK
from imp_wagtail.participants.log import register
from imp_wagtail.participants.panels import RECORD_PANELS_HOOK
from imp_wagtail.participants.personal.data import PERSONAL_DATA_HOOK

hooks.register(PACK_LOADER_HOOK, DirectoryLoader, order=60)

hooks.register(RECORD_PANELS_HOOK, directory_panels)
hooks.register(PERSONAL_DATA_HOOK, directory_data)
hooks.register(MERGE_ROWS_HOOK, entries_compared, order=60)
hooks.register(HANDS_HOOK, directory_hands)
hooks.register(DESK_TASKS_HOOK, directory_tasks)
hooks.register(DESK_TASKS_HOOK, reported_enquiries)
hooks.register(DESK_TASKS_HOOK, silent_partners)
hooks.register(LETTER_STANDING_HOOK, listed_today)


@hooks.register("register_admin_viewset")
def teachers() -> TeacherViewSet:
    return TeacherViewSet()


@hooks.register("register_admin_viewset")
def enquiries() -> EnquiryViewSet:
    return EnquiryViewSet()


@hooks.register("register_admin_viewset")
def partners() -> PartnerViewSet:
    return PartnerViewSet()


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    register(registry, ACTIONS)


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("imp_directory/admin.css"))
