"""A pathway in bodies and answers: its stages, and what one of them asks for. Read from the pathway each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import SelectAdapter

from imp_wagtail.core.blocks import RecordChooserBlock
from imp_wagtail.core.facts import FACTS_GROUP
from imp_wagtail.core.translation import readable

from .facts import PATHWAY, ShownPathway
from .models import Pathway, Stage
from .presentation import DisplayedStage, stages_for_display


class StageSelect(forms.Select):
    """A list of stages that goes on to show one that is gone, so that editors see what stood there."""

    class Media:
        js = [versioned_static("imp_pathways/stage-select.js")]


class StageSelectAdapter(SelectAdapter):
    js_constructor = "imp.widgets.StageSelect"

    def js_args(self, widget: StageSelect) -> list[Any]:
        return [*super().js_args(widget), _("no longer there")]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + StageSelect().media


register(StageSelectAdapter(), StageSelect)


def stage_choices() -> list[tuple[str, Any]]:
    """All stages by their pathways, in the reader's language where they are translated.

    A stage is called by its pathway's key and its own, with a slash between them.
    """
    stages = Stage.objects.select_related("pathway", "locale")
    stages = stages.order_by("pathway__title", "pathway", "sort_order", "pk")
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, stage in readable(stages, key=lambda stage: f"{stage.pathway.key}/{stage.key}").items():
        groups.setdefault(stage.pathway.title, []).append((name, f"{stage.pathway.title} · {stage.title}"))
    return [("", "---------"), *groups.items()]


class StageBlock(blocks.FieldBlock):
    """A stage, by the keys of its pathway and its own: they stay when titles change."""

    def __init__(self, required: bool = True, help_text: str | None = None, **kwargs: Any) -> None:
        self.field = forms.ChoiceField(
            choices=stage_choices,
            required=required,
            help_text=help_text,
            widget=StageSelect,
            error_messages={"invalid_choice": _("This stage is no longer there. Choose another one.")},
        )
        super().__init__(**kwargs)

    def extract_references(self, value: str) -> Iterator[tuple[type[Model], str, str, str]]:
        """The pathway, for which its usage is asked."""
        for _model, key in PATHWAY.references((value or "").partition("/")[0]):
            yield Pathway, key, "", ""

    class Meta:
        icon = "tasks"


@dataclass(frozen=True)
class ShownStages:
    """The stages of a pathway that is shown elsewhere than on its own page."""

    shown: ShownPathway
    stages: list[DisplayedStage]


def stages_of(key: str) -> ShownStages | None:
    """A pathway's stages in the reader's language; ``None`` if there is no such pathway."""
    shown = PATHWAY.shown([key])[key]
    return ShownStages(shown, stages_for_display(shown.pathway)) if shown else None


class PathwayStagesBlock(blocks.StructBlock):
    """The stages of a pathway, each leading to its place on the pathway's page."""

    pathway = RecordChooserBlock("imp_pathways.Pathway", label=_("Pathway"))
    look = blocks.ChoiceBlock(
        choices=[("diagram", _("Diagram")), ("list", _("List with summaries"))],
        default="diagram",
        label=_("Shown as"),
        help_text=_("The diagram leads to the pathway’s page. Without such a page, it is a list."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``pathway``, its ``stages`` and the ``address`` of its page; nothing without the pathway."""
        context = super().get_context(value, parent_context=parent_context)
        pathway = value.get("pathway")
        found = stages_of(pathway.key) if pathway else None
        # What the page itself has by these names is not meant.
        context.update(pathway=None, address="", stages=[])
        if found:
            context.update(pathway=found.shown.pathway, address=found.shown.address, stages=found.stages)
        return context

    def get_preview_value(self) -> Any:
        return self.normalize({"pathway": Pathway.objects.in_source_language().first(), "look": "diagram"})

    class Meta:
        icon = "tasks"
        label = _("Stages of a pathway")
        group = FACTS_GROUP
        description = _("The stages of a pathway, as its page has them.")
        template = "imp_pathways/blocks/stages.html"
        preview_template = "imp_core/block_preview.html"


class StageRequirementsBlock(blocks.StructBlock):
    """What one stage asks for."""

    stage = StageBlock(label=_("Stage"))
    recommended = blocks.BooleanBlock(required=False, label=_("With what is recommended"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``shown``, the stage with what it asks for, and the ``address`` of its pathway's page."""
        context = super().get_context(value, parent_context=parent_context)
        key, _slash, own = (value.get("stage") or "").partition("/")
        found = stages_of(key) if own else None
        stages = found.stages if found else []
        context["shown"] = next((shown for shown in stages if shown.stage.key == own), None)
        context["address"] = found.shown.address if found else ""
        return context

    def get_preview_value(self) -> Any:
        first = Stage.objects.filter(pathway__in=Pathway.objects.in_source_language(), requirements__isnull=False)
        stage = first.select_related("pathway").order_by("pathway__title", "sort_order").first()
        return self.normalize({"stage": f"{stage.pathway.key}/{stage.key}" if stage else ""})

    class Meta:
        icon = "list-ul"
        label = _("Requirements of a stage")
        group = FACTS_GROUP
        description = _("What a stage of a pathway asks for, as the pathway has it.")
        template = "imp_pathways/blocks/requirements.html"
        preview_template = "imp_core/block_preview.html"
