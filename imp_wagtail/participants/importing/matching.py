"""Which column of a file is which field: by its key or by what it is called, however it is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from imp_wagtail.core.names import folded

from .cells import did_you_mean
from .columns import Column, Scheme, english_labels

#: First values of a column that are shown, and how much of each.
SHOWN_VALUES = 3


@dataclass(frozen=True)
class Match:
    """A column of the file: the field that it is, or else the one that was nearly meant."""

    key: str = ""
    nearly: str = ""


def match(headings: list[str], scheme: Scheme) -> list[Match]:
    """Find the field of each heading. Each field is found once: a second column like it is left out."""
    names = names_of(scheme)
    found: list[Match] = []
    taken: set[str] = set()
    for heading in headings:
        key = names.get(folded(heading), "")
        if key and key not in taken:
            taken.add(key)
            found.append(Match(key))
        else:
            found.append(Match(nearly="" if key else _nearly(heading, scheme.columns, taken)))
    return found


def names_of(scheme: Scheme) -> dict[str, str]:
    """Keys by what columns are called, folded: aliases, English labels, the reader's labels, keys."""
    names: dict[str, str] = {}
    english = english_labels(scheme.pathway)
    for column in scheme.columns:
        names |= {folded(alias): column.key for alias in column.aliases}
    names |= {folded(label): key for key, label in english.items()}
    names |= {folded(column.label): column.key for column in scheme.columns}
    return names | {folded(column.key): column.key for column in scheme.columns}


def _nearly(heading: str, columns: Iterable[Column], taken: set[str]) -> str:
    return did_you_mean(heading, {folded(column.label): column.label for column in columns if column.key not in taken})


def as_stored(matches: Iterable[Match]) -> dict[str, str]:
    """The matching as it is kept: the places of columns, from 0, with their fields' keys."""
    return {str(place): found.key for place, found in enumerate(matches) if found.key}
