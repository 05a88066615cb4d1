"""Pictures on letters: re-encoded, and kept in the private storage under the hash of their bytes.

A logo or a signature may be changed or deleted among the site's images; what a letter was printed with stays.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from imp_wagtail.core.storage import private_storage

#: Most pixels of a picture on a letter, across and down: 300 to the inch where it is printed.
LARGEST = (1200, 480)
#: More pixels than a scanned page has; what claims more is not decoded.
MOST_PIXELS = 40_000_000

#: Pictures by hash that are never stored, while there are any; see ``kept_in_memory``.
_passing: ContextVar[dict[str, bytes] | None] = ContextVar("passing", default=None)


def freeze(image: Any, *, alt: str) -> dict[str, Any]:
    """One of the site's images as a letter keeps it: ``sha256``, ``width``, ``height`` in pixels, ``alt``.

    Raises ``ValidationError`` for a file that is missing or no picture made of pixels.
    """
    content, width, height = _encoded(image)
    sha256 = hashlib.sha256(content).hexdigest()
    passing = _passing.get()
    if passing is None:
        _store(sha256, content)
    else:
        passing[sha256] = content
    return {"sha256": sha256, "width": width, "height": height, "alt": alt}


@contextmanager
def kept_in_memory() -> Iterator[None]:
    """Pictures that are frozen in here are stored nowhere: ``image_bytes`` has them until the end. For previews."""
    token = _passing.set({})
    try:
        yield
    finally:
        _passing.reset(token)


def path_of(sha256: str) -> str:
    return f"letters/images/{sha256}.png"


def image_bytes(sha256: str) -> bytes:
    """The picture that was kept. Raises ``OSError`` where it is missing, ``ValueError`` where it was altered."""
    passing = _passing.get() or {}
    if sha256 in passing:
        return passing[sha256]
    with private_storage().open(path_of(sha256)) as stored:
        content = stored.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"The picture {sha256} has been altered since a letter was issued with it")
    return content


def _store(sha256: str, content: bytes) -> None:
    name, storage = path_of(sha256), private_storage()
    if storage.exists(name):
        if storage.size(name) == len(content):
            return
        # Left behind by a process that died, or a disk that was full, while it was written.
        storage.delete(name)
    storage.save(name, ContentFile(content))


def _encoded(image: Any) -> tuple[bytes, int, int]:
    # A file's name alone does not stand for what is in it: it is free again once an image has been deleted.
    version = (image.pk, image.created_at, image.file_hash)
    try:
        return _encode(image.file.storage, image.file.name, version)
    except (OSError, ValueError, UnidentifiedImageError, PillowImage.DecompressionBombError) as error:
        raise ValidationError(
            _("The picture “%(title)s” cannot be printed. Choose a PNG, JPEG or WebP file.") % {"title": image.title}
        ) from error


@lru_cache(maxsize=32)
def _encode(storage: Any, name: str, version: tuple[Any, ...]) -> tuple[bytes, int, int]:
    """The picture as a PNG without anything but its pixels, with its size. Made once for each version of a file."""
    with storage.open(name) as file, PillowImage.open(file, formats=["PNG", "JPEG", "WEBP", "GIF"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        plain = picture.convert("RGBA")
    plain.thumbnail(LARGEST)
    target = BytesIO()
    plain.save(target, "PNG", optimize=True)
    return target.getvalue(), plain.width, plain.height
