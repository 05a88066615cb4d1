"""What pages of other rooms say about a pathway."""

from collections.abc import Iterable

from django import template

from imp_wagtail.pathways.lookups import pathway_page, stages_before_training
from imp_wagtail.pathways.models import Requirement

register = template.Library()


@register.filter
def any_open_at_training(requirements: Iterable[Requirement]) -> bool:
    """Whether one of them may still be open when the training starts."""
    return any(requirement.open_at_training for requirement in requirements)


register.simple_tag(pathway_page)
register.simple_tag(stages_before_training)
