"""Content packs: a programme's pathway, trainings, questions and letters as a folder of readable files."""

from imp_wagtail.core.packs.comparing import merged_order
from imp_wagtail.core.packs.dumping import Dumping, DumpResult, Loss, dump_pack
from imp_wagtail.core.packs.errors import DumpError, PackError
from imp_wagtail.core.packs.folder import Pack, open_pack
from imp_wagtail.core.packs.loaders import PACK_LOADER_HOOK, PackLoader
from imp_wagtail.core.packs.loading import Loading, identity, load_pack
from imp_wagtail.core.packs.names import HOME, Names
from imp_wagtail.core.packs.parts import (
    PICTURE,
    Count,
    Day,
    Key,
    Months,
    Number,
    PagePath,
    Part,
    Text,
    Time,
    refuse_doubles,
)
from imp_wagtail.core.packs.reasons import did_you_mean
from imp_wagtail.core.packs.results import Line, Outcome, PackResult
from imp_wagtail.core.packs.text import Rich, rich_text

__all__ = [
    "HOME",
    "PACK_LOADER_HOOK",
    "PICTURE",
    "Count",
    "Day",
    "DumpError",
    "DumpResult",
    "Dumping",
    "Key",
    "Line",
    "Loading",
    "Loss",
    "Months",
    "Names",
    "Number",
    "Outcome",
    "Pack",
    "PackError",
    "PackLoader",
    "PackResult",
    "PagePath",
    "Part",
    "Rich",
    "Text",
    "Time",
    "did_you_mean",
    "dump_pack",
    "identity",
    "load_pack",
    "merged_order",
    "open_pack",
    "refuse_doubles",
    "rich_text",
]
