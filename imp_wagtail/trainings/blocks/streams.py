"""What bodies and answers are made of: blocks of their own, and those that other rooms and apps offer."""

from collections import ChainMap
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField

from imp_wagtail.pathways.blocks import PathwayStagesBlock, StageRequirementsBlock

from .facts import AskedQuestionBlock, NextTrainingBlock, TrainingBlock
from .words import FigureBlock, HeadingBlock, LinkBlock, ParagraphBlock, QuoteBlock

#: What others offer in bodies and answers, by name; ``register_body_block`` adds to it.
OFFERED: dict[str, blocks.Block] = {}


class OpenStreamBlock(blocks.StreamBlock):
    """A stream to which others offer blocks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Those that do not come from elsewhere.
        self.own_blocks = self.child_blocks
        # Streams are made while models are loaded, and what is offered comes later: this shows both at any time.
        self.child_blocks = ChainMap(OFFERED, self.own_blocks)


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

    def deconstruct(self) -> Any:
        name, _path, _args, kwargs = super().deconstruct()
        own = getattr(self.stream_block, "own_blocks", self.stream_block.child_blocks)
        _name, path, args, lookup = StreamField(list(own.items())).deconstruct()
        return name, path, args, {**kwargs, **lookup}
