"""Content packs: a programme's pathway, trainings, questions and letters as a folder of readable files."""

from .comparing import merged_order
from .errors import PackError
from .folder import Pack, open_pack
from .loaders import PACK_LOADER_HOOK, PackLoader
from .loading import Loading, load_pack
from .parts import Day, Key, Months, Number, Part, Text, refuse_doubles
from .reasons import did_you_mean
from .results import Line, Outcome, PackResult
from .text import rich_text

__all__ = [
    "PACK_LOADER_HOOK",
    "Day",
    "Key",
    "Line",
    "Loading",
    "Months",
    "Number",
    "Outcome",
    "Pack",
    "PackError",
    "PackLoader",
    "PackResult",
    "Part",
    "Text",
    "did_you_mean",
    "load_pack",
    "merged_order",
    "open_pack",
    "refuse_doubles",
    "rich_text",
]
