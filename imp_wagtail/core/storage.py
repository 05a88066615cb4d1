"""Where letters and evidence lie: a storage that no public address reaches."""

from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages
from django.core.signals import setting_changed
from django.utils.functional import LazyObject, empty

from .conf import settings


def private_root() -> Path | None:
    """The folder of private files on disk, or ``None`` where none can be derived."""
    if settings.PRIVATE_ROOT:
        return Path(settings.PRIVATE_ROOT)
    base_dir = getattr(django_settings, "BASE_DIR", None)
    return Path(base_dir) / "private" if base_dir else None


class PrivateFolder(FileSystemStorage):
    """A folder whose files have no address; Django's own would name one below ``MEDIA_URL``."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file is not accessible via a URL.")


def configured_storage() -> Storage:
    """The alias named in the settings, or a private folder.

    Raises ``InvalidStorageError`` where neither is configured (a system check says so earlier).
    """
    if settings.PRIVATE_STORAGE in storages.backends:
        return storages[settings.PRIVATE_STORAGE]
    root = private_root()
    if root is None:
        raise InvalidStorageError("Set IMP_WAGTAIL['PRIVATE_ROOT'] or a storage named 'imp_private'.")
    return PrivateFolder(location=root, file_permissions_mode=0o600, directory_permissions_mode=0o700)


class PrivateStorage(LazyObject):
    """The configured storage, chosen at first use: a field asks for its storage once, when models load.

    Overridden settings (in tests) are followed, as by Django's own default storage.
    """

    def _setup(self) -> None:
        self._wrapped = configured_storage()


_private_storage = PrivateStorage()


def private_storage() -> Storage:
    """The storage of letters and evidence, for model fields."""
    return _private_storage


def follow_settings(*, setting: str, **kwargs: Any) -> None:
    """Choose anew after a setting that the choice follows from has been overridden."""
    if setting in ("IMP_WAGTAIL", "STORAGES", "BASE_DIR"):
        _private_storage._wrapped = empty


setting_changed.connect(follow_settings, dispatch_uid="imp_core.private_storage")
