from typing import Any

from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from imp_wagtail.core.packs import PACK_LOADER_HOOK
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.presentation import STAGE_ASIDES_HOOK

from .components import NextTraining
from .packs import HomeLoader, QuestionsLoader, TrainingsLoader
from .viewsets import TrainerViewSet

hooks.register(PACK_LOADER_HOOK, HomeLoader, order=20)
hooks.register(PACK_LOADER_HOOK, QuestionsLoader, order=40)
hooks.register(PACK_LOADER_HOOK, TrainingsLoader, order=20)

register_snippet(TrainerViewSet)


@hooks.register(STAGE_ASIDES_HOOK)
def next_training_beside_stage(stage: Stage, request: Any) -> list[Component]:
    """Beside the stage in which the training is attended: when and where the next one takes place."""
    return [NextTraining(stage.pathway)] if stage.takes_training else []
