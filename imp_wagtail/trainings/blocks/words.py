"""Words and pictures: blocks that hold what editors write themselves."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from ..answers import ToldText

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "imp-fact"]

#: An address on the site itself. Two slashes would lead to another one.
PATH = re.compile(r"/(?![/\\])[^\s\\]*")


class HeadingBlock(blocks.CharBlock):
    """A heading between paragraphs. One that is left empty is left out: see ``OpenStreamBlock``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "imp_trainings/blocks/heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    """Running text. One that is left empty is left out: see ``OpenStreamBlock``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, "required": False, **kwargs})

    def render(self, value: RichText, context: Mapping[str, Any] | None = None) -> SafeString:
        """The text of an answer is drawn once, from itself alone: a page has many, and they seldom change."""
        if isinstance(value, ToldText) and not settings.DEBUG:
            return drawn(self.get_template(value), get_language(), value.source)
        return super().render(value, context)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "imp_trainings/blocks/paragraph.html"


@lru_cache(maxsize=1000)
def drawn(template: str, language: str | None, text: str) -> SafeString:
    """A text that is told, by a block's template, for readers of one language."""
    value = ToldText(text)
    return render_to_string(template, {"self": value, "value": value})


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


class AddressField(forms.URLField):
    """A whole address, or the path of one on the site itself: ``/verify/`` is no page of the tree."""

    widget = forms.TextInput  # browsers take no path for an address

    def to_python(self, value: Any) -> str:
        path = str(value or "").strip()
        return path if PATH.fullmatch(path) else super().to_python(value)

    def run_validators(self, value: Any) -> None:
        if not PATH.fullmatch(value or ""):
            super().run_validators(value)


class AddressBlock(blocks.URLBlock):
    """Holds what an ``AddressField`` takes. To migrations it is the block that it extends: both store the same."""

    def __init__(self, required: bool = True, help_text: str | None = None, **kwargs: Any) -> None:
        super().__init__(required=required, help_text=help_text, **kwargs)
        self.field = AddressField(required=required, help_text=help_text, assume_scheme="https")

    def deconstruct(self) -> Any:
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.URLBlock", args, kwargs


class LinkBlock(blocks.StructBlock):
    """A link that stands out: to a page of the site or to another address."""

    text = blocks.CharBlock(label=pgettext_lazy("link", "Words"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = AddressBlock(required=False, label=_("Or address"))

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
