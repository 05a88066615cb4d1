"""Bodies and answers of a site, as the blocks of packs: the way back from ``blocks.stored``."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.packs import Dumping
from imp_wagtail.core.packs.parts import rich_fields
from imp_wagtail.pathways.models import Pathway, Stage

from .blocks import (
    OFFERED,
    AnswerBlockPart,
    FigurePart,
    LinkPart,
    NextTrainingPart,
    NotHeldError,
    OfferedPart,
    OneOf,
    PathwayStagesPart,
    QuestionRefPart,
    QuotePart,
    StageRequirementsPart,
    TrainingRefPart,
)

ELSEWHERE = gettext_lazy("it leads to what is not in the pack")
ANOTHERS = gettext_lazy("it is about another programme")
GONE = gettext_lazy("what it shows is gone")


def blocks_of(record: models.Model, field: str, schema: type[OneOf], dumping: Dumping) -> list[OneOf]:
    """The blocks of a record's field; those that a pack cannot hold are reported."""
    return list(_parts(record, getattr(record, field), schema, dumping))


def _parts(record: models.Model, stream: Any, schema: type[OneOf], dumping: Dumping) -> Iterator[OneOf]:
    for block in stream:
        kind = "text" if block.block_type == "paragraph" else block.block_type
        label = str(block.block.label or block.block_type)
        if kind not in schema.model_fields and kind not in OFFERED:
            dumping.lose(record, _("the block “%(block)s”: packs have no such block here") % {"block": label})
            continue
        try:
            content = _content(kind, block.value, record, dumping)
        except NotHeldError as reason:
            dumping.lose(record, _("the block “%(block)s”: %(reason)s") % {"block": label, "reason": reason})
            continue
        if content:  # an empty text shows nothing
            yield dumping.part(record, schema, **{kind: content})
        if kind == "link" and block.value["page"] and block.value["url"]:
            dumping.lose(record, _("the second address of the link “%(text)s”") % {"text": block.value["text"]})


def _content(kind: str, value: Any, record: models.Model, dumping: Dumping) -> Any:
    if kind == "text":
        return dumping.text(record, value.source, rich_fields(AnswerBlockPart)["text"])
    if kind == "heading":
        return value
    if kind in OFFERED:
        offered: type[OfferedPart] = OFFERED[kind].model_fields[kind].annotation
        return dumping.part(record, offered, **offered.read(value, dumping))
    if kind == "figure":
        return dumping.part(record, FigurePart, **_figure(value, record, dumping))
    schema, read = READ[kind]
    return dumping.part(record, schema, **read(value, dumping))


def _next_training(value: Any, dumping: Dumping) -> dict[str, Any]:
    pathway = value["pathway"]
    return {"pathway": own_key(pathway, dumping) if pathway else None, "sentence": value["sentence"] or ""}


def _pathway_stages(value: Any, dumping: Dumping) -> dict[str, Any]:
    return {"pathway": own_key(value["pathway"], dumping), "look": value["look"]}


def _stage_requirements(value: Any, dumping: Dumping) -> dict[str, Any]:
    pathway, _slash, stage = (value["stage"] or "").partition("/")
    own = Pathway.objects.in_source_language().filter(key=pathway).first()
    key = own_key(own, dumping)
    if not Stage.objects.filter(pathway=own, key=stage).exists():
        raise NotHeldError(GONE)
    return {"pathway": key, "stage": stage, "recommended": value["recommended"]}


def _training(value: Any, dumping: Dumping) -> dict[str, Any]:
    page = value["page"]
    if not page:
        raise NotHeldError(GONE)
    if not dumping.is_placed(page):
        raise NotHeldError(ELSEWHERE)
    return {"slug": page.slug}


def _question(value: Any, dumping: Dumping) -> dict[str, Any]:
    question = value["question"]
    if not question:
        raise NotHeldError(GONE)
    if not dumping.has(question):
        raise NotHeldError(ELSEWHERE)
    return {"anchor": question.anchor}


def _figure(value: Any, record: models.Model, dumping: Dumping) -> dict[str, Any]:
    name = value["image"] and dumping.image(record, value["image"])
    if not name:
        raise NotHeldError(GONE)
    return {"image": name, "alternative": value["alternative"] or "", "caption": value["caption"] or ""}


def _quote(value: Any, dumping: Dumping) -> dict[str, Any]:
    return {"text": value["text"], "source": value["source"] or ""}


def _link(value: Any, dumping: Dumping) -> dict[str, Any]:
    page, url = value["page"], value["url"] or ""
    is_there = page and (dumping.is_placed(page) or page.depth <= dumping.home.depth + 1)
    if is_there and (path := dumping.path(page)):
        return {"text": value["text"], "page": path}
    if page or not url:
        raise NotHeldError(ELSEWHERE if page else GONE)
    return {"text": value["text"], "url": url}


def own_key(pathway: Pathway | None, dumping: Dumping) -> str:
    """The key of this programme's pathway."""
    if pathway is None:
        raise NotHeldError(GONE)
    if pathway.key != dumping.key:
        raise NotHeldError(ANOTHERS)
    return pathway.key


READ: dict[str, tuple[type, Callable[[Any, Dumping], dict[str, Any]]]] = {
    "next_training": (NextTrainingPart, _next_training),
    "pathway_stages": (PathwayStagesPart, _pathway_stages),
    "stage_requirements": (StageRequirementsPart, _stage_requirements),
    "training": (TrainingRefPart, _training),
    "question": (QuestionRefPart, _question),
    "quote": (QuotePart, _quote),
    "link": (LinkPart, _link),
}
