"""What pages of other rooms say about a pathway."""

from collections.abc import Iterable
from itertools import takewhile

from django import template
from wagtail.models import Locale

from imp_wagtail.pathways.models import Pathway, PathwayPage, Requirement
from imp_wagtail.pathways.presentation import DisplayedStage, stages_for_display

register = template.Library()


@register.filter
def any_open_at_training(requirements: Iterable[Requirement]) -> bool:
    """Whether one of them may still be open when the training starts."""
    return any(requirement.open_at_training for requirement in requirements)


@register.simple_tag
def pathway_page(pathway: Pathway) -> PathwayPage | None:
    """The published page that shows a pathway: in the active language, else in another; ``None`` without one."""
    pages = PathwayPage.objects.live().public().filter(pathway__translation_key=pathway.translation_key)
    return pages.filter(locale=Locale.get_active()).first() or pages.order_by("pk").first()


@register.simple_tag
def stages_before_training(pathway: Pathway) -> list[DisplayedStage]:
    """The stages that lead up to the one in which the training is attended: its prerequisites.

    Empty where no stage of the pathway has a training.
    """
    stages = stages_for_display(pathway.localized)
    before = list(takewhile(lambda shown: not shown.stage.takes_training, stages))
    return before if len(before) < len(stages) else []
