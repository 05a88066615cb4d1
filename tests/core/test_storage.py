"""The storage of letters and evidence."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, InvalidStorageError
from django.core.files.storage.base import Storage

from imp_wagtail.core.storage import private_root, private_storage


def save(name: str = "letters/one.pdf") -> str:
    return private_storage().save(name, ContentFile(b"letter"))


def test_files_lie_in_the_folder_of_the_settings_for_nobody_else_to_read(settings: Any) -> None:
    path = Path(settings.IMP_WAGTAIL["PRIVATE_ROOT"]) / save()

    assert path.read_bytes() == b"letter"
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0


def test_files_have_no_address() -> None:
    with pytest.raises(ValueError, match="not accessible"):
        private_storage().url(save())


def test_without_a_folder_in_the_settings_it_lies_beside_the_site(settings: Any, tmp_path: Path) -> None:
    settings.IMP_WAGTAIL = {}
    settings.BASE_DIR = str(tmp_path / "site")
    save()

    assert private_root() == tmp_path / "site" / "private"
    assert (tmp_path / "site" / "private" / "letters" / "one.pdf").exists()


def test_a_storage_of_the_sites_own_goes_before_any_folder(settings: Any) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "imp_private": memory}
    save()

    assert isinstance(private_storage(), InMemoryStorage)
    assert not Path(settings.IMP_WAGTAIL["PRIVATE_ROOT"]).exists()


def test_the_alias_has_the_name_that_the_settings_give_it(settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "PRIVATE_STORAGE": "default"}

    assert private_storage().url("x.pdf") == "/media/x.pdf"


def test_a_site_with_neither_is_told_what_to_set(settings: Any) -> None:
    settings.IMP_WAGTAIL = {}
    settings.BASE_DIR = None
    with pytest.raises(InvalidStorageError, match="PRIVATE_ROOT"):
        save()


def test_fields_take_it_for_a_storage() -> None:
    assert isinstance(private_storage(), Storage)
