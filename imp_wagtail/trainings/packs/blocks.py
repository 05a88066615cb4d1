"""Bodies and answers in packs: lists of blocks, each a line ``kind: content``."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import (
    BeforeValidator,
    ConfigDict,
    SerializerFunctionWrapHandler,
    WrapSerializer,
    create_model,
    model_validator,
)
from wagtail.blocks import StreamValue
from wagtail.models import Page

from imp_wagtail.core.packs import HOME, PICTURE, Dumping, Key, Loading, Pack, PagePath, Part, Rich, Text, did_you_mean
from imp_wagtail.pathways.packs import check_pathway, pathway_with_key, stage_keys

from ..blocks import TEXT_FEATURES
from ..models import Question, TrainingPage
from .names import anchors_there, question_at, slugs_there, training_at


class NextTrainingPart(Part):
    """Place and dates of the next training, of one pathway or of any, read from its page."""

    pathway: Key | None = None
    sentence: str = ""


class PathwayStagesPart(Part):
    """The stages of a pathway, read from it."""

    pathway: Key
    look: Literal["diagram", "list"] = "diagram"


class StageRequirementsPart(Part):
    """What a stage asks for, read from the pathway."""

    pathway: Key
    stage: Key
    recommended: bool = False


class TrainingRefPart(Part):
    """A training, by its slug."""

    slug: Key


class QuestionRefPart(Part):
    """A question with its answer, by its address."""

    anchor: Key


class QuotePart(Part):
    text: Text
    source: str = ""


class FigurePart(Part):
    """A picture of the pack, by the name of its file; ``alternative`` is for those who cannot see it."""

    image: Annotated[Text, PICTURE]
    alternative: str = ""
    caption: str = ""


class LinkPart(Part):
    """A link to a page, by its path from the home page on, or to another address."""

    text: Text
    page: PagePath | None = None
    url: str = ""

    @model_validator(mode="after")
    def leads_somewhere(self) -> "LinkPart":
        if (self.page is None) == (not self.url):
            raise ValueError(_("A link leads either to a “page” of the site or to a “url”."))
        return self


class OfferedPart(Part):
    """A kind of block that another room or app offers, in packs: see ``register_pack_block``."""

    def check(self, pack: Pack) -> None:
        """Refuse what refers to nothing. Raises ``PackError``."""

    def stored(self) -> dict[str, Any]:
        """The block's value as the database holds it."""
        return self.model_dump()

    @classmethod
    def read(cls, value: Any, dumping: Dumping) -> dict[str, Any]:
        """On the way back: a block's value as this part's fields. Raises ``NotHeldError`` if no pack can hold it."""
        return {name: value[name] for name in cls.model_fields}


#: What others offer, by the names that ``register_body_block`` knows the blocks by: a part that holds one of each.
OFFERED: dict[str, type[Part]] = {}


def register_pack_block(name: str, part: type[OfferedPart]) -> None:
    """Let packs hold a block that is offered in bodies and answers. Call it in ``AppConfig.ready``."""
    OFFERED[name] = create_model(f"{part.__name__}Holder", __base__=Part, **{name: (part, ...)})


class NotHeldError(Exception):
    """A block of a site that cannot be in a pack, and why."""


class OneOf(Part):
    """A block: exactly one of the fields of its class is given, or one that others offer, and names its kind."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="after")
    def is_one_block(self) -> "OneOf":
        if len(self.model_fields_set) != 1 or self.content is None:
            raise ValueError(
                _("A block is one of these, with its content: %(kinds)s.")
                % {"kinds": ", ".join([*type(self).model_fields, *OFFERED])}
            )
        for name, content in (self.model_extra or {}).items():
            if name not in OFFERED:
                reason = _("“%(name)s” is not known here.") % {"name": name}
                raise ValueError(reason + did_you_mean(name, [*type(self).model_fields, *OFFERED]))
            setattr(self, name, getattr(OFFERED[name].model_validate({name: content}), name))
        return self

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def content(self) -> Any:
        return getattr(self, self.kind)


class AnswerBlockPart(OneOf):
    """A block of an answer."""

    text: Annotated[Text | None, Rich.having(TEXT_FEATURES)] = None
    next_training: NextTrainingPart | None = None
    pathway_stages: PathwayStagesPart | None = None
    stage_requirements: StageRequirementsPart | None = None


class BodyBlockPart(AnswerBlockPart):
    """A block of a page's body. It may show what other files of the pack hold, as answers do not."""

    training: TrainingRefPart | None = None
    question: QuestionRefPart | None = None
    heading: Text | None = None
    figure: FigurePart | None = None
    quote: QuotePart | None = None
    link: LinkPart | None = None


def _text_alone(value: Any) -> Any:
    return [{"text": value}] if isinstance(value, str) else value


def _just_text(blocks: Any, handler: SerializerFunctionWrapHandler) -> Any:
    written = handler(blocks)
    return written[0]["text"] if len(blocks) == 1 and blocks[0].kind == "text" else written


#: A list of blocks, or just text.
Answer = Annotated[list[AnswerBlockPart], BeforeValidator(_text_alone), WrapSerializer(_just_text)]
Body = Annotated[list[BodyBlockPart], BeforeValidator(_text_alone), WrapSerializer(_just_text)]


def check_blocks(parts: Iterable[OneOf], pack: Pack) -> None:
    """Refuse blocks that refer to a pathway, a stage or a page that there is not."""
    for part in parts:
        content = part.content
        if isinstance(content, OfferedPart):
            content.check(pack)
        if isinstance(content, NextTrainingPart | PathwayStagesPart | StageRequirementsPart) and content.pathway:
            check_pathway(content, pack)
        if isinstance(content, StageRequirementsPart):
            _check_stage(content, pack)
        if isinstance(content, LinkPart) and content.page:
            _check_link(content, pack)


def _check_stage(part: StageRequirementsPart, pack: Pack) -> None:
    known = stage_keys(part.pathway, pack)
    if part.stage not in known:
        reason = _("The pathway “%(pathway)s” has no stage “%(stage)s”.")
        said = reason % {"pathway": part.pathway, "stage": part.stage}
        raise part.error(said + did_you_mean(part.stage, known), "stage")


def _check_link(link: LinkPart, pack: Pack) -> None:
    if link.page not in (HOME, *pack.addresses):
        reason = _("There is no page /%(slug)s/.") % {"slug": link.page}
        raise link.error(reason + did_you_mean(link.page, pack.addresses), "page")


def stored(part: OneOf, loading: Loading) -> dict[str, Any]:
    """One block as the database holds it."""
    if part.kind == "text":
        return {"type": "paragraph", "value": loading.text(part, "text")}
    return {"type": part.kind, "value": _value(part.content, loading)}


def _value(content: Any, loading: Loading) -> Any:
    match content:
        case str():
            return content
        case NextTrainingPart() | PathwayStagesPart():
            pathway = pathway_with_key(content.pathway).pk if content.pathway else None
            return {**content.model_dump(), "pathway": pathway}
        case StageRequirementsPart():
            return {"stage": f"{content.pathway}/{content.stage}", "recommended": content.recommended}
        case TrainingRefPart():
            return {"page": _training(content).pk}
        case QuestionRefPart():
            return {"question": _question(content).pk}
        case LinkPart():
            page = _page(content, loading).pk if content.page else None
            return {"text": content.text, "page": page, "url": content.url}
        case FigurePart():
            return {**content.model_dump(), "image": loading.images[content.image].pk}
        case OfferedPart():
            return content.stored()
    return content.model_dump()


def _page(part: LinkPart, loading: Loading) -> Page:
    """A page of the site or of the pack; of the trainings in this pack, one that stands before this."""
    if page := loading.find_page(part.page):
        return page
    raise part.error(_("There is no training “%(slug)s” before this one.") % {"slug": part.page}, "page")


def _training(part: TrainingRefPart) -> TrainingPage:
    """A training of the site, or one that stands before this in the pack."""
    if training := training_at(part.slug):
        return training
    reason = _("There is no training “%(slug)s” before this one.") % {"slug": part.slug}
    raise part.error(reason + did_you_mean(part.slug, slugs_there()), "slug")


def _question(part: QuestionRefPart) -> Question:
    """A question of the site; those of the pack are there when bodies are written."""
    if question := question_at(part.anchor):
        return question
    reason = _("There is no question “%(anchor)s”.") % {"anchor": part.anchor}
    raise part.error(reason + did_you_mean(part.anchor, anchors_there()), "anchor")


def stream(part: Part, field: str, model: type[Page], loading: Loading) -> StreamValue:
    """The blocks of a part's field, as the page type's field of the same name holds them."""
    return stream_of([stored(block, loading) for block in getattr(part, field)], part, field, model)


def stream_of(blocks: list[dict[str, Any]], part: Part, field: str, model: type[Page]) -> StreamValue:
    """Stored blocks as a page's field holds them, after the checks that the editor's form would make."""
    block = model._meta.get_field(field).stream_block
    try:
        return block.clean(block.to_python(blocks))
    except ValidationError as error:
        raise part.error(" ".join(_messages(error.as_json_data())), field) from error


def _messages(found: Any) -> list[str]:
    """Every message in a block's errors, however deep."""
    if isinstance(found, str):
        return [found]
    inner = found.values() if isinstance(found, dict) else found
    return [message for item in inner for message in _messages(item)]
