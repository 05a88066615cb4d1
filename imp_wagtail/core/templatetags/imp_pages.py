"""Addresses of pages."""

from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def whole_address(context: dict[str, Any], page: Page) -> str:
    """A page's address with scheme and host, for what leaves the site, such as a PDF.

    The host is the one that the reader came by; without a request, the one of Wagtail's site record.
    """
    request = context.get("request")
    return request.build_absolute_uri(page.get_url(request)) if request else page.full_url or ""
