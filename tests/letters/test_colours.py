"""Colours of letters: readable on white paper."""

import pytest
from django.core.exceptions import ValidationError

from imp_wagtail.letters.colours import contrast_with_white, validate_colour


@pytest.mark.parametrize("colour", ["#000000", "#2f5f5b", "#2F5F5B", "#767676"])
def test_dark_colours_are_taken(colour: str) -> None:
    validate_colour(colour)


@pytest.mark.parametrize("colour", ["#777777", "#ffffff", "#ff0000"])
def test_pale_colours_are_refused_with_their_contrast(colour: str) -> None:
    with pytest.raises(ValidationError, match=f"its contrast is {contrast_with_white(colour):.1f}, 4.5 is needed"):
        validate_colour(colour)


@pytest.mark.parametrize(
    "text", ["", "red", "#fff", "#12345", "#1234567", "2f5f5b", "#2f5f5b;", "#2f5f5b\n", "#٢f5f5b"]
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Write a colour as #"):
        validate_colour(text)


@pytest.mark.parametrize(("colour", "contrast"), [("#000000", 21), ("#ffffff", 1), ("#777777", 4.48)])
def test_contrast_is_reckoned_as_wcag_does(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)
