from typing import Any

from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from imp_wagtail.core.facts import FACT_SOURCES_HOOK
from imp_wagtail.core.packs import PACK_LOADER_HOOK
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.presentation import STAGE_ASIDES_HOOK

from .actions import begin_anew
from .components import NextTraining
from .deletion import refuse_deletion_in_use
from .facts import CHOSEN_TRAINING, NEXT_TRAINING, QUESTION
from .log import register
from .packs import HomeLoader, QuestionsLoader, TrainingsLoader
from .viewsets import QuestionViewSet, TrainerViewSet

hooks.register(PACK_LOADER_HOOK, QuestionsLoader, order=40)
hooks.register(PACK_LOADER_HOOK, TrainingsLoader, order=20)
# It takes its place first of all, and is written last: its body may show what all others have made.
hooks.register(PACK_LOADER_HOOK, HomeLoader, order=70)

hooks.register(FACT_SOURCES_HOOK, NEXT_TRAINING, order=10)
hooks.register(FACT_SOURCES_HOOK, CHOSEN_TRAINING, order=20)
hooks.register(FACT_SOURCES_HOOK, QUESTION, order=50)

hooks.register("before_delete_snippet", refuse_deletion_in_use)
hooks.register("register_log_actions", register)

register_snippet(QuestionViewSet)
register_snippet(TrainerViewSet)


@hooks.register("after_copy_page")
def copies_begin_anew(request: Any, page: Page, new_page: Page) -> None:
    begin_anew(new_page)


@hooks.register(STAGE_ASIDES_HOOK)
def next_training_beside_stage(stage: Stage, request: Any) -> list[Component]:
    """Beside the stage in which the training is attended: when and where the next one takes place."""
    return [NextTraining(stage.pathway)] if stage.takes_training else []
