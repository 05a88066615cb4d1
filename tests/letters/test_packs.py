"""What packs say of letters, and what becomes of it."""

from pathlib import Path

import pytest

from imp_wagtail.core.packs import PackError, load_pack
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.pathways.models import Stage
from tests.packs import line_of, write_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def test_a_stage_has_its_own_wording_and_the_others_share_one(pack: Path) -> None:
    load_pack(pack)

    headings = {stage.key: LetterTemplate.objects.for_stage(stage, "en").heading for stage in Stage.objects.all()}
    assert headings == {"clay": "Letter", "fire": "Letter of fire"}


def test_later_edits_are_kept_until_they_are_overwritten(pack: Path) -> None:
    load_pack(pack)
    LetterTemplate.objects.update(signatory="Somebody else")

    load_pack(pack)
    kept = set(LetterTemplate.objects.values_list("signatory", flat=True))
    load_pack(pack, overwrite=True)

    assert kept == {"Somebody else"}
    assert set(LetterTemplate.objects.values_list("signatory", flat=True)) == {"P. Otter"}
    assert LetterTemplate.objects.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("stage: fire", "stage: fier", "The pathway has no stage “fier”. Did you mean “fire”?"),
        ("pathway: pottery", "pathway: pots", "There is no pathway “pots”."),
        ("  - stage: fire\n    heading", "  - heading", "“–” is here a second time; the first is in line 3."),
    ],
)
def test_what_refers_to_nothing_or_twice_to_the_same_is_refused(
    pack: Path, old: str, new: str, complaint: str
) -> None:
    write_pack(pack, ("letters.yaml", old, new))

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    assert str(caught.value).startswith(f"letters.yaml, line {line_of('letters.yaml', old)}: {complaint}")


def test_a_stage_that_is_in_the_database_need_not_be_in_the_pack(pack: Path) -> None:
    load_pack(pack)
    (pack / "pathway.yaml").unlink()
    LetterTemplate.objects.all().delete()

    load_pack(pack)

    assert LetterTemplate.objects.count() == 2
