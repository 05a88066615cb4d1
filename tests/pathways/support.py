"""What the tests of this room share: the form of a pathway as a browser sends it, what is stored, a translation."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from imp_wagtail.pathways.models import Pathway, Requirement, Stage

URLS = "wagtailsnippets_imp_pathways_pathway"


def requirement_data(item: Requirement | None = None, **changes: Any) -> dict[str, Any]:
    item = item or Requirement(key="new", title="New")
    names = ("title", "key", "note", "kind", "amount", "each_min", "each_max", "unit", "cohort_kind")
    data = {name: "" if getattr(item, name) is None else str(getattr(item, name)) for name in names}
    ticks = {name: "on" for name in ("is_required", "open_at_training") if getattr(item, name)}
    return {"id": str(item.pk or ""), **data, **ticks, **changes}


def stage_data(stage: Stage | None = None, rows: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    stored = list(stage.requirements.all()) if stage else []
    stage = stage or Stage(key="new-stage", title="New stage")
    if rows is None:
        rows = [requirement_data(item) for item in stored]
    return {
        "id": str(stage.pk or ""),
        "title": stage.title,
        "key": stage.key,
        "summary": stage.summary,
        "description": rich_text(stage.description),
        "opens_after_months": "",
        "closes_after_months": "",
        "requirements": inline_formset(rows, initial=len(stored)),
        **changes,
    }


def pathway_data(pathway: Pathway | None, stages: list[dict[str, Any]], **changes: Any) -> dict[str, str]:
    shown = pathway or Pathway(key="new", title="New pathway", programme="Programme")
    return nested_form_data(
        {
            "title": shown.title,
            "programme": shown.programme,
            "key": shown.key,
            "introduction": rich_text(shown.introduction),
            "contact_email": shown.contact_email,
            "accredited_by": shown.accredited_by,
            "stages": inline_formset(stages, initial=pathway.stages.count() if pathway else 0, min=1),
            **changes,
        }
    )


def as_it_is(pathway: Pathway) -> list[dict[str, Any]]:
    return [stage_data(stage) for stage in pathway.stages.all()]


def changed_amount(pathway: Pathway, amount: str) -> list[dict[str, Any]]:
    first, second = pathway.stages.all()
    rows = [requirement_data(item) for item in first.requirements.all()]
    rows[0]["amount"] = amount
    return [stage_data(first, rows), stage_data(second)]


def edit(client: Client, pathway: Pathway, stages: list[dict[str, Any]], **changes: Any) -> HttpResponse:
    return client.post(reverse(f"{URLS}:edit", args=[pathway.pk]), pathway_data(pathway, stages, **changes))


def edit_knowingly(client: Client, pathway: Pathway, stages: list[dict[str, Any]], **changes: Any) -> HttpResponse:
    """Save rules that change where people stand: told what follows, one sends them once more."""
    response = edit(client, pathway, stages, **changes)
    assert response.status_code == 200
    told = response.context["form"]["told_effects"].value()
    return edit(client, pathway, stages, **changes, told_effects=told)


def is_saved(response: HttpResponse) -> bool:
    return response.status_code == 302


def stored() -> list[dict[str, Any]]:
    """Every row of a pathway, of its stages and of their requirements."""
    return [row for model in (Pathway, Stage, Requirement) for row in model.objects.order_by("pk").values()]


def french() -> Locale:
    return Locale.objects.get_or_create(language_code="fr")[0]


def translated(pathway: Pathway) -> Pathway:
    copy = pathway.copy_for_translation(french())
    copy.save()
    return copy
