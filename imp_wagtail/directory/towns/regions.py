"""Names of the first-level divisions of countries: provinces, states, cantons. Data of GeoNames, see ``data/``."""

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files

from imp_wagtail.core.names import folded


def region_name(code: str) -> str:
    """“Auvergne-Rhône-Alpes” for "FR.84"; "" for a code that there is not."""
    return _names().get(code, "")


def regions_called(text: str) -> frozenset[str]:
    """The codes of the regions of this name, or of these letters: {"US.OR"} for “Oregon”, and for “OR”."""
    return _codes().get(folded(text), frozenset())


@cache
def _names() -> dict[str, str]:
    return json.loads(files(__package__).joinpath("data", "regions.json").read_text("utf-8"))


@cache
def _codes() -> dict[str, frozenset[str]]:
    found = defaultdict(set)
    for code, name in _names().items():
        found[folded(name)].add(code)
        letters = code.partition(".")[2]
        if letters.isalpha():
            found[letters.lower()].add(code)
    return {text: frozenset(codes) for text, codes in found.items()}
