"""What bodies and answers are made of: blocks of their own, and those that other rooms and apps offer."""

from collections import ChainMap
from typing import Any

from django.db.models import JSONField
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField

from imp_wagtail.pathways.blocks import PathwayStagesBlock, StageRequirementsBlock

from .facts import AskedQuestionBlock, NextTrainingBlock, TrainingBlock
from .words import FigureBlock, HeadingBlock, LinkBlock, ParagraphBlock, QuoteBlock

#: What others offer in bodies and answers, by name; ``register_body_block`` adds to it.
OFFERED: dict[str, blocks.Block] = {}


class OpenStreamBlock(blocks.StreamBlock):
    """A stream to which others offer blocks. Headings and texts that were left empty are left out when it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Those that do not come from elsewhere.
        self.own_blocks = self.child_blocks
        # Streams are made while models are loaded, and what is offered comes later: this shows both at any time.
        self.child_blocks = ChainMap(OFFERED, self.own_blocks)

    def clean(self, value: Any) -> Any:
        """Faults are told first, each at the place that its block has in the form."""
        filled = [child for child in super().clean(value) if not _is_left_empty(child)]
        if self.required and not filled and not getattr(self, "is_deferred_validation", False):
            raise blocks.StreamBlockValidationError(non_block_errors=[_("This field is required.")])
        return blocks.StreamValue(self, [(child.block_type, child.value, child.id) for child in filled])


def _is_left_empty(child: Any) -> bool:
    if isinstance(child.block, ParagraphBlock):
        # A fact or a picture is something, even while it says nothing.
        html = child.value.source if child.value else ""
        return "<embed" not in html and not strip_tags(html).strip()
    return isinstance(child.block, HeadingBlock) and not child.value


class AnswerBlock(OpenStreamBlock):
    """The answer to a question: text, and facts from their own page."""

    paragraph = ParagraphBlock()
    next_training = NextTrainingBlock()
    training = TrainingBlock()
    question = AskedQuestionBlock()
    pathway_stages = PathwayStagesBlock()
    stage_requirements = StageRequirementsBlock()

    class Meta:
        label = _("Answer")


class BodyBlock(AnswerBlock):
    """The body of a page."""

    heading = HeadingBlock()
    figure = FigureBlock()
    quote = QuoteBlock()
    link = LinkBlock()

    class Meta:
        label = _("Body")
        required = False


def register_body_block(name: str, block: blocks.Block) -> None:
    """Offer a block in all bodies and answers, for other rooms and apps. Call it in ``AppConfig.ready``."""
    if name in BodyBlock.base_blocks:
        raise ValueError(f"bodies have a block {name!r} of their own")
    block.set_name(name)
    OFFERED[name] = block


class BodyField(StreamField):
    """A body or an answer. Migrations know its own blocks only, so that they are the same whatever is installed."""

    @cached_property
    def json_field(self) -> JSONField:
        """Wagtail makes one anew for every value that it reads."""
        return super().json_field

    def deconstruct(self) -> Any:
        name, _path, _args, kwargs = super().deconstruct()
        own = getattr(self.stream_block, "own_blocks", self.stream_block.child_blocks)
        _name, path, args, lookup = StreamField(list(own.items())).deconstruct()
        return name, path, args, {**kwargs, **lookup}
