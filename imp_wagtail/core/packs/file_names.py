"""The names of pictures in packs."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

#: What Django's storages put behind a name that was taken.
ADDED_BY_STORAGE = re.compile(r"_[A-Za-z0-9]{7}(?=\.\w+$)")


def name_for(image: Any, taken: Collection[str]) -> str:
    """The name that an image's file has in a pack: its own, without what a storage put behind it."""
    whole = ADDED_BY_STORAGE.sub("", Path(image.file.name).name)
    stem, _dot, kind = re.sub(r"[^A-Za-z0-9._-]", "-", whole).lstrip("._-").rpartition(".")
    stem, number = stem or "image", 1
    while (name := f"{stem}{f'-{number}' if number > 1 else ''}.{kind}") in taken:
        number += 1
    return name
