"""What editors build bodies and answers from. Facts come from their own page, never typed again."""

from .facts import AskedQuestionBlock, NextTrainingBlock, TrainingBlock
from .questions import SectionBlock, SectionsBlock
from .streams import OFFERED, AnswerBlock, BodyBlock, BodyField, register_body_block
from .words import TEXT_FEATURES, FigureBlock, HeadingBlock, LinkBlock, ParagraphBlock, QuoteBlock

__all__ = [
    "OFFERED",
    "TEXT_FEATURES",
    "AnswerBlock",
    "AskedQuestionBlock",
    "BodyBlock",
    "BodyField",
    "FigureBlock",
    "HeadingBlock",
    "LinkBlock",
    "NextTrainingBlock",
    "ParagraphBlock",
    "QuoteBlock",
    "SectionBlock",
    "SectionsBlock",
    "TrainingBlock",
    "register_body_block",
]
