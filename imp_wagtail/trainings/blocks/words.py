"""Words and pictures: blocks that hold what editors write themselves."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "imp-fact"]


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


class LinkBlock(blocks.StructBlock):
    """A link that stands out: to a page of the site or to another address."""

    text = blocks.CharBlock(label=_("Words"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(required=False, label=_("Or address"))

    def clean(self, value: Any) -> Any:
        """Refuse a link that leads nowhere."""
        cleaned = super().clean(value)
        if not (cleaned["page"] or cleaned["url"]):
            raise blocks.StructBlockValidationError({"page": ValidationError(_("Choose a page or give an address."))})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        template = "imp_trainings/blocks/link.html"
