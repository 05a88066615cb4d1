from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "imp_wagtail.participants"
    label = "imp_participants"
    verbose_name = _("Participants")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imp_wagtail.pathways.signals import pathway_changed

        from .actions import recompute_pathway
        from .bulk import works  # noqa: F401 - a worker must know the kinds of long work

        pathway_changed.connect(
            lambda sender, pathway, by=None, **kwargs: recompute_pathway(pathway, by=by),
            dispatch_uid="imp_participants.recompute",
            weak=False,
        )
