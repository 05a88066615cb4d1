"""The answers of many questions made ready together: what they choose and lead to is looked up once for all."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any
from uuid import uuid4

from django.utils.safestring import SafeString
from wagtail.blocks import StreamBlock, StreamValue
from wagtail.rich_text import RichText, expand_db_html

#: Between texts that are expanded as one: what no text has, because nobody knows it.
BETWEEN = uuid4().hex


class ToldText(RichText):
    """A text whose links and facts are told already: whatever is drawn of it follows from its words alone."""


class ReadyAnswer(list[StreamValue.StreamChild]):
    """The blocks of one answer, to be shown as a stream is; ``{% include_block %}`` takes it for one."""

    def __init__(self, block: StreamBlock, children: Iterable[StreamValue.StreamChild]) -> None:
        super().__init__(children)
        self.stream_block = block

    def render_as_block(self, context: dict[str, Any] | None = None) -> SafeString:
        return self.stream_block.render(self, context=context)


def made_ready(answers: Sequence[StreamValue]) -> list[ReadyAnswer]:
    """The same answers, with the records that their blocks choose and the addresses that their links lead to.

    Each on its own would ask for them again; thirty answers take as many queries as one.
    """
    if not answers:
        return []
    block = answers[0].stream_block
    rows = [[row for row in answer.raw_data if row["type"] in block.child_blocks] for answer in answers]
    children = list(block.to_python(list(chain.from_iterable(rows))))
    expand_texts([child for child in children if isinstance(child.value, RichText)])
    own = iter(children)
    return [ReadyAnswer(block, islice(own, len(blocks))) for blocks in rows]


def expand_texts(children: Sequence[StreamValue.StreamChild]) -> None:
    """Tell the links and facts of texts now; what is told stays so when a text is shown."""
    if not children:
        return
    told = expand_db_html(BETWEEN.join(child.value.source for child in children)).split(BETWEEN)
    for child, source in zip(children, told, strict=True):
        child.value = ToldText(source)
