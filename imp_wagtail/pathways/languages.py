"""What a pathway's translations have in common with it: its rules. Nothing is counted by a translation's own."""

from typing import Any

from django.db import models, transaction
from wagtail.log_actions import log

from .models import Pathway, Requirement, Stage

#: The fields that are no words.
OF_PATHWAY = ("key",)
OF_STAGE = ("key", "sort_order", "opens_after_months", "closes_after_months", "unlocks")
OF_REQUIREMENT = (
    "key",
    "sort_order",
    "kind",
    "amount",
    "each_min",
    "each_max",
    "unit",
    "cohort_kind",
    "is_required",
    "open_at_training",
)


def on_changed(sender: type, pathway: Pathway, by: Any, **kwargs: Any) -> None:
    """For ``pathway_changed``, which gives the source."""
    share_rules(pathway, by=by)


@transaction.atomic
def share_rules(pathway: Pathway, *, by: Any) -> list[Pathway]:
    """Bring the rules of a pathway to its translations, with what is new in the source's words.

    What the source has no more goes. Returns those that changed; doing it again changes nothing.
    """
    changed = [translation for translation in pathway.locked_translations() if _brought(pathway, translation)]
    for translation in changed:
        log(instance=translation, action="wagtail.edit", user=by, content_changed=True)
    return changed


def _brought(source: Pathway, translation: Pathway) -> bool:
    changes = _follow(source, translation, OF_PATHWAY)
    changes |= _rows_brought(Stage.objects, {"pathway": source}, {"pathway": translation}, OF_STAGE)
    own = {stage.key: stage for stage in Stage.objects.filter(pathway=translation)}
    for stage in Stage.objects.filter(pathway=source):
        parents = {"stage": stage}, {"stage": own[stage.key]}
        changes |= _rows_brought(Requirement.objects, *parents, OF_REQUIREMENT)
    return changes


def _rows_brought(
    rows: models.Manager, parent: dict[str, Any], own_parent: dict[str, Any], fields: tuple[str, ...]
) -> bool:
    # A translation that was not made by copying has its rows' keys only.
    own = {name: row for row in rows.filter(**own_parent) for name in (row.key, row.translation_key)}
    pairs = [(row, own.get(row.translation_key) or own.get(row.key)) for row in rows.filter(**parent)]
    kept = [mine.pk for _row, mine in pairs if mine]
    changes = bool(rows.filter(**own_parent).exclude(pk__in=kept).delete()[0])
    for row, mine in pairs:
        changes |= _follow(row, mine, fields) if mine else _added(row, own_parent)
    return changes


def _added(row: models.Model, own_parent: dict[str, Any]) -> bool:
    (translation,) = own_parent.values()
    left_out = ("id", "locale", *own_parent)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name not in left_out}
    type(row)._default_manager.create(**values, **own_parent, locale=translation.locale)
    return True


def _follow(source: models.Model, own: models.Model, fields: tuple[str, ...]) -> bool:
    changed = [name for name in fields if getattr(own, name) != getattr(source, name)]
    for name in changed:
        setattr(own, name, getattr(source, name))
    if changed:
        own.save(update_fields=changed)
    return bool(changed)
