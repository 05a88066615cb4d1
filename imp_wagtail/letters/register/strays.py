"""Files among those of letters that belong to none: what a crash leaves between storing a file and its letter."""

import datetime as dt
import re
from collections.abc import Iterator

from django.core.files.storage import Storage
from django.utils import timezone

from imp_wagtail.core.storage import private_storage

from ..models import Letter

#: Names that are looked for in the register together.
BATCH = 200
#: A younger file may belong to a letter that is being issued just now.
STRAY_AFTER = dt.timedelta(days=1)

YEAR = re.compile(r"\d{4}", re.ASCII)
#: A letter's file, with its code. A storage adds to a name that it has already.
LETTER_FILE = re.compile(r"letters/\d{4}/\d+-\d+-([0-9A-Z]{13})(?:_\w+)?\.pdf", re.ASCII)


def strays(storage: Storage | None = None) -> Iterator[str]:
    """The names of files in the folders of letters that no letter names.

    Raises ``NotImplementedError`` where the storage cannot list what it holds. Pictures are none: they are kept
    ahead of the first letter with them.
    """
    storage = storage or private_storage()
    for folder in _years(storage):
        names = [f"{folder}/{name}" for name in sorted(_listed(storage, folder)[1])]
        for start in range(0, len(names), BATCH):
            yield from of_no_letter(names[start : start + BATCH])


def _years(storage: Storage) -> list[str]:
    return [f"letters/{name}" for name in sorted(_listed(storage, "letters")[0]) if YEAR.fullmatch(name)]


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored there
        return [], []


def of_no_letter(names: list[str]) -> list[str]:
    """Those of the names that no letter has. By the codes in them, which the database finds at once."""
    codes = [match[1] for match in map(LETTER_FILE.fullmatch, names) if match]
    known = set(Letter.objects.filter(code__in=codes).values_list("file", flat=True))
    unknown = [name for name in names if name not in known]
    # What is named otherwise, and what is called a stray in the end, is looked for by its whole name.
    known = set(Letter.objects.filter(file__in=unknown).values_list("file", flat=True)) if unknown else set()
    return [name for name in unknown if name not in known]


def age_of(name: str, storage: Storage | None = None) -> dt.timedelta | None:
    """How long ago a file was stored; ``None`` where the storage does not say, or the file has just gone."""
    storage = storage or private_storage()
    try:
        stored = storage.get_modified_time(name)
    except (NotImplementedError, FileNotFoundError):
        return None
    now = timezone.now()
    return (timezone.make_naive(now) if timezone.is_naive(stored) else now) - stored


def delete_stray(name: str, storage: Storage | None = None) -> bool:
    """Delete a file that is older than a day and that no letter names, asked once more; whether it was."""
    storage = storage or private_storage()
    age = age_of(name, storage)
    if age is None or age < STRAY_AFTER or not of_no_letter([name]):
        return False
    storage.delete(name)
    return True
