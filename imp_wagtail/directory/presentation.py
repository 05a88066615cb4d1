"""Where the public finds a directory entry."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail.models import Site

from imp_wagtail.core.conf import settings
from imp_wagtail.core.translation import reading_language

from .models import DirectoryPage, Listing, Teacher


def first_directory() -> DirectoryPage | None:
    """The site's first published directory."""
    return DirectoryPage.objects.live().order_by("path").first()


def root_url(page: DirectoryPage | None) -> str:
    """Scheme and host of the site that a directory stands in, as the site's record has them, whoever asks.

    Of the default site where there is no directory.
    """
    parts = page.get_url_parts() if page else None
    if parts and parts[1]:
        return parts[1]
    site = Site.objects.filter(is_default_site=True).first()
    return site.root_url if site else settings.base_url


def directory_for(request: HttpRequest | None) -> DirectoryPage | None:
    """The site's published directory for a reader: in the language of the page, if there is one."""
    found = DirectoryPage.objects.live()
    if request and (site := Site.find_for_request(request)):
        found = found.in_site(site)
    pages = list(found.select_related("locale").order_by("path"))
    own = [page for page in pages if page.locale.language_code == reading_language()]
    return next(iter(own + pages), None)


def public_url(teacher: Teacher) -> str | None:
    """The entry's page on the site's first published directory; ``None`` where there is none to see."""
    if not teacher.is_listed:
        return None
    page = first_directory()
    return page.teacher_url(teacher) if page and page.get_url() else None


def profile_url(listing: Listing, page: Any, request: HttpRequest | None = None) -> str:
    """Where a listing leads: to the teacher's page below a directory page, or to the partner's site it comes from."""
    return profile_urls([listing], page, request)[0]


def profile_urls(listings: Iterable[Listing], page: Any, request: HttpRequest | None = None) -> list[str]:
    """The same of several; the page's own address is worked out once for all."""
    here = page.get_url(request)
    faces = [listing.face for listing in listings]
    return [face.get("origin") or here + page.reverse_subpage("teacher", args=[face["slug"]]) for face in faces]
