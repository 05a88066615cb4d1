"""What a PDF may embed: packaged static files (``asset:``) and small images (``data:``), nothing else.

Texts that staff type reach a document, so an address in it is never followed to the network or to the disk.
"""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.request import DataHandler, Request

from django.contrib.staticfiles import finders

#: Largest image in a ``data:`` address, in bytes once decoded.
MAX_DATA_IMAGE = 1024 * 1024

MEDIA_TYPES = {
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}

#: How each kind of image begins. WeasyPrint reads anything else as SVG, whatever its type claims, and a few
#: lines of SVG can keep it busy for minutes.
IMAGE_SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}

# Folders and a file name, each starting with a letter, digit or underscore: no "..", no hidden file, no root.
_ASSET_NAME = re.compile(r"(?:[a-z0-9_][a-z0-9_.-]*/)*[a-z0-9_][a-z0-9_.-]*", re.ASCII | re.IGNORECASE)


class AssetRefusedError(ValueError):
    """An address that a PDF may not embed, or that leads nowhere."""


class Asset(NamedTuple):
    """Bytes to embed and their media type."""

    content: bytes
    media_type: str


def find_asset(name: str) -> Path:
    """The file of a packaged static file such as ``imp_core/fonts/x.ttf``.

    Raises ``AssetRefusedError`` for a name outside the static folders, of another kind, or of no file.
    """
    if not _ASSET_NAME.fullmatch(name) or Path(name).suffix.lower() not in MEDIA_TYPES:
        raise AssetRefusedError(f"{name!r} is not the name of a static file that a PDF can embed")
    found = finders.find(name)
    if not found:
        raise AssetRefusedError(f"there is no static file {name!r}")
    return Path(found)


def read_asset(name: str) -> Asset:
    """A packaged static file. Raises like ``find_asset``."""
    path = find_asset(name)
    return Asset(path.read_bytes(), MEDIA_TYPES[path.suffix.lower()])


def read_data_image(url: str) -> Asset:
    """The image in a ``data:`` address; raises ``AssetRefusedError`` if it is too large or no such image."""
    # Percent-encoding takes at most three characters for a byte, base64 less: past that, do not decode.
    if len(url) > 3 * MAX_DATA_IMAGE + 100:
        raise AssetRefusedError("the image is too large")
    try:
        with DataHandler().data_open(Request(url)) as response:  # noqa: S310 (decodes the address, opens nothing)
            asset = Asset(response.read(), response.headers.get_content_type())
    except ValueError as error:
        raise AssetRefusedError("the data: address is malformed") from error
    if len(asset.content) > MAX_DATA_IMAGE:
        raise AssetRefusedError("the image is too large")
    signature = IMAGE_SIGNATURES.get(asset.media_type)
    if not signature or not signature.match(asset.content):
        raise AssetRefusedError(f"a data: address may hold a PNG, JPEG, GIF or WebP image, not {asset.media_type}")
    return asset


def read_url(url: str) -> Asset:
    """What lies at ``asset:<name>`` or in a ``data:`` image. Raises ``AssetRefusedError`` for all else."""
    scheme, _, rest = url.partition(":")
    match scheme.lower():
        case "asset":
            return read_asset(rest)
        case "data":
            return read_data_image(url)
    raise AssetRefusedError("a PDF embeds asset: and data: addresses only")
