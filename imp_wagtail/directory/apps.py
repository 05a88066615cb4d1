from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "imp_wagtail.directory"
    label = "imp_directory"
    verbose_name = _("Teacher directory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imp_wagtail.participants.signals import participant_erasing, participants_merging

        from .moving import move_entry
        from .photos import erase_photo

        participant_erasing.connect(erase_photo, dispatch_uid="imp_directory.erase_photo")
        participants_merging.connect(move_entry, dispatch_uid="imp_directory.move_entry")
