"""Addresses at which the site shows something of its own, and a page would never be seen."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.coreutils import WAGTAIL_APPEND_SLASH
from wagtail.models import Page, Site

#: What Wagtail calls the view that shows pages.
PAGES = "wagtail_serve"


def refuse_taken_address(parent: Page, slug: str) -> None:
    """Refuse a slug for a page below ``parent`` where the site's own URLs come first. Raises ``ValidationError``."""
    for root in Site.get_site_root_paths():
        way = f"{parent.url_path}{slug}/"
        if way == root.root_path or not way.startswith(root.root_path):
            continue
        with translation.override(root.language_code):
            address = _address_of(way.removeprefix(root.root_path))
            is_taken = bool(address) and _is_taken(address)
        if is_taken:
            reason = _(
                "At %(address)s this site shows something else, so nobody would see the page. Choose another slug."
            )
            raise ValidationError({"slug": reason % {"address": address}})


def _address_of(way: str) -> str:
    """Where pages of this way below the first one are shown, in the present language; "" if nowhere."""
    try:
        return reverse(PAGES, args=[way if WAGTAIL_APPEND_SLASH else way.rstrip("/")])
    except NoReverseMatch:  # no slug at all, which is refused elsewhere
        return ""


def _is_taken(address: str) -> bool:
    start = get_script_prefix()
    # Whatever comes from a folder is mostly given out by the web server, which asks nobody.
    folders = [url for url in (settings.STATIC_URL, settings.MEDIA_URL) if url and url != start]
    if address.startswith(tuple(folders)):
        return True
    try:
        return resolve(f"/{address.removeprefix(start)}").url_name != PAGES
    except Resolver404:
        return False
