"""What packs call the things that a text refers to, which the database knows by numbers of this site's own."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING

from wagtail.models import Page

from .inline import PAGE
from .loaders import registered_loaders

if TYPE_CHECKING:
    from .dumping import Dumping
    from .folder import Pack
    from .loading import Loading

#: The home page, below which a pack's pages have their paths.
HOME = "/"


class Names(ABC):
    """The names of one kind of thing: of pages, or of what a source of facts tells of."""

    @abstractmethod
    def known(self, pack: "Pack") -> Collection[str]:
        """The names that a pack's texts may use: those of what it brings, and of what the site has."""

    @abstractmethod
    def key(self, name: str, loading: "Loading") -> str | None:
        """What the database knows it by; ``None`` while it is not there."""

    @abstractmethod
    def name(self, key: str, dumping: "Dumping") -> str | None:
        """On the way back: what a pack calls it; ``None`` if that is nothing of the pack's."""


class PagePaths(Names):
    """Pages are called by their slugs from the home page on: ``faq``, ``trainings/delft-2027``."""

    def known(self, pack: "Pack") -> Collection[str]:
        return {HOME, *pack.addresses}

    def key(self, name: str, loading: "Loading") -> str | None:
        page = loading.find_page(name)
        return str(page.pk) if page else None

    def name(self, key: str, dumping: "Dumping") -> str | None:
        page = Page.objects.filter(pk=key).first() if key.isdigit() else None
        return dumping.path(page) if page else None


def registered_names() -> dict[str, Names]:
    """Of every kind of thing that texts can refer to."""
    found: dict[str, Names] = {PAGE: PagePaths()}
    for loader in registered_loaders():
        found.update(loader.names)
    return found
