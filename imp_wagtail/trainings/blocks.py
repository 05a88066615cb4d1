"""What editors build bodies and answers from. Facts come from their own page, never typed again."""

from collections import ChainMap
from typing import Any

from django.apps import apps
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from imp_wagtail.core.names import first_free

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]
#: What others offer in bodies, by name; ``register_body_block`` adds to it.
OFFERED: dict[str, blocks.Block] = {}


class HeadingBlock(blocks.CharBlock):
    """A heading between paragraphs."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "imp_trainings/blocks/heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "imp_trainings/blocks/paragraph.html"


class FigureBlock(blocks.StructBlock):
    """A picture with its description and an optional caption."""

    image = ImageChooserBlock(label=_("Picture"))
    alternative = blocks.CharBlock(
        required=False,
        label=_("Description"),
        help_text=_("For those who cannot see it. Empty if decorative."),
    )
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "imp_trainings/blocks/figure.html"


class QuoteBlock(blocks.StructBlock):
    """Words of somebody, and whose."""

    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(required=False, label=_("Whose words"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "imp_trainings/blocks/quote.html"


class NextTrainingBlock(blocks.StructBlock):
    """Place and dates of the next training, read from its page each time."""

    pathway = SnippetChooserBlock("imp_pathways.Pathway", required=False, label=_("Of this pathway only"))
    sentence = blocks.CharBlock(
        required=False,
        label=_("Words before"),
        help_text=_("For instance: The next training will be held at"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``training``: the soonest that has not begun, or ``None``."""
        context = super().get_context(value, parent_context=parent_context)
        trainings = apps.get_model("imp_trainings", "TrainingPage").objects
        context["training"] = trainings.next_of(value.get("pathway"))
        return context

    class Meta:
        icon = "date"
        label = _("Next training")
        template = "imp_trainings/blocks/next_training.html"


class LinkBlock(blocks.StructBlock):
    """A link that stands out: to a page of the site or to another address."""

    text = blocks.CharBlock(label=_("Words"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(required=False, label=_("Or address"))

    def clean(self, value: Any) -> Any:
        """Refuse a link that leads nowhere."""
        cleaned = super().clean(value)
        if not (cleaned["page"] or cleaned["url"]):
            raise blocks.StructBlockValidationError(
                {"page": blocks.field_block.forms.ValidationError(_("Choose a page or give an address."))}
            )
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        template = "imp_trainings/blocks/link.html"


class AnswerBlock(blocks.StreamBlock):
    """The answer to a question: text, and facts from their own page."""

    paragraph = ParagraphBlock()
    next_training = NextTrainingBlock()

    class Meta:
        label = _("Answer")


class BodyBlock(AnswerBlock):
    """The body of a page. Beside its own blocks it has those that other rooms and apps offer."""

    heading = HeadingBlock()
    figure = FigureBlock()
    quote = QuoteBlock()
    link = LinkBlock()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Those that do not come from elsewhere.
        self.own_blocks = self.child_blocks
        # Bodies are made while models are loaded, and what is offered comes later: this shows both at any time.
        self.child_blocks = ChainMap(OFFERED, self.own_blocks)

    class Meta:
        label = _("Body")
        required = False


def register_body_block(name: str, block: blocks.Block) -> None:
    """Offer a block in the bodies of all pages, for other rooms and apps. Call it in ``AppConfig.ready``."""
    if name in BodyBlock.base_blocks:
        raise ValueError(f"bodies have a block {name!r} of their own")
    block.set_name(name)
    OFFERED[name] = block


class BodyField(StreamField):
    """A body. To migrations it has its own blocks only, so that they are the same whatever else is installed."""

    def deconstruct(self) -> Any:
        name, _path, _args, kwargs = super().deconstruct()
        own = getattr(self.stream_block, "own_blocks", self.stream_block.child_blocks)
        _name, path, args, lookup = StreamField(list(own.items())).deconstruct()
        return name, path, args, {**kwargs, **lookup}


class QuestionBlock(blocks.StructBlock):
    """One question with its answer. The anchor is made once and stays, so that links to it keep working."""

    question = blocks.CharBlock(label=_("Question"))
    answer = AnswerBlock(label=_("Answer"))
    anchor = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        required=False,
        label=_("Address of this question"),
        help_text=_("Made from the question when left empty. Links to the question end in it, so keep it."),
        error_messages={"invalid": _("Use small letters, digits and hyphens only.")},
    )

    def clean(self, value: Any) -> Any:
        """Give a new question its anchor."""
        cleaned = super().clean(value)
        cleaned["anchor"] = cleaned["anchor"] or slugify(cleaned["question"])[:60].strip("-") or "question"
        return cleaned

    class Meta:
        icon = "help"
        label = _("Question")


class SectionBlock(blocks.StructBlock):
    """Questions that belong together, under a heading."""

    title = blocks.CharBlock(label=_("Heading"))
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Section")


class SectionsBlock(blocks.StreamBlock):
    """The sections of a page of questions. No two questions may have the same address."""

    section = SectionBlock()

    def clean(self, value: Any, **kwargs: Any) -> Any:
        """Make doubled anchors different: the first keeps its own, the next gets a number."""
        cleaned = super().clean(value, **kwargs)
        taken: set[str] = set()
        for section in cleaned:
            for question in section.value["questions"]:
                question["anchor"] = first_free(question["anchor"], taken)
                taken.add(question["anchor"])
        return cleaned
