"""What the head of every page shows: the site's name and its menu, kept in the cache until a page changes."""

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction, Site

KEY = "site_navigation"
#: Seconds after which it is read anew in any case: a cache of one process does not hear of what another one saves.
SECONDS = 600


@dataclass(frozen=True)
class Item:
    """A page of the menu; ``path`` is where it stands in the tree."""

    pk: int
    title: str
    url: str
    path: str


@dataclass(frozen=True)
class Menu:
    """``site_name`` may be empty; ``home`` is ``None`` where no site answers to the request's host."""

    site_name: str = ""
    home: Item | None = None
    items: list[Item] = field(default_factory=list)


def menu_for(request: HttpRequest) -> Menu:
    """The menu of the request's site in the active language: without a query, most of the time."""
    menus = cache.get(KEY) or {}
    key = request.get_host(), get_language()
    if key not in menus:
        menus[key] = _read(request)
        cache.set(KEY, menus, SECONDS)
    return menus[key]


def _read(request: HttpRequest) -> Menu:
    site = Site.find_for_request(request)
    if site is None:
        return Menu()
    home = site.root_page.localized
    pages = home.get_children().live().public().in_menu()
    return Menu(site.site_name, _item(home, request), [_item(page, request) for page in pages])


def _item(page: Page, request: HttpRequest) -> Item:
    return Item(page.pk, page.title, page.get_url(request) or "/", page.url_path)


def forget(**kwargs: Any) -> None:
    """Read the menus anew, once what has changed is saved."""
    transaction.on_commit(lambda: cache.delete(KEY))


def forget_if_shown(sender: type, **kwargs: Any) -> None:
    """The same, where what was saved or deleted may stand in a menu, or keeps a page out of it."""
    if issubclass(sender, (Page, PageViewRestriction, Site)):
        forget()
