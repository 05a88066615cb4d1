"""What packs say of the directory, and what becomes of it."""

from pathlib import Path

import pytest

from imp_wagtail.core.packs import load_pack
from imp_wagtail.directory.models import DirectoryPage
from tests.factories import DirectoryPageFactory
from tests.packs import write_pack

pytestmark = pytest.mark.django_db


def test_the_directory_page_says_what_the_pack_says(tmp_path: Path) -> None:
    load_pack(write_pack(tmp_path))

    page = DirectoryPage.objects.get()
    assert (page.slug, page.title, page.introduction) == ("teachers", "Potters", "<p>Find one.</p>")


def test_a_site_s_own_directory_is_shared_at_whatever_address(tmp_path: Path) -> None:
    DirectoryPageFactory(slug="find", title="Find us")

    load_pack(write_pack(tmp_path))

    page = DirectoryPage.objects.get()
    assert (page.slug, page.title) == ("find", "Find us")


def test_a_pack_without_an_introduction_leaves_the_one_there_is(tmp_path: Path) -> None:
    load_pack(write_pack(tmp_path))
    write_pack(tmp_path, ("pages.yaml", "  introduction: Find one.\n", ""))

    assert load_pack(tmp_path, overwrite=True).changed == 0
