from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "imp_wagtail.directory"
    label = "imp_directory"
    verbose_name = _("Teacher directory")
    default_auto_field = "django.db.models.BigAutoField"
