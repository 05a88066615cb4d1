"""Who signs a letter."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class SignatoryBlock(blocks.StructBlock):
    """One who signs: by hand on the line, or with a picture of the signature."""

    name = blocks.CharBlock(label=_("Name"), max_length=120)
    role = blocks.CharBlock(label=_("In the role of"), max_length=160, required=False)
    signature = ImageChooserBlock(
        label=_("Signature"), required=False, help_text=_("Without a picture, there is room to sign by hand.")
    )

    class Meta:
        icon = "user"
        label = _("Signatory")


class SignatoriesBlock(blocks.StreamBlock):
    """One to three signatories, side by side."""

    signatory = SignatoryBlock()

    class Meta:
        min_num = 1
        max_num = 3
