"""Colours of a letter: six hexadecimal digits, dark enough to be read on white paper."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)

#: The least contrast with white at which text counts as readable (WCAG 2.2, success criterion 1.4.3).
LEAST_CONTRAST = 4.5


def validate_colour(text: str) -> None:
    """Refuse what is no colour, and one that is too pale for text on white paper."""
    if not COLOUR.fullmatch(text):
        raise ValidationError(_("Write a colour as # and six digits, for instance #2f5f5b."))
    contrast = contrast_with_white(text)
    if contrast < LEAST_CONTRAST:
        raise ValidationError(
            _("This colour is too pale to be read on white paper: its contrast is %(contrast)s, %(least)s is needed."),
            params={"contrast": f"{contrast:.1f}", "least": LEAST_CONTRAST},
        )


def contrast_with_white(colour: str) -> float:
    """From 1 for white to 21 for black, as WCAG reckons it."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
