"""The wording of letters in the admin: what no letter could say is refused when it is saved."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from imp_wagtail.letters.merge import FIELDS
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, editor, facilitator

pytestmark = pytest.mark.django_db

TEMPLATES = "wagtailsnippets_imp_letters_lettertemplate"


def address(template: LetterTemplate) -> str:
    return reverse(f"{TEMPLATES}:edit", args=[template.pk])


def form(template: LetterTemplate, **changes: object) -> dict[str, object]:
    names = ("heading", "body", "place", "signatory", "signatory_role", "footer")
    values = {name: getattr(template, name) for name in names}
    return {**values, "pathway": template.pathway_id, "stage": template.stage_id or "", **changes}


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


def test_wording_is_saved(staff: Client, template: LetterTemplate, stage: Stage) -> None:
    response = staff.post(address(template), form(template, body="{name}: {{ok}}", stage=stage.pk))

    assert response.status_code == 302
    template.refresh_from_db()
    assert (template.body, template.stage) == ("{name}: {{ok}}", stage)


@pytest.mark.parametrize(
    ("field", "wording"),
    [("body", "{nmae}"), ("body", "{name"), ("body", "{name.__class__}"), ("footer", "{0}"), ("body", "")],
)
def test_wording_that_no_letter_could_say_is_refused_beside_the_field(
    staff: Client, template: LetterTemplate, field: str, wording: str
) -> None:
    before = getattr(template, field)

    response = staff.post(address(template), form(template, **{field: wording}))

    assert list(response.context_data["form"].errors) == [field]
    template.refresh_from_db()
    assert getattr(template, field) == before


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


@pytest.mark.parametrize("ordering", ["", "heading", "-signatory"])
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
