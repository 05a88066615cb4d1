"""Pictures on letters: made anew from their pixels, and kept by the hash of their bytes."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from PIL import PngImagePlugin
from wagtail.images import get_image_model

from imp_wagtail.core.storage import private_storage
from imp_wagtail.letters import images
from imp_wagtail.letters.images import freeze, image_bytes, kept_in_memory, path_of

pytestmark = pytest.mark.django_db


def uploaded(content: bytes, name: str = "logo.png") -> Any:
    """One of the site's images, as it was uploaded."""
    return get_image_model().objects.create(title="Logo", file=ImageFile(io.BytesIO(content), name=name))


def encoded(size: tuple[int, int] = (60, 30), format_name: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    PillowImage.new("RGB", size, "navy").save(target, format_name, **options)
    return target.getvalue()


def test_a_picture_is_kept_under_the_hash_of_its_bytes() -> None:
    frozen = freeze(uploaded(encoded()), alt="A logo")

    assert {**frozen, "sha256": None} == {"sha256": None, "width": 60, "height": 30, "alt": "A logo"}
    with PillowImage.open(io.BytesIO(image_bytes(frozen["sha256"]))) as picture:
        assert (picture.format, picture.size) == ("PNG", (60, 30))


def test_it_stays_when_the_site_s_image_is_deleted_and_is_stored_once(tmp_path: Path) -> None:
    first, second = uploaded(encoded()), uploaded(encoded(), "again.png")
    frozen = freeze(first, alt="")
    assert freeze(second, alt="") == frozen

    first.delete()

    assert image_bytes(frozen["sha256"])
    assert len(list((tmp_path / "private").rglob("*.png"))) == 1


def test_another_picture_under_the_name_of_a_deleted_one_is_another() -> None:
    old = uploaded(encoded())
    name = old.file.name
    before = freeze(old, alt="")
    old.file.storage.delete(name)
    old.delete()

    new = uploaded(encoded((90, 30)))

    assert new.file.name == name
    assert freeze(new, alt="")["sha256"] != before["sha256"]


def test_what_is_hidden_in_a_file_is_left_behind() -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Author", "secret")

    frozen = freeze(uploaded(encoded(pnginfo=hidden)), alt="")

    assert b"secret" not in image_bytes(frozen["sha256"])


def test_a_large_picture_is_made_as_small_as_it_is_printed() -> None:
    frozen = freeze(uploaded(encoded((3000, 600))), alt="")

    assert (frozen["width"], frozen["height"]) == (1200, 240)


@pytest.mark.parametrize("format_name", ["JPEG", "WEBP", "GIF"])
def test_other_formats_become_png(format_name: str) -> None:
    frozen = freeze(uploaded(encoded(format_name=format_name), f"logo.{format_name.lower()}"), alt="")

    assert image_bytes(frozen["sha256"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://x/"/></svg>', "svg.png"),
        (b"not a picture", "text.png"),
        (encoded()[:60], "cut.png"),
    ],
    ids=["svg", "text", "cut"],
)
def test_what_is_no_picture_of_pixels_is_refused(content: bytes, name: str) -> None:
    image = uploaded(encoded(), name)
    Path(image.file.path).write_bytes(content)

    with pytest.raises(ValidationError, match="The picture “Logo” cannot be printed"):
        freeze(image, alt="")


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 60 * 30 - 1)

    with pytest.raises(ValidationError, match="cannot be printed"):
        freeze(uploaded(encoded(), "bomb.png"), alt="")


def test_a_file_that_is_gone_is_refused() -> None:
    image = uploaded(encoded(), "gone.png")
    image.file.storage.delete(image.file.name)

    with pytest.raises(ValidationError, match="cannot be printed"):
        freeze(image, alt="")


def test_an_altered_picture_is_never_printed() -> None:
    sha256 = freeze(uploaded(encoded()), alt="")["sha256"]
    Path(private_storage().path(path_of(sha256))).write_bytes(encoded((61, 30)))

    with pytest.raises(ValueError, match="has been altered"):
        image_bytes(sha256)


def test_for_a_preview_nothing_is_stored(tmp_path: Path) -> None:
    image = uploaded(encoded())

    with kept_in_memory():
        sha256 = freeze(image, alt="")["sha256"]
        assert image_bytes(sha256)

    assert not (tmp_path / "private").exists()
    with pytest.raises(OSError):
        image_bytes(sha256)


def test_in_a_preview_what_was_stored_before_is_found() -> None:
    sha256 = freeze(uploaded(encoded()), alt="")["sha256"]

    with kept_in_memory():
        assert image_bytes(sha256)


def test_one_that_was_cut_off_while_it_was_stored_is_stored_anew() -> None:
    logo, storage = uploaded(encoded()), private_storage()
    frozen = freeze(logo, alt="")
    whole, name = image_bytes(frozen["sha256"]), path_of(frozen["sha256"])
    storage.delete(name)
    storage.save(name, ContentFile(whole[:20]))

    assert freeze(logo, alt="") == frozen
    assert image_bytes(frozen["sha256"]) == whole
