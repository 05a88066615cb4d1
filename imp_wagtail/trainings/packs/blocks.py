"""Bodies and answers in packs: lists of blocks, each a line ``kind: content``."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, model_validator
from wagtail.blocks import StreamValue
from wagtail.models import Page

from imp_wagtail.core.packs import Key, Loading, Pack, Part, Text, did_you_mean, rich_text
from imp_wagtail.pathways.packs import check_pathway, pathway_with_key


class NextTrainingPart(Part):
    """Place and dates of the next training, read from its page."""

    pathway: Key
    sentence: str = ""


class QuotePart(Part):
    text: Text
    source: str = ""


class LinkPart(Part):
    """A link to a page directly below the home page, by its slug, or to another address."""

    text: Text
    page: Key | None = None
    url: str = ""

    @model_validator(mode="after")
    def leads_somewhere(self) -> "LinkPart":
        if (self.page is None) == (not self.url):
            raise ValueError(_("A link leads either to a “page” of the site or to a “url”."))
        return self


class OneOf(Part):
    """A block: exactly one of the fields of its class is given, and names its kind."""

    @model_validator(mode="after")
    def is_one_block(self) -> "OneOf":
        if len(self.model_fields_set) != 1 or self.content is None:
            raise ValueError(
                _("A block is one of these, with its content: %(kinds)s.")
                % {"kinds": ", ".join(type(self).model_fields)}
            )
        return self

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def content(self) -> Any:
        return getattr(self, self.kind)


class AnswerBlockPart(OneOf):
    """A block of an answer."""

    text: Text | None = None
    next_training: NextTrainingPart | None = None


class BodyBlockPart(AnswerBlockPart):
    """A block of a page's body."""

    heading: Text | None = None
    quote: QuotePart | None = None
    link: LinkPart | None = None


def _text_alone(value: Any) -> Any:
    return [{"text": value}] if isinstance(value, str) else value


#: A list of blocks, or just text.
Answer = Annotated[list[AnswerBlockPart], BeforeValidator(_text_alone)]
Body = Annotated[list[BodyBlockPart], BeforeValidator(_text_alone)]


def check_blocks(parts: Iterable[OneOf], pack: Pack) -> None:
    """Refuse blocks that refer to a pathway or a page that there is not."""
    for part in parts:
        if isinstance(part.content, NextTrainingPart):
            check_pathway(part.content, pack)
        if isinstance(part.content, LinkPart) and part.content.page:
            _check_link(part.content, pack)


def _check_link(link: LinkPart, pack: Pack) -> None:
    if link.page not in pack.addresses:
        reason = _("There is no page /%(slug)s/.") % {"slug": link.page}
        raise link.error(reason + did_you_mean(link.page, pack.addresses), "page")


def stored(part: OneOf, loading: Loading) -> dict[str, Any]:
    """One block as the database holds it."""
    content = part.content
    if part.kind == "text":
        return {"type": "paragraph", "value": rich_text(content)}
    if isinstance(content, NextTrainingPart):
        pathway = pathway_with_key(content.pathway)
        return {"type": "next_training", "value": {"pathway": pathway.pk, "sentence": content.sentence}}
    if isinstance(content, LinkPart):
        page = loading.page(content.page).pk if content.page else None
        return {"type": "link", "value": {"text": content.text, "page": page, "url": content.url}}
    if isinstance(content, QuotePart):
        return {"type": "quote", "value": content.model_dump()}
    return {"type": part.kind, "value": content}


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
