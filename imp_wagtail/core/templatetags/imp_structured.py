"""What machines read of a page."""

from django import template
from wagtail.rich_text import get_text_for_indexing

from imp_wagtail.core import structured

register = template.Library()

register.filter("json_ld", structured.json_ld)


@register.filter
def plain_text(rich_text: str) -> str:
    """Rich text without its markup, in one line."""
    return " ".join(get_text_for_indexing(rich_text or "").split())
