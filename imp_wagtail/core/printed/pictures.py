"""Pictures of a page on paper: the site's own, read from where they are stored, and never from an address."""

import hashlib
import logging
import re
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from wagtail.images import get_image_model
from wagtail.images.models import get_rendition_storage

from ..assets import IMAGE_SIGNATURES

logger = logging.getLogger(__name__)

#: A picture's tag as Django's and Wagtail's templates write it, and its attributes.
IMG = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*"([^"]*)\"""", re.IGNORECASE)

#: What browsers are told of a picture, and paper has no use for.
FOR_SCREENS = {"src", "srcset", "sizes", "loading", "decoding", "width", "height"}

#: Largest file of a picture, in bytes.
MOST_BYTES = 20 * 1024 * 1024


def with_own_pictures(html: str) -> tuple[str, dict[str, Any]]:
    """HTML whose pictures from the site's library have ``image:`` names, and the renditions behind these names.

    Of several sizes the largest is taken. Every other address stays as it is, and is refused when it is printed.
    """
    tags = {tag: _attributes(tag) for tag in IMG.findall(html)}
    files = {tag: _file_name(_largest(attributes)) for tag, attributes in tags.items()}
    renditions = _renditions({name for name in files.values() if name})
    pictures: dict[str, Any] = {}

    def renamed(match: re.Match[str]) -> str:
        tag = match.group()
        rendition = renditions.get(files[tag])
        if rendition is None:
            return tag
        name = _name(rendition)
        pictures[name] = rendition
        kept = {key: value for key, value in tags[tag].items() if key not in FOR_SCREENS}
        return (
            f'<img src="image:{name}" {" ".join(f"{key}={chr(34)}{value}{chr(34)}" for key, value in kept.items())}>'
        )

    return IMG.sub(renamed, html), pictures


def bytes_of(rendition: Any) -> bytes | None:
    """A picture's file: ``None`` where it cannot be read just now, empty where it is no picture for paper."""
    try:
        with rendition.file.storage.open(rendition.file.name) as file:
            content: bytes = file.read(MOST_BYTES + 1)
    except Exception as error:  # each kind of storage has errors of its own
        logger.warning("A PDF is made without %s, which cannot be read: %s", rendition.file.name, error)
        return None
    if len(content) > MOST_BYTES or not any(signature.match(content) for signature in IMAGE_SIGNATURES.values()):
        logger.warning("A PDF is made without %s: it is too large, or no PNG, JPEG, GIF or WebP", rendition.file.name)
        return b""
    return content


def _attributes(tag: str) -> dict[str, str]:
    """As they stand in the HTML, still escaped."""
    return {name.lower(): value for name, value in ATTRIBUTE.findall(tag)}


def _largest(attributes: dict[str, str]) -> str:
    """The address of the largest of a picture's sizes."""
    sizes = [candidate.split() for candidate in attributes.get("srcset", "").split(",")]
    widths = {int(size[1][:-1]): size[0] for size in sizes if len(size) == 2 and re.fullmatch(r"\d+w", size[1])}
    return unescape(widths[max(widths)] if widths else attributes.get("src", ""))


def _file_name(address: str) -> str:
    """What the storage calls the file at an address; "" where it is none of its own."""
    # As written for any name: what a storage adds to addresses behind a question mark is not part of the name.
    folder = urlsplit(get_rendition_storage().url("x")).path.removesuffix("x")
    path = urlsplit(address).path
    return unquote(path.removeprefix(folder)) if path.startswith(folder) else ""


def _renditions(names: set[str]) -> dict[str, Any]:
    """Those that the library knows under these names: a file that it does not know is not read, wherever it lies."""
    if not names:
        return {}
    model = get_image_model().get_rendition_model()
    return {found.file.name: found for found in model.objects.filter(file__in=names).select_related("image")}


def _name(rendition: Any) -> str:
    """Another one whenever the picture is."""
    return hashlib.sha256(f"{rendition.file.name} {rendition.image.file_hash}".encode()).hexdigest()
