from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "imp_wagtail.trainings"
    label = "imp_trainings"
    verbose_name = _("Trainings and questions")
    default_auto_field = "django.db.models.BigAutoField"
