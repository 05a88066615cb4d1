"""Where letters and evidence lie: a storage that no public address reaches."""

from pathlib import Path

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages

from .conf import settings


def private_root() -> Path | None:
    """The folder of private files on disk, or ``None`` where none can be derived."""
    if settings.PRIVATE_ROOT:
        return Path(settings.PRIVATE_ROOT)
    base_dir = getattr(django_settings, "BASE_DIR", None)
    return Path(base_dir) / "private" if base_dir else None


def private_storage() -> Storage:
    """The storage of letters and evidence: the alias named in the settings, or a private folder.

    Raises ``InvalidStorageError`` where neither is configured (a system check says so earlier).
    """
    if settings.PRIVATE_STORAGE in storages.backends:
        return storages[settings.PRIVATE_STORAGE]
    root = private_root()
    if root is None:
        raise InvalidStorageError("Set IMP_WAGTAIL['PRIVATE_ROOT'] or a storage named 'imp_private'.")
    return FileSystemStorage(location=root, base_url=None, file_permissions_mode=0o600)
