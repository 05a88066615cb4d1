"""The languages in which what a reader looks at can be read."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info


@dataclass(frozen=True)
class Language:
    """A language by its own name, and the address of this page in it."""

    code: str
    name: str
    address: str
    is_current: bool


def languages_of(context: dict[str, Any]) -> list[Language]:
    """Those of a page that says where its translations are, or of an address that every language has; else none.

    The page has looked them up to tell search engines, so that this asks the database for nothing.
    """
    names = dict(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", settings.LANGUAGES))
    if len(names) < 2:
        return []
    addresses = _of_page(context) if context.get("meta") else _of_address(context, names)
    current = get_language()
    found = [
        Language(code, _name(code, names), addresses[code], code == current) for code in names if code in addresses
    ]
    return found if len(found) > 1 else []


def _of_page(context: dict[str, Any]) -> dict[str, str]:
    """Of a page, with what was asked for where that means the same in all languages."""
    query = context.get("shared_query", "")
    return {translation.language: translation.address + query for translation in context["meta"].translations}


def _of_address(context: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    """Of what is no page, such as the form to check a letter: the same address below each language."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    # Behind a personal link everything is in the language of whoever it was sent to.
    if match is None or match.url_name == "wagtail_serve" or "token" in match.kwargs:
        return {}
    addresses = {code: translate_url(request.path, code) for code in names}
    return addresses if len(set(addresses.values())) == len(names) else {}


def _name(code: str, names: dict[str, str]) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return str(names[code])
