"""Merge fields: names in braces, and nothing that braces could otherwise do."""

import pytest
from django.core.exceptions import ValidationError

from imp_wagtail.letters.merge import FIELDS, fields_in, fill, validate_fields

VALUES = {name: f"<{name}>" for name in FIELDS}


def test_every_field_is_filled_in() -> None:
    text = " ".join(f"{{{name}}}" for name in FIELDS)

    assert fill(text, VALUES) == " ".join(VALUES.values())


def test_text_without_fields_stays_as_it_is() -> None:
    assert fill("It rains.\n\n100 % & more", VALUES) == "It rains.\n\n100 % & more"


def test_two_braces_print_one() -> None:
    assert fill("{{name}} {name}", VALUES) == "{name} <name>"


def test_a_value_is_taken_literally_whatever_braces_it_holds() -> None:
    assert fill("{name}.", {"name": "{issuer} {0.__class__} }{ {{"}) == "{issuer} {0.__class__} }{ {{."


def test_a_field_without_a_value_is_empty() -> None:
    assert fill("[{training}]", {}) == "[]"


@pytest.mark.parametrize(
    "text", ["{name.__class__}", "{name[0]}", "{0}", "{}", "{name!r}", "{name:>40}", "{name:{issuer}}", "{first name}"]
)
def test_braces_hold_nothing_but_a_name(text: str) -> None:
    with pytest.raises(ValidationError, match="is not the name of a field"):
        fields_in(text)
    with pytest.raises(ValidationError):
        fill(text, VALUES)


@pytest.mark.parametrize("text", ["{name", "name}", "{", "}", "{{name}", "{name}}"])
def test_a_brace_that_stands_alone_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="stands alone"):
        validate_fields(text)


def test_an_unknown_field_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValidationError, match=r"There is no field “\{nmae\}”\. There are: \{name\}, \{programme\}"):
        validate_fields("Dear {nmae}")
    with pytest.raises(ValidationError):
        fill("Dear {nmae}", VALUES)
