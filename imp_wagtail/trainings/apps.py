from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "imp_wagtail.trainings"
    label = "imp_trainings"
    verbose_name = _("Trainings and questions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, pre_delete
        from wagtail.signals import copy_for_translation_done, page_published, page_unpublished, post_page_move

        from .actions import on_deleting, on_published, on_translated
        from .calendars.entries import on_changed
        from .models import TrainingPage

        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(on_changed, dispatch_uid="imp_trainings.keep_calendar_entry")
        # Only when the page is gone: Wagtail tells before, that it is no longer published.
        post_delete.connect(on_changed, sender=TrainingPage, dispatch_uid="imp_trainings.keep_calendar_entry")
        pre_delete.connect(on_deleting, sender=TrainingPage, dispatch_uid="imp_trainings.lock_training")
        page_published.connect(on_published, dispatch_uid="imp_trainings.share_facts")
        copy_for_translation_done.connect(on_translated, dispatch_uid="imp_trainings.share_facts")
