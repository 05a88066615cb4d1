"""What packs say of letters, and what becomes of it."""

from pathlib import Path

import pytest
from wagtail.models import Locale

from imp_wagtail.core.packs import PackError, load_pack
from imp_wagtail.letters.models import LetterMessage, LetterTemplate
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterMessageFactory, signed_by
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
    for template in LetterTemplate.objects.all():
        template.footer, template.signatories = "Ours", [signed_by("Somebody else")]
        template.save_revision().publish()

    load_pack(pack)
    assert signatures() == {("Somebody else", "Ours")}
    load_pack(pack, overwrite=True)

    # What a pack does not speak of is nobody's but the editors'.
    assert signatures() == {("P. Otter", "Ours")}
    assert LetterTemplate.objects.count() == 2


def signatures() -> set[tuple[str, str]]:
    """Who signs, and the footer, of each template as it is used and as editors find it in the form."""
    templates = LetterTemplate.objects.all()
    return {
        (version.signatories[0].value["name"], version.footer)
        for template in templates
        for version in (template, template.get_latest_revision_as_object())
    }


def test_templates_are_published_with_a_revision_that_says_the_same(pack: Path) -> None:
    load_pack(pack)

    template = LetterTemplate.objects.get(heading="Letter of fire")

    assert template.live and not template.has_unpublished_changes
    assert template.body == "<p>{name} fired at {training}.</p>"
    assert template.get_latest_revision_as_object().body == template.body


def test_what_staff_have_unpublished_is_overwritten_and_stays_unpublished(pack: Path) -> None:
    load_pack(pack)
    template = LetterTemplate.objects.get(heading="Letter")
    template.heading = "Ours"
    template.save_revision().publish()
    template.unpublish()

    load_pack(pack, overwrite=True)

    template.refresh_from_db()
    assert (template.heading, template.live) == ("Letter", False)
    assert template.get_latest_revision_as_object().heading == "Letter"


def test_a_draft_is_not_published_by_loading_the_pack_again(pack: Path) -> None:
    load_pack(pack)
    template = LetterTemplate.objects.get(heading="Letter")
    template.heading = "Not yet"
    template.save_revision()

    load_pack(pack)

    template.refresh_from_db()
    assert (template.heading, template.has_unpublished_changes) == ("Letter", True)
    assert template.get_latest_revision_as_object().heading == "Not yet"


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


MESSAGE = """\
pathway: pottery
message:
  subject: "Your letter: {stage}"
  body: |
    Dear {name},

    here it is: {link}
"""


def with_message(folder: Path, *changes: tuple[str, str]) -> Path:
    """The pack with a message in its first lines, in which something may be written otherwise."""
    text = MESSAGE
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return write_pack(folder, ("letters.yaml", "pathway: pottery\n", text))


def test_the_message_with_the_letters_comes_with_them(tmp_path: Path) -> None:
    load_pack(with_message(tmp_path))

    message = LetterMessage.objects.get()
    assert (message.pathway.key, message.locale) == ("pottery", Locale.get_default())
    assert (message.subject, message.body) == ("Your letter: {stage}", "Dear {name},\n\nhere it is: {link}")


def test_a_message_that_staff_have_edited_is_kept_until_it_is_overwritten(tmp_path: Path) -> None:
    load_pack(with_message(tmp_path))
    LetterMessage.objects.update(subject="Ours")

    load_pack(tmp_path)
    assert LetterMessage.objects.get().subject == "Ours"
    load_pack(tmp_path, overwrite=True)
    assert LetterMessage.objects.get().subject == "Your letter: {stage}"


def test_a_pack_without_a_message_leaves_that_of_the_staff(pack: Path) -> None:
    load_pack(pack)
    own = LetterMessageFactory(pathway=Stage.objects.first().pathway, subject="Ours")

    load_pack(pack, overwrite=True)

    assert list(LetterMessage.objects.values_list("pk", "subject")) == [(own.pk, "Ours")]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{stage}", "{link}", "letters.yaml, line 3: Here is no field “{link}”. There are: {name}, "),
        ("{name}", "{nmae}", "letters.yaml, line 4: Here is no field “{nmae}”. There are: {name}, "),
        ("{link}", "attached", "letters.yaml, line 4: Say with {link} where the personal link goes."),
        ("Your letter", "L" * 200, "letters.yaml, line 3: Ensure this value has at most 160 characters"),
    ],
)
def test_a_message_that_could_not_be_filled_in_is_refused_by_its_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(with_message(tmp_path, (old, new)))

    assert str(caught.value).startswith(complaint)
    assert not LetterTemplate.objects.exists()
