"""What pages of other rooms ask about a pathway."""

from itertools import takewhile

from wagtail.models import Locale

from .models import Pathway, PathwayPage
from .presentation import DisplayedStage, stages_for_display


def pathway_page(pathway: Pathway) -> PathwayPage | None:
    """The published page that shows a pathway: in the active language, else in another; ``None`` without one."""
    pages = PathwayPage.objects.live().public().filter(pathway__translation_key=pathway.translation_key)
    return pages.filter(locale=Locale.get_active()).first() or pages.order_by("pk").first()


def stages_before_training(pathway: Pathway) -> list[DisplayedStage]:
    """The stages that lead up to the one in which the training is attended: its prerequisites.

    Empty where no stage of the pathway has a training.
    """
    stages = stages_for_display(pathway.localized)
    before = list(takewhile(lambda shown: not shown.stage.takes_training, stages))
    return before if len(before) < len(stages) else []
