"""Packs written from a running site: the same as those it was loaded from, and nothing lost in silence."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.rich_text import RichText

from imp_wagtail.core.packs import DumpError, Outcome, dump_pack, load_pack, open_pack
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.pathways.models import Pathway, PathwayPage
from imp_wagtail.trainings.models import FAQPage, Question, Trainer, TrainingPage
from tests.full_pack import write_full_pack
from tests.packs import write_pack

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

pytestmark = pytest.mark.django_db


@contextmanager
def another_site() -> Iterator[None]:
    """An empty site, gone with all that was loaded into it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def says(folder: Path) -> dict[str, Any]:
    """What a pack says, however its lines are broken."""
    parts = open_pack(folder).parts
    return {f"{loader.file} {loader.section}": flattened(part.model_dump()) for loader, part in parts}


def flattened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: flattened(item) for name, item in value.items()}
    if isinstance(value, list):
        return [flattened(item) for item in value]
    return " ".join(value.split()) if type(value) is str else value


def dumped(folder: Path, key: str = "pottery") -> list[str]:
    """Write a pack. Returns what is not in it."""
    return [str(loss) for loss in dump_pack(folder, key).losses]


def edit(record: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save_revision().publish()


class TestRoundTrip:
    def check(self, original: Path, key: str, folder: Path) -> None:
        with another_site():
            load_pack(original)
            assert dumped(folder / "first", key) == []
            again = load_pack(folder / "first", overwrite=True)
            assert {line.outcome for line in again.lines} == {Outcome.KEPT}
        with another_site():
            assert says(folder / "first") == says(original)
            load_pack(folder / "first")
            assert dumped(folder / "second", key) == []
        assert files(folder / "first") == files(folder / "second")

    @pytest.mark.parametrize("key", ["imp", "mcmi"])
    def test_a_programme_s_own_pack_comes_back(self, key: str, tmp_path: Path) -> None:
        self.check(FIXTURES / key, key, tmp_path)

    def test_a_pack_with_everything_in_it_comes_back(self, tmp_path: Path) -> None:
        self.check(write_full_pack(tmp_path / "original"), "pottery", tmp_path)

    def test_two_programmes_of_a_site_do_not_mix(self, tmp_path: Path) -> None:
        for key in ("imp", "mcmi"):
            load_pack(FIXTURES / key)

        lost = [dumped(tmp_path / key, key) for key in ("imp", "mcmi")]

        assert lost == [[], []]
        for key, other in (("imp", "mcmi"), ("mcmi", "imp")):
            text = b"".join(files(tmp_path / key).values()).decode()
            assert f"pathway: {other}" not in text
            assert {line.outcome for line in load_pack(tmp_path / key, overwrite=True).lines} == {Outcome.KEPT}
            with another_site():
                assert says(tmp_path / key) == says(FIXTURES / key)


class TestRunningSite:
    @pytest.fixture(autouse=True)
    def _site(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path / "original"))

    def test_what_was_saved_in_the_editor_is_kept_when_it_is_loaded_again(self, tmp_path: Path) -> None:
        faq = FAQPage.objects.get()
        edit(faq, introduction='<p data-block-key="a1b2c">"It\'s" &amp; so on.</p>', slug="asked")
        edit(TrainingPage.objects.get(), slug="fire-2099", title="Fire", summary="One\r\ntwo")

        assert dumped(tmp_path / "new") == []

        assert "slug: asked" in (tmp_path / "new" / "questions.yaml").read_text()
        lines = load_pack(tmp_path / "new", overwrite=True).lines
        assert [str(line) for line in lines if line.outcome != Outcome.KEPT] == []

    def test_what_is_not_published_is_left_out_and_said(self, tmp_path: Path) -> None:
        page = TrainingPage.objects.get()
        page.title = "A draft"
        page.save_revision()
        Question.objects.get(anchor="wet").unpublish()
        LetterTemplate.objects.get(stage=None).unpublish()
        PathwayPage.objects.get().unpublish()

        lost = dumped(tmp_path / "new")

        assert lost == [
            "pathway page “The pathway”: it is not published",
            "question “Is it wet?”: it is not published",
            "training “Kiln weeks”: the block “Link”: it leads to what is not in the pack",
            "letter template “Pottery pathway · every stage”: it is not published",
        ]
        text = (tmp_path / "new" / "trainings.yaml").read_text()
        assert "title: Kiln weeks" in text
        assert "A draft" not in text

    def test_what_not_everybody_may_see_is_left_out_and_said(self, tmp_path: Path) -> None:
        PageViewRestriction.objects.create(page=TrainingPage.objects.get(), restriction_type="login")

        assert dumped(tmp_path / "new") == ["training “Kiln weeks”: not everybody may see it"]
        assert "kiln-2099" not in (tmp_path / "new" / "trainings.yaml").read_text()

    def test_what_packs_cannot_hold_is_said_with_its_place(self, tmp_path: Path) -> None:
        page = TrainingPage.objects.get()
        body = page.body
        body.append(("paragraph", RichText("<h2>Be <b>bold</b>.</h2>")))
        edit(page, body=body, audience="<p><a linktype='page' id='1'>These</a></p>", search_description="Found.")
        edit(FAQPage.objects.get(), introduction="<ul><li>Ask</li></ul>")

        assert sorted(dumped(tmp_path / "new")) == [
            "questions and answers “Questions”: a list, now paragraphs",
            "training “Kiln weeks”: a heading within a text",
            "training “Kiln weeks”: a link (“These”)",
            "training “Kiln weeks”: meta description",
        ]

    def test_strictly_a_loss_is_a_reason_to_write_nothing(self, tmp_path: Path) -> None:
        edit(TrainingPage.objects.get(), audience="<h3>You</h3>")

        with pytest.raises(DumpError, match="a heading within a text"):
            dump_pack(tmp_path / "new", "pottery", strict=True)
        assert not (tmp_path / "new").exists()

    def test_trainings_that_show_each_other_are_written_so_that_they_can_be_loaded(self, tmp_path: Path) -> None:
        first = TrainingPage.objects.get()
        second = first.copy(update_attrs={"slug": "second", "title": "Second"})
        for one, other in ((first, second), (second, first)):
            one.body.append(("training", {"page": other}))
            edit(one, body=one.body)

        lost = dumped(tmp_path / "new")

        assert lost == ["training “Second”: the block “A training”: it leads to what is not in the pack"]
        with another_site():
            Page.objects.filter(depth__gt=2).delete()
            load_pack(tmp_path / "new", overwrite=True)

    def test_a_trainer_of_two_names_is_one_too_many(self, tmp_path: Path) -> None:
        Trainer.objects.create(name="P. Otter")

        with pytest.raises(DumpError, match=r"“P\. Otter” is here a second time"):
            dump_pack(tmp_path / "new", "pottery")
        assert not (tmp_path / "new").exists()

    def test_a_name_that_packs_do_not_have_is_refused_with_its_place(self, tmp_path: Path) -> None:
        edit(TrainingPage.objects.get(), slug="Été_2099")

        with pytest.raises(DumpError, match="training “Kiln weeks”: “Été_2099” is no name for “slug”"):
            dump_pack(tmp_path / "new", "pottery")

    def test_a_site_with_a_second_programme_says_what_belongs_to_neither(self, tmp_path: Path) -> None:
        Pathway.objects.create(key="poetry", title="Poetry", programme="Poetry")
        faq = FAQPage.objects.get()
        faq.get_parent().add_child(instance=FAQPage(title="Nobody's", slug="nobody", sections=faq.sections))
        Question.objects.update(answer=[{"type": "paragraph", "value": "<p>Yes.</p>"}])

        lost = dumped(tmp_path / "new")

        assert (
            "questions and answers “Nobody's”: nothing on it, and nothing that leads to it, says whose it is" in lost
        )

    def test_a_link_that_leads_to_two_places_keeps_the_first(self, tmp_path: Path) -> None:
        faq = FAQPage.objects.get()
        edit(TrainingPage.objects.get(), body=[("link", {"text": "Ask", "page": faq, "url": "https://example.org/"})])

        assert dumped(tmp_path / "new") == ["training “Kiln weeks”: the second address of the link “Ask”"]
        assert "page: faq" in (tmp_path / "new" / "trainings.yaml").read_text()

    def test_a_page_without_a_question_that_readers_see_is_left_out_and_said(self, tmp_path: Path) -> None:
        for question in Question.objects.all():
            question.unpublish()

        assert "questions and answers “Questions”: it shows no question" in dumped(tmp_path / "new")
        assert not (tmp_path / "new" / "questions.yaml").exists()

    def test_a_home_page_of_another_type_is_left_out_and_said(self, tmp_path: Path) -> None:
        Site.objects.update(root_page=FAQPage.objects.get())

        lost = dumped(tmp_path / "new")

        assert lost == ["questions and answers “Questions”: packs know no home page of this type"]


class TestCommand:
    @pytest.fixture(autouse=True)
    def _site(self, tmp_path: Path) -> None:
        load_pack(write_pack(tmp_path / "original"))

    def dump(self, *arguments: Any) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        call_command("imp_dump", *arguments, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    def test_it_says_what_was_written_and_what_is_left_out(self, tmp_path: Path) -> None:
        edit(TrainingPage.objects.get(), audience="<h3>You</h3>")

        out, err = self.dump(tmp_path / "new", "--pathway", "pottery", "--name", "Pots", "--about", "All of it.")

        assert out == f"{tmp_path / 'new'}: 6 files written, 1 thing left out.\n"
        assert err == "left out  training “Kiln weeks”: a heading within a text\n"
        about = (tmp_path / "new" / "pack.yaml").read_text()
        assert about == "# What this pack is.\n\nkey: pottery\nname: Pots\nlanguage: en\nabout: All of it.\n"

    def test_a_pathway_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError) as caught:
            self.dump(tmp_path / "new", "--pathway", "potery")

        assert str(caught.value) == ("There is no pathway “potery”. Did you mean “pottery”?\nNothing was written.")

    def test_a_folder_with_something_in_it_needs_force(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="is not empty"):
            self.dump(tmp_path / "original", "--pathway", "pottery")

        self.dump(tmp_path / "original", "--pathway", "pottery", "--force")

        assert load_pack(tmp_path / "original", overwrite=True).changed == 0

    def test_without_a_default_site_there_is_nothing_to_begin_from(self, tmp_path: Path) -> None:
        Site.objects.update(is_default_site=False)

        with pytest.raises(CommandError, match="There is no default site"):
            self.dump(tmp_path / "new", "--pathway", "pottery")
