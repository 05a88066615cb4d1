"""What a change of rules would mean for people, asked of the rooms that follow them before anything is saved."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms.formsets import ORDERING_FIELD_NAME
from django.forms.models import model_to_dict
from wagtail import hooks

if TYPE_CHECKING:
    from .models import Pathway, Requirement, Stage

#: Functions ``(pathway, stages) -> list[str]``: sentences that say what would change for people, none where nothing
#: would. ``stages`` is a list of ``ProposedStage``, as the form would save them.
RULE_EFFECTS_HOOK = "imp_rule_effects"


@dataclass(frozen=True)
class ProposedStage:
    """A stage as a form would save it, with its requirements; those that are new have no key yet."""

    stage: "Stage"
    requirements: Sequence["Requirement"]


def effects_of(pathway: "Pathway", stages: list[ProposedStage]) -> list[str]:
    """What saving these stages would change for people, in sentences."""
    return [sentence for hook in hooks.get_hooks(RULE_EFFECTS_HOOK) for sentence in hook(pathway, stages)]


def proposed_stages(form: Any) -> list[ProposedStage]:
    """The stages of a pathway's form that has been found valid, in the order in which it would save them."""
    return [
        ProposedStage(own.instance, [row.instance for row in _kept_rows(own.formsets["requirements"])])
        for own in _kept_rows(form.formsets["stages"])
    ]


def _kept_rows(formset: Any) -> list[Any]:
    """The rows that stay, in their order; extra rows that nobody filled in are none."""
    rows = [row for row in formset.forms if row not in formset.deleted_forms and _is_filled_in(row)]
    return sorted(rows, key=lambda row: _place(row, rows))


def _is_filled_in(row: Any) -> bool:
    return row.instance.pk is not None or row.has_changed()


def _place(row: Any, rows: list[Any]) -> tuple[int, int]:
    place = row.cleaned_data.get(ORDERING_FIELD_NAME)
    return (place if place is not None else len(rows), rows.index(row))


def fingerprint(stages: list[ProposedStage]) -> str:
    """A few signs that are the same for the same rules, and others for others."""
    rules = [[_plain(item.stage), [_plain(requirement) for requirement in item.requirements]] for item in stages]
    return hashlib.sha256(json.dumps(rules, default=str).encode()).hexdigest()[:16]


def _plain(record: Any) -> dict[str, Any]:
    return {**model_to_dict(record, exclude=["sort_order"]), "id": record.pk}
