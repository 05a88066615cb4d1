"""Records of one person as plain data, for JSON and for people.

Every field of a record is told unless a section leaves it out by name, so that a new one is told from its first day.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.fields import EmailKeyField, FoldedField
from imp_wagtail.pathways.rules import plain_number

#: A section with no more than so many columns is shown as a table.
MOST_COLUMNS = 6


@dataclass(frozen=True)
class Fact:
    """One thing that is on record: ``value`` as JSON has it, ``shown`` as people read it."""

    key: str
    label: str
    value: Any
    shown: str
    #: Whether the value is the path of a file in the export.
    is_file: bool = False


@dataclass(frozen=True)
class StoredFile:
    """A file that goes into the export, under this path."""

    path: str
    file: FieldFile


@dataclass(frozen=True)
class Entry:
    """One record: its facts in order, and its files."""

    facts: list[Fact]
    files: list[StoredFile] = field(default_factory=list)

    def add_file(self, key: str, label: Any, stored: FieldFile | None, path: str) -> None:
        """Add a stored file, or that there is none, or that there should be one."""
        value, shown = None, ""
        if stored and stored.storage.exists(stored.name):
            value = shown = path_of(path, stored)
            self.files.append(StoredFile(value, stored))
        elif stored:
            shown = _("The file is missing on the server.")
        self.facts.append(Fact(key, capfirst(str(label)), value, shown, is_file=bool(value)))

    @property
    def told(self) -> list[Fact]:
        """The facts that say something."""
        return [fact for fact in self.facts if fact.shown]


@dataclass(frozen=True)
class Section:
    """What is on record in one place."""

    key: str
    title: str
    entries: list[Entry]
    #: The models whose records these are: a test holds them against all that lead to a participant.
    covers: tuple[type[models.Model], ...] = ()
    #: What an erasure leaves of it, one line for each thing.
    kept: list[str] = field(default_factory=list)
    #: Whether an erasure takes the rest.
    is_erased: bool = True

    @property
    def columns(self) -> list[Fact]:
        """The facts that any of the entries has something to say in, as they stand in the first."""
        told = {fact.key for entry in self.entries for fact in entry.told}
        return [fact for fact in self.entries[0].facts if fact.key in told] if self.entries else []

    @property
    def is_table(self) -> bool:
        """Whether several entries with a few short facts each are better read side by side."""
        return len(self.entries) > 1 and len(self.columns) <= MOST_COLUMNS

    @property
    def rows(self) -> Iterator[list[Fact]]:
        """The facts of each entry below the columns."""
        keys = {column.key for column in self.columns}
        return ([fact for fact in entry.facts if fact.key in keys] for entry in self.entries)

    @property
    def files(self) -> list[StoredFile]:
        return [file for entry in self.entries for file in entry.files]


def fact(key: str, label: Any, value: Any) -> Fact:
    """A fact from any value that a field may have."""
    return Fact(key, capfirst(str(label)), as_json(value), in_words(value))


def entry_of(
    record: models.Model, *, first: Iterable[Fact] = (), without: Iterable[str] = (), path: str = ""
) -> Entry:
    """A record as its fields have it, after the facts given as ``first``. Its file is put at ``path`` and its ending.

    Left out are the key, and what is kept of other fields only to find and sort by.
    """
    entry = Entry([*first])
    for each in record._meta.concrete_fields:
        if each.primary_key or each.name in without or isinstance(each, (FoldedField, EmailKeyField)):
            continue
        if isinstance(each, models.FileField):
            entry.add_file(each.name, each.verbose_name, getattr(record, each.name), path)
        else:
            entry.facts.append(_fact_of(record, each))
    return entry


def _fact_of(record: models.Model, each: models.Field) -> Fact:
    told = fact(each.name, each.verbose_name, getattr(record, each.name))
    if each.choices and told.shown:
        return replace(told, shown=str(getattr(record, f"get_{each.name}_display")()))
    return told


def path_of(path: str, stored: FieldFile) -> str:
    """A path in the export with the ending of the stored file."""
    ending = stored.name.rpartition(".")[2]
    return f"{path}.{ending}" if ending.isalnum() and "." in stored.name else path


def as_json(value: Any) -> Any:
    """A value as JSON can hold it, other records by what they are called."""
    match value:
        case None | bool() | int() | str() | list() | dict():
            return value
        case dt.date() | dt.datetime():
            return value.isoformat()
        case AbstractBaseUser():
            return name_of(value)
    return str(value)


def in_words(value: Any) -> str:
    """A value as people read it, in the active language; "" for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case dt.datetime():
            there = timezone.localtime(value)
            return f"{long_date(there.date())}, {time_format(there, 'H:i')}"
        case dt.date():
            return long_date(value)
        case Decimal():
            return plain_number(value)
        case list():
            return "\n".join(map(in_words, value))
        case dict():
            return "\n".join(f"{key}: {in_words(part)}" for key, part in value.items() if part not in (None, ""))
        case AbstractBaseUser():
            return name_of(value)
    return str(value)


def name_of(user: AbstractBaseUser) -> str:
    """Somebody with an account, as the history calls them."""
    full_name = user.get_full_name().strip() if hasattr(user, "get_full_name") else ""
    return full_name or user.get_username()
