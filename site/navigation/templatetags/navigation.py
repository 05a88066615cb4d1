"""The menu, for the site's own templates."""

from typing import Any

from django import template

from navigation.languages import Language, languages_of
from navigation.menu import Menu, menu_for

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Menu:
    """``{% navigation as menu %}``: the site's name, its first page and the pages of its menu."""
    request = context.get("request")
    return menu_for(request) if request else Menu()


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> list[Language]:
    """``{% languages as languages %}``: those in which this page exists, where there is more than one."""
    return languages_of(context.flatten())
