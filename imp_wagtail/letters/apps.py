from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "imp_wagtail.letters"
    label = "imp_letters"
    verbose_name = _("Letters of completion")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imp_wagtail.participants.bulk.offers import register_act
        from imp_wagtail.participants.signals import participant_erasing, participants_merging, stage_reopening

        from .actions import let_go, refuse_reopening
        from .bulk.acts import IssueLetters
        from .bulk.works import IssueWork  # noqa: F401 - likewise
        from .moving import move_letters
        from .sending import works as send_works  # noqa: F401 - a worker must know the kinds of long work

        register_act(IssueLetters)
        stage_reopening.connect(refuse_reopening, dispatch_uid="imp_letters.refuse_reopening")
        participant_erasing.connect(let_go, dispatch_uid="imp_letters.let_go")
        participants_merging.connect(move_letters, dispatch_uid="imp_letters.move_letters")
