from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "imp_wagtail.core"
    label = "imp_core"
    verbose_name = _("Teacher pathways: core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.signals import request_finished, request_started

        from . import checks as core_checks
        from . import memory

        checks.register(core_checks.check_pdf_libraries)
        checks.register(core_checks.check_private_storage, checks.Tags.security)
        checks.register(core_checks.check_settings)
        checks.register(core_checks.check_sender, deploy=True)
        request_started.connect(memory.begin, dispatch_uid="imp_core.begin_answer")
        request_finished.connect(memory.forget, dispatch_uid="imp_core.forget_answer")
