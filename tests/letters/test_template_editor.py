"""The wording of letters in the admin: what no letter could say is refused when it is saved."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from imp_wagtail.letters.merge import FIELDS
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.letters.wording import FEATURES, LONGEST, fill_wording, validate_wording
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, UserFactory, editor, facilitator

pytestmark = pytest.mark.django_db

TEMPLATES = "wagtailsnippets_imp_letters_lettertemplate"
TEXTS = ("heading", "letterhead", "place", "footer", "paper", "accent", "ink")


def address(template: LetterTemplate) -> str:
    return reverse(f"{TEMPLATES}:edit", args=[template.pk])


def form(template: LetterTemplate, **changes: object) -> dict[str, object]:
    """The template's form as a browser sends it; ``signatories`` by name."""
    signatories = changes.pop("signatories", ["A. Signatory"])
    values = {name: getattr(template, name) for name in TEXTS}
    values["body"] = rich_text(changes.pop("body", template.body), features=FEATURES)
    blocks = [("signatory", {"name": name, "role": "", "signature": ""}) for name in signatories]
    rows = nested_form_data({"signatories": streamfield(blocks)})
    return {**values, **rows, "pathway": template.pathway_id, "stage": template.stage_id or "", **changes}


def latest(template: LetterTemplate) -> LetterTemplate:
    """The template as editors find it in the form."""
    template.refresh_from_db()
    return template.get_latest_revision_as_object()


@pytest.fixture
def template(stage: Stage) -> LetterTemplate:
    return LetterTemplate.objects.get()


def test_the_form_lists_every_merge_field_with_its_meaning(staff: Client, template: LetterTemplate) -> None:
    page = staff.get(address(template)).content.decode()

    for name in FIELDS:
        assert f"<code>{{{name}}}</code>" in page
    assert "Title of the training attended" in page


def test_stages_are_offered_below_their_pathways(staff: Client, template: LetterTemplate, stage: Stage) -> None:
    other = StageFactory(title="Engagement")

    page = staff.get(address(template)).content.decode()

    for each in (stage, other):
        assert f'<optgroup label="{each.pathway.title}">' in page
        assert f'<option value="{each.pk}">Engagement</option>' in page


def test_the_pathways_are_told_apart_by_language_where_there_are_several(
    staff: Client, template: LetterTemplate, stage: Stage
) -> None:
    stage.pathway.copy_for_translation(Locale.objects.create(language_code="fr")).save()

    page = staff.get(address(template)).content.decode()

    for language in ("en", "fr"):
        assert f'<optgroup label="{stage.pathway.title} ({language})">' in page


def test_wording_is_saved_as_a_draft_and_used_when_it_is_published(
    staff: Client, template: LetterTemplate, stage: Stage
) -> None:
    changes = form(template, body="<p>{name}: <b>{{ok}}</b></p>", stage=stage.pk)

    assert staff.post(address(template), changes).status_code == 302
    assert (fill_wording(latest(template).body, {"name": "A"}), template.stage) == ("<p>A: <b>{ok}</b></p>", None)
    assert staff.post(address(template), {**changes, "action-publish": "1"}).status_code == 302
    template.refresh_from_db()
    assert (fill_wording(template.body, {"name": "A"}), template.stage) == ("<p>A: <b>{ok}</b></p>", stage)


REFUSED = [
    ("body", "<p>{nmae}</p>", "There is no field “{nmae}”"),
    ("body", "<p>{name</p>", "stands alone"),
    ("body", "<p>{na<b>me</b>}</p>", "stands alone"),
    ("body", "<p>{name.__class__}</p>", "is not the name of a field"),
    ("body", f"<p>{'x' * (LONGEST + 1)}</p>", "A letter has one page"),
    ("footer", "{0}", "is not the name of a field"),
    ("accent", "#cccccc", "too pale to be read"),
    ("ink", "black", "Write a colour as #"),
    ("heading", "Letter for {name}", "{name} would be printed as it stands"),
    ("place", "{issuer}", "would be printed as it stands"),
    ("letterhead", "One\n{issuer}", "would be printed as it stands"),
    ("signatories", ["{name}"], "would be printed as it stands"),
]


@pytest.mark.parametrize("action", ["", "action-publish"])
@pytest.mark.parametrize(("field", "value", "complaint"), REFUSED)
def test_what_no_letter_could_say_is_refused_beside_the_field_also_in_a_draft(
    staff: Client, template: LetterTemplate, field: str, value: object, complaint: str, action: str
) -> None:
    before = template.heading, template.body

    response = staff.post(address(template), {**form(template, **{field: value}), action: "1"})

    errors = response.context_data["form"].errors
    assert list(errors) == [field]
    assert complaint in str(errors[field])
    assert (latest(template).heading, template.body) == before


@pytest.mark.parametrize(("field", "value"), [("heading", ""), ("body", "<p></p>"), ("signatories", [])])
def test_a_draft_may_have_gaps_that_what_is_published_may_not(
    staff: Client, template: LetterTemplate, field: str, value: object
) -> None:
    changes = form(template, **{field: value})

    assert staff.post(address(template), changes).status_code == 302
    refused = staff.post(address(template), {**changes, "action-publish": "1"})

    assert field in refused.context_data["form"].errors
    template.refresh_from_db()
    assert template.live and template.has_unpublished_changes


def test_a_new_template_is_nearly_done(staff: Client, stage: Stage) -> None:
    new = staff.get(reverse(f"{TEMPLATES}:add")).context_data["form"].instance

    assert (new.heading, new.pathway) == ("Letter of completion", stage.pathway)
    assert new.fields == {"name", "stage", "pathway", "completed_on"}
    assert [block.block_type for block in new.signatories] == ["signatory"]
    validate_wording(new.body)


def test_a_registrar_makes_a_template_publishes_it_takes_it_back_and_deletes_it(staff: Client, stage: Stage) -> None:
    LetterTemplate.objects.all().delete()
    new = LetterTemplateFactory.build(pathway=stage.pathway)

    staff.post(reverse(f"{TEMPLATES}:add"), {**form(new), "action-publish": "1"})
    template = LetterTemplate.objects.get()
    assert template.live

    staff.post(address(template), form(template, heading="Later"))
    staff.post(address(template), form(template, heading="Latest"))
    first, *_between, last = template.revisions.order_by("pk")
    compared = staff.get(reverse(f"{TEMPLATES}:revisions_compare", args=[template.pk, first.pk, last.pk]))
    assert "Latest" in compared.content.decode()
    for page in ("history", "usage"):
        assert staff.get(reverse(f"{TEMPLATES}:{page}", args=[template.pk])).status_code == 200
    staff.post(reverse(f"{TEMPLATES}:unpublish", args=[template.pk]))
    template.refresh_from_db()
    assert not template.live
    staff.post(reverse(f"{TEMPLATES}:delete", args=[template.pk]))
    assert not LetterTemplate.objects.exists()


def test_what_is_scheduled_waits_while_letters_say_what_is_published(staff: Client, template: LetterTemplate) -> None:
    when = timezone.now() + dt.timedelta(hours=1)
    go_live = timezone.localtime(when).strftime("%Y-%m-%d %H:%M")
    staff.post(address(template), {**form(template, heading="Soon", go_live_at=go_live), "action-publish": "1"})
    template.refresh_from_db()
    assert (template.heading, template.live) == ("Letter of completion", True)
    assert template.scheduled_revision.as_object().heading == "Soon"


def test_a_template_is_translated_and_its_letters_are_in_that_language(
    staff: Client, template: LetterTemplate, stage: Stage, settings: Any
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    french = Locale.objects.create(language_code="fr")
    staff.logout()
    staff.force_login(UserFactory(superuser=True))

    page = reverse(
        "simple_translation:submit_snippet_translation", args=["imp_letters", "lettertemplate", template.pk]
    )
    staff.post(page, {"locales": [french.pk]})
    copy = LetterTemplate.objects.get(locale=french)
    staff.post(address(copy), {**form(copy, heading="Attestation"), "action-publish": "1"})

    found = LetterTemplate.objects.for_stage(stage, "fr")
    assert (found.heading, found.locale) == ("Attestation", french)


def test_a_stage_of_another_pathway_is_refused(staff: Client, template: LetterTemplate) -> None:
    response = staff.post(address(template), form(template, stage=StageFactory().pk))

    assert list(response.context_data["form"].errors) == ["stage"]


def test_a_stage_has_one_wording(staff: Client, template: LetterTemplate, stage: Stage) -> None:
    LetterTemplateFactory(pathway=stage.pathway, stage=stage)

    response = staff.post(address(template), form(template, stage=stage.pk))

    assert list(response.context_data["form"].errors) == ["stage"]


def test_registrars_find_templates_by_pathway_and_others_not_at_all(
    client: Client, staff: Client, template: LetterTemplate
) -> None:
    listing = reverse(f"{TEMPLATES}:list")

    found = staff.get(listing, {"q": template.pathway.title}).content.decode()
    assert address(template) in found
    for user in (editor(), facilitator()):
        client.force_login(user)
        assert client.get(listing).status_code == 302


@pytest.mark.parametrize("ordering", ["", "heading", "-heading"])
def test_the_list_follows_the_pathway_and_begins_with_the_wording_for_every_stage(
    staff: Client, template: LetterTemplate, stage: Stage, ordering: str
) -> None:
    last = LetterTemplateFactory(pathway=stage.pathway, stage=StageFactory(pathway=stage.pathway, sort_order=9))
    first = LetterTemplateFactory(pathway=stage.pathway, stage=stage)

    response = staff.get(reverse(f"{TEMPLATES}:list"), {"ordering": ordering})

    assert list(response.context_data["object_list"]) == [template, first, last]


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(staff: Client, template: LetterTemplate) -> None:
    def queries(rows: int) -> int:
        where = reverse(f"{TEMPLATES}:list")
        staff.get(where)
        with CaptureQueriesContext(connection) as captured:
            response = staff.get(where)
        assert len(response.context_data["object_list"]) == rows
        return len(captured)

    for_one = queries(1)
    for _number in range(29):
        stage = StageFactory()
        LetterTemplateFactory(pathway=stage.pathway, stage=stage)

    assert queries(20) == for_one  # of Wagtail's twenty on a page
