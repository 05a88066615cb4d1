"""``images.yaml`` and the folder ``images/``: a pack's pictures, each with its title and description."""

import re
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext as _
from pydantic import AfterValidator
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField

from .dumping import Dumping
from .folder import Pack
from .loaders import PackLoader
from .loading import Loading
from .parts import IMAGE_FOLDER, Part, Text, refuse_doubles

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _file_name(name: str) -> str:
    if FILE_NAME.fullmatch(name):
        return name
    reason = _("“%(name)s” is no name of a file in “images”. Use letters, digits, hyphens, underscores and dots.")
    raise ValueError(reason % {"name": name})


class ImagePart(Part):
    """A picture: its file, its title, and its description for those who cannot see it."""

    file: Annotated[Text, AfterValidator(_file_name)]
    title: Text
    description: str = ""


class ImagesPart(Part):
    """``images.yaml``."""

    images: list[ImagePart]


class ImagesLoader(PackLoader[ImagesPart]):
    """Makes the pictures before anything shows them, and writes those that others have asked for."""

    file = "images.yaml"
    says = "The pictures: each is a file in the folder “images”."
    schema = ImagesPart

    def check(self, data: ImagesPart, pack: Pack) -> None:
        refuse_doubles(data.images, "file")
        for part in data.images:
            content_of(part, pack.folder)

    def images(self, data: ImagesPart) -> list[str]:
        return [part.file for part in data.images]

    def prepare(self, data: ImagesPart, loading: Loading) -> None:
        for part in data.images:
            loading.images[part.file] = self._image(part, loading)

    def _image(self, part: ImagePart, loading: Loading) -> models.Model:
        """A picture of the site's with the same content, or a new one."""
        content = content_of(part, loading.pack.folder)
        model = get_image_model()
        digest = sha1(content, usedforsecurity=False).hexdigest()
        found = model.objects.filter(file_hash=digest).order_by("pk").first()
        identity: dict[str, Any] = {}
        if found is None:
            file = ContentFile(content, name=part.file)
            identity = {"file": file, "file_hash": digest, "file_size": len(content)}
        image = loading.put(part, model, found, identity, {"title": part.title, "description": part.description})
        if found is None:  # a file is no part of the transaction
            loading.undo.append(partial(image.file.storage.delete, image.file.name))
        return image

    def dump(self, dumping: Dumping) -> ImagesPart | None:
        parts = [dumping.part_of(image, ImagePart, file=name) for name, image in dumping.images.items()]
        return ImagesPart(images=parts) if parts else None


def content_of(part: ImagePart, folder: Path) -> bytes:
    """A picture's file, after the checks that Wagtail makes of one that is uploaded. Raises ``PackError``."""
    path = folder / IMAGE_FOLDER / part.file
    if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
        raise part.error(_("There is no file “%(file)s”.") % {"file": f"{IMAGE_FOLDER}/{part.file}"}, "file")
    field = WagtailImageField()
    try:
        if field.max_upload_size is not None and path.stat().st_size > field.max_upload_size:
            raise ValidationError(field.error_messages["file_too_large_unknown_size"])
        content = path.read_bytes()
        field.clean(ContentFile(content, name=part.file))
    except OSError as error:
        raise part.error(_("The file cannot be read: %(why)s.") % {"why": error.strerror}, "file") from error
    except ValidationError as error:
        raise part.error(f"{part.file}: {' '.join(error.messages)}", "file") from error
    return content
