"""The editor's preview: the page that would be printed, for a sample or for somebody chosen, and nothing is left."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.images import ImageFile
from django.db.models.signals import post_save, pre_save
from django.test import Client
from django.urls import reverse
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Locale

from imp_wagtail.core.pdf import PDFUnavailable
from imp_wagtail.letters import codes
from imp_wagtail.letters.editor import samples
from imp_wagtail.letters.editor.previews import CODE, gaps
from imp_wagtail.letters.models import Letter, LetterTemplate, LetterYear
from imp_wagtail.letters.rendering import Renderer
from imp_wagtail.pathways.models import Stage
from tests.factories import (
    LetterTemplateFactory,
    PathwayFactory,
    RequirementFactory,
    StageFactory,
    TrainingPageFactory,
    UserFactory,
)

from .conftest import completed
from .test_template_editor import TEMPLATES, form

pytestmark = pytest.mark.django_db

PDF = re.compile(r'href="data:application/pdf;base64,([^"]+)" download="specimen.pdf"')
PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')


@pytest.fixture
def template(stage: Stage) -> LetterTemplate:
    return LetterTemplate.objects.get()


def preview_address(template: LetterTemplate) -> str:
    return reverse(f"{TEMPLATES}:preview_on_edit", args=[template.pk])


def previewed(browser: Client, template: LetterTemplate, mode: str = "usual", **changes: object) -> str:
    """The preview of what is in the form, as the editor's panel asks for it."""
    address = preview_address(template)
    sent = browser.post(address, form(template, **changes))
    assert sent.json()["is_valid"], sent.content
    response = browser.get(address, {"mode": mode})
    assert response.status_code == 200
    return response.content.decode()


def pdf_of(page: str) -> bytes:
    return base64.b64decode(PDF.search(page)[1])


def text_of(page: str) -> str:
    document = pypdfium2.PdfDocument(pdf_of(page))
    return " ".join(document[0].get_textpage().get_text_range().split())


class Recording(Renderer):
    """Keeps the snapshots that it is given, and prints none of them."""

    snapshots: list[dict[str, Any]] = []

    def render(self, snapshot: dict[str, Any]) -> bytes:
        self.snapshots.append(snapshot)
        return blank_page()


class Failing(Renderer):
    """Prints nothing, for the reason that it is given."""

    reason: Exception = RuntimeError("secret detail")

    def render(self, snapshot: dict[str, Any]) -> bytes:
        raise self.reason


def blank_page() -> bytes:
    target, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page()
    document.save(target)
    return target.getvalue()


@pytest.fixture
def snapshots(settings: Any) -> Iterator[list[dict[str, Any]]]:
    """What is given to the printer."""
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LETTER_RENDERER": f"{__name__}.Recording"}
    yield Recording.snapshots
    Recording.snapshots.clear()


def picture() -> Any:
    file = io.BytesIO()
    PillowImage.new("RGB", (60, 30), "navy").save(file, "PNG")
    return get_image_model().objects.create(title="Logo", file=ImageFile(file, name="logo.png"))


def test_it_shows_the_page_that_would_be_printed_and_offers_it_as_a_file(
    staff: Client, template: LetterTemplate
) -> None:
    page = previewed(staff, template, heading="Other heading")

    text = text_of(page)
    assert "Other heading" in text and "confirm that Maria Lindqvist completed Engagement" in text
    shown = PillowImage.open(io.BytesIO(base64.b64decode(PICTURE.search(page)[1])))
    assert shown.width == 1240 and shown.height > shown.width
    assert re.search(r'<img class="page"[^>]+alt="[^"]*Other heading[^"]*confirm that Maria Lindqvist', page)


def test_a_specimen_cannot_be_taken_for_a_letter(staff: Client, template: LetterTemplate) -> None:
    page = previewed(staff, template)

    assert "Specimen" in text_of(page)
    shown = PillowImage.open(io.BytesIO(base64.b64decode(PICTURE.search(page)[1]))).convert("RGB")
    scanned = zxingcpp.read_barcodes(shown.resize((shown.width * 2, shown.height * 2)))[0].text
    assert codes.parse(scanned.rstrip("/").rpartition("/")[2]) is None
    answer = staff.get(reverse("imp_letters:verify_code", args=[CODE]))
    assert answer.status_code == 404


@pytest.mark.parametrize("mode", ["usual", "long", "arabic", "chinese"])
def test_every_name_is_printed_on_one_page(staff: Client, template: LetterTemplate, mode: str) -> None:
    page = previewed(staff, template, mode)

    assert 'class="notices"' not in page
    assert len(PICTURE.findall(page)) == 1
    assert samples.NAMES[mode][0] in page


def test_its_snapshot_is_that_of_a_letter_with_a_mark(
    staff: Client, template: LetterTemplate, stage: Stage, snapshots: list
) -> None:
    RequirementFactory(stage=stage, training_days=True)
    TrainingPageFactory(title="Last year's", past=True)
    previewed(staff, template, body="<p>{name}: {training}, {hours} hours, {number}</p>")

    said = snapshots[-1]
    assert said["specimen"] is True
    assert (said["code"], said["number"][4:]) == ("SPEC-IMEN-00000", "-0000")
    assert said["body"] == f"<p>Maria Lindqvist: Last year's, 36 hours, {said['number']}</p>"


def test_nothing_is_left_and_nobody_is_told(
    staff: Client, template: LetterTemplate, stage: Stage, tmp_path: Path, snapshots: list
) -> None:
    RequirementFactory(stage=stage, training_days=True)
    logo = picture()
    previewed(staff, template, logo=logo.pk)
    before, told = rows(), []

    def listen(sender: type, **kwargs: Any) -> None:
        if sender._meta.app_label.startswith("imp_"):
            told.append(sender)

    for signal in (pre_save, post_save):
        signal.connect(listen, weak=False)
    try:
        previewed(staff, template, logo=logo.pk)
    finally:
        for signal in (pre_save, post_save):
            signal.disconnect(listen)

    assert snapshots[-1]["logo"]["width"] == 60
    assert (rows(), told) == (before, [])
    assert not Letter.objects.exists() and not LetterYear.objects.exists()
    assert not list((tmp_path / "private").rglob("*.*"))


def rows() -> dict[str, int]:
    """How many rows each table has; of the last one, editors' unsaved forms, there is one for each editor."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_pictures_are_printed_without_being_stored(staff: Client, template: LetterTemplate, tmp_path: Path) -> None:
    page = previewed(staff, template, logo=picture().pk)

    with pikepdf.open(io.BytesIO(pdf_of(page))) as document:
        streams = [thing for thing in document.objects if isinstance(thing, pikepdf.Stream)]
        sizes = {(int(it.Width), int(it.Height)) for it in streams if it.get("/Subtype") == "/Image"}
    assert (60, 30) in sizes
    assert not (tmp_path / "private").exists()


def test_the_letter_of_a_chosen_participant_is_shown(
    staff: Client, template: LetterTemplate, stage: Stage, snapshots: list
) -> None:
    completion = completed(stage, "Zoë Okafor").completions.get()
    page = staff.get(reverse(f"{TEMPLATES}:edit", args=[template.pk])).content.decode()
    assert f'<option value="{completion.pk}">Zoë Okafor · Engagement · 1 March 2025</option>' in page

    previewed(staff, template, preview_of=completion.pk)
    assert "Zoë Okafor" in snapshots[-1]["body"]
    previewed(staff, template, "long", preview_of=completion.pk)
    assert snapshots[-1]["name"] == samples.NAMES["long"][0]


def test_choosing_somebody_is_no_change_of_the_template(staff: Client, template: LetterTemplate, stage: Stage) -> None:
    completion = completed(stage).completions.get()

    staff.post(reverse(f"{TEMPLATES}:edit", args=[template.pk]), form(template, preview_of=completion.pk))

    template.refresh_from_db()
    assert "preview_of" not in template.latest_revision.content
    assert "Ana" not in str(template.latest_revision.content)


@pytest.fixture
def writer(client: Client, stage: Stage) -> Client:
    """A browser of somebody who may keep templates, and may not see participants."""
    user = UserFactory()
    for codename in ("access_admin", "view_lettertemplate", "change_lettertemplate"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    return client


def test_who_may_not_see_participants_is_told_no_name(
    writer: Client, template: LetterTemplate, stage: Stage, snapshots: list
) -> None:
    completion = completed(stage, "Zoë Okafor").completions.get()

    page = writer.get(reverse(f"{TEMPLATES}:edit", args=[template.pk])).content.decode()
    assert "preview_of" not in page and "Okafor" not in page
    assert "Okafor" not in previewed(writer, template, preview_of=completion.pk)
    assert snapshots[-1]["name"] == "Maria Lindqvist"


def test_fifty_are_offered_at_most_the_latest_first_and_of_this_stage_only(
    staff: Client, template: LetterTemplate, stage: Stage
) -> None:
    other = StageFactory(pathway=stage.pathway, title="Another")
    for number in range(52):
        completed(stage, f"Person {number}")
    completed(other, "Elsewhere")
    LetterTemplate.objects.update(stage=stage)

    page = staff.get(reverse(f"{TEMPLATES}:edit", args=[template.pk])).context_data["form"]
    offered = [label for _value, label in page.fields["preview_of"].widget.choices][1:]

    assert (len(offered), offered[0][:9]) == (50, "Person 51")


def test_somebody_of_another_stage_is_not_shown(staff: Client, template: LetterTemplate, stage: Stage) -> None:
    completion = completed(StageFactory(), "Elsewhere").completions.get()

    page = previewed(staff, template, preview_of=completion.pk)

    assert "has not completed this stage" in page and "Elsewhere" not in page


def test_a_letter_that_would_be_refused_says_why(
    staff: Client, template: LetterTemplate, stage: Stage, snapshots: list
) -> None:
    completion = completed(stage).completions.get()

    page = previewed(staff, template, body="<p>{name}, {training}</p>", preview_of=completion.pk)

    assert "names a training, and none with a public page is on record" in page
    assert PICTURE.search(page)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"heading": ""}, "The heading is empty."),
        ({"body": "<p></p>"}, "The wording is empty."),
        ({"signatories": []}, "Nobody signs yet."),
        ({"signatories": [""]}, "Nobody signs yet."),
    ],
)
def test_what_a_draft_lacks_is_said_above_its_page(
    staff: Client, template: LetterTemplate, changes: dict[str, object], complaint: str
) -> None:
    page = previewed(staff, template, **changes)

    assert complaint in page
    assert PICTURE.search(page)


def test_a_character_that_no_font_has_is_named(staff: Client, template: LetterTemplate) -> None:
    page = previewed(staff, template, heading="Letter \U0001bfff")

    assert "No font on this server has \U0001bfff" in page
    assert not PICTURE.search(page)


@pytest.mark.parametrize(
    ("reason", "complaint"),
    [
        (PDFUnavailable(), "PDFs need system libraries that are not installed"),
        (RuntimeError("secret detail"), "could not be printed. The site&#x27;s log says what failed"),
    ],
)
def test_what_fails_ends_as_a_message(
    staff: Client, template: LetterTemplate, settings: Any, monkeypatch: Any, reason: Exception, complaint: str
) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LETTER_RENDERER": f"{__name__}.Failing"}
    monkeypatch.setattr(Failing, "reason", reason)

    page = previewed(staff, template)

    assert complaint in page
    assert "secret detail" not in page and not PICTURE.search(page)


def test_a_pathway_without_stages_has_nothing_to_show(staff: Client) -> None:
    template = LetterTemplateFactory(pathway=PathwayFactory())

    assert "This pathway has no stages yet" in previewed(staff, template)


def test_the_stage_shown_is_one_that_the_wording_fits(
    staff: Client, template: LetterTemplate, stage: Stage, snapshots: list
) -> None:
    fitting = StageFactory(pathway=stage.pathway, title="Training stage")
    RequirementFactory(stage=fitting, training_days=True)

    previewed(staff, template, body="<p>{training}</p>")

    assert (snapshots[-1]["stage"], snapshots[-1]["body"]) == ("Training stage", "<p>Sample training</p>")


def test_a_new_template_is_previewed_in_the_language_that_it_is_begun_in(
    staff: Client, template: LetterTemplate, stage: Stage, settings: Any, snapshots: list
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    Locale.objects.create(language_code="fr")
    address = reverse(f"{TEMPLATES}:preview_on_add")
    begun = staff.get(reverse(f"{TEMPLATES}:add"), {"locale": "fr"}).content.decode()
    assert f"{address}?locale=fr" in begun

    new = LetterTemplateFactory.build(pathway=stage.pathway)
    assert staff.post(f"{address}?locale=fr", form(new)).json()["is_valid"]
    staff.get(address, {"locale": "fr", "mode": "usual"})

    assert snapshots[-1]["language"] == "fr"


def test_a_draft_without_gaps_lacks_nothing(template: LetterTemplate) -> None:
    assert list(gaps(template)) == []
