"""Pictures of packs: what is made of them, what is refused, and that they come back to the byte."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.images.models import Image

from imp_wagtail.core.packs import Outcome, PackError, dump_pack, load_pack
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import Trainer, TrainingPage
from tests.full_pack import picture
from tests.packs import write_pack

pytestmark = pytest.mark.django_db

IMAGES = """\
images:
  - file: wheel.png
    title: The wheel
    description: A wheel that turns
"""
PHOTO = ("trainings.yaml", "    biography: Turns wheels.\n", "    biography: Turns wheels.\n    photo: wheel.png\n")
GALLERY = (
    "trainings.yaml",
    "    trainers: [P. Otter]\n",
    "    trainers: [P. Otter]\n    pictures:\n      - {image: wheel.png, caption: So it was}\n",
)


def with_picture(folder: Path, content: bytes | None = None, images: str = IMAGES) -> Path:
    """The pack, with a picture as photo and in the gallery."""
    write_pack(folder, PHOTO, GALLERY)
    (folder / "images.yaml").write_text(images)
    (folder / "images").mkdir()
    (folder / "images" / "wheel.png").write_bytes(picture() if content is None else content)
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert not Pathway.objects.exists() and not Image.objects.exists()
    return str(caught.value)


def test_a_picture_is_made_once_with_its_title_and_description(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))

    image = Image.objects.get()
    assert (image.title, image.description) == ("The wheel", "A wheel that turns")
    assert image.file.read() == picture()
    assert Trainer.objects.get().photo == image
    (shown,) = TrainingPage.objects.get().pictures.all()
    assert (shown.image, shown.caption, shown.description) == (image, "So it was", "A wheel that turns")


def test_a_second_time_nothing_is_made_and_edits_stay_until_they_are_overwritten(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))
    Image.objects.update(title="Mine")

    assert load_pack(tmp_path / "pack").changed == 0
    assert Image.objects.get().title == "Mine"
    assert load_pack(tmp_path / "pack", overwrite=True).changed == 1
    assert Image.objects.get().title == "The wheel"


def test_it_comes_back_to_the_byte_by_its_own_name(tmp_path: Path) -> None:
    default_storage.save("original_images/wheel.png", (tmp_path / "x").open("w+b"))  # so that the name is taken
    load_pack(with_picture(tmp_path / "pack"))
    assert Image.objects.get().filename != "wheel.png"

    assert dump_pack(tmp_path / "new", "pottery").losses == []

    assert (tmp_path / "new" / "images" / "wheel.png").read_bytes() == picture()
    assert IMAGES in (tmp_path / "new" / "images.yaml").read_text()
    assert {line.outcome for line in load_pack(tmp_path / "new", overwrite=True).lines} == {Outcome.KEPT}


def test_two_pictures_of_one_name_are_told_apart(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))
    other = Image.objects.create(title="Another", file=ContentFile(picture(colour="red"), name="wheel.png"))
    Trainer.objects.update(photo=other)

    dump_pack(tmp_path / "new", "pottery")

    assert sorted(path.name for path in (tmp_path / "new" / "images").iterdir()) == ["wheel-2.png", "wheel.png"]


def test_a_picture_whose_file_is_gone_is_left_out_and_said(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))
    Path(Image.objects.get().file.path).unlink()

    losses = [str(loss) for loss in dump_pack(tmp_path / "new", "pottery").losses]

    assert losses == [
        "trainer “P. Otter”: the picture “The wheel”",
        "training “Kiln weeks”: the picture “The wheel”",
    ]


def test_by_force_a_picture_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))
    folder = with_picture(tmp_path / "old", picture(colour="red"))
    (folder / "images" / "mine.txt").write_text("mine")

    dump_pack(folder, "pottery", force=True)

    assert (folder / "images" / "wheel.png").read_bytes() == picture()
    assert (folder / "images" / "mine.txt").read_text() == "mine"


def test_by_force_the_pictures_of_the_old_pack_go_with_it(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))
    folder = with_picture(tmp_path / "old", picture(colour="red"))
    (folder / "images" / "wheel.png").rename(folder / "images" / "kiln.png")
    for file in folder.glob("*.yaml"):
        file.write_text(file.read_text().replace("wheel.png", "kiln.png"))

    dump_pack(folder, "pottery", force=True)

    assert [path.name for path in (folder / "images").iterdir()] == ["wheel.png"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "images.yaml, line 2: wheel.png: The submitted file is empty."),
        (b"a: 1\n", "images.yaml, line 2: wheel.png: Upload a valid image."),
        (b"<svg onload='alert(1)'/>", "images.yaml, line 2: wheel.png: Not a valid .png image."),
        (picture("GIF"), "images.yaml, line 2: wheel.png: Not a valid .png image."),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refused(with_picture(tmp_path / "pack", content)).startswith(reason)


@pytest.mark.parametrize(
    "name", ["../wheel.png", "/etc/passwd", "a/b.png", ".hidden.png", "wheel .png", "C:\\\\a.png"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    message = refused(with_picture(tmp_path / "pack", images=IMAGES.replace("wheel.png", name)))

    assert message.startswith("images.yaml, line 2: “")
    assert "is no name of a file in “images”" in message


def test_a_link_to_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    folder = with_picture(tmp_path / "pack")
    (folder / "images" / "wheel.png").rename(tmp_path / "elsewhere.png")
    (folder / "images" / "wheel.png").symlink_to(tmp_path / "elsewhere.png")

    assert refused(folder) == "images.yaml, line 2: There is no file “images/wheel.png”."


def test_a_folder_elsewhere_is_refused(tmp_path: Path) -> None:
    folder = with_picture(tmp_path / "pack")
    (folder / "images").rename(tmp_path / "elsewhere")
    (folder / "images").symlink_to(tmp_path / "elsewhere")

    assert refused(folder) == "images.yaml, line 2: There is no file “images/wheel.png”."


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path, settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10

    assert refused(with_picture(tmp_path / "pack")).startswith("images.yaml, line 2: wheel.png: This file is too big.")


def test_a_picture_that_is_named_nowhere_is_refused(tmp_path: Path) -> None:
    message = refused(with_picture(tmp_path / "pack", images=IMAGES.replace("wheel.png", "whele.png")))

    assert message == "images.yaml, line 2: There is no file “images/whele.png”."


def test_of_a_pack_that_is_refused_no_file_stays(tmp_path: Path) -> None:
    folder = with_picture(tmp_path / "pack")
    trainings = folder / "trainings.yaml"
    trainings.write_text(trainings.read_text().replace("country: NL", "country: XX"))

    assert "XX" in refused(folder)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_a_pack_without_pictures_leaves_the_site_s(tmp_path: Path) -> None:
    load_pack(with_picture(tmp_path / "pack"))

    result = load_pack(write_pack(tmp_path / "bare"), overwrite=True)

    assert result.changed == 0
    assert TrainingPage.objects.get().pictures.count() == 1
