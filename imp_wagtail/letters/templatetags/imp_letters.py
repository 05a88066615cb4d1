"""What the templates of letters ask for."""

from django import template
from django.utils.functional import Promise

from ..merge import FIELDS
from ..sending import messages

register = template.Library()


@register.simple_tag
def merge_fields() -> list[tuple[str, Promise]]:
    """Every merge field as it is written in the wording, with what it stands for."""
    return [(f"{{{name}}}", meaning) for name, meaning in FIELDS.items()]


@register.simple_tag
def message_fields() -> list[tuple[str, Promise]]:
    """Every field as it is written in a message, with what it stands for."""
    return [(f"{{{name}}}", meaning) for name, meaning in messages.FIELDS.items()]
