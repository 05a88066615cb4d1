from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "imp_wagtail.letters"
    label = "imp_letters"
    verbose_name = _("Letters of completion")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imp_wagtail.participants.signals import stage_reopening

        from .actions import refuse_reopening

        stage_reopening.connect(refuse_reopening, dispatch_uid="imp_letters.refuse_reopening")
