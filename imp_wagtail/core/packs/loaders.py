"""How a room says what it loads from packs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic

from wagtail import hooks

from .parts import PartType

if TYPE_CHECKING:
    from .dumping import Dumping
    from .folder import Pack
    from .loading import Loading
    from .names import Names

#: ``PackLoader`` classes, or functions without arguments that return a loader. A room whose things stand on
#: another's registers its own with a higher ``order``: ``hooks.register(PACK_LOADER_HOOK, MyLoader, order=70)``.
#: Pages are made in this order too, and so stand in a site's menu.
PACK_LOADER_HOOK = "register_imp_pack_loader"


class PackLoader(Generic[PartType]):
    """Loads one file of a pack, or one ``section`` of it where several rooms share the file, and reads it back.

    Everything is checked before anything is written: ``check`` runs for all loaders first. Then ``prepare``,
    ``load`` and ``finish`` run, each for all loaders before the next, all in one transaction.
    """

    file: str
    section: str = ""
    #: What the file holds, in a sentence: the first line of one that is written from a site.
    says: str = ""
    schema: type[PartType]
    #: What texts call the things that this room's facts tell of, by the name of their source.
    names: Mapping[str, "Names"] = {}

    def check(self, data: PartType, pack: "Pack") -> None:
        """Refuse what refers to nothing. Raises ``PackError``."""

    def addresses(self, data: PartType) -> list[str]:
        """The paths of the pages that this makes, from the home page on; links may lead there."""
        return []

    def images(self, data: PartType) -> list[str]:
        """The names of the pictures that this makes; others may show them."""
        return []

    def prepare(self, data: PartType, loading: "Loading") -> None:
        """Make what everybody else stands on."""

    def load(self, data: PartType, loading: "Loading") -> None:
        """Write what this file holds."""

    def finish(self, data: PartType, loading: "Loading") -> None:
        """Write what leads to other files' pages."""

    def choose(self, dumping: "Dumping") -> None:
        """On the way back: say which pages of the site go into the pack (``dumping.take``). Runs for all first."""

    def dump(self, dumping: "Dumping") -> PartType | None:
        """On the way back: what this would load, read from the site; ``None`` if the programme has nothing of it.

        Nothing is lost in silence: ``dumping.lose`` what a part cannot hold.
        """
        return None


def registered_loaders() -> list[PackLoader]:
    """A new loader of each kind, in the order in which the rooms build on each other."""
    return [make() for make in hooks.get_hooks(PACK_LOADER_HOOK)]
