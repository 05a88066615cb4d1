"""What is said about a site's settings before it runs."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from imp_wagtail.core import checks


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_a_good_site_hears_nothing() -> None:
    assert checks.check_settings(None) == checks.check_private_storage(None) == []


def test_a_mistyped_setting_is_named_with_those_that_exist(settings: Any) -> None:
    settings.IMP_WAGTAIL = {"ISUER": "Nobody", "ISSUER": "Somebody"}
    [message] = checks.check_settings(None)

    assert (message.id, "'ISUER'" in message.msg, "ISSUER" in message.hint) == ("imp_core.W002", True, True)


def test_a_page_model_of_the_sites_own_is_an_error(settings: Any) -> None:
    settings.WAGTAIL_PAGE_MODEL = "home.BasePage"

    assert ids(checks.check_settings(None)) == ["imp_core.E002"]


def test_a_site_without_a_place_for_letters_is_an_error(settings: Any) -> None:
    settings.IMP_WAGTAIL = {}
    settings.BASE_DIR = None

    assert ids(checks.check_private_storage(None)) == ["imp_core.E003"]


def test_a_folder_beside_the_site_will_do(settings: Any, tmp_path: Any) -> None:
    settings.IMP_WAGTAIL = {}
    settings.BASE_DIR = tmp_path

    assert checks.check_private_storage(None) == []


@pytest.mark.parametrize("public", ["MEDIA_ROOT", "STATIC_ROOT"])
@pytest.mark.parametrize("below", ["", "letters", "x/../letters"])
def test_private_files_where_the_web_server_gives_them_out_are_an_error(
    settings: Any, tmp_path: Any, public: str, below: str
) -> None:
    setattr(settings, public, str(tmp_path / "public"))
    settings.IMP_WAGTAIL = {"PRIVATE_ROOT": str(tmp_path / "public" / below)}

    assert ids(checks.check_private_storage(None)) == ["imp_core.E004"]


def test_a_folder_whose_name_only_begins_alike_is_not_public(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.IMP_WAGTAIL = {"PRIVATE_ROOT": str(tmp_path / "media-private")}

    assert checks.check_private_storage(None) == []


@pytest.mark.parametrize("options", [{}, {"location": "letters"}])
def test_a_storage_of_the_sites_own_in_the_public_folder_is_an_error(settings: Any, options: dict[str, str]) -> None:
    if options:
        options = {"location": str(Path(settings.MEDIA_ROOT) / options["location"])}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "imp_private": {"BACKEND": backend, "OPTIONS": options}}

    assert ids(checks.check_private_storage(None)) == ["imp_core.E004"]


def test_a_storage_that_is_no_folder_is_trusted(settings: Any) -> None:
    settings.IMP_WAGTAIL = {"PRIVATE_ROOT": settings.MEDIA_ROOT}
    backend = "django.core.files.storage.InMemoryStorage"
    settings.STORAGES = {**settings.STORAGES, "imp_private": {"BACKEND": backend}}

    assert checks.check_private_storage(None) == []


def test_missing_libraries_are_named_with_the_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PDF_LIBRARIES", ("surely-not-there",))
    [message] = checks.check_pdf_libraries(None)

    assert (message.id, "surely-not-there" in message.msg) == ("imp_core.W001", True)
    assert "apt-get install" in message.hint


@pytest.mark.parametrize("sender", ["webmaster@localhost", "Letters <letters@localhost>", "", "Letters"])
def test_a_sender_that_nobody_has_is_told_before_letters_go_out(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender

    assert ids(checks.check_sender(None)) == ["imp_core.W003"]


def test_the_sender_is_looked_at_only_where_a_site_is_deployed(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "webmaster@localhost"
    told = "imp_core.W003"

    assert told not in ids(run_checks())
    assert told in ids(run_checks(include_deployment_checks=True))
    settings.DEFAULT_FROM_EMAIL = "Letters <letters@example.org>"
    assert told not in ids(run_checks(include_deployment_checks=True))
