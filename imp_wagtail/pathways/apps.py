from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PathwaysConfig(AppConfig):
    name = "imp_wagtail.pathways"
    label = "imp_pathways"
    verbose_name = _("Pathways")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .languages import on_changed
        from .signals import pathway_changed

        pathway_changed.connect(on_changed, dispatch_uid="imp_pathways.share_rules")
