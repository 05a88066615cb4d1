"""A pathway as pages and PDFs show it: numbered stages, and what other rooms have to say beside each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import ngettext
from wagtail import hooks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from wagtail.admin.ui.components import Component

    from .models import Pathway, Requirement, Stage

#: Functions ``(stage, request) -> list[Component]`` whose components stand beside a stage, on the page
#: and in the PDF. This is how a room further down the house (the next training) reaches this page.
STAGE_ASIDES_HOOK = "imp_stage_asides"


@dataclass(frozen=True)
class DisplayedStage:
    """One stage for display; ``number`` counts from 1, ``window`` is empty where there is none."""

    stage: Stage
    number: int
    required: list[Requirement]
    recommended: list[Requirement]
    window: str
    asides: list[Component]


def window_in_words(stage: Stage) -> str:
    """When the stage is open: "6–12 months after the training"; empty where there is no window."""
    if stage.opens_after_months is None or stage.closes_after_months is None:
        return ""
    return ngettext(
        "%(from)d–%(to)d month after the training",
        "%(from)d–%(to)d months after the training",
        stage.closes_after_months,
    ) % {"from": stage.opens_after_months, "to": stage.closes_after_months}


def asides_for(stage: Stage, request: HttpRequest | None) -> list[Component]:
    """What the other rooms show beside a stage."""
    return [aside for hook in hooks.get_hooks(STAGE_ASIDES_HOOK) for aside in hook(stage, request)]


def stages_for_display(pathway: Pathway, request: HttpRequest | None = None) -> list[DisplayedStage]:
    """The pathway's stages in order, with what each requires and recommends, as they are stored."""
    return displayed(pathway.stored_stages(), request)


def displayed(stages: Iterable[Stage], request: HttpRequest | None = None) -> list[DisplayedStage]:
    """These stages in their order, which may be in a form only so far."""
    return [_displayed(number, stage, request) for number, stage in enumerate(stages, start=1)]


def _displayed(number: int, stage: Stage, request: HttpRequest | None) -> DisplayedStage:
    requirements = list(stage.requirements.all())
    return DisplayedStage(
        stage=stage,
        number=number,
        required=[requirement for requirement in requirements if requirement.is_required],
        recommended=[requirement for requirement in requirements if not requirement.is_required],
        window=window_in_words(stage),
        asides=asides_for(stage, request),
    )
